/** Command lines of the package managers of Python. */
import type { Grammar } from './grammar';

export const pip: Grammar = {
  manager: 'pip',
  valued:
    '-r --requirement -c --constraint -e --editable -t --target -i --index-url --extra-index-url -f --find-links --prefix --root --src --platform --python-version --implementation --abi --upgrade-strategy --config-settings -C --global-option --install-option --no-binary --only-binary --progress-bar --root-user-action --report --python --log --log-file --proxy --retries --timeout --exists-action --trusted-host --cert --client-cert --cache-dir --use-feature --use-deprecated --keyring-provider -w --wheel-dir -d --dest --group --build -b',
  bundles: true,
  actions: {
    install: ['install'],
    remove: ['uninstall'],
    clean: ['cache purge', 'cache remove'],
    download: ['download', 'wheel'],
    configure: ['config set', 'config'],
  },
  bare: 'other',
  unknown: 'other',
  operands: 'python',
};

export const pipenv: Grammar = {
  manager: 'pipenv',
  valued:
    '-r --requirements -e --editable -i --index --extra-pip-args --python --pypi-mirror --categories -c --code --emoji',
  bundles: true,
  actions: {
    install: ['install', 'sync'],
    upgrade: ['update', 'upgrade'],
    remove: ['uninstall', 'clean'],
    run: ['run', 'shell'],
  },
  bare: 'other',
  unknown: 'other',
  operands: 'python',
};

export const poetry: Grammar = {
  manager: 'poetry',
  valued:
    '-C --directory -P --project --with --without --only -E --extras -G --group --source --python --optional-group -f --format -o --output --allow-prereleases-for',
  bundles: true,
  actions: {
    install: ['install', 'sync', 'add', 'self add', 'self install'],
    upgrade: ['update', 'self update'],
    remove: ['remove', 'self remove', 'env remove'],
    clean: ['cache clear'],
    build: ['build'],
    run: ['run', 'shell'],
    configure: ['config', 'env use', 'source add'],
  },
  bare: 'other',
  unknown: 'other',
  operands: 'python',
};

export const uv: Grammar = {
  manager: 'uv',
  valued:
    '-r --requirement --requirements -c --constraint --constraints --override --overrides -e --editable --extra --group --no-group --only-group -p --python -i --index-url --extra-index-url --index --default-index -f --find-links --index-strategy --keyring-provider --target --prefix --link-mode --cache-dir --directory --project --config-file --python-version --python-platform --resolution --prerelease --exclude-newer --refresh-package -P --upgrade-package --reinstall-package --no-install-package --package -b --build-constraint --config-setting -C --no-build-package --no-binary-package --no-binary --only-binary --color --allow-insecure-host --with --with-requirements --with-editable -o --output-file --format --branch --tag --rev --no-build-isolation-package --fork-strategy --torch-backend --script',
  bundles: true,
  actions: {
    install: ['sync', 'add', 'pip install', 'pip sync', 'tool install', 'python install'],
    upgrade: ['self update', 'tool upgrade', 'python upgrade'],
    remove: ['remove', 'pip uninstall', 'tool uninstall', 'python uninstall'],
    clean: ['cache clean', 'cache prune', 'clean'],
    build: ['build'],
    run: ['run', 'tool run'],
    other: [
      'lock',
      'venv',
      'export',
      'pip compile',
      'pip list',
      'pip check',
      'pip freeze',
      'pip show',
      'pip tree',
      'cache dir',
    ],
  },
  bare: 'other',
  unknown: 'other',
  operands: 'python',
};

export const pdm: Grammar = {
  manager: 'pdm',
  valued:
    '-p --project -G --group --with --without -L --lockfile -c --config --override -S --strategy --venv -k --skip -e --editable -f --format -o --output',
  bundles: true,
  actions: {
    install: ['install', 'sync', 'add', 'self add', 'plugin add'],
    upgrade: ['update', 'self update'],
    remove: ['remove', 'self remove', 'plugin remove'],
    clean: ['cache clear'],
    build: ['build'],
    run: ['run'],
    configure: ['config', 'use'],
  },
  bare: 'other',
  unknown: 'run',
  operands: 'python',
};

export const conda: Grammar = {
  manager: 'conda',
  valued:
    '-n --name -p --prefix -c --channel -f --file --revision --solver --experimental-solver --repodata-fn --subdir --platform --clone -r --root-prefix --rc-file --cacert-path --retry-clean-cache --strict --set --append --prepend --add --remove --cwd',
  bundles: true,
  actions: {
    install: ['install', 'create', 'env create', 'env update', 'build-install'],
    upgrade: ['update', 'upgrade', 'self-update'],
    remove: ['remove', 'uninstall', 'env remove'],
    clean: ['clean'],
    build: ['build', 'mambabuild'],
    run: ['run'],
    configure: ['config', 'init', 'activate'],
  },
  bare: 'other',
  unknown: 'other',
  operands: 'conda',
};
