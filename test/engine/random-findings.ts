/** Random groups of instructions that belong to one finding: values of every build, modes after copies, needless steps, copies in a bad order. */
import fc from 'fast-check';
import { command, directories, packageCommand } from './random-commands';

const directory = fc.constantFrom(...directories);
const packageName = fc.constantFrom('curl', 'git', 'vim', 'jq', 'bash');

/** What may stand between two instructions of a group. */
const between = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: command.map((text) => `RUN ${text}`) },
  { weight: 1, arbitrary: packageCommand.map((text) => `RUN ${text}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'USER nobody',
      'USER root',
      'WORKDIR /work',
      'ENV V=2',
      'ENV GIT_SHA=env',
      '# a comment',
      'COPY dir /copied',
      'ARG V=3',
      'ARG GIT_SHA=again',
    ),
  },
);

/** Lines of a group, with something in between. */
function group(...lines: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  const parts = lines.flatMap((line, index) => (index === 0 ? [line] : [between, line]));
  return fc.tuple(...parts).map((texts) => texts.filter((text) => text !== '').join('\n'));
}

const one = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

const volatile = group(
  one(
    'ARG GIT_SHA',
    'ARG GIT_SHA=1',
    '# by the pipeline\nARG GIT_SHA=$A-1',
    'ENV V=1\nARG GIT_SHA=$V',
    'ARG GIT_SHA=1\nLABEL revision=$GIT_SHA',
    'ARG GIT_SHA=1\nLABEL revision=$GIT_SHA v=$V a=$A',
    'ARG GIT_SHA\nENV REVISION=$GIT_SHA',
    'ARG V=1\nARG GIT_SHA=x\nLABEL a=$V-$GIT_SHA',
  ),
  packageCommand.map((text) => `RUN ${text}`),
  one(
    'RUN echo "$GIT_SHA" > /sha',
    'RUN env > /env',
    'LABEL a=$GIT_SHA',
    'COPY one.txt /$GIT_SHA/',
    'RUN make',
    'WORKDIR /w/$GIT_SHA',
    'CMD echo $GIT_SHA',
    'RUN two.sh; touch /after',
  ),
);

/** Copies, and paths that they bring. */
const copies: readonly (readonly [copy: string, ...paths: readonly string[]])[] = [
  ['COPY two.sh /usr/local/bin/', '/usr/local/bin/two.sh'],
  ['COPY two.sh /two.sh', '/two.sh'],
  ['COPY --chmod=600 two.sh /two.sh', '/two.sh'],
  ['COPY --chown=7:8 one.txt /etc/one.txt', '/etc/one.txt'],
  ['COPY one.txt two.sh /opt/app/', '/opt/app/one.txt', '/opt/app', '/opt/app/one.txt /opt/app/two.sh', '/opt/app/*'],
  ['COPY one.txt /new/folder/', '/new/folder/one.txt', '/new', '/new/folder'],
  ['COPY dir /opt/app', '/opt/app', '/opt/app/a', '/opt'],
  ['COPY src /app', '/app', '/app/main.js'],
  ['COPY one.txt /conf.d', '/conf.d'],
  ['RUN mkdir -p /conf.d\nCOPY one.txt /conf.d', '/conf.d', '/conf.d/one.txt'],
  ['RUN mkdir -p /my.conf && touch /my.conf/x\nCOPY one.txt /my.conf', '/my.conf', '/my.conf/one.txt'],
  ['WORKDIR /work\nCOPY two.sh .', 'two.sh', '/work/two.sh', '.', '/work'],
  ['WORKDIR /app\nCOPY . .', '/app', 'two.sh', 'dir'],
  ['ADD one.txt /etc/one.txt', '/etc/one.txt'],
  ['ADD archive.tar /opt/app', '/opt/app', '/opt/app/in-archive/f'],
  ['COPY one.txt /x.txt\nCOPY two.sh /y.sh', '/x.txt', '/y.sh', '/x.txt /y.sh'],
];
const change = (paths: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      one('chmod', 'chmod', 'chmod -R', 'chown', 'chown -R', 'chgrp'),
      one('+x', '755', '0755', '700', '640', 'u+x', 'go-rwx', 'a=rx', '1777', 'a+X', 'u=rwx,go=rx'),
      one('1000:1000', 'root:root', 'nobody', '7', '0:0', 'nobody:nogroup', '5:'),
      one(...paths),
    )
    .map(([name, mode, owner, path]) => {
      const value = name.startsWith('chmod') ? mode : name === 'chgrp' ? owner.split(':')[0] : owner;
      return `${name} ${value} ${path}`;
    });
const before = one(
  '',
  '',
  '',
  'umask 077 && ',
  'mkdir -p /x && ',
  'ls -A / > /l; ',
  'set -ex; ',
  'cd /opt && ',
  'touch /nothing && ',
);
const after = one('', '', '', ' && touch /x', '; touch /x', ' || true', ' && cp -r /opt /opt2', ' > /said 2>&1');
const copyAndChange = fc.constantFrom(...copies).chain(([copy, ...paths]) => {
  const single = fc.tuple(before, change(paths), after).map((texts) => `RUN ${texts.join('')}`);
  const both = fc.tuple(change(paths), one(' && ', '; '), change(paths), after).map((texts) => `RUN ${texts.join('')}`);
  const heredoc = change(paths).map((text) => `RUN <<EOF\n${text}\ntouch /x\nEOF`);
  return fc
    .tuple(fc.constant(copy), between, fc.oneof({ weight: 3, arbitrary: single }, both, heredoc))
    .map((lines) => lines.filter((line) => line !== '').join('\n'));
});
const modes = fc.oneof(
  { weight: 3, arbitrary: copyAndChange },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        one('755', '+x', '700', 'u+x', '0644', 'go-r'),
        one('RUN ', 'RUN mkdir -p /m && ', 'RUN true\nRUN '),
        after,
      )
      .map(([mode, start, end]) => `COPY two.sh /usr/local/bin/\n${start}chmod ${mode} /usr/local/bin/two.sh${end}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(one('1000:1000', 'nobody:nobody', '0:5'), one('/etc/note.txt', '/opt/n.txt'), between)
      .map(([owner, path, middle]) =>
        [`COPY one.txt ${path}`, middle, `RUN chown ${owner} ${path}`].filter((line) => line !== '').join('\n'),
      ),
  },
);

