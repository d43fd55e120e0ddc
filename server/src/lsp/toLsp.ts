/** What the core found, as LSP has it. Nothing is sent that the client did not say it understands. */
import {
  type CreateFile,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type Position,
  type Range,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Analysis, ReportedFinding } from '../analysis/analysis';
import type { Edit, FileCreation, Severity } from '../rules/rule';
import type { LineIndex, Span } from '../syntax/span';
import type { ClientFeatures } from './features';

export function toRange(lines: LineIndex, span: Span): Range {
  return { start: lines.positionAt(span.start), end: lines.positionAt(span.end) };
}

export function toTextEdits(lines: LineIndex, edits: readonly Edit[]): TextEdit[] {
  return edits.map(({ span, newText }) => ({ range: toRange(lines, span), newText }));
}

export interface DiagnosticOptions {
  readonly features: ClientFeatures;
  readonly uri: string;
  /** The link to a rule's page, `{id}` standing for the rule. */
  readonly rulePage: string | undefined;
}

/** A finding as a diagnostic. */
export function toDiagnostic(analysis: Analysis, finding: ReportedFinding, options: DiagnosticOptions): Diagnostic {
  const { features, uri, rulePage } = options;
  const { lines } = analysis.dockerfile;
  const { id, foundBy } = finding.rule;
  const diagnostic: Diagnostic = {
    range: toRange(lines, finding.at),
    severity: severities[finding.severity],
    code: id,
    source: foundBy?.name ?? 'layerwise',
    message: finding.message,
  };
  const page = foundBy?.page ?? rulePage?.replace('{id}', id);
  if (features.codeDescription && page) diagnostic.codeDescription = { href: page };
  const tags = (finding.tags ?? []).map((tag) => tagNumbers[tag]).filter((tag) => features.diagnosticTags.has(tag));
  if (tags.length > 0) diagnostic.tags = tags;
  if (features.relatedInformation && finding.related?.length)
    diagnostic.relatedInformation = finding.related.map(({ at, message }) => ({
      location: { uri, range: toRange(lines, at) },
      message,
    }));
  return diagnostic;
}

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const tagNumbers = { unnecessary: DiagnosticTag.Unnecessary, deprecated: DiagnosticTag.Deprecated } as const;

export interface EditTarget {
  readonly uri: string;
  /** The version that the edits were computed for. */
  readonly version: number;
  readonly lines: LineIndex;
  readonly features: ClientFeatures;
}

/**
 * Edits of a document and files to be made beside it as one workspace edit, bound to the document's version where the
 * client can; null where it cannot make the files.
 */
export function toWorkspaceEdit(
  { uri, version, lines, features }: EditTarget,
  edits: readonly Edit[],
  creates: readonly FileCreation[] = [],
): WorkspaceEdit | null {
  const textEdits = toTextEdits(lines, edits);
  if (creates.length === 0 && !features.documentChanges) return { changes: { [uri]: textEdits } };
  if (creates.length > 0 && !canCreateBeside(uri, features)) return null;
  const changes: (CreateFile | TextDocumentEdit)[] = [];
  for (const file of creates) {
    const created = besideUri(uri, file.path);
    if (file.follows === undefined)
      changes.push({ kind: 'create', uri: created, options: { overwrite: false, ignoreIfExists: false } });
    const start = endOf(file.follows ?? '');
    changes.push({
      textDocument: { uri: created, version: null },
      edits: [{ range: { start, end: start }, newText: file.content }],
    });
  }
  if (textEdits.length > 0) changes.push({ textDocument: { uri, version }, edits: textEdits });
  return { documentChanges: changes };
}

/** The position behind the last character of a text. */
function endOf(text: string): Position {
  const lines = text.split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

/** Whether files can be made in the folder of a document: it has one, and the client knows how. */
export function canCreateBeside(uri: string, features: ClientFeatures): boolean {
  return features.documentChanges && features.createsFiles && !uri.startsWith('untitled:');
}

/** The URI of a path ('/'-separated) relative to the folder of a document. */
export function besideUri(uri: string, path: string): string {
  return uri.slice(0, uri.lastIndexOf('/') + 1) + path.split('/').map(encodeURIComponent).join('/');
}
