/** Merging RUN instructions into one that builds to the same image. */
import * as l10n from '@vscode/l10n';
import type { RunStep } from '../model/model';
import { parseScript } from '../shell/parse';
import type { ShellScript } from '../shell/script';
import type { Dockerfile, Instruction } from '../syntax/tree';
import { type ChainStyle, chainStyle } from './continuation-style';
import { indentOf, insert, replace } from './edits';
import { isFreshShell } from './fresh-shell';
import type { Obstacle } from './merge-obstacles';
import { type JoinPlace, planJoin, type Wrap } from './merge-scripts';
import { removeWithComments } from './move';
import type { Edit, Refusal } from './rule';

/** A merge: edits that turn the RUNs (and what stands between them) into one. */
export interface Merge {
  readonly edits: readonly Edit[];
  /** Whether a script had to be put into a subshell. */
  readonly hasSubshell: boolean;
}

/** Whether RUNs in this order can become one; null when they can. The text of the reason is localized. */
export function mergeRefusal(runs: readonly RunStep[]): Refusal | null {
  const plan = planRuns(runs);
  return 'refused' in plan ? plan : null;
}

/**
 * Merges RUNs that follow one another with nothing but comments between them. Comments go along as comment lines. The
 * caller claims the whole of the instructions.
 */
export function mergeRuns(dockerfile: Dockerfile, runs: readonly RunStep[]): Merge | Refusal {
  const plan = planRuns(runs);
  if ('refused' in plan) return plan;
  const pieces = runs.map((run, index) => pieceOf(dockerfile, run, plan.wraps[index] ?? 'none'));
  if (!pieces.every((piece) => piece !== null)) return unreadable(runs[0]);
  const style = chainStyle(
    dockerfile,
    runs.map((run) => run.instruction),
  );
  const edits: Edit[] = [];
  pieces.forEach((piece, index) => {
    const next = pieces[index + 1];
    if (index === 0 && piece.opening) edits.push(insert(piece.start, piece.opening));
    if (next)
      edits.push(
        replace(
          { start: piece.end, end: next.start },
          piece.closing + joint(dockerfile, piece, next, style) + next.opening,
        ),
      );
    else if (piece.closing) edits.push(replace({ start: piece.end, end: piece.tail }, piece.closing));
  });
  if (!isSameCommands(runs, plan.wraps)) return unreadable(runs[0]);
  return { edits, hasSubshell: plan.wraps.includes('subshell') };
}

/**
 * Merges a RUN into another one of the stage that stays where it is; the moved one runs before or after it. Whether the steps
 * between allow the move is the caller's business. Comments above the moved RUN go along.
 */
export function mergeMoved(
  dockerfile: Dockerfile,
  moved: RunStep,
  target: RunStep,
  place: 'before' | 'after',
): Merge | Refusal {
  const order = place === 'before' ? [moved, target] : [target, moved];
  const plan = planRuns(order);
  if ('refused' in plan) return plan;
  if (!isSameCommands(order, plan.wraps)) return unreadable(moved);
  if (moved.scripts.some((script) => script.comments.length > 0))
    return { refused: obstacleReason({ code: 'comment', text: '#' }, moved) };
  const movedPiece = pieceOf(dockerfile, moved, plan.wraps[order.indexOf(moved)] ?? 'none');
  const piece = pieceOf(dockerfile, target, plan.wraps[order.indexOf(target)] ?? 'none');
  if (!movedPiece || !piece) return unreadable(moved);
  const style = chainStyle(dockerfile, [target.instruction, moved.instruction]);
  const text = movedPiece.opening + dockerfile.text.slice(movedPiece.start, movedPiece.end) + movedPiece.closing;
  const comments = moved.instruction.precedingComments.map((comment) =>
    dockerfile.text.slice(comment.span.start, comment.span.end).trimEnd(),
  );
  const edits: Edit[] = [removeWithComments(dockerfile, moved.instruction)];
  if (place === 'before') {
    if (comments.length > 0) {
      const { instruction } = target;
      const line = instruction.precedingComments[0]?.line ?? instruction.line;
      const indent = indentOf(dockerfile, instruction);
      edits.push(
        insert(dockerfile.lines.lineStart(line), comments.map((comment) => indent + comment + dockerfile.eol).join('')),
      );
    }
    edits.push(insert(piece.start, text + jointText(dockerfile, target.instruction, [], style) + piece.opening));
    if (piece.closing) edits.push(replace({ start: piece.end, end: piece.tail }, piece.closing));
  } else {
    if (piece.opening) edits.push(insert(piece.start, piece.opening));
    const joint = piece.closing + jointText(dockerfile, target.instruction, comments, style);
    edits.push(replace({ start: piece.end, end: piece.tail }, joint + text));
  }
  return { edits, hasSubshell: plan.wraps.includes('subshell') };
}

