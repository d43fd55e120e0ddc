/** The recording base behaves as the real tools do, where a rule depends on it, and records sets instead of sequences. */
import { strict as assert } from 'node:assert';
import { recordingBase } from './harness/base-images';
import { buildImage, discardImage } from './harness/build';
import type { Engine } from './harness/engine';
import { type Image, readImage } from './harness/image';
import { prove, requireEngine } from './prove';

const from = `FROM ${recordingBase}\n`;
const context = {
  'package.json': '{}\n',
  'package-lock.json': '{}\n',
  'requirements.txt': 'flask\n',
  'go.mod': 'module a\n',
  'src/main.go': 'package main\n',
};

/** What a script leaves behind, and what not. */
const effects: readonly {
  readonly run: string;
  readonly leaves?: readonly string[];
  readonly not?: readonly string[];
}[] = [
  {
    run: 'apt-get update',
    leaves: ['/var/lib/apt/lists/archive_dists_stable_main_Packages', '/var/lib/apt/lists/lock'],
  },
  {
    run: 'apt-get update && apt-get install -y --no-install-recommends curl wget=1 && rm -rf /var/lib/apt/lists/*',
    leaves: ['/.recorded/apt/curl', '/.recorded/apt/wget=1', '/var/lib/apt/lists'],
    not: ['/var/lib/apt/lists/lock'],
  },
  {
    run: 'apt-get update; apt-get -qq -o A=b install a; apt-get purge -y a',
    not: ['/.recorded/apt/a', '/.recorded/apt/A=b'],
  },
  {
    run: 'apk add --no-cache a b',
    leaves: ['/.recorded/apk/a', '/.recorded/apk/b'],
    not: ['/var/cache/apk/APKINDEX.00000000.tar.gz'],
  },
  { run: 'apk add -U a', leaves: ['/.recorded/apk/a', '/var/cache/apk/APKINDEX.00000000.tar.gz'] },
  {
    run: 'apk add --no-cache --virtual .x a b && apk add --no-cache c && apk del .x',
    leaves: ['/.recorded/apk/c'],
    not: ['/.recorded/apk/a', '/.recorded/apk/.x'],
  },
  { run: 'yum install -y a', leaves: ['/.recorded/rpm/a', '/var/cache/yum/repository/repomd.xml'] },
  { run: 'yum install -y a && yum clean all', leaves: ['/.recorded/rpm/a'], not: ['/var/cache/yum/repository'] },
  { run: 'dnf -y install a && dnf clean all', leaves: ['/.recorded/rpm/a'], not: ['/var/cache/dnf/repository'] },
  { run: 'zypper -n in a', leaves: ['/.recorded/rpm/a', '/var/cache/zypp/repository/repomd.xml'] },
  { run: 'pacman -Sy --noconfirm a', leaves: ['/.recorded/pacman/a', '/var/cache/pacman/pkg/a.pkg.tar.zst'] },
  { run: 'pip install a', leaves: ['/.recorded/pip/a', '/root/.cache/pip/http/0/0/0/0'] },
  { run: 'pip install --no-cache-dir a b', leaves: ['/.recorded/pip/a', '/.recorded/pip/b'], not: ['/root/.cache'] },
  { run: 'PIP_NO_CACHE_DIR=1 python3 -m pip install a', leaves: ['/.recorded/pip/a'], not: ['/root/.cache'] },
  { run: 'npm install -g a', leaves: ['/.recorded/npm/a', '/root/.npm/_cacache/index'] },
  {
    run: 'npm install -g a && npm cache clean --force',
    leaves: ['/.recorded/npm/a', '/root/.npm/_logs/debug-0.log'],
    not: ['/root/.npm/_cacache'],
  },
  { run: 'cd /app && npm ci', leaves: ['/app/node_modules/.package-lock.json'] },
  { run: 'cd /app && yarn', leaves: ['/app/node_modules/.package-lock.json', '/usr/local/share/.cache/yarn/v6/index'] },
  { run: 'cd /app/src && go build -o /app/bin/x .', leaves: ['/app/bin/x'] },
  {
    run: 'curl -fsSL -o /a.tgz https://example.org/a-1.tgz && tar -xzf /a.tgz -C /opt',
    leaves: ['/opt/a-1/configure', '/a.tgz'],
  },
  {
    run: 'wget -qO- https://example.org/b-2.tar.gz | tar xz && cd b-2 && ./configure && make install',
    leaves: ['/b-2/Makefile'],
  },
  { run: 'curl -O https://example.org/c.zip?x=1 && unzip c.zip -d /c', leaves: ['/c.zip', '/c/c/README.md'] },
  {
    run: 'git clone --depth 1 https://example.org/a/b.git && git clone https://example.org/c /d',
    leaves: ['/b/.git/HEAD', '/d/Makefile'],
  },
  { run: 'tar -cf /a.tar /etc/passwd && mkdir /x && tar -xf /a.tar -C /x', leaves: ['/x/etc/passwd'] },
  { run: 'useradd -u 5000 -m joe', leaves: ['/home/joe', '/var/log/lastlog'] },
  { run: 'useradd -l -u 5000 joe', not: ['/home/joe', '/var/log/lastlog'] },
  { run: 'd=$(mktemp -d) && touch $d/a && mktemp -t x.XXXX', leaves: ['/tmp/tmp.000001/a', '/tmp/x.000001'] },
  { run: 'addgroup -S a && adduser -S -G a b && su b -s /bin/sh -c "touch /tmp/x"', leaves: ['/home/b', '/tmp/x'] },
];

