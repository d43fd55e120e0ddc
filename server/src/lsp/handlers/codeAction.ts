/** textDocument/codeAction: fixes of the findings in a range, ways to ignore them, and the safe fixes of the whole file. */
import * as l10n from '@vscode/l10n';
import { type CodeAction, CodeActionKind, CodeActionTriggerKind, type Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Analysis, ReportedFinding } from '../../analysis/analysis';
import { fixOf } from '../../analysis/fixes';
import { pinnableImages } from '../../rules/pinnable-images';
import { type Fix, isRefusal, mayBeSafe } from '../../rules/rule';
import type { Span } from '../../syntax/span';
import { member, readRange, readUri, toSpan } from '../fromLsp';
import { contentModified } from '../runSafe';
import type { Session } from '../session';
import { canCreateBeside, toDiagnostic, toRange } from '../toLsp';
import { type ActionData, editOf } from './resolveCodeAction';

/** The kind under which editors run the safe fixes on save. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.layerwise`;

interface Request {
  readonly session: Session;
  readonly document: TextDocument;
  readonly analysis: Analysis;
  readonly only: readonly string[] | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export async function codeActions(session: Session, params: unknown): Promise<CodeAction[]> {
  const document = session.document(readUri(params));
  const range = readRange(member(params, 'range'));
  if (!document) return [];
  const { version } = document;
  const settings = await session.settings(document.uri);
  if (document.version !== version) throw contentModified();
  if (!settings.enable) return [];
  const analysis = session.analysis(document, settings);
  const context = member(params, 'context');
  const only = readKinds(member(context, 'only'));
  const request = { session, document, analysis, only, diagnostics: readDiagnostics(context) };
  const automatic = member(context, 'triggerKind') === CodeActionTriggerKind.Automatic;
  const actions: CodeAction[] = [];
  if (wants(only, CodeActionKind.QuickFix))
    actions.push(...quickFixes(request, toSpan(analysis.dockerfile.lines, range)));
  if (wants(only, fixAllKind) && (only || !automatic)) actions.push(...fixAllActions(request));
  return actions;
}

/** Fixes first, each followed by the same for the whole file; the ways to ignore come last. */
function quickFixes(request: Request, span: Span): CodeAction[] {
  const { analysis } = request;
  const findings = analysis.findings.filter(({ at }) => at.start <= span.end && span.start <= at.end);
  const fixes = findings.flatMap((finding) => {
    const fix = fixOf(analysis, finding);
    return fix ? [{ finding, fix }] : [];
  });
  const safe = fixes.filter(({ fix }) => !isRefusal(fix) && fix.safety === 'safe');
  const actions: CodeAction[] = [];
  for (const { finding, fix } of fixes) {
    if (isRefusal(fix)) {
      if (request.session.features.disabledActions) actions.push(refusedAction(request, finding, fix.refused));
    } else if (isPossible(request, fix)) {
      actions.push(fixAction(request, finding, fix, safe.length === 1 && safe[0]?.finding === finding));
    }
  }
  actions.push(...pinActions(request, findings));
  const rules = new Set(findings.map(({ rule }) => rule));
  for (const rule of rules) {
    if (!hasSeveralSafeFixes(analysis, rule.id)) continue;
    const title = l10n.t('Fix all {0} in the file', rule.id);
    const data: ActionData = { ...dataOf(request), act: 'fixRule', rule: rule.id };
    actions.push(action(request, title, CodeActionKind.QuickFix, data, of(findings, rule.id)));
  }
  for (const rule of rules) {
    const [finding] = of(findings, rule.id);
    if (!finding) continue;
    const here: ActionData = { ...dataOf(request), act: 'ignore', rule: rule.id, at: finding.at };
    const file: ActionData = { ...dataOf(request), act: 'ignoreFile', rule: rule.id };
    actions.push(
      action(request, l10n.t('Ignore {0} here', rule.id), CodeActionKind.QuickFix, here, of(findings, rule.id)),
      action(request, l10n.t('Ignore {0} in this file', rule.id), CodeActionKind.QuickFix, file, of(findings, rule.id)),
    );
  }
  return actions;
}