type RunPlan = { readonly wraps: readonly Wrap[] } | Refusal;

function planRuns(runs: readonly RunStep[]): RunPlan {
  const [first] = runs;
  if (!first) return unreadable(first);
  for (const run of runs) {
    const line = run.instruction.line + 1;
    if (run.isExec)
      return { refused: l10n.t('RUN on line {0} is in exec form, which has no shell to join commands.', line) };
    if (run.body.heredocs.length > 0) return { refused: l10n.t('RUN on line {0} has a here-document.', line) };
    if (!run.isKnown || run.scripts.length !== 1) return unreadable(run);
    if (flagsOf(run) !== flagsOf(first))
      return {
        refused: l10n.t('RUN on line {0} has other options than RUN on line {1}.', line, first.instruction.line + 1),
      };
  }
  const vanishing = first.mounts.find(
    (mount) => mount.type === 'tmpfs' || (mount.type === 'bind' && isWritable(mount.options)),
  );
  if (vanishing)
    return {
      refused: l10n.t(
        'What RUN on line {0} writes to its {1} mount must not reach the next RUN.',
        first.instruction.line + 1,
        vanishing.type,
      ),
    };
  if (isFreshShell(first))
    return { refused: l10n.t('The SHELL in force prepares its environment anew for every RUN.') };
  const plan = planJoin(
    runs.flatMap((run) => run.scripts.slice(0, 1)),
    placeOf(first),
  );
  if ('wraps' in plan) return plan;
  return { refused: obstacleReason(plan.obstacle, runs[plan.index] ?? first) };
}

const flagsOf = (run: RunStep): string =>
  run.body.flags
    .map((flag) => `${flag.name}=${flag.value ?? ''}`)
    .sort()
    .join(' ');

const isWritable = (options: ReadonlyMap<string, string>): boolean =>
  (options.get('rw') ?? options.get('readwrite') ?? 'false') !== 'false' ||
  options.get('ro') === 'false' ||
  options.get('readonly') === 'false';

function placeOf(run: RunStep): JoinPlace {
  const { shell, workdir, user, scope } = run.before;
  return { shell, workdir, user, isEnvironment: (name) => scope.get(name) !== undefined };
}

/** The part of a RUN that is its script, and what goes around it. All offsets are the document's. */
interface Piece {
  readonly instruction: Instruction;
  readonly start: number;
  readonly end: number;
  /** Behind the `;` that may end the script. */
  readonly tail: number;
  readonly opening: string;
  readonly closing: string;
}

