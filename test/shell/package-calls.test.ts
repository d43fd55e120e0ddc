/** Calls of package managers: manager, action, subcommand, options and packages. */
import assert from 'node:assert/strict';
import { packageCalls } from '../../server/src/shell/package-calls';
import type { PackageCall, PackageOperand } from '../../server/src/shell/packages';
import { script } from './script';

function operand({ word, name, version, isFile }: PackageOperand): string {
  if (isFile) return `file:${word.unquoted}`;
  return (name ?? '?') + (version === null ? '' : ` @ ${version}`);
}

/** `manager action: subcommand | options | packages`. */
function shown({ manager, action, subcommand, flags, packages, opaque }: PackageCall): string {
  const options = flags.map(({ name, value }) => (value === null ? name : `${name}=${value}`)).join(' ');
  const parts = [subcommand, options, packages.map(operand).join(', ')];
  return `${manager} ${action}: ${parts.join(' | ')}${opaque ? ' | …' : ''}`;
}

/** [script, its calls]. */
const cases: readonly (readonly [string, ...(readonly string[])])[] = [
  // Debian
  ['apt-get update', 'apt-get update-index: update |  | '],
  [
    'apt-get update && apt-get install -y --no-install-recommends curl=7.* git',
    'apt-get update-index: update |  | ',
    'apt-get install: install | -y --no-install-recommends | curl @ 7.*, git',
  ],
  ['apt-get -qq -y install curl', 'apt-get install: install | -q -q -y | curl'],
  ['apt-get install -qy curl', 'apt-get install: install | -q -y | curl'],
  [
    'apt-get install -t bookworm-backports -o Dpkg::Use-Pty=0 -oAcquire::Retries=3 x',
    'apt-get install: install | -t=bookworm-backports -o=Dpkg::Use-Pty=0 -o=Acquire::Retries=3 | x',
  ],
  ['apt-get install --target-release=stable x', 'apt-get install: install | --target-release=stable | x'],
  [
    'apt-get install libc6:i386 nginx/stable foo- ./x.deb /tmp/y.deb',
    'apt-get install: install |  | libc6, nginx, foo-, file:./x.deb, file:/tmp/y.deb',
  ],
  ['apt-get install curl=$V "git=${G}" $PKGS', 'apt-get install: install |  | curl @ $V, git @ ${G}, ? | …'],
  ['apt-get $OPTS install -y x', 'apt-get install: install | -y | x | …'],
  ['apt-get install -y "$PKG"', 'apt-get install: install | -y | ?'],
  ['sudo -E apt-get -y dist-upgrade', 'apt-get upgrade: dist-upgrade | -y | '],
  ['apt-get purge -y --auto-remove gcc', 'apt-get remove: purge | -y --auto-remove | gcc'],
  ['apt-get autoremove', 'apt-get remove: autoremove |  | '],
  ['apt-get clean', 'apt-get clean: clean |  | '],
  ['apt-get dist-clean', 'apt-get clean: dist-clean |  | '],
  ['apt-get build-dep -y x', 'apt-get install: build-dep | -y | x'],
  ['apt-get --version', 'apt-get other:  | --version | '],
  ['apt-get -q2 install x', 'apt-get install: install | -q=2 | x'],
  ['apt install x', 'apt install: install |  | x'],
  ['apt list --installed', 'apt other: list | --installed | '],
  ['aptitude -y install x', 'aptitude install: install | -y | x'],
  ['yes | apt-get install x', 'apt-get install: install |  | x'],
  ['cat list | xargs apt-get install -y', 'apt-get install: install | -y |  | …'],
  ['xargs -a list -r apt-get install -y x', 'apt-get install: install | -y | x | …'],
  ['apt-mark hold x'],
  ['apt-get install -y a \\\n  b', 'apt-get install: install | -y | a, b'],
  // Alpine
  ['apk add --no-cache curl', 'apk install: add | --no-cache | curl'],
  ['apk --no-cache add curl', 'apk install: add | --no-cache | curl'],
  ['apk add --virtual .deps gcc musl-dev', 'apk install: add | --virtual=.deps | gcc, musl-dev'],
  ['apk add -t .deps gcc', 'apk install: add | -t=.deps | gcc'],
  ['apk add -U --repository http://x/y curl', 'apk install: add | -U --repository=http://x/y | curl'],
  [
    'apk add curl=7.1-r0 "git>2" jq~=1.6 chromium@edge',
    'apk install: add |  | curl @ 7.1-r0, git @ 2, jq @ 1.6, chromium',
  ],
  ['apk del .deps', 'apk remove: del |  | .deps'],
  ['apk update', 'apk update-index: update |  | '],
  ['apk upgrade --no-cache', 'apk upgrade: upgrade | --no-cache | '],
  ['apk cache clean', 'apk clean: cache clean |  | '],
  ['apk info -e x', 'apk other: info | -e | '],
  // RPM
  [
    'yum install -y gcc-c++ httpd-2.4.6-97.el7 java-1.8.0-openjdk',
    'yum install: install | -y | gcc-c++, httpd @ 2.4.6-97.el7, java-1.8.0-openjdk',
  ],
  ['yum -y install https://x/y.rpm', 'yum install: install | -y | file:https://x/y.rpm'],
  ['yum clean all', 'yum clean: clean |  | '],
  [
    'dnf install -y --setopt=install_weak_deps=False nginx-1.20.* devtoolset-9',
    'dnf install: install | -y --setopt=install_weak_deps=False | nginx @ 1.20.*, devtoolset-9',
  ],
  ['dnf -y --enablerepo crb install x.x86_64', 'dnf install: install | -y --enablerepo=crb | x'],
  ['dnf module enable -y nodejs:18', 'dnf configure: module enable | -y | '],
  ['dnf groupinstall "Development Tools"', 'dnf install: groupinstall |  | Development Tools'],
  ['dnf group install -y "Development Tools"', 'dnf install: group install | -y | Development Tools'],
  ['dnf install foo-$VERSION', 'dnf install: install |  | foo @ $VERSION'],
  ['dnf update -y', 'dnf upgrade: update | -y | '],
  ['dnf makecache', 'dnf update-index: makecache |  | '],
  ['microdnf install -y tar', 'microdnf install: install | -y | tar'],
  [
    'tdnf install -y ca-certificates && tdnf clean all',
    'tdnf install: install | -y | ca-certificates',
    'tdnf clean: clean |  | ',
  ],
  ['microdnf clean all', 'microdnf clean: clean |  | '],
  ['zypper -n in --no-recommends curl=7', 'zypper install: in | -n --no-recommends | curl @ 7'],
  ['zypper ref && zypper clean -a', 'zypper update-index: ref |  | ', 'zypper clean: clean | -a | '],
  ['zypper ar -f http://x y', 'zypper configure: ar | -f | '],
  ['pacman -Syu --noconfirm git', 'pacman install: -Syu | -S -y -u --noconfirm | git'],
  ['pacman -S --noconfirm git', 'pacman install: -S | -S --noconfirm | git'],
  ['pacman -Sy', 'pacman update-index: -Sy | -S -y | '],
  ['pacman -Syyu --noconfirm', 'pacman upgrade: -Syyu | -S -y -y -u --noconfirm | '],
  ['pacman -Scc --noconfirm', 'pacman clean: -Scc | -S -c -c --noconfirm | '],
  ['pacman -Rns x', 'pacman remove: -Rns | -R -n -s | x'],
  ['pacman -U ./x.pkg.tar.zst', 'pacman install: -U | -U | file:./x.pkg.tar.zst'],
  ['pacman -Ss x', 'pacman other: -Ss | -S -s | '],
  // Python
  ['pip install flask==1.0 "django>=3,<4" requests', 'pip install: install |  | flask @ 1.0, django @ 3,<4, requests'],
  ['pip3 install --no-cache-dir -r requirements.txt', 'pip install: install | --no-cache-dir -r=requirements.txt | '],
  ['pip3.11 install -rreq.txt -c c.txt', 'pip install: install | -r=req.txt -c=c.txt | '],
  ['python -m pip install -U pip', 'pip install: install | -U | pip'],
  ['python3 -u -m pip install x', 'pip install: install |  | x'],
  ['python3.9 -mpip install x', 'pip install: install |  | x'],
  ['python3 setup.py install'],
  ['python -m venv /x'],
  ['/venv/bin/pip install x', 'pip install: install |  | x'],
  [
    'pip install . -e . ./x .[dev] x.whl git+https://g/x.git',
    'pip install: install | -e=. | file:., file:./x, file:.[dev], file:x.whl, file:git+https://g/x.git',
  ],
  ['pip install uvicorn[standard] "a[b]==1" pkg~=2.0', 'pip install: install |  | uvicorn, a @ 1, pkg @ 2.0'],
  ['pip install flask==$V $REQS', 'pip install: install |  | flask @ $V, ? | …'],
  [
    'pip install --index-url https://x --extra-index-url=https://y z',
    'pip install: install | --index-url=https://x --extra-index-url=https://y | z',
  ],
  ['pip wheel -w /w x', 'pip download: wheel | -w=/w | x'],
  ['pip uninstall -y x', 'pip remove: uninstall | -y | x'],
  ['pip cache purge', 'pip clean: cache purge |  | '],
  ['pip --version', 'pip other:  | --version | '],
  ['pip config set global.x y', 'pip configure: config set |  | '],
  ['pipenv install --deploy --system', 'pipenv install: install | --deploy --system | '],
  ['pipenv sync', 'pipenv install: sync |  | '],
  ['poetry install --no-root --only main', 'poetry install: install | --no-root --only=main | '],
  ['poetry add flask@^2 "x>=1"', 'poetry install: add |  | flask @ ^2, x @ 1'],
  ['poetry config virtualenvs.create false', 'poetry configure: config |  | '],
  ['poetry cache clear --all pypi', 'poetry clean: cache clear | --all | '],
  ['poetry run pytest', 'poetry run: run |  | '],
  ['uv sync --frozen --no-dev', 'uv install: sync | --frozen --no-dev | '],
  ['uv pip install --system -r req.txt x==1', 'uv install: pip install | --system -r=req.txt | x @ 1'],
  ['uv tool install ruff', 'uv install: tool install |  | ruff'],
  ['uv run pytest', 'uv run: run |  | '],
  ['uv cache clean', 'uv clean: cache clean |  | '],
  ['uv pip compile x.in', 'uv other: pip compile |  | '],
  ['pdm install --prod --no-lock', 'pdm install: install | --prod --no-lock | '],
  ['conda install -y -c conda-forge numpy=1.2 x::y', 'conda install: install | -y -c=conda-forge | numpy @ 1.2, y'],
  ['conda env create -f environment.yml', 'conda install: env create | -f=environment.yml | '],
  ['conda clean -afy', 'conda clean: clean | -a -f=y | '],
  ['mamba create -n x python=3.9', 'conda install: create | -n=x | python @ 3.9'],
  ['micromamba install -y -n base -f env.yaml', 'conda install: install | -y -n=base -f=env.yaml | '],
  // JavaScript
  ['npm ci --omit=dev', 'npm install: ci | --omit=dev | '],
  ['npm i -g npm@9 @angular/cli@16 typescript', 'npm install: i | -g | npm @ 9, @angular/cli @ 16, typescript'],
  ['npm --prefix app install', 'npm install: install | --prefix=app | '],
  [
    'npm install user/repo https://x/y.tgz ./z a@$V',
    'npm install: install |  | file:user/repo, file:https://x/y.tgz, file:./z, a @ $V',
  ],
  ['npm cache clean --force', 'npm clean: cache clean | --force | '],
  ['npm run build', 'npm run: run |  | '],
  ['npm config set registry x', 'npm configure: config |  | '],
  ['npm -v', 'npm other:  | -v | '],
  ['npm install && npm run build', 'npm install: install |  | ', 'npm run: run |  | '],
  ['yarn', 'yarn install:  |  | '],
  ['yarn --frozen-lockfile --production', 'yarn install:  | --frozen-lockfile --production | '],
  ['yarn install --immutable', 'yarn install: install | --immutable | '],
  ['yarn add react@18', 'yarn install: add |  | react @ 18'],
  ['yarn global add serve', 'yarn install: global add |  | serve'],
  ['yarn build', 'yarn run: build |  | '],
  ['yarn cache clean', 'yarn clean: cache clean |  | '],
  ['yarn --version', 'yarn other:  | --version | '],
  ['yarn set version berry', 'yarn configure: set version |  | '],
  ['yarn workspaces focus --production', 'yarn install: workspaces focus | --production | '],
  ['corepack yarn install', 'yarn install: install |  | '],
  ['corepack enable'],
  ['npx -y pnpm@8 install', 'pnpm install: install |  | '],
  ['pnpm install --frozen-lockfile', 'pnpm install: install | --frozen-lockfile | '],
  ['pnpm -r --filter app build', 'pnpm run: build | -r --filter=app | '],
  ['pnpm fetch', 'pnpm download: fetch |  | '],
  ['pnpm store prune', 'pnpm clean: store prune |  | '],
  ['bun install --production', 'bun install: install | --production | '],
  ['bun run build', 'bun run: run |  | '],
  ['deno install', 'deno install: install |  | '],
  ['deno cache main.ts', 'deno download: cache |  | main.ts'],
  ['deno run -A main.ts', 'deno run: run | -A | '],
  // Ruby, PHP
  ['gem install bundler -v 2.4', 'gem install: install | -v=2.4 | bundler @ 2.4'],
  ['gem install --no-document rails:7.0 rake', 'gem install: install | --no-document | rails @ 7.0, rake'],
  ['gem -v', 'gem other:  | -v | '],
  ['bundle', 'bundle install:  |  | '],
  ['bundle install -j4 --without development test', 'bundle install: install | -j=4 --without=development | test'],
  ['bundle exec rake', 'bundle run: exec |  | '],
  ['bundle config set --local deployment true', 'bundle configure: config set | --local | '],
  ['composer install --no-dev -o', 'composer install: install | --no-dev -o | '],
  ['php composer.phar install', 'composer install: install |  | '],
  ['php -d memory_limit=-1 /usr/bin/composer require a/b:^1 c/d', 'composer install: require |  | a/b @ ^1, c/d'],
  ['composer global require x/y', 'composer install: global require |  | x/y'],
  ['composer clear-cache', 'composer clean: clear-cache |  | '],
  ['php artisan migrate'],
  // Go, Rust, Elixir
  ['go mod download', 'go download: mod download |  | '],
  ['go build -o /app -ldflags "-s -w" ./cmd/x', 'go build: build | -o=/app -ldflags=-s -w | '],
  ['CGO_ENABLED=0 go install github.com/a/b/cmd/c@v1.2', 'go install: install |  | github.com/a/b/cmd/c @ v1.2'],
  ['go get golang.org/x/tools', 'go install: get |  | golang.org/x/tools'],
  ['go install ./...', 'go install: install |  | file:./...'],
  ['go clean -modcache', 'go clean: clean | -modcache | '],
  ['go version', 'go other: version |  | '],
  ['cargo build --release --locked', 'cargo build: build | --release --locked | '],
  [
    'cargo install ripgrep --version 13.0 --locked',
    'cargo install: install | --version=13.0 --locked | ripgrep @ 13.0',
  ],
  ['cargo install cargo-chef@0.1', 'cargo install: install |  | cargo-chef @ 0.1'],
  [
    'cargo chef cook --release --recipe-path recipe.json',
    'cargo build: chef cook | --release --recipe-path=recipe.json | ',
  ],
  ['cargo fetch', 'cargo download: fetch |  | '],
  ['mix deps.get --only prod', 'mix install: deps.get | --only=prod | '],
  [
    'mix do deps.get --only prod, deps.compile',
    'mix install: deps.get | --only=prod | ',
    'mix build: deps.compile |  | ',
  ],
  ['mix local.hex --force && mix release', 'mix configure: local.hex | --force | ', 'mix build: release |  | '],
  // JVM
  ['mvn -B dependency:go-offline', 'maven download: dependency:go-offline | -B | '],
  ['./mvnw clean package -DskipTests -Pprod', 'maven build: clean package | -D=skipTests -P=prod | '],
  ['mvn -f pom.xml -pl app -am install', 'maven build: install | -f=pom.xml -pl=app -am | '],
  ['sh ./gradlew build -x test --no-daemon', 'gradle build: build | -x=test --no-daemon | '],
  ['gradle dependencies', 'gradle download: dependencies |  | '],
  ['gradle clean :app:bootJar', 'gradle build: clean :app:bootJar |  | '],
  ['gradle -v', 'gradle other:  | -v | '],
  ['sbt update', 'sbt download: update |  | '],
  ['sbt clean assembly', 'sbt build: clean assembly |  | '],
  // .NET
  ['dotnet restore app.csproj -r linux-x64', 'dotnet install: restore | -r=linux-x64 | app.csproj'],
  ['dotnet publish -c Release -o /app --no-restore', 'dotnet build: publish | -c=Release -o=/app --no-restore | '],
  ['dotnet add src/a.csproj package Foo --version 1.2', 'dotnet install: add package | --version=1.2 | Foo @ 1.2'],
  ['dotnet tool install -g x --version 3', 'dotnet install: tool install | -g --version=3 | x @ 3'],
  ['dotnet nuget locals all --clear', 'dotnet clean: nuget locals | --clear | '],
  ['dotnet nuget locals all --list', 'dotnet other: nuget locals | --list | '],
  ['dotnet app.dll', 'dotnet run: app.dll |  | '],
  ['mono nuget.exe restore x.sln', 'nuget install: restore |  | x.sln'],
  ['nuget install Foo -Version 1', 'nuget install: install | -Version=1 | Foo @ 1'],
  // None of them
  ['echo apt-get install x'],
  ['which pip'],
  ['rm -rf /var/lib/apt/lists/*'],
  ['"apt-get install"'],
];