function fixAction(request: Request, finding: ReportedFinding, fix: Fix, preferred: boolean): CodeAction {
  const data: ActionData = { ...dataOf(request), act: 'fix', rule: finding.rule.id, at: finding.at };
  const made = action(request, fix.title, CodeActionKind.QuickFix, data, [finding]);
  return preferred && request.session.features.preferredActions ? { ...made, isPreferred: true } : made;
}

/** What asks a registry is offered in trusted workspaces only, and asks when it is chosen. */
function pinActions(request: Request, findings: readonly ReportedFinding[]): CodeAction[] {
  const { session, analysis } = request;
  const found = of(findings, 'image-without-digest');
  if (found.length === 0 || !session.features.resolvesEdits || !session.canAskDigests()) return [];
  const images = pinnableImages(analysis.model);
  return found.flatMap((finding) => {
    const image = images.find(({ at }) => at.start === finding.at.start);
    if (!image) return [];
    const data: ActionData = { ...dataOf(request), act: 'pin', rule: finding.rule.id, at: finding.at };
    const title = l10n.t('Pin `{0}` to its digest (asks the registry)', image.image.text);
    return [action(request, title, CodeActionKind.QuickFix, data, [finding])];
  });
}

/** Shown greyed out by editors that can: the reason helps where the fix does not. */
function refusedAction(request: Request, finding: ReportedFinding, reason: string): CodeAction {
  return {
    title: l10n.t('Fix {0}', finding.rule.id),
    kind: CodeActionKind.QuickFix,
    diagnostics: diagnosticsOf(request, [finding]),
    disabled: { reason },
  };
}

function fixAllActions(request: Request): CodeAction[] {
  if (!request.analysis.findings.some(({ rule }) => mayBeSafe(rule, request.analysis.model.builder))) return [];
  const title = l10n.t('Apply all safe Layerwise fixes');
  const made = action(request, title, fixAllKind, { ...dataOf(request), act: 'fixAll' }, []);
  return made.edit || made.data ? [made] : [];
}

/** An action whose edit is computed now, or when the client asks for it. */
function action(
  request: Request,
  title: string,
  kind: string,
  data: ActionData,
  findings: readonly ReportedFinding[],
): CodeAction {
  const made: CodeAction = { title, kind };
  if (findings.length > 0) made.diagnostics = diagnosticsOf(request, findings);
  if (request.session.features.resolvesEdits) return { ...made, data };
  const edit = editOf(request.session, request.document, request.analysis, data);
  return edit ? { ...made, edit } : made;
}

function dataOf({ document }: Request): Pick<ActionData, 'uri' | 'version'> {
  return { uri: document.uri, version: document.version };
}

/** The client's own diagnostics where it sent them: some match actions to diagnostics by identity. */
function diagnosticsOf(request: Request, findings: readonly ReportedFinding[]): Diagnostic[] {
  const { session, analysis, document } = request;
  return findings.map((finding) => {
    const { start, end } = toRange(analysis.dockerfile.lines, finding.at);
    const sent = request.diagnostics.find(
      ({ code, range }) =>
        code === finding.rule.id &&
        range.start.line === start.line &&
        range.start.character === start.character &&
        range.end.line === end.line &&
        range.end.character === end.character,
    );
    const options = { features: session.features, uri: document.uri, rulePage: session.rulePage };
    return sent ?? toDiagnostic(analysis, finding, options);
  });
}

function hasSeveralSafeFixes(analysis: Analysis, rule: string): boolean {
  let count = 0;
  for (const finding of of(analysis.findings, rule)) {
    const fix = fixOf(analysis, finding);
    if (fix && !isRefusal(fix) && fix.safety === 'safe' && ++count === 2) return true;
  }
  return false;
}

const of = (findings: readonly ReportedFinding[], rule: string) =>
  findings.filter((finding) => finding.rule.id === rule);

function isPossible({ session, document }: Request, fix: Fix): boolean {
  return !fix.creates?.length || canCreateBeside(document.uri, session.features);
}

/** Kinds are a hierarchy: `source` asks for `source.fixAll.layerwise` too. */
function wants(only: readonly string[] | undefined, kind: string): boolean {
  return !only || only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));
}

function readKinds(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((kind) => typeof kind === 'string') : undefined;
}

function readDiagnostics(context: unknown): Diagnostic[] {
  const diagnostics = member(context, 'diagnostics');
  return Array.isArray(diagnostics) ? diagnostics.filter((one) => member(member(one, 'range'), 'start')) : [];
}
