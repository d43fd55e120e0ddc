/** Random shell commands: what leaks from one to the next, what hides a failure, what a package manager leaves behind. */
import fc from 'fast-check';

/** Few paths, so that commands meet in the same places. */
export const directories = ['/a', '/a/b', '/work', '/data', '/tmp/x', '/opt/app', '/srv'];
export const files = ['/a/f', '/work/f', '/data/g', '/tmp/h', '/opt/app/f', '/etc/note', '/f'];
const names = ['x', 'y.txt', 'z'];
const packages = ['curl', 'git', 'vim', 'ca-certificates', 'wget', 'jq', 'zlib1g-dev'];

const directory = fc.constantFrom(...directories);
const file = fc.constantFrom(...files);
const name = fc.constantFrom(...names);
const someFiles = fc.tuple(file, file);

/** Writes a template with values drawn from arbitraries. */
function text(parts: TemplateStringsArray, ...values: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...values).map((drawn) => parts.map((part, index) => part + (drawn[index] ?? '')).join(''));
}

/** `DIRECTORY/NAME` with the directory made first, so that writing there succeeds. */
const write = fc.oneof(
  file.map((path) => `mkdir -p ${path.slice(0, path.lastIndexOf('/')) || '/'} && echo ${path.length} > ${path}`),
  file.map((path) => `mkdir -p ${path.slice(0, path.lastIndexOf('/')) || '/'} && touch ${path}`),
  text`mkdir -p ${directory} && touch ${fc.constantFrom('/tmp/one', '/tmp/two')}`,
  fc.tuple(directory, name).map(([where, what]) => `mkdir -p ${where} && echo ${what} > ${where}/${what}`),
);

/** Commands whose result shows what an earlier one changed in the same shell. */
const observing = fc.constantFrom(
  '{ pwd; umask; echo "$- $A $B $C"; trap; type f; } > /observed 2>&1 || true',
  'touch beside && mkdir made-here',
  'echo "$A" > /saw-a',
  'false; touch /after-false',
  'touch /fresh && mkdir -p /fresh-directory',
  'echo /et* > /globbed',
  'false | touch /piped',
  'f || touch /no-function',
  'echo ${NEVER_SET-unset} $NEVER_SET > /saw-unset',
  'for word in $B a:b; do echo $word; done > /words',
  'echo shown',
  'touch /second',
);

const plain = fc.oneof(
  { weight: 4, arbitrary: observing },
  { weight: 6, arbitrary: write },
  { weight: 3, arbitrary: text`mkdir -p ${directory}` },
  { weight: 2, arbitrary: text`rm -rf ${directory}` },
  { weight: 2, arbitrary: text`rm -f ${file}` },
  {
    weight: 1,
    arbitrary: someFiles.map(
      ([one, two]) => `test -e ${one} && cp ${one} /copy-of || touch /missing${two.replaceAll('/', '-')}`,
    ),
  },
  { weight: 1, arbitrary: text`mkdir -p ${directory} && chmod 700 ${directory}`.map(sameTwice) },
  { weight: 1, arbitrary: directory.map((path) => `mkdir -p ${path} && chown -R 1000:1000 ${path}`) },
  { weight: 1, arbitrary: text`ln -sf ${file} /link` },
  { weight: 1, arbitrary: text`echo $A-$B-$HOME-$PWD >> ${fc.constantFrom('/log', '/tmp/log')}` },
  { weight: 1, arbitrary: text`ls / > /listing` },
  { weight: 1, arbitrary: text`make ${fc.constantFrom('all', 'install')}` },
);

/** `mkdir -p X && chmod Y` for one directory, whatever two were drawn. */
function sameTwice(command: string): string {
  const path = command.split(' ')[2] ?? '/a';
  return `mkdir -p ${path} && chmod 700 ${path}`;
}

/** Commands that change what the ones after them do, in the same shell. */
const stateful = fc.oneof(
  directory.map((path) => `mkdir -p ${path} && cd ${path}`),
  text`export A=${fc.constantFrom('1', '"a b"', "'$x'")}`,
  fc.constantFrom(
    'B=2',
    'export B',
    'unset A',
    'set -e',
    'set -ex',
    'set -eu; A=${A-}; B=${B-}',
    'set +e',
    'umask 077',
    'umask 022',
  ),
  fc.constantFrom(
    "trap 'touch /trapped' EXIT",
    "trap 'touch /trapped' 0",
    'trap - EXIT',
    'set -f',
    'set -o pipefail',
    'shift 0',
  ),
  fc.constantFrom(
    'f() { touch /called; }; f',
    'alias ll=ls',
    'exec 3>/third',
    'hash -r',
    'readonly C=3',
    'IFS=:',
    'ulimit -c 0',
  ),
);