describe('calls of package managers', () => {
  for (const [text, ...expected] of cases) {
    it(text, () => assert.deepEqual(packageCalls(script(text)).map(shown), expected));
  }

  it('are named from the manager to the subcommand', () => {
    const names: readonly (readonly [string, string])[] = [
      ['a && apt-get -y install x', 'apt-get -y install'],
      ['python3 -m pip install x', 'python3 -m pip install'],
      ['npm cache clean --force', 'npm cache clean'],
      ['yarn --frozen-lockfile', 'yarn'],
      ['sh gradlew build', 'sh gradlew build'],
      ['sudo pacman -Sy git', 'pacman -Sy'],
      ['php composer.phar install', 'php composer.phar install'],
    ];
    for (const [text, name] of names) {
      const { nameSpan } = packageCalls(script(text))[0] ?? { nameSpan: { from: 0, to: 0 } };
      assert.equal(text.slice(nameSpan.from, nameSpan.to), name);
    }
  });

  it('are found in nested commands', () => {
    const text = "if x; then apt-get update; fi; (pip install a); sh -c 'npm ci'; echo $(gem list)";
    assert.deepEqual(
      packageCalls(script(text)).map((call) => `${call.manager} ${call.command.nesting}`),
      ['apt-get conditional', 'pip subshell', 'npm subshell', 'gem substitution'],
    );
  });

  it('keep the words of options and operands', () => {
    const text = 'apk add -t .deps curl=7 && yum clean all';
    const [add, clean] = packageCalls(script(text));
    assert.equal(add?.flags[0]?.valueWord?.text, '.deps');
    assert.equal(text.slice(add?.packages[0]?.word.start, add?.packages[0]?.word.end), 'curl=7');
    assert.deepEqual(
      clean?.operands.map((word) => word.text),
      ['all'],
    );
  });
});
