/** Cases that are not tried, as `source/id`: their point was lost when they were written anew from a tree, or has no rule. */
export const untried: Readonly<Record<string, string>> = {
  'docker-parfum/file/non_sha256echo.Dockerfile': 'it is about the blanks before a name that sha256sum checks',
  'trivy-checks/copy_from_references_current_from_alias/test_extra_spaces_denied':
    'it is about the name of a stage, and the stage has none',
};

/** Cases of other tools that we see differently, and why: `source/id` and a line. */
export const differences: Readonly<Record<string, string>> = {
  'docker-parfum/rules/16': 'mktemp refuses a name without X, so that nothing is made',
  'docker-parfum/rules/57': 'there is no update, so no lists that this RUN brings',
  'docker-parfum/rules/58': 'there is no update, so no lists that this RUN brings',
  'docker-parfum/rules/68': 'this RUN did not make the archive that it unpacks, and nothing else is known to',
  'trivy-checks/latest_tag/test_deny_global_arg_is_overrided_to_latest':
    'an ARG below a FROM does not count for the next FROM, so the tag is `test` everywhere',
  'trivy-checks/latest_tag/test_deny_empty_tag_arg': 'what is given for the ARG may be the tag',
  'trivy-checks/latest_tag/test_with_variables_denied':
    'an ARG below a FROM does not count for the next FROM: undefined-arg-in-from says so',
  'trivy-checks/missing_zypper_clean/test_multiple_install_denied': 'nothing is downloaded after `zypper clean`',
  'trivy-checks/missing_zypper_clean/test_wrong_order_of_commands_denied': 'nothing is installed',
  'trivy-checks/root_user/test_empty_user_denied': 'Docker refuses USER without an argument: missing-argument says so',
  'trivy-checks/run_apt_get_dist_upgrade/test_allowed': 'our rule is about `apt-get upgrade` too',
  'trivy-checks/same_alias_in_different_froms/test_basic_allowed': 'two stages have one name, of which Docker warns',
  'trivy-checks/workdir_path_not_absolute/test_basic_denied':
    'it is relative to an absolute WORKDIR of the file, of which Docker does not warn',
};
