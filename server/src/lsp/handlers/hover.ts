/** textDocument/hover: what is known of the instruction, image, variable or call under the cursor. */
import type { Hover } from 'vscode-languageserver';
import { hover } from '../../analysis/hover';
import { member, readPosition, readUri } from '../fromLsp';
import { contentModified } from '../runSafe';
import type { Session } from '../session';
import { toRange } from '../toLsp';

export async function hoverAt(session: Session, params: unknown): Promise<Hover | null> {
  const document = session.document(readUri(params));
  const position = readPosition(member(params, 'position'));
  if (!document) return null;
  const { version } = document;
  const settings = await session.settings(document.uri);
  if (document.version !== version) throw contentModified();
  if (!settings.enable) return null;
  // What it tells of costs is the better at the next hover.
  void session.knowledge.learn(document.uri);
  const analysis = session.analysis(document, settings);
  const { lines } = analysis.dockerfile;
  const info = hover(analysis, lines.offsetAt(position));
  if (!info) return null;
  const markdown = session.themeIcons ? info.markdown : info.markdown.replace(icons, '');
  const contents = session.features.markdownHover
    ? { kind: 'markdown' as const, value: markdown }
    : { kind: 'plaintext' as const, value: toPlainText(markdown) };
  return { contents, range: toRange(lines, info.span) };
}

/** VS Code's icons stand before a heading in bold; in code the same marks are a shell's. */
const icons = /\$\([a-z-]+\) (?=\*\*)/g;

/** Markdown without its marks, for editors that show text only. */
function toPlainText(markdown: string): string {
  return markdown
    .replace(/^```\w*\n?|^#+ |^---$/gm, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*\*|`|\\(?=[\\`*_{}[\]()#+\-.!|<>])/g, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