const needless = fc.oneof(
  one(
    'RUN true',
    'RUN :',
    'RUN echo "starting && going on"',
    'RUN echo a; echo b',
    'RUN ls /',
    'RUN <<EOF\npwd\ntrue\nEOF',
    'RUN printf "%s\\n" x',
    'RUN set -ex; echo x',
    'RUN exit 0',
  ),
  directory.chain((path) =>
    group(
      one(
        `RUN mkdir -p ${path}`,
        `WORKDIR ${path}`,
        `COPY one.txt ${path}/`,
        `RUN mkdir -p ${path}/sub`,
        `VOLUME ${path}`,
        `RUN mkdir ${path} || true`,
        `RUN [ -d /x ] && mkdir -p ${path}; true`,
      ),
      one(
        'RUN true',
        `RUN rm -rf ${path}`,
        `RUN mv ${path} /moved || true`,
        'RUN rm -rf /a /work',
        'RUN cd / && rmdir a work srv || true',
        `RUN rm -rf ${path}/*`,
        'USER nobody',
        'RUN find /a /work -delete; true',
        `RUN P=${path}; rm -rf $P`,
      ),
      one(
        `RUN mkdir -p ${path}`,
        `RUN mkdir -p ${path} && true`,
        `RUN mkdir -p ${path} /etc`,
        `RUN mkdir -p ${path} && echo made`,
      ),
    ),
  ),
);

const installs = fc
  .tuple(
    one(
      'apt-get install -y',
      'apt install -y',
      'apk add --no-cache',
      'dnf install -y',
      'apt-get install',
      'apt-get install -y --no-install-recommends',
      'yum install',
      'zypper install',
      'pacman -Sy',
      'pip install',
      'npm install -g',
    ),
    fc.array(
      fc.tuple(
        fc.array(packageName, { minLength: 1, maxLength: 3 }),
        one(' && ', ' && ', ' && ', '; ', ' || true; ', ' && true && ', ' \\\n    && ', ' \\\n    # why\n    && '),
      ),
      { minLength: 2, maxLength: 4 },
    ),
    one(
      'RUN ',
      'RUN apt-get update && ',
      'RUN set -e; apt-get update; ',
      'RUN exec > /log; apt-get update && ',
      'RUN mkdir -p /m && ',
    ),
    one('', ' && rm -rf /var/lib/apt/lists/*', '; touch /x', ' | cat', ' > /log', ' || touch /no'),
  )
  .map(([install, calls, before, after]) => {
    const texts = calls.map(
      ([packages, join], index) => `${install} ${packages.join(' ')}${index < calls.length - 1 ? join : ''}`,
    );
    return `${before}${texts.join('')}${after}`;
  });
