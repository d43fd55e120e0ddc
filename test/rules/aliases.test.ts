/** A finding carries the names by which other tools report this very finding, and not those of its siblings. */
import { strict as assert } from 'node:assert';
import { analyze } from '../../server/src/analysis/analyze';
import { defaultConfig } from '../../server/src/rules/config';

/** A rule, what stands in the second stage of a file on some base, and the names that the finding has. */
type Row = readonly [rule: string, base: string, body: string, ...aliases: string[]];

const rows: readonly Row[] = [
  ['invalid-port', 'debian:12', 'EXPOSE 70000', 'DL3011'],
  ['invalid-port', 'debian:12', 'EXPOSE 127.0.0.1:80:80', 'ExposeInvalidFormat'],
  ['invalid-port', 'debian:12', 'EXPOSE web'],
  ['copy-from-unknown-stage', 'debian:12', 'COPY --from=1 /a /b', 'DL3023'],
  ['copy-from-unknown-stage', 'debian:12', 'COPY --from=9 /a /b', 'DL3022'],
  ['overridden-instruction', 'debian:12', 'CMD ["a"]\nCMD ["b"]', 'DL4003', 'MultipleInstructionsDisallowed'],
  [
    'overridden-instruction',
    'debian:12',
    'ENTRYPOINT ["a"]\nENTRYPOINT ["b"]',
    'DL4004',
    'MultipleInstructionsDisallowed',
  ],
  [
    'overridden-instruction',
    'debian:12',
    'HEALTHCHECK NONE\nHEALTHCHECK CMD a',
    'DL3012',
    'MultipleInstructionsDisallowed',
  ],
  ['relative-copy-destination', 'debian:12', 'COPY a b/', 'DL3045'],
  ['relative-copy-destination', 'debian:12', 'ADD a b/'],
  ['lost-shell-state', 'debian:12', 'RUN export A=1'],
  ['lost-shell-state', 'debian:12', 'RUN service nginx start', 'DL3001'],
  ['missing-assume-yes', 'debian:12', 'RUN apt-get install a', 'DL3014'],
  ['missing-assume-yes', 'debian:12', 'RUN apt-get upgrade'],
  ['missing-assume-yes', 'fedora:40', 'RUN yum install a', 'DL3030'],
  ['missing-assume-yes', 'fedora:40', 'RUN dnf install a', 'DL3038'],
  ['missing-assume-yes', 'opensuse/leap:15.6', 'RUN zypper install a', 'DL3034'],
  ['package-cache-kept', 'alpine:3.20', 'RUN apk add a', 'DL3019'],
  ['package-cache-kept', 'fedora:40', 'RUN yum install -y a', 'DL3032'],
  ['package-cache-kept', 'fedora:40', 'RUN dnf install -y a', 'DL3040'],
  ['package-cache-kept', 'opensuse/leap:15.6', 'RUN zypper install -y a', 'DL3036'],
  ['package-cache-kept', 'python:3.12', 'RUN pip install a', 'DL3042'],
  ['package-cache-kept', 'node:20', 'RUN yarn install', 'DL3060'],
  ['package-cache-kept', 'node:20', 'RUN npm install -g a'],
  ['unpinned-package', 'debian:12', 'RUN apt-get install -y a', 'DL3008'],
  ['unpinned-package', 'python:3.12', 'RUN pip install a', 'DL3013'],
  ['unpinned-package', 'node:20', 'RUN npm install -g a', 'DL3016'],
  ['unpinned-package', 'alpine:3.20', 'RUN apk add a', 'DL3018'],
  ['unpinned-package', 'ruby:3.3', 'RUN gem install a', 'DL3028'],
  ['unpinned-package', 'fedora:40', 'RUN yum install -y a', 'DL3033'],
  ['unpinned-package', 'fedora:40', 'RUN dnf install -y a', 'DL3041'],
  ['unpinned-package', 'opensuse/leap:15.6', 'RUN zypper install -y a', 'DL3037'],
  ['unpinned-package', 'golang:1.22', 'RUN go install x.org/y@latest', 'DL3062'],
  ['unpinned-package', 'rust:1.80', 'RUN cargo install a'],
  ['distribution-upgrade', 'opensuse/leap:15.6', 'RUN zypper dist-upgrade -y', 'DL3035'],
  ['distribution-upgrade', 'debian:12', 'RUN apt-get upgrade -y'],
  ['archive-kept', 'debian:12', 'COPY a.tar.gz /tmp/\nRUN tar -xzf /tmp/a.tar.gz -C /opt', 'DL3010', 'S7026'],
  ['archive-kept', 'debian:12', 'ADD https://x.org/a.tar.gz /tmp/\nRUN tar -xzf /tmp/a.tar.gz -C /opt', 'S7026'],
  ['root-user', 'debian:12', 'USER root', 'DL3002', 'S6471'],
  ['root-user', 'debian:12', 'CMD ["a"]', 'S6471'],
  ['secret-in-env', 'debian:12', 'ENV DB_PASSWORD=abc', 'DL3064', 'SecretsUsedInArgOrEnv', 'S6472'],
  ['secret-in-env', 'debian:12', 'ENV X=ghp_0123456789abcdefghijABCDEFGHIJ012345', 'S6472'],
  ['unverified-download', 'debian:12', 'RUN curl -k https://x.org/y -o z', 'S4830'],
  ['unverified-download', 'debian:12', 'ADD https://x.org/a /a'],
  ['insecure-build-flag', 'debian:12', 'RUN --security=insecure a', 'S6502'],
  ['insecure-build-flag', 'debian:12', 'RUN --network=host a', 'S6431'],
  ['suppression-used', 'debian:12', '# hadolint ignore=DL3015\nRUN apt-get install -y a', 'DL1001'],
  ['label-schema', 'debian:12', 'LABEL Foo_Bar=1', 'DL3048'],
  ['label-schema', 'debian:12', 'LABEL org.opencontainers.image.created=x', 'DL3053'],
  ['label-schema', 'debian:12', 'LABEL org.opencontainers.image.url=x', 'DL3052'],
];

describe('aliases of findings', () => {
  for (const [rule, base, body, ...aliases] of rows)
    it(`${rule} of ${body.replaceAll('\n', '; ')}: ${aliases.join(', ') || 'none'}`, () => {
      const found = findingsOf(rule, `FROM ${base}\nFROM ${base}\n${body}\n`);
      assert.equal(found.length, 1, 'one finding');
      assert.deepEqual([...(found[0]?.aliases ?? [])].sort(), [...aliases].sort());
    });

  it('instruction-before-from: only what stands too early is DL3061', () => {
    const aliases = (text: string) => findingsOf('instruction-before-from', text).map((finding) => finding.aliases);
    assert.deepEqual(aliases('RUN a\nFROM alpine:3.20\n'), [['DL3061']]);
    assert.deepEqual(aliases('RUN a\n'), [['DL3061']]);
    assert.deepEqual(aliases('ARG A=1\n'), [[]]);
    assert.deepEqual(aliases(''), [[]]);
  });
});

function findingsOf(rule: string, text: string) {
  return analyze(text, { config: { ...defaultConfig, select: [rule] }, context: null }).findings;
}
