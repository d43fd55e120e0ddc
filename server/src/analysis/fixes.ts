/** Applying fixes: one, or all of them until nothing changes. No text is ever changed beyond the edits that rules return. */
import type { BuildContext } from '../context/context';
import type { Config } from '../rules/config';
import { editsTouch } from '../rules/edits';
import { findAgain, onRuleError, outdatedFix } from '../rules/engine';
import { type Edit, type FileCreation, type Fix, type FixResult, isRefusal, mayBeSafe } from '../rules/rule';
import type { Span } from '../syntax/span';
import type { Analysis, FixOutcome, RefusedStep, ReportedFinding, Step } from './analysis';
import { analyze } from './analyze';

/** Passes after which fixing stops even if a rule still wants to change something. */
export const maximumPasses = 10;

/** Applies non-overlapping edits to a text. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let result = '';
  let at = 0;
  for (const { span, newText } of ordered) {
    result += text.slice(at, span.start) + newText;
    at = span.end;
  }
  return result + text.slice(at);
}

/** Computes a finding's fix; null where it has none. A fix that throws, overlaps itself, or would change nothing is none. */
export function fixOf(analysis: Analysis, finding: ReportedFinding): FixResult | null {
  if (!finding.fix) return null;
  try {
    const { model, config, context } = analysis;
    const result =
      finding.fix === outdatedFix ? findAgain({ model, config, context }, finding)?.fix?.() : finding.fix();
    if (!result) return null;
    if (isRefusal(result)) return result;
    return isSound(result, analysis.dockerfile.text.length) ? result : null;
  } catch (error) {
    onRuleError(finding.rule, error);
    return null;
  }
}

function isSound(fix: Fix, length: number): boolean {
  if (fix.edits.length === 0 && !fix.creates?.length) return false;
  const spans = fix.edits.map((edit) => edit.span).sort((a, b) => a.start - b.start || a.end - b.end);
  return spans.every((span, index) => {
    const next = spans[index + 1];
    return span.start >= 0 && span.start <= span.end && span.end <= length && !(next && editsTouch(span, next));
  });
}

export interface FixAllOptions {
  readonly config: Config;
  readonly context: BuildContext | null;
  /** Suggestions too; safe fixes only where not given. */
  readonly suggestions?: boolean;
  /** Only the fixes of these rules. */
  readonly rules?: ReadonlySet<string>;
  /** None of these. */
  readonly without?: ReadonlySet<string>;
  /** Analysis of the text, if there is one already. */
  readonly previous?: Analysis | undefined;
  /** Asked between passes; true ends the work with what is done so far. */
  readonly isCancelled?: () => boolean;
}

/** Applies fixes until nothing changes, all at once. */
export function fixAll(text: string, options: FixAllOptions): FixOutcome {
  return finish(fixInPasses(text, options));
}

/** Runs work that comes in slices to its end. */
export function finish<Result>(slices: Generator<undefined, Result>): Result {
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
  }
}

/**
 * Applies fixes until nothing changes, a pass at a time. In each pass as many as do not touch each other are applied, rules
 * of lower `order` first; then the text is parsed again, so that no fix ever works on a text it did not see.
 */
export function* fixInPasses(text: string, options: FixAllOptions): Generator<undefined, FixOutcome> {
  const { config, context } = options;
  let analysis = analyze(text, { config, context, previous: options.previous });
  const applied: Step[] = [];
  const creates = new Map<string, FileCreation>();
  const seen = new Set([text]);
  let passes = 0;
  while (passes < maximumPasses && !options.isCancelled?.()) {
    const chosen = chooseFixes(analysis, options);
    const steps = chosen.filter((step) => step.fix.edits.length > 0);
    for (const step of chosen) for (const file of step.fix.creates ?? []) creates.set(file.path, file);
    const newCreations = chosen.filter(
      (step) => step.fix.edits.length === 0 && !applied.some((done) => sameCreation(done, step)),
    );
    if (steps.length === 0) {
      applied.push(...newCreations);
      break;
    }
    const next = applyEdits(
      analysis.dockerfile.text,
      steps.flatMap((step) => step.fix.edits),
    );
    // A text that was there before means that two fixes undo each other; what was reached first stays.
    if (seen.has(next)) break;
    seen.add(next);
    applied.push(...steps, ...newCreations);
    passes++;
    analysis = analyze(next, { config, context, previous: analysis });
    yield;
  }
  return {
    text: analysis.dockerfile.text,
    applied,
    refused: refusals(analysis, options),
    creates: [...creates.values()],
    passes,
    analysis,
  };
}

