/** workspace/executeCommand: Optimize for editors that have no client of ours, applied through workspace/applyEdit. */
import * as l10n from '@vscode/l10n';
import { serverOptimizeCommand } from '../../../../shared/src/commands';
import { fixAll } from '../../analysis/fixes';
import { minimalEdits } from '../../analysis/minimal-edits';
import { member } from '../fromLsp';
import { contentModified, invalidParams } from '../runSafe';
import type { Session } from '../session';
import { toWorkspaceEdit } from '../toLsp';

/** Applies the safe fixes to the document whose URI is the first argument; the answer is whether the client did. */
export async function executeCommand(session: Session, params: unknown): Promise<boolean | null> {
  const command = member(params, 'command');
  if (command !== serverOptimizeCommand) throw invalidParams(`no such command: ${String(command)}`);
  const [uri] = (member(params, 'arguments') as unknown[] | undefined) ?? [];
  if (typeof uri !== 'string') throw invalidParams('the first argument must be the URI of a document');
  const document = session.document(uri);
  if (!document) throw invalidParams(`not open: ${uri}`);
  const { version } = document;
  const settings = await session.settings(uri);
  if (document.version !== version) throw contentModified();
  const analysis = session.analysis(document, settings);
  const { dockerfile, config, context } = analysis;
  const { text } = fixAll(dockerfile.text, { config, context, previous: analysis });
  const edits = minimalEdits(dockerfile.text, text);
  if (edits.length === 0) return false;
  const edit = toWorkspaceEdit({ uri, version, lines: dockerfile.lines, features: session.features }, edits);
  if (!edit) return false;
  const { applied } = await session.connection.workspace.applyEdit({ label: l10n.t('Optimize Dockerfile'), edit });
  return applied;
}