function pieceOf(dockerfile: Dockerfile, run: RunStep, wrap: Wrap): Piece | null {
  const [script] = run.scripts;
  const first = script?.statements[0];
  const last = script?.statements.at(-1);
  if (!script || !first || !last) return null;
  const { instruction } = run;
  const start = run.at(first.span).start;
  let end = run.at(last.span).end;
  const rest = script.text.slice(last.end);
  // Only the last script of a list may have a comment at its end; the plan has seen to that.
  if (script.text.slice(0, first.start).trim() !== '' || !/^\s*[;&]?\s*(?:#.*)?$/.test(rest)) return null;
  const mark = /^\s*[;&]/.test(rest) ? rest.search(/[;&]/) : -1;
  const tail = mark < 0 ? end : run.at(script.map.span(last.end + mark, last.end + mark + 1)).end;
  const endsInBackground = mark >= 0 && rest[mark] === '&';
  if (endsInBackground) end = tail;
  const text = dockerfile.text.slice(start, end);
  if (wrap === 'none') return { instruction, start, end, tail, opening: '', closing: '' };
  if (wrap === 'subshell')
    return {
      instruction,
      start,
      end,
      tail,
      opening: text.startsWith('(') ? '( ' : '(',
      closing: text.startsWith('(') ? ' )' : ')',
    };
  return { instruction, start, end, tail, opening: '{ ', closing: endsInBackground ? ' }' : '; }' };
}

function joint(dockerfile: Dockerfile, before: Piece, after: Piece, style: ChainStyle): string {
  return jointText(dockerfile, before.instruction, commentsBetween(dockerfile, before, after), style);
}

/** What stands between two scripts: the end of the line, comments, and `&&` where the author puts it. */
function jointText(
  { eol }: Dockerfile,
  { body }: Instruction,
  comments: readonly string[],
  { operatorFirst, indent }: ChainStyle,
): string {
  const lines = comments.map((comment) => `${indent}${comment}${eol}`).join('');
  return operatorFirst ? ` ${body.escape}${eol}${lines}${indent}&& ` : ` && ${body.escape}${eol}${lines}${indent}`;
}

/** Comment lines between two scripts, inside and outside the instructions, from `#` to the end of the line. */
function commentsBetween(dockerfile: Dockerfile, before: Piece, after: Piece): string[] {
  const spans = [before, after].flatMap(({ instruction }) =>
    instruction.body.innerComments.map((span) => instruction.at(span)),
  );
  for (const comment of dockerfile.comments) spans.push(comment.span);
  return spans
    .filter((span) => span.start >= before.end && span.end <= after.start)
    .sort((a, b) => a.start - b.start)
    .map((span) => dockerfile.text.slice(span.start, span.end).trimEnd());
}

/** The last look: the joined text has to be read as the same commands. */
function isSameCommands(runs: readonly RunStep[], wraps: readonly Wrap[]): boolean {
  const scripts = runs.flatMap((run) => run.scripts);
  const joined = joinTexts(scripts, wraps);
  const parsed = parseScript(joined, identity, scripts[0]?.dialect ?? 'posix');
  if (!parsed.known || parsed.statements.length !== 1) return false;
  const names = (script: ShellScript) => script.commands.map((command) => command.name ?? '');
  return names(parsed).join('\n') === scripts.flatMap(names).join('\n');
}

/** The scripts of a join plan as one text. */
export function joinTexts(scripts: readonly ShellScript[], wraps: readonly Wrap[]): string {
  return scripts
    .map((script, index) => {
      const end = script.statements.at(-1)?.end ?? script.text.length;
      const isBackground = script.statements.at(-1)?.terminator === '&';
      const text = script.text.slice(script.statements[0]?.start ?? 0, end) + (isBackground ? ' &' : '');
      const wrap = wraps[index] ?? 'none';
      if (wrap === 'group') return `{ ${text}${isBackground ? '' : ';'} }`;
      return wrap === 'subshell' ? (text.startsWith('(') ? `( ${text} )` : `(${text})`) : text;
    })
    .join(' && ');
}

const identity = {
  local: (offset: number) => offset,
  span: (start: number, end: number) => ({ from: start, to: end }),
};

function unreadable(run: RunStep | undefined): Refusal {
  return {
    refused: l10n.t('What RUN on line {0} does is not understood well enough.', (run?.instruction.line ?? 0) + 1),
  };
}

function obstacleReason(obstacle: Obstacle, run: RunStep): string {
  const line = run.instruction.line + 1;
  const text = `\`${obstacle.text}\``;
  switch (obstacle.code) {
    case 'comment':
      return l10n.t('A `#` in the commands of RUN on line {0} would hide what is put behind it.', line);
    case 'errexit':
      return l10n.t('RUN on line {0} relies on {1}, which has no effect on the left of `&&`.', line, text);
    case 'background':
      return l10n.t(
        'RUN on line {0} leaves a process behind ({1}), which would go on beside the next commands.',
        line,
        text,
      );
    case 'process':
      return l10n.t('RUN on line {0} may leave {1} running, which ends with its RUN.', line, text);
    case 'trap':
      return l10n.t('RUN on line {0} uses {1}, which works otherwise inside a list.', line, text);
    case 'system-file':
      return l10n.t('What RUN on line {0} does to {1} ends with its RUN.', line, text);
    case 'working-directory':
      return l10n.t('RUN on line {0} removes {1}, where the next RUN starts.', line, text);
    case 'hard-link':
      return l10n.t(
        'The hard link that RUN on line {0} makes ({1}) ends where a later layer changes the file.',
        line,
        text,
      );
    case 'user':
      return l10n.t('RUN on line {0} changes the user that the next RUN runs as.', line);
    default:
      return unreadable(run).refused;
  }
}
