/** The table of package managers is whole, and its commands are what the shell model reads. */
import assert from 'node:assert/strict';
import {
  assumesYes,
  cleanUpsOf,
  ecosystemOf,
  ecosystems,
  isFrozenInstall,
  isProjectInstall,
  isUncached,
} from '../../server/src/model/ecosystems';
import { packageCalls } from '../../server/src/shell/package-calls';
import type { PackageCall } from '../../server/src/shell/packages';
import { script } from '../shell/script';

const managers = [
  'apt-get',
  'apt',
  'aptitude',
  'apk',
  'yum',
  'dnf',
  'microdnf',
  'tdnf',
  'zypper',
  'pacman',
  'pip',
  'pipenv',
  'poetry',
  'uv',
  'pdm',
  'conda',
  'npm',
  'yarn',
  'pnpm',
  'bun',
  'gem',
  'bundle',
  'composer',
  'go',
  'cargo',
  'maven',
  'gradle',
  'sbt',
  'dotnet',
  'nuget',
  'mix',
  'deno',
] as const;

function call(text: string): PackageCall {
  const [first] = packageCalls(script(text));
  assert.ok(first, text);
  return first;
}

describe('table of package managers', () => {
  it('has each once', () => {
    assert.deepEqual(ecosystems.map(({ manager }) => manager).sort(), [...managers].sort());
  });

  it('says something of caches, and of manifests where there are projects', () => {
    for (const { manager, kind, caches, cacheMounts, manifests, installs } of ecosystems) {
      assert.ok(caches.length > 0, `${manager}: caches`);
      assert.ok(cacheMounts.length > 0, `${manager}: cache mounts`);
      assert.equal(kind === 'system', manifests.length === 0, `${manager}: manifests`);
      assert.equal(kind === 'system', installs.length === 0, `${manager}: installs`);
    }
  });

  it('writes commands that are read back as what they are', () => {
    for (const { manager, installs, frozenInstalls, cleanUps } of ecosystems) {
      for (const { text } of installs) assert.ok(isProjectInstall(call(text)), text);
      for (const { text } of frozenInstalls) assert.ok(isFrozenInstall(call(text)), text);
      for (const cleanUp of cleanUps) {
        const read = call(cleanUp.text);
        assert.equal(read.manager, manager);
        assert.ok(cleanUpsOf(read).includes(cleanUp), cleanUp.text);
      }
    }
    for (const { fetchCommand, frozenCommand } of ecosystems) {
      if (fetchCommand) assert.ok(isProjectInstall(call(fetchCommand)), fetchCommand);
      if (frozenCommand && !frozenCommand.includes('&&'))
        assert.ok(isFrozenInstall(call(frozenCommand)), frozenCommand);
    }
  });

  const questions: readonly (readonly [string, (call: PackageCall) => boolean, string, string])[] = [
    [
      'project installs',
      isProjectInstall,
      'npm install|npm ci|yarn|yarn install --frozen-lockfile|pnpm i|bun install|pip install -r x.txt|uv sync|poetry install|bundle|composer install|go mod download|mvn -B clean dependency:go-offline|dotnet restore x.csproj|mix deps.get|conda env create -f e.yml|pipenv install --system',
      'npm install x|npm run build|yarn add x|pip install x|pip install .|go build|mvn package|cargo build|apt-get install x|bundle exec x|gem install x',
    ],
    [
      'frozen installs',
      isFrozenInstall,
      'npm ci|yarn --immutable|yarn install --frozen-lockfile|pnpm install --frozen-lockfile|uv sync --locked|uv sync --frozen|pipenv install --deploy|pip install --require-hashes -r x|bundle install --frozen|cargo build --locked --release|bun ci',
      'npm install|yarn|pnpm install --frozen-lockfile=false|uv sync|pip install -r x|cargo build',
    ],
    [
      'installs without a cache',
      isUncached,
      'apk add --no-cache x|pip install --no-cache-dir x|uv pip install --no-cache x|composer install --no-cache|poetry install --no-cache',
      'apk add x|pip install x|npm install|apt-get install x',
    ],
    [
      'assumed yes',
      assumesYes,
      'apt-get install -y x|apt-get -qq install x|apt-get install -qqy x|apt-get -q=2 install x|apt-get --yes install x|apt-get -o APT::Get::Assume-Yes=true install x|apt-get --assume-yes install x|yum -y install x|dnf install --assumeyes x|zypper -n in x|zypper in -y x|pacman -S --noconfirm x|dnf install --setopt=assumeyes=1 x|microdnf install -y x',
      'apt-get install x|apt-get -q install x|yum install x|zypper in x|pacman -S x|dnf install --setopt=x=1 x',
    ],
  ];
  for (const [name, ask, yes, no] of questions) {
    it(`tells ${name}`, () => {
      for (const text of yes.split('|')) assert.equal(ask(call(text)), true, text);
      for (const text of no.split('|')) assert.equal(ask(call(text)), false, text);
    });
  }

  it('answers for every manager', () => {
    for (const manager of managers) assert.equal(ecosystemOf(manager).manager, manager);
  });
});
