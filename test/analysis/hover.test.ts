/** Hover texts say the right thing at the right place. The cursor is `┃`. */
import assert from 'node:assert/strict';
import { hover } from '../../server/src/analysis/hover';
import { parseFixture } from '../../server/src/rules/fixture';
import { analyzeText } from '../harness/checks';

function checkHover(source: string, ...expected: readonly RegExp[]): void {
  const { text, cursor } = parseFixture(source);
  assert.notEqual(cursor, null, 'no cursor');
  const info = hover(analyzeText(text), cursor ?? 0);
  if (expected.length === 0) {
    assert.equal(info, null);
    return;
  }
  assert.ok(info, 'no hover');
  assert.ok(info.span.start <= (cursor ?? 0) && (cursor ?? 0) <= info.span.end, 'the cursor is outside the span');
  for (const pattern of expected) assert.match(info.markdown, pattern);
}

describe('hover', () => {
  it('on RUN tells layer, cache key and what is rebuilt', () =>
    checkHover(
      'FROM alpine\nARG V=1\nR┃UN touch /a\nCOPY x /x\nRUN touch /b',
      /\*\*RUN\*\*: Runs commands/,
      /Makes a layer\.\*\* It is number 1 of 3 in this stage/,
      /`touch` changes files/,
      /The same on the legacy builder/,
      /values of `V`/,
      /rebuilds 2 steps\*\*: lines 4 \(COPY\), 5 \(RUN\)/,
      /docs\.docker\.com\/reference\/dockerfile\/#run/,
    ));

  it('on a RUN without effect tells how the builders differ', () =>
    checkHover(
      'FROM alpine\nR┃UN true',
      /Makes an empty layer/,
      /On the legacy builder: .*No layer/,
      /rebuilds nothing/,
    ));

  it('on LABEL says that nothing is rebuilt', () =>
    checkHover('FROM alpine\nLA┃BEL a=b\nRUN make', /No layer/, /rebuilds nothing/));

  it('on FROM tells the stage', () =>
    checkHover(
      'FROM alpine AS a\nRUN make\nF┃ROM busybox\nRUN x',
      /Stage 2 of 2/,
      /last stage/,
      /rebuilds\*\* line 4/,
    ));

  it('on an unneeded stage says that BuildKit skips it', () =>
    checkHover('F┃ROM alpine AS a\nRUN make\nFROM busybox', /BuildKit skips it/));

  it('on an image', () => checkHover('FROM node:20-al┃pine', /Official image `node`/, /musl/, /can be moved/));
  it('on an image without tag', () => checkHover('FROM nod┃e', /Without a tag/));
  it('on an image of another registry', () =>
    checkHover('FROM ghcr.io/a/b:1┃@sha256:' + 'a'.repeat(64), /`a\/b` from `ghcr.io`/, /digest fixes/));
  it('on scratch', () => checkHover('FROM scr┃atch', /empty file system/));
  it('on an image with an ARG', () => checkHover('ARG V=20\nFROM nod┃e:$V', /`node:20`/));

  it('on a stage name where it is used', () =>
    checkHover(
      'FROM golang AS build\nRUN make\nFROM scratch\nCOPY --from=bu┃ild /a /a',
      /Stage `build` on `golang`, lines 1 to 2/,
    ));
  it('on a stage name where it is defined', () =>
    checkHover('FROM golang AS bu┃ild\nRUN make\nFROM scratch\nCOPY --from=build /a /a', /Used by lines 4 \(COPY\)/));

  it('on a variable', () => checkHover('FROM alpine\nENV V=1\nWORKDIR /a$┃V', /`V` is `1` here: ENV of line 2/));
  it('on an ARG', () => checkHover('FROM alpine\nARG V=1\nRUN echo ${V┃}', /unless `--build-arg`/));
  it('on a global ARG that the stage does not repeat', () =>
    checkHover('ARG V=1\nFROM alpine\nRUN echo $┃V', /after a line `ARG V`/));
  it('on a variable of the shell', () => checkHover('FROM alpine\nRUN X=1; echo $┃X', /left to the shell/));
  it('on a variable behind continuations', () =>
    checkHover('FROM alpine\nENV V=1\nRUN a && \\\n  # c\n  echo $┃V', /ENV of line 2/));

  it('on a package manager call', () =>
    checkHover(
      'FROM debian\nRUN apt-get update && apt-┃get install -y curl git',
      /Installs `curl`, `git`/,
      /var\/lib\/apt\/lists/,
    ));

  it('is silent on ordinary words and between instructions', () => {
    checkHover('FROM alpine\nRUN echo wo┃rd');
    checkHover('FROM alpine\n┃\nRUN echo word');
  });

  it('on an unknown instruction', () => checkHover('FROM alpine\nRU┃NN echo', /not a Dockerfile instruction/));
});