/** Commands in which a failure is hidden, handled or ends the shell, or that do not wait. */
const controlling = fc.oneof(
  plain.map((command) => `false || { ${command}; }`),
  plain.map((command) => `true || ${command}`),
  plain.map((command) => `if true; then ${command}; fi`),
  plain.map((command) => `for i in 1 2; do ${command}; done`),
  plain.map((command) => `(${command})`),
  plain.map((command) => `{ ${command}; }`),
  // Two of them in a row would race unless each waits for its own.
  plain.map((command) => `(${command} & wait)`),
  plain.map((command) => `{ ${command} & wait; }`),
  plain.map((command) => `! false && ${command}`),
  plain.map((command) => `${command} | cat`),
  plain.map((command) => `sh -c '${command}'`),
  directory.map((path) => `(mkdir -p ${path} && cd ${path} && touch inside)`),
  fc.constantFrom(
    'exit 0',
    'true && exit',
    'false; true',
    'true; false || true',
    '{ true & }',
    'test -e /nothing || touch /was-missing',
  ),
  fc.constantFrom(
    'echo "a && b" > /quoted',
    "echo 'a; b' > /quoted",
    'echo a#b > /hash',
    'echo "# no comment" > /hash',
    'echo $(echo sub) > /sub',
  ),
);

const packageList = fc
  .uniqueArray(fc.constantFrom(...packages), { minLength: 1, maxLength: 4 })
  .map((list) => list.join(' '));

/** What the rules about package managers look for, and what they must leave alone. */
export const packageCommand = fc.oneof(
  { weight: 3, arbitrary: packageList.map((list) => `apt-get update && apt-get install -y ${list}`) },
  {
    weight: 2,
    arbitrary: packageList.map(
      (list) => `apt-get update && apt-get install -y --no-install-recommends ${list} && rm -rf /var/lib/apt/lists/*`,
    ),
  },
  { weight: 1, arbitrary: packageList.map((list) => `apt-get update; apt-get install -y ${list}; apt-get clean`) },
  { weight: 1, arbitrary: packageList.map((list) => `apt update && apt install ${list}`) },
  { weight: 2, arbitrary: packageList.map((list) => `apk add --no-cache ${list}`) },
  { weight: 2, arbitrary: packageList.map((list) => `apk add --update ${list}`) },
  { weight: 1, arbitrary: packageList.map((list) => `apk update && apk add ${list}`) },
  { weight: 1, arbitrary: packageList.map((list) => `apk add -U --virtual .deps ${list} && make && apk del .deps`) },
  { weight: 1, arbitrary: packageList.map((list) => `yum install ${list}`) },
  { weight: 1, arbitrary: packageList.map((list) => `dnf install -y ${list} && dnf clean all`) },
  { weight: 1, arbitrary: packageList.map((list) => `microdnf install -y ${list}`) },
  { weight: 1, arbitrary: packageList.map((list) => `zypper --non-interactive install ${list}`) },
  { weight: 2, arbitrary: packageList.map((list) => `pip install ${list}`) },
  { weight: 1, arbitrary: packageList.map((list) => `pip3 install --no-cache-dir ${list}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'npm install -g typescript',
      'npm install -g a && npm cache clean --force',
      'yarn global add b',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('gem install rake', 'go install example.org/tool@v1', 'composer global require a/b'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'wget https://example.org/a.tgz',
      'curl -fsSLO https://example.org/b.tgz',
      'wget -q https://example.org/c',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'wget https://example.org/d-1.tar.gz && tar xzf d-1.tar.gz && rm d-1.tar.gz',
      'useradd -u 70000 joe-$RANDOM_NAME',
    ),
  },
);

/** What a RUN leaves in its shell, and one in which that would show if the two were one shell. */
export const leak = fc.tuple(fc.oneof(stateful, stateful, controlling), observing);

/** One command of a RUN. */
export const command = fc.oneof(
  { weight: 10, arbitrary: plain },
  { weight: 4, arbitrary: stateful },
  { weight: 4, arbitrary: controlling },
  { weight: 2, arbitrary: packageCommand },
);

/** A script of one to four commands: pieces that `&&` or `;` joins. */
export const script = fc.array(fc.tuple(command, fc.constantFrom('&&', '&&', '&&', ';')), {
  minLength: 1,
  maxLength: 4,
});
