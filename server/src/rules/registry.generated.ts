// Made by `npm run generate`. Do not edit.
import duplicateStageName from './syntax/duplicate-stage-name';
import emptyContinuation from './syntax/empty-continuation';
import instructionBeforeFrom from './syntax/instruction-before-from';
import invalidJsonForm from './syntax/invalid-json-form';
import missingArgument from './syntax/missing-argument';
import reservedStageName from './syntax/reserved-stage-name';
import unknownInstruction from './syntax/unknown-instruction';
import cdInsteadOfWorkdir from './correctness/cd-instead-of-workdir';
import mkdirBeforeWorkdir from './correctness/mkdir-before-workdir';
import overriddenInstruction from './correctness/overridden-instruction';
import redundantPlatform from './correctness/redundant-platform';
import relativeWorkdir from './correctness/relative-workdir';
import shellFormCmd from './correctness/shell-form-cmd';
import shellFormEntrypoint from './correctness/shell-form-entrypoint';
import missingDockerignore from './cache/missing-dockerignore';
import splitUpdateInstall from './cache/split-update-install';
import aptListsKept from './size/apt-lists-kept';
import consecutiveRuns from './size/consecutive-runs';
import deletedInLaterLayer from './size/deleted-in-later-layer';
import duplicateCopy from './size/duplicate-copy';
import packageCacheKept from './size/package-cache-kept';
import recommendedPackages from './size/recommended-packages';
import unsortedPackages from './size/unsorted-packages';
import rootUser from './security/root-user';
import secretInEnv from './security/secret-in-env';
import latestTag from './reproducibility/latest-tag';
import untaggedImage from './reproducibility/untagged-image';
import addInsteadOfCopy from './style/add-instead-of-copy';
import fromAsCasing from './style/from-as-casing';
import instructionCasing from './style/instruction-casing';
import legacyKeyValue from './style/legacy-key-value';
import maintainerDeprecated from './style/maintainer-deprecated';
import stageNameCasing from './style/stage-name-casing';
import type { Rule } from './rule';

/** Every rule, by category and name. */
export const rules: readonly Rule[] = [
  duplicateStageName,
  emptyContinuation,
  instructionBeforeFrom,
  invalidJsonForm,
  missingArgument,
  reservedStageName,
  unknownInstruction,
  cdInsteadOfWorkdir,
  mkdirBeforeWorkdir,
  overriddenInstruction,
  redundantPlatform,
  relativeWorkdir,
  shellFormCmd,
  shellFormEntrypoint,
  missingDockerignore,
  splitUpdateInstall,
  aptListsKept,
  consecutiveRuns,
  deletedInLaterLayer,
  duplicateCopy,
  packageCacheKept,
  recommendedPackages,
  unsortedPackages,
  rootUser,
  secretInEnv,
  latestTag,
  untaggedImage,
  addInsteadOfCopy,
  fromAsCasing,
  instructionCasing,
  legacyKeyValue,
  maintainerDeprecated,
  stageNameCasing,
];