function sameCreation(a: Step, b: Step): boolean {
  return a.rule === b.rule && a.fix.creates?.[0]?.path === b.fix.creates?.[0]?.path;
}

/** The fixes of one pass: in rule order, none touching another's edits or claims. */
function chooseFixes(analysis: Analysis, options: FixAllOptions): Step[] {
  const candidates = analysis.findings
    .filter(
      (finding) =>
        isWanted(finding, options) && (options.suggestions || mayBeSafe(finding.rule, analysis.model.builder)),
    )
    .map((finding, index) => ({ finding, index }))
    .sort((a, b) => (a.finding.rule.order ?? 50) - (b.finding.rule.order ?? 50) || a.index - b.index);
  const chosen: Step[] = [];
  const edited: Span[] = [];
  const claimed: Span[] = [];
  for (const { finding } of candidates) {
    const fix = fixOf(analysis, finding);
    if (!fix || isRefusal(fix) || (fix.safety === 'suggestion' && !options.suggestions)) continue;
    const spans = fix.edits.map((edit) => edit.span);
    const claims = [...spans, ...(fix.claims ?? [])];
    if (spans.some((span) => claimed.some((other) => editsTouch(span, other)))) continue;
    if (claims.some((span) => edited.some((other) => editsTouch(span, other)))) continue;
    if (touchesSameInstruction(analysis, finding, fix, chosen)) continue;
    edited.push(...spans);
    claimed.push(...claims);
    chosen.push(toStep(analysis, finding, fix));
  }
  return chosen;
}

/** Suggestions of one instruction are taken one at a time: each was written without knowing of the other. */
function touchesSameInstruction(
  analysis: Analysis,
  finding: ReportedFinding,
  fix: Fix,
  chosen: readonly Step[],
): boolean {
  if (fix.safety === 'safe') return false;
  const lines = analysis.dockerfile.lines;
  const range = (edits: readonly Edit[]) =>
    edits.flatMap((edit) => [lines.lineAt(edit.span.start), lines.lineAt(edit.span.end)]);
  const own = range(fix.edits);
  const low = Math.min(...own);
  const high = Math.max(...own);
  return chosen.some(
    (step) => step.rule !== finding.rule && range(step.fix.edits).some((line) => line >= low - 1 && line <= high + 1),
  );
}

/** A step from a finding and its fix. */
export function toStep(analysis: Analysis, finding: ReportedFinding, fix: Fix): Step {
  return {
    rule: finding.rule,
    line: analysis.dockerfile.lines.lineAt(finding.at.start),
    title: fix.title,
    reason: fix.reason ?? finding.message,
    risk: fix.risk ?? null,
    fix,
    base: analysis.dockerfile,
  };
}

function isWanted(finding: ReportedFinding, options: FixAllOptions): boolean {
  if (!finding.fix || finding.rule.fix === 'none' || options.without?.has(finding.rule.id)) return false;
  return !options.rules || options.rules.has(finding.rule.id);
}

/** What cannot be repaired, and why. */
function refusals(analysis: Analysis, options: FixAllOptions): RefusedStep[] {
  const refused: RefusedStep[] = [];
  for (const finding of analysis.findings) {
    if (!isWanted(finding, options)) continue;
    const result = fixOf(analysis, finding);
    if (result && isRefusal(result))
      refused.push({
        rule: finding.rule,
        line: analysis.dockerfile.lines.lineAt(finding.at.start),
        reason: result.refused,
      });
  }
  return refused;
}