const installsInHeredoc = fc
  .tuple(
    one('apt-get install -y', 'apk add --no-cache', 'apt install'),
    fc.array(packageName, { minLength: 2, maxLength: 4 }),
    one('set -e\n', '', 'set -ex\n', 'set -e\nset +e\n', 'true || set -e\n'),
  )
  .map(
    ([install, packages, before]) =>
      `RUN <<EOF\n${before}apt-get update\n${packages.map((name) => `${install} ${name}`).join('\n')}\nEOF`,
  );

const asking = fc
  .tuple(
    one(
      'apt-get update && apt-get install',
      'apt-get update; apt install',
      'dnf install',
      'yum -q install',
      'zypper install',
      'pacman -Sy',
      'apt-get update && apt-get -q remove',
    ),
    one('needs-more', 'curl', 'git', 'git needs-more', 'vim curl'),
    one(' && touch /x', '; touch /x', '; touch /y', ' || touch /no', ' | cat', '; true', ' && true; touch /x'),
    one(
      '',
      'set -e; ',
      "trap 'exit 0' EXIT; ",
      'true || set -e; ',
      'set -e; set +e; ',
      '! ',
      'exec 2>/log; ',
      'if true; then :; fi; ',
    ),
  )
  .map(([start, names, after, before]) => `RUN ${before}${start} ${names}${after}`);

const users = fc
  .tuple(
    one(
      'useradd -u',
      'useradd -m -u',
      'useradd --create-home --uid',
      'useradd -mu',
      'useradd -l -u',
      'useradd -r --uid',
    ),
    fc.integer({ min: 100_000, max: 100_009 }),
    one('', 'groupadd -g 200000 g; ', 'ID=3; ', 'false || '),
    one('', ' && touch /x', ' || touch /no', '; wc -c < /var/log/lastlog > /size || true'),
  )
  .map(([start, id, before, after]) => `RUN ${before}${start} ${id} user${id}${after}`);

const download = one(
  'wget https://example.org/a',
  'wget -O /a https://example.org/b',
  'wget -P /p https://example.org/c',
  'wget -qO- https://example.org/d > /d',
  'wget -c -nc https://example.org/e',
  'wget https://example.org/f https://example.org/g',
);
const downloads = fc
  .tuple(
    download,
    one(
      '',
      'mkdir -p /w && cd /w && ',
      'exec 2>/log; ',
      'for i in 1 2; do ',
      '{ ',
      '(',
      'f() { ',
      'if true; then ',
      'sh -c "',
      'x=$(',
    ),
    one('', ' 2>/log', ' 2>&1 | cat > /said', ' && touch /x', ' || true', ' > /log 2>&1'),
  )
  .map(([text, before, after]) => {
    const end = /^for/.test(before)
      ? '; done'
      : before === '{ '
        ? '; }'
        : before === '(' || before === 'x=$('
          ? ')'
          : before === 'f() { '
            ? '; }; f'
            : /^if/.test(before)
              ? '; fi'
              : /^sh/.test(before)
                ? '"'
                : '';
    return `RUN ${before}${text}${end}${after}`;
  });

const orders = fc
  .shuffledSubarray(
    [
      'COPY src /app/src',
      'COPY package.json package-lock.json /app/',
      'COPY dir /srv/dir',
      'COPY --chown=7:8 one.txt /opt/own/',
      'COPY . /all',
      'RUN apt-get update && apt-get install -y git',
      'RUN apk add --no-cache curl',
      'RUN mkdir -p /app/made && touch /app/made/f',
      'RUN cat /app/package.json > /seen || true',
      'RUN umask 027 && mkdir -p /opt/own',
      'RUN ls -R /srv > /listed; true',
      'WORKDIR /app/src',
      'USER nobody',
      'USER root',
      'ENV PATH=/opt/own:$PATH',
      'ARG GIT_SHA=1',
      'LABEL a=$A',
      'RUN npm install -g typescript',
      'RUN useradd joe && chown joe /srv',
      'COPY --chown=nobody dir /srv/nobody',
      'RUN pip install flask',
      'VOLUME /srv',
    ],
    { minLength: 3, maxLength: 7 },
  )
  .map((lines) => lines.join('\n'));

/** A group of instructions about one finding. */
export const findingGroup = fc.oneof(
  { weight: 3, arbitrary: volatile },
  { weight: 4, arbitrary: modes },
  { weight: 2, arbitrary: needless },
  { weight: 3, arbitrary: installs },
  { weight: 1, arbitrary: installsInHeredoc },
  { weight: 2, arbitrary: asking },
  { weight: 1, arbitrary: users },
  { weight: 2, arbitrary: downloads },
  { weight: 3, arbitrary: orders },
);
