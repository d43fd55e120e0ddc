/**
 * ShellCheck's findings as ours: what to ask it about the RUNs of a file, and where in the Dockerfile its answers belong. A
 * script reaches its shell joined from continued lines, cut out of a here-document or decoded from JSON; the maps that scripts
 * have lead back. The program itself is somebody else's to run: answers come in as data.
 */
import * as l10n from '@vscode/l10n';
import type { Model, Stage, Step } from '../model/model';
import { type SystemShell, systemShell } from '../model/system-shell';
import { proxyArgs } from '../model/variables';
import type { Config } from '../rules/config';
import { onOneLine } from '../rules/places';
import type { Edit, FixResult } from '../rules/rule';
import { isSuppressed, readSuppressions } from '../rules/suppress';
import { dialectOfProgram, dialectOfShebang, shellHasPipefail, shellStopsOnError } from '../shell/dialect';
import type { ShellScript } from '../shell/script';
import type { ShellComment, ShellReplacement, ShellReports } from '../shell/shellcheck';
import {
  buildSource,
  type CheckedShell,
  type CheckSource,
  disabledCodes,
  isDisabled,
  type KnownVariable,
  namesRead,
  scriptRange,
} from '../shell/shellcheck-source';
import type { LocalSpan } from '../syntax/span';
import type { InstructionBody } from '../syntax/tree';
import type { ReportedFinding } from './analysis';
import { isMeaningful, severityOf, shellRule } from './shell-rules';

/** A script and what ShellCheck is asked about it. */
interface Question {
  readonly script: ShellScript;
  readonly shell: CheckedShell;
  readonly system: SystemShell | null;
  readonly source: CheckSource;
}

/** Longer scripts are generated text; ShellCheck would take seconds. */
const longestScript = 100_000;

/** The texts that ShellCheck has to be asked about for a file, each once. */
export function shellSources(model: Model): readonly string[] {
  return [...new Set(model.steps.flatMap((step) => questionsOf(step).map(({ source }) => source.text)))];
}

/** The findings of ShellCheck in a file, of what it was asked so far, in the order of the document. */
export function shellFindings(model: Model, config: Config, reports: ShellReports): readonly ReportedFinding[] {
  const suppressions = readSuppressions(model.dockerfile);
  const findings: ReportedFinding[] = [];
  for (const step of model.steps)
    for (const question of questionsOf(step))
      for (const comment of reports.get(question.source.text) ?? []) {
        const finding = toFinding(model, step, question, comment, config);
        if (!finding) continue;
        const named = { ...finding, aliases: [finding.rule.id] };
        if (!isSuppressed(named, suppressions)) findings.push(finding);
      }
  return findings.sort((a, b) => a.at.start - b.at.start || a.at.end - b.at.end);
}

interface Asked {
  readonly state: number;
  readonly system: SystemShell | null;
  readonly questions: readonly Question[];
}

/** Kept per text of a RUN: while somebody types, all others are as they were. */
const asked = new WeakMap<InstructionBody, Asked>();
const nothing: readonly Question[] = [];

function questionsOf(step: Step): readonly Question[] {
  const body = step.body.trigger ?? step.body;
  if (body.known !== 'RUN') return nothing;
  const known = asked.get(body);
  const system = shellOfSystem(step.stage);
  if (known && known.state === step.before.key && known.system === system) return known.questions;
  const questions = findQuestions(step, system);
  asked.set(body, { state: step.before.key, system, questions });
  return questions;
}

const systems = new WeakMap<Stage, SystemShell | null>();

function shellOfSystem(stage: Stage): SystemShell | null {
  const known = systems.get(stage);
  if (known !== undefined) return known;
  const system = systemShell(stage);
  systems.set(stage, system);
  return system;
}

function findQuestions(step: Step, system: SystemShell | null): readonly Question[] {
  const [main] = step.scripts;
  return step.scripts.flatMap((script) => {
    const { text, dialect, form } = script;
    const isAsked = dialect !== 'other' && form !== 'exec' && text.trim() !== '' && text.length <= longestScript;
    if (!isAsked || (main && script !== main && !isFedAsWritten(main, script))) return [];
    const words = script === main && form !== 'json' && dialectOfShebang(text) === null ? step.before.shell : null;
    const { shell, isSystem } = shellOf(script, words, system);
    const source = buildSource(text, {
      shell,
      stopsOnError: shellStopsOnError(words),
      pipefail: shellHasPipefail(words),
      variables: variablesOf(step, text),
    });
    return [{ script, shell, system: isSystem ? system : null, source }];
  });
}

