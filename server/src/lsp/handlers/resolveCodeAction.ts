/** codeAction/resolve: the edit of an action, computed when somebody is about to use it. */
import type { CodeAction, WorkspaceEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Analysis, ReportedFinding } from '../../analysis/analysis';
import { fixAll, fixOf } from '../../analysis/fixes';
import { minimalEdits } from '../../analysis/minimal-edits';
import { shellRuleOf } from '../../analysis/shell-rules';
import { findRule } from '../../rules/catalogue';
import { insert } from '../../rules/edits';
import { pinnableImages } from '../../rules/pinnable-images';
import { type Edit, isRefusal } from '../../rules/rule';
import { insertIgnore, insertIgnoreFile } from '../../rules/suppress';
import type { Span } from '../../syntax/span';
import { member } from '../fromLsp';
import { contentModified, invalidParams } from '../runSafe';
import type { Session } from '../session';
import { toWorkspaceEdit } from '../toLsp';

/** What an action carries so that its edit can be computed later. */
export interface ActionData {
  readonly uri: string;
  /** The document's version when the action was offered: its edit is for that text alone. */
  readonly version: number;
  readonly act: 'fix' | 'fixRule' | 'fixAll' | 'ignore' | 'ignoreFile' | 'pin';
  readonly rule?: string;
  /** Where the finding is. */
  readonly at?: Span;
}

export async function resolveCodeAction(session: Session, action: CodeAction): Promise<CodeAction> {
  if (action.edit) return action;
  const data = readData(action.data);
  const document = session.document(data.uri);
  if (!document || document.version !== data.version) throw contentModified();
  const settings = await session.settings(data.uri);
  if (document.version !== data.version) throw contentModified();
  const analysis = session.analysis(document, settings);
  const edit =
    data.act === 'pin' ? await pin(session, document, analysis, data) : editOf(session, document, analysis, data);
  return edit ? { ...action, edit } : action;
}

/** The edit that an action stands for; null where there is nothing to change any more. */
export function editOf(
  session: Session,
  document: TextDocument,
  analysis: Analysis,
  data: ActionData,
): WorkspaceEdit | null {
  const { dockerfile, config, context } = analysis;
  const target = { uri: document.uri, version: document.version, lines: dockerfile.lines, features: session.features };
  const edits = (list: readonly Edit[]) => (list.length > 0 ? toWorkspaceEdit(target, list) : null);
  switch (data.act) {
    case 'fixAll':
    case 'fixRule': {
      const rules = data.rule ? { rules: new Set([data.rule]) } : {};
      const outcome = fixAll(dockerfile.text, { config, context, previous: analysis, ...rules });
      return edits(minimalEdits(dockerfile.text, outcome.text));
    }
    case 'ignoreFile': {
      const rule = data.rule && (shellRuleOf(data.rule) ?? findRule(data.rule));
      return rule ? edits([insertIgnoreFile(dockerfile, rule)]) : null;
    }
    case 'ignore': {
      const finding = findingOf(analysis, data);
      const edit = finding && insertIgnore(dockerfile, finding);
      return edit ? edits([edit]) : null;
    }
    case 'fix': {
      const finding = findingOf(analysis, data);
      const fix = finding && fixOf(analysis, finding);
      return fix && !isRefusal(fix) ? toWorkspaceEdit(target, fix.edits, fix.creates) : null;
    }
    case 'pin':
      return null;
  }
}

/** Asks for the digest of an image and writes it behind its name; the answer may take seconds. */
async function pin(
  session: Session,
  document: TextDocument,
  { model, dockerfile }: Analysis,
  { at }: ActionData,
): Promise<WorkspaceEdit | null> {
  const { version, uri } = document;
  const found = pinnableImages(model).find((image) => image.at.start === at?.start && image.at.end === at?.end);
  if (!found || !session.canAskDigests()) return null;
  const digest = await session.askDigest(found.image);
  if (document.version !== version) throw contentModified();
  if (digest === null) return null;
  const { lines } = dockerfile;
  return toWorkspaceEdit({ uri, version, lines, features: session.features }, [insert(found.at.end, `@${digest}`)]);
}

function findingOf({ findings }: Analysis, { rule, at }: ActionData): ReportedFinding | undefined {
  return findings.find(
    (finding) => finding.rule.id === rule && finding.at.start === at?.start && finding.at.end === at?.end,
  );
}

const acts: ReadonlySet<unknown> = new Set(['fix', 'fixRule', 'fixAll', 'ignore', 'ignoreFile', 'pin']);

function readData(value: unknown): ActionData {
  const isOurs =
    typeof member(value, 'uri') === 'string' &&
    typeof member(value, 'version') === 'number' &&
    acts.has(member(value, 'act'));
  if (!isOurs) throw invalidParams('data is not that of an action of this server');
  return value as ActionData;
}
