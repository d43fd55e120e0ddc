/** Writes a shell-form RUN as a here-document: a line for each command. */
import * as l10n from '@vscode/l10n';
import type { Model, RunStep } from '../model/model';
import { setsErrexit } from '../shell/effects';
import type { ShellScript } from '../shell/script';
import type { LocalSpan } from '../syntax/span';
import type { InstructionBody } from '../syntax/tree';
import { replace } from './edits';
import type { FixResult } from './rule';
import { knowsSyntax } from './syntax-version';

/**
 * The fix that turns `a && b && c`, or `set -e; a; b`, into a script that ends at the first failure. Refused where the
 * commands hang together in another way, and where the builder knows no here-documents.
 */
export function toHeredoc(model: Model, run: RunStep, script: ShellScript): FixResult {
  const { body, instruction } = run;
  const line = instruction.line + 1;
  const { eol } = model.dockerfile;
  if (model.builder === 'legacy' || !knowsSyntax(model.dockerfile, 1, 4))
    return { refused: l10n.t('The builder knows no here-documents for line {0}.', line) };
  const parts = partsOf(script);
  if (!parts || body.open)
    return { refused: l10n.t('The commands of the RUN on line {0} are not simply joined by `&&`.', line) };
  const lines: string[] = parts.setsErrexit ? [] : ['set -e'];
  let behind = body.restSpan.from;
  for (const span of parts.spans) {
    lines.push(...commentsIn(body.raw.slice(behind, span.from)));
    lines.push(...commandLines(body, span));
    behind = span.to;
  }
  lines.push(...commentsIn(body.raw.slice(behind)));
  const written = lines.join('\n');
  const mark =
    ['EOF', 'END', 'SCRIPT', 'EOS'].find((name) => !new RegExp(`^\\s*${name}\\s*$`, 'm').test(written)) ?? 'EOF_RUN';
  return {
    title: l10n.t('Write the RUN on line {0} as a here-document', line),
    safety: 'suggestion',
    edits: [
      replace(
        run.at({ from: body.restSpan.from, to: body.raw.length }),
        [`<<${mark}`, ...written.split('\n'), mark].join(eol),
      ),
    ],
    claims: [instruction.span],
    risk: l10n.t('A failure inside a loop or group ends the RUN too then, which `&&` behind it would not have done.'),
  };
}

interface Parts {
  readonly spans: readonly LocalSpan[];
  /** The script switches on itself that it ends at the first failure. */
  readonly setsErrexit: boolean;
}

/** The commands that get a line each; null where one may fail without the end of the script. */
function partsOf({ statements, commands }: ShellScript): Parts | null {
  if (commands.some(({ name, args }) => name === 'set' && args.some(({ unquoted }) => /^\+\w*e/.test(unquoted))))
    return null;
  if (statements.some(({ terminator }) => terminator === '&')) return null;
  const [first] = statements;
  const only = statements.length === 1 ? first : undefined;
  if (only) {
    if (only.operators.some((operator) => operator !== '&&') || only.pipelines.some(({ negated }) => negated))
      return null;
    const sets = commands.some((command) => command.start === only.start && setsErrexit(command));
    return { spans: only.pipelines.map(({ span }) => span), setsErrexit: sets };
  }
  const start = commands.find((command) => command.start === first?.start);
  if (!first || !start || !setsErrexit(start) || first.pipelines.length > 1) return null;
  return { spans: statements.map(({ span }) => span), setsErrexit: true };
}

function commentsIn(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((one) => one.trim())
    .filter((one) => one.startsWith('#'));
}

/** Behind these a new command begins, and so may a comment; elsewhere it would swallow the rest of the command. */
const commandEnds = /(?:^|[;&|({]|\b(?:do|then|else|in))$/;

/**
 * A command as it is written, but for the blank lines in it; comments among its words go above it. A shell continues lines
 * with a backslash only, whatever the Dockerfile does.
 */
function commandLines(
  { raw, escape: continuation, innerComments }: InstructionBody,
  { from, to }: LocalSpan,
): string[] {
  const above: string[] = [];
  const lines: string[] = [];
  let start = from;
  let code = '';
  for (const text of raw.slice(from, to).split('\n')) {
    const line = text.replace(/\r$/, '');
    const isComment = innerComments.some((comment) => comment.from >= start && comment.from <= start + text.length);
    start += text.length + 1;
    if (line.trim() === '') continue;
    if (isComment) {
      if (commandEnds.test(code)) lines.push(line);
      else above.push(line.trim());
      continue;
    }
    const trimmed = line.trimEnd();
    const isContinued = trimmed.endsWith(continuation);
    const own = (isContinued ? trimmed.slice(0, -1) : line).trim();
    if (own !== '') code = own;
    lines.push(isContinued ? `${trimmed.slice(0, -1)}\\` : line);
  }
  return [...above, ...lines];
}
