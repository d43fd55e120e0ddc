/** Layer facts, as measured by building on real engines: see docs/architecture.md. The engine suite builds them again. */
import assert from 'node:assert/strict';
import type { Builder } from '../../server/src/rules/config';
import { analyzeText } from '../harness/checks';

/** The kind of the last instruction's layer; `?` behind it where it is not certain. */
function lastLayer(text: string, builder: Builder): string {
  const step = analyzeText(text, { builder }).model.steps.at(-1);
  return step ? step.layer.kind + (step.layer.certain ? '' : '?') : 'no step';
}

/** [text, BuildKit, legacy] */
const facts: readonly (readonly [string, string, string])[] = [
  ['FROM alpine\nRUN touch /a', 'layer', 'layer'],
  ['FROM alpine\nRUN echo hi > /a', 'layer', 'layer'],
  ['FROM alpine\nRUN echo hi', 'empty', 'none'],
  ['FROM alpine\nRUN true', 'empty', 'none'],
  ['FROM alpine\nRUN echo hi > /dev/null', 'empty', 'none'],
  ['FROM alpine\nRUN node --version && npm --version', 'empty', 'none'],
  ['FROM alpine\nRUN cd /tmp && export A=1', 'empty', 'none'],
  ['FROM alpine\nRUN ["echo", "hi"]', 'empty', 'none'],
  ['FROM alpine\nRUN mkdir -p /tmp', 'depends?', 'depends?'],
  ['FROM alpine\nRUN mkdir /new', 'layer', 'layer'],
  ['FROM alpine\nRUN touch /a && rm /a', 'depends?', 'depends?'],
  ['FROM alpine\nRUN touch /a /b && rm /a', 'layer', 'layer'],
  ['FROM alpine\nRUN rm -f /a', 'depends?', 'depends?'],
  ['FROM alpine\nRUN chmod 755 /etc/passwd', 'layer', 'layer'],
  ['FROM alpine\nRUN mv /etc/passwd /etc/passwd2', 'layer', 'layer'],
  ['FROM alpine\nRUN apk add --no-cache curl', 'layer', 'layer'],
  ['FROM alpine\nRUN apt-get update && apt-get install -y x && rm -rf /var/lib/apt/lists/*', 'layer', 'layer'],
  ['FROM alpine\nRUN ./configure', 'depends?', 'depends?'],
  ['FROM alpine\nRUN test -e /x || touch /x', 'layer?', 'layer?'],
  ['FROM alpine\nRUN touch /x; true', 'layer?', 'layer?'],
  ['FROM alpine\nRUN set -e; touch /x; true', 'layer', 'layer'],
  ['FROM alpine\nRUN if true; then touch /x; fi', 'layer?', 'layer?'],
  ['FROM alpine\nRUN exit 0; touch /x', 'layer?', 'layer?'],
  ['FROM alpine\nRUN touch "$FILE"', 'depends?', 'depends?'],
  ['FROM alpine\nRUN --mount=type=cache,target=/c touch /c/x', 'depends?', 'depends?'],
  ['FROM alpine\nRUN --mount=type=cache,target=/c touch /x', 'layer', 'layer'],
  ['FROM alpine\nRUN <<EOF\ntouch /a\nEOF', 'layer', 'depends?'],
  ['FROM alpine\nCOPY a /a', 'layer', 'layer'],
  ['FROM alpine\nCOPY a /a\nCOPY a /a', 'layer', 'layer'],
  ['FROM alpine\nADD https://example.com/x /x', 'layer', 'layer'],
  ['FROM alpine\nWORKDIR /', 'none', 'none'],
  ['FROM alpine\nWORKDIR /app', 'layer?', 'layer?'],
  ['FROM scratch\nWORKDIR /app', 'layer', 'layer'],
  ['FROM alpine\nWORKDIR /app\nWORKDIR /app', 'empty', 'none'],
  ['FROM alpine\nWORKDIR /app/x\nWORKDIR /app', 'empty', 'none'],
  ['FROM alpine\nRUN mkdir -p /app\nWORKDIR /app', 'empty', 'none'],
  ['FROM alpine\nCOPY . /app/\nWORKDIR /app', 'empty', 'none'],
  ['FROM alpine AS a\nWORKDIR /app\nFROM a\nWORKDIR /app', 'empty', 'none'],
  ['FROM alpine\nWORKDIR $HERE', 'depends?', 'depends?'],
  ...[
    'ENV A=1',
    'ARG A=1',
    'LABEL a=b',
    'MAINTAINER me',
    'EXPOSE 80',
    'USER 1000',
    'VOLUME /data',
    'SHELL ["/bin/sh", "-c"]',
  ].map((line) => [`FROM alpine\n${line}`, 'none', 'none'] as const),
  ...['STOPSIGNAL SIGTERM', 'HEALTHCHECK NONE', 'ENTRYPOINT ["/a"]', 'CMD ["/a"]', 'ONBUILD RUN touch /a'].map(
    (line) => [`FROM alpine\n${line}`, 'none', 'none'] as const,
  ),
];

describe('layers', () => {
  for (const [text, buildkit, legacy] of facts) {
    it(`${JSON.stringify(text)}: ${buildkit}, legacy ${legacy}`, () => {
      assert.equal(lastLayer(text, 'buildkit'), buildkit);
      assert.equal(lastLayer(text, 'legacy'), legacy);
    });
  }
});
