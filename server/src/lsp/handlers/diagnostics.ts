/** textDocument/diagnostic for clients that pull, textDocument/publishDiagnostics for all others. */
import type { Diagnostic, DocumentDiagnosticReport } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { member, readUri } from '../fromLsp';
import type { Session, Shown } from '../session';
import { toDiagnostic } from '../toLsp';

/** Answers with the findings, or with `unchanged` where the client still has those that hold. */
export async function pullDiagnostics(session: Session, params: unknown): Promise<DocumentDiagnosticReport> {
  const document = session.document(readUri(params));
  const shown = document && (await findingsToShow(session, document));
  if (!shown) return { kind: 'full', items: [] };
  const { resultId } = shown;
  if (member(params, 'previousResultId') === resultId) return { kind: 'unchanged', resultId };
  return { kind: 'full', resultId, items: toDiagnostics(session, document.uri, shown) };
}

/** Sends the findings of a document's present text. */
export async function pushDiagnostics(session: Session, uri: string): Promise<void> {
  const document = session.document(uri);
  if (!document) return;
  const shown = await findingsToShow(session, document);
  // It may have been closed, or closed and opened again, while the settings were asked for.
  if (session.document(uri) !== document) return;
  const diagnostics = shown ? toDiagnostics(session, uri, shown) : [];
  const version = session.features.versionedDiagnostics ? { version: shown?.version ?? document.version } : {};
  await session.connection.sendDiagnostics({ uri, diagnostics, ...version });
}

/** Findings may be other ones though no text changed: tells the client to pull again, or pushes anew. */
export function refreshDiagnostics(session: Session, uris: readonly string[]): void {
  if (!session.features.pullDiagnostics) {
    for (const uri of uris) void pushDiagnostics(session, uri);
    return;
  }
  if (session.features.refreshDiagnostics) session.connection.languages.diagnostics.refresh().catch(() => undefined);
}

/** Where the user wants findings on save only, this is the moment. */
export async function documentSaved(session: Session, uri: string): Promise<void> {
  session.documentSaved();
  const { enable, run } = await session.settings(uri);
  if (!enable || run !== 'onSave') return;
  session.saved(uri);
  refreshDiagnostics(session, [uri]);
}

export function settingsChanged(session: Session, sent: unknown): void {
  session.settingsChanged(member(sent, 'layerwise'));
}

/** What is to be shown for a document; null where Layerwise is off. */
async function findingsToShow(session: Session, document: TextDocument): Promise<Shown | null> {
  const settings = await session.settings(document.uri);
  if (!settings.enable) return null;
  await session.settled(document.uri);
  return session.shown(document, settings);
}

function toDiagnostics(session: Session, uri: string, { analysis }: Shown): Diagnostic[] {
  const { features, rulePage } = session;
  return analysis.findings.map((finding) => toDiagnostic(analysis, finding, { features, uri, rulePage }));
}
