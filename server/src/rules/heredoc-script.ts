/** Writes a shell-form RUN as a here-document: a line for each command. */
import * as l10n from '@vscode/l10n';
import type { Model, RunStep } from '../model/model';
import { setsErrexit } from '../shell/effects';
import type { ShellScript } from '../shell/script';
import type { LocalSpan } from '../syntax/span';
import { replace } from './edits';
import type { FixResult } from './rule';
import { knowsSyntax } from './syntax-version';

/**
 * The fix that turns `a && b && c`, or `set -e; a; b`, into a script that ends at the first failure. Refused where the
 * commands hang together in another way, where a comment stands inside a command, and where the builder knows no
 * here-documents.
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
  const inside = body.innerComments.find(({ from }) => parts.spans.some((part) => part.from < from && from < part.to));
  if (
    inside ||
    body.emptyContinuations.some(({ from }) => parts.spans.some((part) => part.from < from && from < part.to))
  ) {
    const at = inside ? model.dockerfile.lines.lineAt(run.at(inside).start) + 1 : line;
    return { refused: l10n.t('A comment or blank line stands inside a command on line {0}.', at) };
  }
  const lines: string[] = parts.setsErrexit ? [] : ['set -e'];
  let behind = body.restSpan.from;
  for (const span of parts.spans) {
    lines.push(...commentsIn(body.raw.slice(behind, span.from)));
    lines.push(textOf(body.raw, span, body.escape));
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

/** A command as it is written; a shell continues lines with a backslash only, whatever the Dockerfile does. */
function textOf(raw: string, { from, to }: LocalSpan, escape: string): string {
  const text = raw.slice(from, to).replace(/\r\n/g, '\n');
  return escape === '\\' ? text.replace(/\\[ \t]+\n/g, '\\\n') : text.replace(/`[ \t]*\n/g, '\\\n');
}
