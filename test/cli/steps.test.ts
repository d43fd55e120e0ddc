/** `optimize --json`: whoever makes the edits of the steps, one after the other, ends at the text of the plan. */
import { strict as assert } from 'node:assert';
import { type Folder, layerwise, makeFolder } from './command';

interface EditRow {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly newText: string;
}

interface StepRow {
  readonly rule: string;
  readonly line: number;
  readonly edits: readonly EditRow[];
}

interface Plan {
  readonly applied: readonly StepRow[];
  readonly suggested: readonly StepRow[];
  readonly text: string;
}

/** Fixes of many kinds, several of them found in the same text and on the same lines. */
const manyFindings = `FROM debian:12 as base
ENV A b
RUN apt-get update
RUN apt-get install curl ca-certificates
RUN wget https://example.com/a

FROM base
RUN mkdir -p /srv/app
WORKDIR /srv/app
RUN apk add b a && \\
    pip install flask

ENV C d
CMD nginx
CMD node server.js
`;

describe('the steps of a plan', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  const planOf = (text: string): Plan => {
    folder.write('Dockerfile', text);
    const { status, stdout, stderr } = layerwise(['optimize', '--json', 'Dockerfile'], { cwd: folder.path });
    assert.ok(status === 0 || status === 1, stderr);
    return JSON.parse(stdout) as Plan;
  };

  for (const [kind, text] of [
    ['LF', manyFindings],
    ['CRLF', manyFindings.replaceAll('\n', '\r\n')],
  ] as const) {
    it(`lead to its text, edit after edit, with ${kind}`, () => {
      const plan = planOf(text);
      assert.ok(plan.applied.length >= 6, `${plan.applied.length} steps`);
      const made = plan.applied.flatMap(({ edits }) => edits).reduce((before, edit) => splice(before, edit), text);
      assert.equal(made, plan.text);
    });

    it(`lead to its text, the edits of a step all at once, with ${kind}`, () => {
      const plan = planOf(text);
      assert.equal(
        plan.applied.reduce((before, step) => atOnce(before, step.edits), text),
        plan.text,
      );
    });
  }

  it('name the line that the finding is on when their turn comes', () => {
    const plan = planOf('FROM alpine:3.20\nRUN mkdir -p /srv/app\nWORKDIR /srv/app\nENV A b\nUSER 1000\n');
    assert.deepEqual(
      plan.applied.map(({ rule, line }) => [rule, line]),
      [
        ['mkdir-before-workdir', 2],
        ['legacy-key-value', 3],
      ],
    );
  });

  it('has suggestions in places of its text', () => {
    const plan = planOf('FROM alpine\nRUN apk add curl\nCMD nginx\n');
    const untagged = plan.suggested.find(({ rule }) => rule === 'untagged-image');
    assert.ok(untagged);
    assert.match(atOnce(plan.text, untagged.edits), /^FROM alpine:\d/);
  });
});

/** A text with one edit made. */
function splice(text: string, { line, column, endLine, endColumn, newText }: EditRow): string {
  return text.slice(0, offsetOf(text, line, column)) + newText + text.slice(offsetOf(text, endLine, endColumn));
}

/** As editors do it: places are those of the text as it was, and no edit may begin inside another. */
function atOnce(text: string, edits: readonly EditRow[]): string {
  const ordered = edits
    .map((edit) => ({
      start: offsetOf(text, edit.line, edit.column),
      end: offsetOf(text, edit.endLine, edit.endColumn),
      newText: edit.newText,
    }))
    .sort((a, b) => a.start - b.start);
  let made = '';
  let at = 0;
  for (const { start, end, newText } of ordered) {
    assert.ok(start >= at && end >= start);
    made += text.slice(at, start) + newText;
    at = end;
  }
  return made + text.slice(at);
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let before = 1; before < line; before++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}
