/** What manifests leave open, manifest by manifest. */
import assert from 'node:assert/strict';
import { openVersions } from '../../server/src/model/open-versions/open-versions';

const open = (path: string, text: string): string[] =>
  openVersions(path, text).map(({ name, range }) => `${name} ${range}`.trim());

describe('open versions', () => {
  it('in requirements files', () => {
    const text = `
flask
flask-login>=0.6 ; python_version > '3.8'
requests[socks] ~= 2.32, != 2.32.1
numpy==2.*
urllib3==2.2.3 \\
    # pinned
pytz === 2024.1
app @ https://example.com/app.zip
git+https://example.com/x.git@v1
-e .
./lib
x.whl
-i https://example.com/simple
-r other.txt
`;
    assert.deepEqual(open('requirements/base.txt', text), [
      'flask',
      'flask-login >=0.6',
      'requests ~= 2.32, != 2.32.1',
      'numpy ==2.*',
    ]);
    assert.deepEqual(open('requirements.txt', 'flask\n-c constraints.txt\n'), []);
    assert.deepEqual(open('requirements.txt', 'flask==3 --hash=sha256:00\nx\n'), []);
  });

  it('in package.json', () => {
    const dependencies = {
      a: '^1.0.0',
      b: '1.2.3',
      c: 'latest',
      d: '1.x',
      e: 'file:../e',
      f: 'workspace:*',
      g: 'git+ssh://git@example.com/g.git#v1',
      h: 'user/repo',
      i: 'npm:other@2.0.0',
      j: 'npm:@scope/other@^2',
      k: 'v1.2.3-beta.1',
      l: '>=1 <2',
    };
    assert.deepEqual(open('package.json', JSON.stringify({ dependencies, peerDependencies: { z: '*' } })), [
      'a ^1.0.0',
      'c latest',
      'd 1.x',
      'j npm:@scope/other@^2',
      'l >=1 <2',
    ]);
  });

  it('in composer.json', () => {
    const require = {
      php: '>=8.2',
      'ext-json': '*',
      'a/b': '^1.2',
      'c/d': '1.2.3',
      'e/f': 'dev-main',
      'g/h': 'v2.0.0.1',
    };
    assert.deepEqual(open('composer.json', JSON.stringify({ require })), ['a/b ^1.2', 'e/f dev-main']);
  });

  it('in Cargo.toml', () => {
    const text = `
[dependencies]
serde = "1"
log = "=0.4.22"
own = { path = "../own" }
tokio = { version = "1.40", features = ["full"] }
shared = { workspace = true }
[dev-dependencies]
proptest = "1"
[build-dependencies]
cc = "1.1"
`;
    assert.deepEqual(open('Cargo.toml', text), ['serde 1', 'tokio 1.40', 'cc 1.1']);
  });

  it('in pyproject.toml and Pipfile', () => {
    const text = `
[project]
dependencies = ["flask>=3", "requests==2.32.3", "click"]
[tool.poetry.dependencies]
python = "^3.12"
django = "^5.1"
celery = "5.4.0"
own = { path = "lib" }
[tool.poetry.group.dev.dependencies]
pytest = { version = "*" }
`;
    assert.deepEqual(open('pyproject.toml', text), ['flask >=3', 'click', 'django ^5.1', 'pytest *']);
    assert.deepEqual(
      open('Pipfile', '[packages]\na = "*"\nb = "==1.0"\nc = {version = "~=2.0"}\n[dev-packages]\nd = "*"\n'),
      ['a *', 'c ~=2.0'],
    );
  });

  it('in pom.xml', () => {
    const text = `<?xml version="1.0"?>
<project>
  <!-- <dependency><artifactId>gone</artifactId><version>LATEST</version></dependency> -->
  <parent><artifactId>p</artifactId><version>1-SNAPSHOT</version></parent>
  <version>1-SNAPSHOT</version>
  <properties><x.version>[1.0,2.0)</x.version></properties>
  <dependencies>
    <dependency><artifactId>a</artifactId><version>1.0</version></dependency>
    <dependency><artifactId>b</artifactId><version>LATEST</version></dependency>
    <dependency><artifactId>c</artifactId><version>\${x.version}</version><exclusions><exclusion><artifactId>no</artifactId></exclusion></exclusions></dependency>
    <dependency><artifactId>d</artifactId><version>[1.5]</version></dependency>
    <dependency><artifactId>e</artifactId></dependency>
    <dependency><artifactId>f</artifactId><version>\${project.version}</version></dependency>
  </dependencies>
</project>`;
    assert.deepEqual(open('module/pom.xml', text), ['b LATEST', 'c [1.0,2.0)']);
    assert.deepEqual(open('pom.xml', '<project><dependency>'), []);
  });

  it('in Gemfile and build.gradle', () => {
    const gemfile = `source 'https://rubygems.org'
gem 'rails', '~> 7.1'
gem "pg"
gem 'puma', '6.4.3'
gem 'own', path: 'lib/own'
gem 'sidekiq', ">= 7", "< 8", require: false
gem 'x', VERSION
# gem 'no'
`;
    assert.deepEqual(open('Gemfile', gemfile), ['rails ~> 7.1', 'pg', 'sidekiq >= 7, < 8']);
    const gradle = `dependencies {
  implementation 'com.example:a:1.+'
  implementation("com.example:b:1.2.3")
  implementation "com.example:c:latest.release"
  // implementation 'com.example:no:+'
  runtimeOnly group: 'com.example', name: 'd', version: '[1.0,2.0)'
  implementation("com.example:e:$v")
  maven { url 'https://example.com:8080' }
}`;
    assert.deepEqual(open('build.gradle', gradle), ['a 1.+', 'c latest.release', 'd [1.0,2.0)']);
    assert.deepEqual(open('app/build.gradle.kts', gradle), ['a 1.+', 'c latest.release', 'd [1.0,2.0)']);
  });

  it('not where the manifest is broken or has no ranges', () => {
    for (const [path, text] of [
      ['package.json', '{'],
      ['Cargo.toml', '= ='],
      ['go.mod', 'require example.com/x v1.2.3'],
      ['package.json', '[]'],
      ['package.json', '{"dependencies": 7}'],
    ] as const)
      assert.deepEqual(open(path, text), [], path);
  });
});
