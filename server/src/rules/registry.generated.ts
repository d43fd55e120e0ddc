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
import cdWithoutEffect from './correctness/cd-without-effect';
import cmdIgnoredByEntrypoint from './correctness/cmd-ignored-by-entrypoint';
import constantPlatform from './correctness/constant-platform';
import copyOfIgnoredFile from './correctness/copy-of-ignored-file';
import copySourceMissing from './correctness/copy-source-missing';
import invalidBasePlatform from './correctness/invalid-base-platform';
import invalidDefaultArgInFrom from './correctness/invalid-default-arg-in-from';
import libcMismatch from './correctness/libc-mismatch';
import lostShellState from './correctness/lost-shell-state';
import lostVolumeWrite from './correctness/lost-volume-write';
import missingAssumeYes from './correctness/missing-assume-yes';
import mkdirBeforeWorkdir from './correctness/mkdir-before-workdir';
import nonNumericUser from './correctness/non-numeric-user';
import overriddenInstruction from './correctness/overridden-instruction';
import packageManagerMissing from './correctness/package-manager-missing';
import pipeHidesFailure from './correctness/pipe-hides-failure';
import pointlessCommand from './correctness/pointless-command';
import redundantPlatform from './correctness/redundant-platform';
import relativeCopyDestination from './correctness/relative-copy-destination';
import relativeWorkdir from './correctness/relative-workdir';
import scratchWithoutCertificates from './correctness/scratch-without-certificates';
import selfReferenceInEnv from './correctness/self-reference-in-env';
import shellBySymlink from './correctness/shell-by-symlink';
import shellFormCmd from './correctness/shell-form-cmd';
import shellFormEntrypoint from './correctness/shell-form-entrypoint';
import shellInScratch from './correctness/shell-in-scratch';
import undefinedArgInFrom from './correctness/undefined-arg-in-from';
import undefinedVariable from './correctness/undefined-variable';
import unknownUser from './correctness/unknown-user';
import unusedStage from './correctness/unused-stage';
import broadCopy from './cache/broad-copy';
import cacheMountDefeated from './cache/cache-mount-defeated';
import dockerignoreGap from './cache/dockerignore-gap';
import missingDockerignore from './cache/missing-dockerignore';
import noCacheMount from './cache/no-cache-mount';
import overMergedRun from './cache/over-merged-run';
import sourceCopiedBeforeInstall from './cache/source-copied-before-install';
import splitUpdateInstall from './cache/split-update-install';
import staleRemoteContent from './cache/stale-remote-content';
import volatileArgEarly from './cache/volatile-arg-early';
import volatileCopyFirst from './cache/volatile-copy-first';
import alpineForPython from './size/alpine-for-python';
import aptListsKept from './size/apt-lists-kept';
import archiveKept from './size/archive-kept';
import buildToolsInFinalStage from './size/build-tools-in-final-stage';
import chmodAfterCopy from './size/chmod-after-copy';
import consecutiveRuns from './size/consecutive-runs';
import deletedInLaterLayer from './size/deleted-in-later-layer';
import devDependenciesInstalled from './size/dev-dependencies-installed';
import duplicateCopy from './size/duplicate-copy';
import heavyBaseImage from './size/heavy-base-image';
import jarNotLayered from './size/jar-not-layered';
import noOpRun from './size/no-op-run';
import packageCacheKept from './size/package-cache-kept';
import recommendedPackages from './size/recommended-packages';
import severalInstalls from './size/several-installs';
import temporaryFileKept from './size/temporary-file-kept';
import unsortedPackages from './size/unsorted-packages';
import useraddLongUid from './size/useradd-long-uid';
import virtualPackagesKept from './size/virtual-packages-kept';
import wgetProgress from './size/wget-progress';
import wholeStageCopied from './size/whole-stage-copied';
import adminPortExposed from './security/admin-port-exposed';
import extraPackageIndex from './security/extra-package-index';
import insecureBuildFlag from './security/insecure-build-flag';
import pipedToShell from './security/piped-to-shell';
import plainHttp from './security/plain-http';
import rootUser from './security/root-user';
import secretCopied from './security/secret-copied';
import secretInCommand from './security/secret-in-command';
import secretInEnv from './security/secret-in-env';
import sudoUsed from './security/sudo-used';
import untrustedRegistry from './security/untrusted-registry';
import unverifiedDownload from './security/unverified-download';
import worldWritable from './security/world-writable';
import distributionUpgrade from './reproducibility/distribution-upgrade';
import floatingDependency from './reproducibility/floating-dependency';
import imageWithoutDigest from './reproducibility/image-without-digest';
import installWithoutLockfile from './reproducibility/install-without-lockfile';
import latestTag from './reproducibility/latest-tag';
import unpinnedPackage from './reproducibility/unpinned-package';
import untaggedImage from './reproducibility/untagged-image';
import addInsteadOfCopy from './style/add-instead-of-copy';
import aptInsteadOfAptGet from './style/apt-instead-of-apt-get';
import fromAsCasing from './style/from-as-casing';
import healthcheckMissing from './style/healthcheck-missing';
import instructionCasing from './style/instruction-casing';
import labelSchema from './style/label-schema';
import legacyKeyValue from './style/legacy-key-value';
import longRun from './style/long-run';
import maintainerDeprecated from './style/maintainer-deprecated';
import stageNameCasing from './style/stage-name-casing';
import suppressionUsed from './style/suppression-used';
import unknownIgnore from './style/unknown-ignore';
import unusedIgnore from './style/unused-ignore';
import wgetAndCurl from './style/wget-and-curl';
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
  cdWithoutEffect,
  cmdIgnoredByEntrypoint,
  constantPlatform,
  copyOfIgnoredFile,
  copySourceMissing,
  invalidBasePlatform,
  invalidDefaultArgInFrom,
  libcMismatch,
  lostShellState,
  lostVolumeWrite,
  missingAssumeYes,
  mkdirBeforeWorkdir,
  nonNumericUser,
  overriddenInstruction,
  packageManagerMissing,
  pipeHidesFailure,
  pointlessCommand,
  redundantPlatform,
  relativeCopyDestination,
  relativeWorkdir,
  scratchWithoutCertificates,
  selfReferenceInEnv,
  shellBySymlink,
  shellFormCmd,
  shellFormEntrypoint,
  shellInScratch,
  undefinedArgInFrom,
  undefinedVariable,
  unknownUser,
  unusedStage,
  broadCopy,
  cacheMountDefeated,
  dockerignoreGap,
  missingDockerignore,
  noCacheMount,
  overMergedRun,
  sourceCopiedBeforeInstall,
  splitUpdateInstall,
  staleRemoteContent,
  volatileArgEarly,
  volatileCopyFirst,
  alpineForPython,
  aptListsKept,
  archiveKept,
  buildToolsInFinalStage,
  chmodAfterCopy,
  consecutiveRuns,
  deletedInLaterLayer,
  devDependenciesInstalled,
  duplicateCopy,
  heavyBaseImage,
  jarNotLayered,
  noOpRun,
  packageCacheKept,
  recommendedPackages,
  severalInstalls,
  temporaryFileKept,
  unsortedPackages,
  useraddLongUid,
  virtualPackagesKept,
  wgetProgress,
  wholeStageCopied,
  adminPortExposed,
  extraPackageIndex,
  insecureBuildFlag,
  pipedToShell,
  plainHttp,
  rootUser,
  secretCopied,
  secretInCommand,
  secretInEnv,
  sudoUsed,
  untrustedRegistry,
  unverifiedDownload,
  worldWritable,
  distributionUpgrade,
  floatingDependency,
  imageWithoutDigest,
  installWithoutLockfile,
  latestTag,
  unpinnedPackage,
  untaggedImage,
  addInsteadOfCopy,
  aptInsteadOfAptGet,
  fromAsCasing,
  healthcheckMissing,
  instructionCasing,
  labelSchema,
  legacyKeyValue,
  longRun,
  maintainerDeprecated,
  stageNameCasing,
  suppressionUsed,
  unknownIgnore,
  unusedIgnore,
  wgetAndCurl,
];
