/** What holds for every tree, however broken the text. */
import { strict as assert } from 'node:assert';
import { parseDockerfile } from '../../server/src/syntax/parse';
import type { LocalSpan } from '../../server/src/syntax/span';
import type { Dockerfile, Instruction, InstructionBody } from '../../server/src/syntax/tree';
import { dumpTree } from './dump';

/** Checks that spans are in range, in order and say what the tree says. Reads every part of the tree. */
export function checkTree(dockerfile: Dockerfile): void {
  const { text } = dockerfile;
  let end = 0;
  dockerfile.instructions.forEach((instruction, index) => {
    const { span, body } = instruction;
    assert.equal(instruction.index, index);
    assert.ok(span.start >= end && span.end >= span.start && span.end <= text.length, 'spans are ordered and disjoint');
    assert.ok(index === 0 || text.slice(end, span.start).includes('\n'), 'a new instruction starts in a new line');
    assert.equal(body.raw, text.slice(span.start, span.end));
    assert.equal(instruction.line, dockerfile.lines.positionAt(span.start).line);
    assert.ok(instruction.endLine >= instruction.line && instruction.endLine < dockerfile.lines.lineCount);
    checkBody(body, instruction, text);
    end = span.end;
  });
  for (const { span, line } of dockerfile.comments) {
    assert.equal(text[span.start], '#');
    assert.equal(dockerfile.lines.lineAt(span.start), line);
  }
  for (const { span, valueSpan, value } of dockerfile.directives) {
    assert.ok(span.start < valueSpan.start && valueSpan.end <= span.end);
    assert.equal(text.slice(valueSpan.start, valueSpan.end), value);
  }
}

function checkBody(body: InstructionBody, instruction: Instruction, text: string): void {
  const limit = instruction.span.end - instruction.span.start;
  const written = (local: LocalSpan): string => {
    assert.ok(local.from >= 0 && local.from <= local.to && local.to <= limit, 'spans lie in their instruction');
    const { start, end } = instruction.at(local);
    return text.slice(start, end);
  };
  checkMap(body, instruction, text);
  assert.equal(body.keyword, body.joined.slice(0, firstWordLength(body)).toUpperCase());
  assert.equal(body.joined.slice(body.restStart, body.restStart + body.rest.length), body.rest);
  for (const { span, nameSpan, valueSpan } of body.flags) {
    assert.ok(written(span).startsWith('-'));
    written(nameSpan);
    if (valueSpan) written(valueSpan);
  }
  checkOrder(body.words.map(({ span }) => span));
  for (const { text: word, span } of body.words) {
    if (!body.json && !body.raw.includes('\n')) assert.equal(written(span), word);
  }
  for (const { name, value, span, nameSpan, valueSpan } of body.pairs) {
    written(span);
    if (body.raw.includes('\n')) continue;
    assert.equal(written(nameSpan), name);
    assert.equal(valueSpan ? written(valueSpan) : null, value);
  }
  for (const heredoc of body.heredocs) {
    assert.ok(written(heredoc.span).includes('<<') || body.raw.includes('\n'));
    assert.equal(written(heredoc.contentSpan), heredoc.content);
    if (heredoc.terminatorSpan) assert.equal(written(heredoc.terminatorSpan), heredoc.name);
  }
  for (const span of body.innerComments) assert.equal(written(span)[0], '#');
  for (const span of body.emptyContinuations) assert.match(written(span), /^[\s\u0085]*$/);
  for (const { span } of body.problems) written(span);
  assert.equal(body.healthcheck !== null, body.known === 'HEALTHCHECK' && body.words.length > 0);
  assert.ok(!body.json || body.known !== null);
  if (body.trigger) checkBody(body.trigger, instruction, text);
}

function firstWordLength(body: InstructionBody): number {
  const end = body.joined.search(/[\t\v\f\r ]/);
  const trimmed = body.joined.replace(/[\s\u0085]+$/, '').length;
  return end === -1 ? trimmed : Math.min(end, trimmed);
}

/** Every character of the joined text is where the map says, and offsets only grow. */
function checkMap(body: InstructionBody, instruction: Instruction, text: string): void {
  let last = -1;
  for (let offset = 0; offset < body.joined.length; offset++) {
    const local = body.map.local(offset);
    if (local <= last) assert.fail('the map grows');
    if (text[instruction.span.start + local] !== body.joined[offset]) assert.fail('the map finds the character');
    last = local;
  }
  assert.equal(body.map.local(body.joined.length), body.joined.length === 0 ? body.map.local(0) : last + 1);
}

function checkOrder(spans: readonly LocalSpan[]): void {
  spans.forEach(({ from }, index) => {
    const before = spans[index - 1];
    assert.ok(!before || before.to <= from, 'words are ordered and disjoint');
  });
}

/** Checks that a tree parsed after an edit is the one parsed from nothing, and that unique bodies were kept. */
export function checkReparse(before: Dockerfile, after: Dockerfile): void {
  assert.deepEqual(dumpTree(after), dumpTree(parseDockerfile(after.text)));
  if (before.escape !== after.escape) return;
  const known = new Map(before.instructions.map(({ body }) => [body.raw, body]));
  const counts = new Map<string, number>();
  for (const tree of [before, after]) {
    for (const { body } of tree.instructions) counts.set(body.raw, (counts.get(body.raw) ?? 0) + 1);
  }
  for (const { body } of after.instructions) {
    const same = known.get(body.raw);
    if (same && counts.get(body.raw) === 2) assert.equal(body, same, 'the body of an unchanged instruction is kept');
  }
}
