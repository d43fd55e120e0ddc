// Made by `npm run generate`. Do not edit.
import copyFromUnknownStage from './syntax/copy-from-unknown-stage';
import definitionDescription from './syntax/definition-description';
import duplicateStageName from './syntax/duplicate-stage-name';
import emptyContinuation from './syntax/empty-continuation';
import exposeProtoCasing from './syntax/expose-proto-casing';
import instructionBeforeFrom from './syntax/instruction-before-from';
import invalidDestination from './syntax/invalid-destination';
import invalidFlag from './syntax/invalid-flag';
import invalidJsonForm from './syntax/invalid-json-form';
import invalidOptionValue from './syntax/invalid-option-value';
import invalidPort from './syntax/invalid-port';
import misplacedDirective from './syntax/misplaced-directive';
import missingArgument from './syntax/missing-argument';
import onbuildForbiddenTrigger from './syntax/onbuild-forbidden-trigger';
import reservedStageName from './syntax/reserved-stage-name';
import spaceAroundEquals from './syntax/space-around-equals';
import unknownInstruction from './syntax/unknown-instruction';
import unterminatedHeredoc from './syntax/unterminated-heredoc';
import unterminatedQuote from './syntax/unterminated-quote';
import cdInsteadOfWorkdir from './correctness/cd-instead-of-workdir';
import constantPlatform from './correctness/constant-platform';
import copyOfIgnoredFile from './correctness/copy-of-ignored-file';
import invalidBasePlatform from './correctness/invalid-base-platform';
import invalidDefaultArgInFrom from './correctness/invalid-default-arg-in-from';
import mkdirBeforeWorkdir from './correctness/mkdir-before-workdir';
import overriddenInstruction from './correctness/overridden-instruction';
import redundantPlatform from './correctness/redundant-platform';
import relativeWorkdir from './correctness/relative-workdir';
import selfReferenceInEnv from './correctness/self-reference-in-env';
import shellFormCmd from './correctness/shell-form-cmd';
import shellFormEntrypoint from './correctness/shell-form-entrypoint';
import undefinedArgInFrom from './correctness/undefined-arg-in-from';
import undefinedVariable from './correctness/undefined-variable';
import missingDockerignore from './cache/missing-dockerignore';
import sourceCopiedBeforeInstall from './cache/source-copied-before-install';
import splitUpdateInstall from './cache/split-update-install';
import volatileCopyFirst from './cache/volatile-copy-first';
import aptListsKept from './size/apt-lists-kept';
import buildToolsInFinalStage from './size/build-tools-in-final-stage';
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
  copyFromUnknownStage,
  definitionDescription,
  duplicateStageName,
  emptyContinuation,
  exposeProtoCasing,
  instructionBeforeFrom,
  invalidDestination,
  invalidFlag,
  invalidJsonForm,
  invalidOptionValue,
  invalidPort,
  misplacedDirective,
  missingArgument,
  onbuildForbiddenTrigger,
  reservedStageName,
  spaceAroundEquals,
  unknownInstruction,
  unterminatedHeredoc,
  unterminatedQuote,
  cdInsteadOfWorkdir,
  constantPlatform,
  copyOfIgnoredFile,
  invalidBasePlatform,
  invalidDefaultArgInFrom,
  mkdirBeforeWorkdir,
  overriddenInstruction,
  redundantPlatform,
  relativeWorkdir,
  selfReferenceInEnv,
  shellFormCmd,
  shellFormEntrypoint,
  undefinedArgInFrom,
  undefinedVariable,
  missingDockerignore,
  sourceCopiedBeforeInstall,
  splitUpdateInstall,
  volatileCopyFirst,
  aptListsKept,
  buildToolsInFinalStage,
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