/** Scripts that fail on an image like this, as they do with the real tools. */
const failures = [
  'apt-get install -y curl',
  'apk add curl',
  'pip install -r nothing.txt',
  'npm install',
  'cd /app && rm package-lock.json && npm ci',
  'useradd root',
  'unknown-command',
];

describe('the recording base', () => {
  for (const { run, leaves = [], not = [] } of effects)
    it(`${run}`, async function () {
      const image = await build(await requireEngine(this), `${from}COPY . /app\nRUN ${run}`);
      assert.deepEqual(
        leaves.filter((path) => !image.files.has(path)),
        [],
        `missing; recorded: ${listRecorded(image)}`,
      );
      assert.deepEqual(
        not.filter((path) => image.files.has(path)),
        [],
        'left behind',
      );
    });

  for (const run of failures)
    it(`fails: ${run}`, async function () {
      const engine = await requireEngine(this);
      const made = await buildImage(engine, `${from}COPY . /app\nRUN ${run}`, { context });
      assert.notEqual(made.error, undefined);
    });

  const good: readonly (readonly [string, string, string])[] = [
    [
      'order and number of installs',
      'RUN apk add --no-cache b a\nRUN apk add --no-cache c',
      'RUN apk add --no-cache a b c',
    ],
    ['wget without its noise', 'RUN wget https://example.org/a', 'RUN wget -nv https://example.org/a'],
    ['an assumed yes', 'RUN yum install a', 'RUN yum install -y a'],
  ];
  for (const [name, before, after] of good)
    prove(`does not see ${name}`, { before: from + before, after: from + after, context });

  const seen: readonly (readonly [string, string, string])[] = [
    [
      'recommended packages',
      'RUN apt-get update && apt-get install -y a',
      'RUN apt-get update && apt-get install -y --no-install-recommends a',
    ],
    [
      'a source list added too late',
      'RUN echo x >> /etc/apt/sources.list && apt-get update && apt-get install a',
      'RUN apt-get update && echo x >> /etc/apt/sources.list && apt-get install a',
    ],
    ['a variable that a build tool can see', 'ENV A=1\nRUN make', 'RUN make\nENV A=1'],
    ['a file that a build tool can see', 'WORKDIR /w\nCOPY src .\nRUN make', 'WORKDIR /w\nRUN make\nCOPY src .'],
    ['another working directory', 'RUN cd /tmp && make', 'RUN make'],
    ['another user', 'USER nobody\nRUN make', 'RUN make\nUSER nobody'],
    [
      'another requirements file',
      'COPY requirements.txt /\nRUN pip install --no-cache-dir -r requirements.txt',
      'COPY package.json /requirements.txt\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY requirements.txt /',
    ],
  ];
  for (const [name, before, after] of seen)
    it(`sees ${name}`, async function () {
      const engine = await requireEngine(this);
      const [one, two] = [await build(engine, from + before), await build(engine, from + after)];
      assert.notEqual(listRecorded(one), listRecorded(two));
    });
});

async function build(engine: Engine, dockerfile: string): Promise<Image> {
  const made = await buildImage(engine, dockerfile, { context });
  if (made.image === undefined) throw new Error(`${made.error}\n${made.log}`);
  const image = await readImage(engine, made.image);
  discardImage(made.image);
  return image;
}

function listRecorded(image: Image): string {
  const recorded = [...image.files].filter(([path, file]) => path.startsWith('/.recorded/') && file.type === 'file');
  return recorded
    .map(([path, file]) => `${path} ${file.content.slice(0, 8)}`)
    .sort()
    .join('\n');
}
