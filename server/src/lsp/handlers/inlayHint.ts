/** textDocument/inlayHint: layer numbers and costs at the end of lines, where the user has turned them on. */
import type { CancellationToken, InlayHint } from 'vscode-languageserver';
import { inlayHints } from '../../analysis/inlay-hints';
import { member, readRange, readUri, toSpan } from '../fromLsp';
import { cancelled, contentModified } from '../runSafe';
import type { Session } from '../session';

/** Milliseconds that hints wait for a history and measurements; later the client is asked to ask again. */
const knowledgePatience = 150;

export async function inlayHintsIn(session: Session, params: unknown, token: CancellationToken): Promise<InlayHint[]> {
  const document = session.document(readUri(params));
  const range = readRange(member(params, 'range'));
  if (!document) return [];
  const { version } = document;
  const settings = await session.settings(document.uri);
  if (!settings.enable || settings.inlayHints === 'off') return [];
  await session.knowledge.learnWithin(document.uri, knowledgePatience);
  // Costs take their time: what was typed meanwhile is read first.
  await new Promise((resolve) => setImmediate(resolve));
  if (token.isCancellationRequested) throw cancelled();
  if (document.version !== version) throw contentModified();
  const analysis = session.analysis(document, settings);
  const { lines } = analysis.dockerfile;
  return inlayHints(analysis, toSpan(lines, range), settings.inlayHints).map(({ offset, label, tooltip }) => ({
    position: lines.positionAt(offset),
    label,
    tooltip,
    paddingLeft: true,
  }));
}

/** Hints that are shown may be out of date: settings, a history or measurements are other ones. */
export function refreshInlayHints(session: Session): void {
  if (session.features.refreshInlayHints) void session.connection.languages.inlayHint.refresh().catch(() => undefined);
}
