/** Whether an instruction is the one that a log or an image's history speaks of, though both write it in their own way. Pure. */
import type { Step } from '../../model/model';
import { variableReferences } from '../../syntax/references';
import type { RecordedLayer, RecordedStep } from './recorded';

/** Blanks, quotes, escapes and the signs of lists are written differently everywhere. */
const fold = (text: string): string => text.replace(/[\s"'`\\[\],]+/g, '');

const wordsOf = new WeakMap<Step, readonly string[]>();

/** An instruction's own words, folded: options before them are left out, between two of them a variable stood. */
function segmentsOf(step: Step): readonly string[] {
  const known = wordsOf.get(step);
  if (known) return known;
  const { rest } = step.body;
  const segments: string[] = [];
  let at = 0;
  for (const reference of variableReferences(rest, step.body.escape)) {
    if (reference.start < at) continue;
    segments.push(fold(rest.slice(at, reference.start)));
    at = reference.end;
  }
  segments.push(fold(rest.slice(at)));
  wordsOf.set(step, segments);
  return segments;
}

/** Whether a text ends in the segments, with anything between them. */
function endsIn(text: string, segments: readonly string[]): boolean {
  let at = 0;
  for (const segment of segments.slice(0, -1)) {
    const found = text.indexOf(segment, at);
    if (found < 0) return false;
    at = found + segment.length;
  }
  const last = segments.at(-1) ?? '';
  return text.length - last.length >= at && text.endsWith(last);
}

/** Of a here-document a log shows its beginning, a history the whole. */
function mentionsHeredoc(step: Step, text: string): boolean {
  const [heredoc] = step.body.heredocs;
  if (!heredoc) return false;
  const first = fold(heredoc.content.split('\n').find((line) => line.trim() !== '') ?? '');
  return text.includes(`<<${heredoc.chomp ? '-' : ''}${heredoc.name}`) || (first.length >= 4 && text.includes(first));
}

/** Whether a record is of this step: same keyword, same words. */
export function isSame(step: Step, record: RecordedStep | RecordedLayer): boolean {
  if (step.keyword !== record.keyword) return false;
  const text = record.text.replace(/…$/, '');
  // The legacy builder names files by their content: `file:51222ee… in /srv/out.bin`.
  const legacy = /^(?:file|dir|multi):[0-9a-f]+ in (.*)$/s.exec(text);
  if (legacy) return step.keyword === 'COPY' || step.keyword === 'ADD';
  const folded = fold(text);
  if (endsIn(folded, segmentsOf(step)) || mentionsHeredoc(step, folded)) return true;
  // A shortened text is compared as far as it goes.
  const shown = fold(text.replace(/^(?:\|\d+ \S+ )?\/bin\/\w+ -\w+ /, ''));
  return text !== record.text && shown.length >= 8 && fold(step.body.rest).startsWith(shown);
}
