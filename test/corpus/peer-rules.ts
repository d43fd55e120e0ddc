/** Which of our rules are there for what a check of another tool finds. Checks that are not listed have no counterpart. */

export interface Counterpart {
  readonly rules: readonly string[];
  readonly or?: readonly string[];
}

/** What docker-parfum’s whole files, which have many of its smells at once, are about. */
const smells = {
  rules: ['apt-lists-kept', 'missing-assume-yes', 'package-cache-kept', 'plain-http', 'recommended-packages'],
};

/**
 * By `source/check`. Rules behind `or` count where the case is bad, since they say the same of it from another side, and are
 * not asked where it is good, since they say more than the check does.
 */
export const counterparts: Readonly<Record<string, Counterpart>> = {
  'trivy-checks/add_instead_of_copy': { rules: ['add-instead-of-copy'] },
  'trivy-checks/apt_get_missing_no_install_recommends': { rules: ['recommended-packages'] },
  'trivy-checks/apt_get_missing_yes_flag_to_avoid_manual_input': { rules: ['missing-assume-yes'] },
  'trivy-checks/copy_from_references_current_from_alias': { rules: ['copy-from-unknown-stage'] },
  'trivy-checks/copy_with_more_than_two_arguments_not_ending_with_slash': { rules: ['invalid-destination'] },
  'trivy-checks/latest_tag': { rules: ['latest-tag', 'untagged-image'] },
  'trivy-checks/maintainer_is_deprecated': { rules: ['maintainer-deprecated'] },
  'trivy-checks/missing_apk_no_cache': { rules: ['package-cache-kept'] },
  'trivy-checks/missing_dnf_clean_all': { rules: ['package-cache-kept'] },
  'trivy-checks/missing_microdnf_clean_all': { rules: ['package-cache-kept'] },
  'trivy-checks/missing_zypper_clean': { rules: ['package-cache-kept'] },
  'trivy-checks/multiple_cmd_instructions_listed': { rules: ['overridden-instruction'] },
  'trivy-checks/multiple_entrypoint_instructions_listed': { rules: ['overridden-instruction'] },
  'trivy-checks/multiple_healthcheck_instructions': { rules: ['overridden-instruction'] },
  'trivy-checks/no_healthcheck_instruction': { rules: ['healthcheck-missing'] },
  'trivy-checks/port22': { rules: ['admin-port-exposed'] },
  'trivy-checks/root_user': { rules: ['root-user'] },
  'trivy-checks/run_apt_get_dist_upgrade': { rules: ['distribution-upgrade'] },
  'trivy-checks/run_command_cd_instead_of_workdir': {
    rules: ['cd-instead-of-workdir', 'cd-without-effect'],
    or: ['no-op-run'],
  },
  'trivy-checks/run_using_sudo': { rules: ['sudo-used'] },
  'trivy-checks/run_using_wget_and_curl': { rules: ['wget-and-curl'] },
  'trivy-checks/same_alias_in_different_froms': { rules: ['duplicate-stage-name'] },
  'trivy-checks/unix_ports_out_of_range': { rules: ['invalid-port'] },
  'trivy-checks/update_instruction_alone': {
    rules: ['split-update-install'],
    or: ['distribution-upgrade', 'apt-lists-kept'],
  },
  'trivy-checks/workdir_path_not_absolute': { rules: ['relative-workdir'] },
  'trivy-checks/yum_clean_all_missing': { rules: ['package-cache-kept'] },
  'docker-parfum/*': smells,
  'docker-parfum/index': smells,
  'docker-parfum/DL3002': { rules: ['root-user'] },
  'docker-parfum/DL3004': { rules: ['sudo-used'] },
  'docker-parfum/DL3020': { rules: ['add-instead-of-copy'] },
  'docker-parfum/DL3027': { rules: ['apt-instead-of-apt-get'] },
  'docker-parfum/DL3029': { rules: ['constant-platform'] },
  'docker-parfum/DL3046': { rules: ['useradd-long-uid'] },
  'docker-parfum/apkAddUseNoCache': { rules: ['package-cache-kept'] },
  'docker-parfum/aptGetInstallThenRemoveAptLists': { rules: ['apt-lists-kept'] },
  'docker-parfum/aptGetInstallUseNoRec': { rules: ['recommended-packages'] },
  'docker-parfum/aptGetInstallUseY': { rules: ['missing-assume-yes'] },
  'docker-parfum/aptGetUpdatePrecedesInstall': { rules: ['split-update-install'] },
  'docker-parfum/curlUseHttpsUrl': { rules: ['plain-http'] },
  'docker-parfum/gemUpdateSystemRmRootGem': { rules: ['package-cache-kept'] },
  'docker-parfum/moreThanOneInstall': { rules: ['several-installs'], or: ['consecutive-runs'] },
  'docker-parfum/npmCacheCleanAfterInstall': { rules: ['package-cache-kept'] },
  'docker-parfum/pipUseNoCacheDir': { rules: ['package-cache-kept'] },
  'docker-parfum/rmRecursiveAfterMktempD': { rules: ['temporary-file-kept'] },
  'docker-parfum/tarSomethingRmTheSomething': { rules: ['archive-kept', 'temporary-file-kept'] },
  'docker-parfum/wgetUseHttpsUrl': { rules: ['plain-http'] },
  'docker-parfum/yumInstallForceYes': { rules: ['missing-assume-yes'] },
  'docker-parfum/yumInstallRmVarCacheYum': { rules: ['package-cache-kept'] },
};
