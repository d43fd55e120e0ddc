/** Real Dockerfiles are made buildable without changing what they say; the reading that this takes is right enough. */
import { strict as assert } from 'node:assert';
import { buildImage, discardImage } from './harness/build';
import { makeBuildable } from './harness/realify';
import { readCopy, readRoughly } from './harness/rough-reader';
import { requireEngine } from './prove';

const real = `# syntax=docker/dockerfile:1
ARG VERSION=20
FROM --platform=linux/arm64 node:$VERSION-alpine AS build
WORKDIR /app
COPY package*.json yarn.lock ./
RUN apk add --no-cache some-tool && some-tool --version && npm ci
COPY src ./src
COPY --chown=app:app docker/entrypoint.sh /usr/local/bin/
RUN npm run build && /opt/tools/bin/thing --all

FROM nginx:1.27
COPY --from=build /app/dist /usr/share/nginx/html
COPY --from=build /app/made/elsewhere.conf /etc/nginx/conf.d/
COPY --from=docker.io/library/busybox:1 /bin/busybox /bb
RUN cd /var/lib/somewhere && touch here \\
    # a comment
    && chown -R worker /var/lib/somewhere
USER worker
`;

describe('real Dockerfiles made buildable', () => {
  it('with base images, context, programs, users and files made up', async function () {
    const engine = await requireEngine(this);
    const buildable = await makeBuildable(engine, real);
    if ('reason' in buildable) assert.fail(buildable.reason);
    assert.equal(buildable.leftOut, 0);
    assert.equal(buildable.text, real);
    const text = buildable.toBuildable(real);
    assert.equal(
      text.replaceAll(buildable.base, 'BASE'),
      real
        .replace('# syntax=docker/dockerfile:1\n', '')
        .replace('--platform=linux/arm64 node:$VERSION-alpine', 'BASE')
        .replace('nginx:1.27', 'BASE')
        .replace('docker.io/library/busybox:1', 'BASE'),
    );
    const build = await buildImage(engine, text, { context: buildable.context });
    assert.equal(build.error, undefined);
    discardImage(buildable.base);
  });

  it('with a command left out for which nothing can be made up', async function () {
    const engine = await requireEngine(this);
    const lines = ['FROM alpine', 'RUN touch /one', 'RUN grep -q "not there" /etc/passwd', 'RUN touch /two', ''];
    const buildable = await makeBuildable(engine, lines.join('\n'));
    if ('reason' in buildable) assert.fail(buildable.reason);
    assert.equal(buildable.text, 'FROM alpine\nRUN touch /one\nRUN touch /two\n');
  });

  it('but not those that download', async function () {
    const engine = await requireEngine(this);
    const buildable = await makeBuildable(engine, 'FROM alpine\nADD https://example.org/a /a\n');
    assert.ok('reason' in buildable);
  });
});

describe('Dockerfiles read roughly', () => {
  it('by instruction, through continuations, comments and heredocs', () => {
    const text =
      'FROM a\n\n# no RUN\nRUN one \\\n  # FROM b\n\n  two\nrun <<EOF cat\nCOPY a b\nEOF\nCOPY --from=x ["a b", "c"]\nADD d e\n';
    const found = readRoughly(text);
    assert.deepEqual(
      found.map(({ keyword }) => keyword),
      ['FROM', 'RUN', 'RUN', 'COPY', 'ADD'],
    );
    assert.equal(found[1]?.text, 'one   two');
    assert.equal(found.map(({ start, end }) => text.slice(start, end).split('\n').length).join(), '1,4,3,1,1');
    const copies = found.map(readCopy).slice(3);
    assert.deepEqual(copies, [
      { sources: ['a b'], destination: 'c', from: 'x' },
      { sources: ['d'], destination: 'e', from: undefined },
    ]);
  });
});