/** Whether the script that a here-document feeds to a shell arrives there as it is written: nothing in it is expanded before. */
function isFedAsWritten(main: ShellScript, fed: ShellScript): boolean {
  if (!/[$`\\]/.test(fed.text)) return true;
  return main.commands.some(({ redirects }) =>
    redirects.some(({ heredoc }) => heredoc?.quoted && main.text.slice(heredoc.start, heredoc.end) === fed.text),
  );
}

/** The shell that reads a script; `sh` is what the image has under that name. */
function shellOf(
  script: ShellScript,
  words: readonly string[] | null,
  system: SystemShell | null,
): { readonly shell: CheckedShell; readonly isSystem: boolean } {
  const program =
    words?.find((word) => dialectOfProgram(word) !== null) ?? shebangProgram(script.text) ?? script.dialect;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (script.dialect === 'bash') return { shell: 'bash', isSystem: false };
  if (name === 'ksh' || name === 'mksh') return { shell: 'ksh', isSystem: false };
  if (name === 'dash') return { shell: 'dash', isSystem: false };
  if (system === 'bash') return { shell: 'bash', isSystem: true };
  return { shell: system === null ? 'sh' : 'dash', isSystem: true };
}

function shebangProgram(text: string): string | undefined {
  return /^#!.*/
    .exec(text)?.[0]
    .slice(2)
    .split(/\s+/)
    .find((word) => dialectOfProgram(word) !== null);
}

function variablesOf({ before }: Step, text: string): KnownVariable[] {
  const variables: KnownVariable[] = [];
  for (const name of [...namesRead(text)].sort()) {
    const variable = before.scope.get(name);
    // Whoever builds may give an ARG another value.
    if (variable) variables.push({ name, value: variable.kind === 'env' ? variable.value : null });
    else if (proxyArgs.has(name)) variables.push({ name, value: null });
  }
  return variables;
}

function toFinding(
  model: Model,
  step: Step,
  question: Question,
  comment: ShellComment,
  config: Config,
): ReportedFinding | null {
  const { script, source, shell, system } = question;
  const { code, level, message, replacements } = comment;
  if (!isMeaningful(code, shell, system)) return null;
  const severity = severityOf(code, level, config);
  const range = scriptRange(script.text, source, comment);
  if (severity === null || !range) return null;
  const [start, end] = visibleRange(script.text, range);
  const local = script.map.span(start, end);
  if (isSwitchedOff(step, script, local, code)) return null;
  return {
    rule: shellRule(code),
    severity,
    aliases: [],
    message,
    at: onOneLine(model.dockerfile, step.at(local)),
    ...(replacements.length > 0 && { fix: () => toFix(model, step, question, comment) }),
  };
}

/** A range with something to see in it: what is said of an end of line, or of the end of all, is about what stands before it. */
function visibleRange(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): [number, number] {
  if (text.slice(start, end).trim() !== '') return [start, end];
  if (/\S/.test(text.charAt(start))) return [start, start + 1];
  const before = text.slice(0, start).trimEnd().length;
  return before > 0 ? [before - 1, before] : [start, start + 1];
}

/**
 * Whether a `# shellcheck disable=` among the lines of a continued instruction, which the shell never sees, or above the
 * instruction is about a place. As in a script it holds for the command that follows, and above all commands for all of them.
 */
function isSwitchedOff({ instruction, body }: Step, script: ShellScript, at: LocalSpan, code: number): boolean {
  if (instruction.precedingComments.some(({ text }) => isDisabled(disabledCodes(`# ${text}`), code))) return true;
  const inner = [...body.innerComments, ...(body.trigger?.innerComments ?? [])];
  return inner.some((comment) => {
    if (comment.from > at.from || !isDisabled(disabledCodes(body.raw.slice(comment.from, comment.to)), code))
      return false;
    const places = [...script.statements.flatMap(({ pipelines }) => pipelines), ...script.commands].map(
      ({ span }) => span,
    );
    if (places.every(({ from }) => from >= comment.to)) return true;
    const next = Math.min(...places.filter(({ from }) => from >= comment.to).map(({ from }) => from));
    return places.some(({ from, to }) => from === next && at.from >= from && at.to <= to);
  });
}

/** ShellCheck's repair as edits of the Dockerfile; refused where a part of it has no place of its own there. */
function toFix(model: Model, step: Step, { script, source }: Question, { replacements }: ShellComment): FixResult {
  const edits = replacements.map((replacement) => toEdit(model, step, script, source, replacement));
  const places = edits.filter((edit): edit is Edit => edit !== null);
  if (places.length < edits.length)
    return { refused: l10n.t('ShellCheck’s repair has no place of its own in this way of writing the script') };
  return {
    title: l10n.t('Take ShellCheck’s repair'),
    safety: 'suggestion',
    edits: places,
    risk: l10n.t('Another shell script is run; look whether it still does what you mean.'),
  };
}

function toEdit(
  { dockerfile }: Model,
  step: Step,
  script: ShellScript,
  source: CheckSource,
  replacement: ShellReplacement,
): Edit | null {
  const range = scriptRange(script.text, source, replacement);
  const newText = script.form === 'json' ? JSON.stringify(replacement.text).slice(1, -1) : replacement.text;
  // A line break, or the escape character before one, would mean something to the Dockerfile.
  if (!range || /[\r\n]/.test(replacement.text)) return null;
  const { start, end } = range;
  if (start === end) {
    const local =
      replacement.belongsTo === 'before' && start > 0 ? script.map.span(start - 1, start).to : script.map.local(start);
    return { span: step.at({ from: local, to: local }), newText };
  }
  const span = step.at(script.map.span(start, end));
  return dockerfile.text.slice(span.start, span.end) === script.text.slice(start, end) ? { span, newText } : null;
}
