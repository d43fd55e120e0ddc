/**
 * Marks at the steps that an edit at the cursor rebuilds: a small sign in the gutter and a stroke in the overview ruler.
 * "Show What This Rebuilds" also tints the lines and says it in words, until the cursor goes to another instruction.
 */
import * as vscode from 'vscode';
import { formatSeconds } from '../../../shared/src/amounts';
import { commands } from '../../../shared/src/commands';
import type { LayersView, StepView } from '../../../shared/src/layers-view';
import { isServed } from '../served';
import { servedEditor } from './editors';
import type { LayersFeed, LayersSnapshot } from './layersFeed';

const setting = 'layerwise.rebuildMarks';

export function registerRebuildMarks(feed: LayersFeed): vscode.Disposable {
  const marks = createMarks();
  /** The line of the instruction for which the user asked to see it all. */
  let asked: { readonly document: vscode.TextDocument; line: number | null; said: boolean } | undefined;
  let last: LayersSnapshot | null = null;

  const isOn = (document: vscode.TextDocument): boolean =>
    vscode.workspace.getConfiguration(undefined, document).get<boolean>(setting, true);
  const show = (snapshot: LayersSnapshot | null): void => {
    last = snapshot;
    const view = snapshot?.view;
    if (asked && (!snapshot || asked.document !== snapshot.document)) asked = undefined;
    if (asked && view) {
      asked.line ??= view.editedLine;
      if (asked.line !== view.editedLine) asked = undefined;
    }
    for (const editor of vscode.window.visibleTextEditors) {
      if (!isServed(editor.document)) continue;
      const steps = view && editor.document === snapshot.document ? marked(view) : [];
      const isAsked = asked !== undefined && editor.document === asked.document;
      const isMarked = isAsked || isOn(editor.document);
      const lineCount = editor.document.lineCount;
      const inText = steps.filter(({ endLine }) => endLine < lineCount);
      const rebuilt = inText.filter(({ state }) => state === 'rebuilt');
      const edited = inText.filter(({ state }) => state === 'edited');
      editor.setDecorations(marks.sign, isMarked ? rebuilt.map(({ line }) => new vscode.Range(line, 0, line, 0)) : []);
      editor.setDecorations(marks.rebuilt, isAsked ? rebuilt.map(wholeLines) : []);
      editor.setDecorations(marks.edited, isAsked ? edited.map(wholeLines) : []);
    }
    if (asked && view && !asked.said) {
      asked.said = true;
      void tell(view);
      if (view.editedLine === null) asked = undefined;
    }
  };

  const reader = feed.add({
    wants() {
      const document = feed.document();
      const isVisible = vscode.window.visibleTextEditors.some((editor) => editor.document === document);
      if (!document || !isVisible) return 'nothing';
      // Costs are looked up only for who asked; the marks do without.
      return asked ? 'view' : isOn(document) ? 'states' : 'nothing';
    },
    show,
  });
  const command = vscode.commands.registerCommand(commands.showRebuilds, () => {
    const editor = servedEditor();
    if (!editor) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open a Dockerfile and put the cursor on an instruction.'),
      );
      return;
    }
    asked = { document: editor.document, line: null, said: false };
    feed.follow(editor.document.uri);
  });
  const changed = vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration(setting)) return;
    show(last);
    feed.refresh();
  });
  return vscode.Disposable.from(reader, command, changed, ...Object.values(marks));
}

interface Marks {
  /** In the gutter and the overview ruler, at steps that are rebuilt. */
  readonly sign: vscode.TextEditorDecorationType;
  /** Tints for who asked. */
  readonly rebuilt: vscode.TextEditorDecorationType;
  readonly edited: vscode.TextEditorDecorationType;
}

function createMarks(): Marks {
  const create = (options: vscode.DecorationRenderOptions) => vscode.window.createTextEditorDecorationType(options);
  const tint = (color: string) => create({ isWholeLine: true, backgroundColor: new vscode.ThemeColor(color) });
  return {
    sign: create({
      overviewRulerColor: new vscode.ThemeColor('charts.orange'),
      overviewRulerLane: vscode.OverviewRulerLane.Left,
      light: { gutterIconPath: gutterIcon('#b5651d'), gutterIconSize: '62%' },
      dark: { gutterIconPath: gutterIcon('#d18616'), gutterIconSize: '62%' },
    }),
    rebuilt: tint('layerwise.rebuiltBackground'),
    edited: tint('layerwise.editedBackground'),
  };
}

/** The sign of the layers view for "rebuilt". An image in the gutter cannot take the theme's colour. */
function gutterIcon(color: string): vscode.Uri {
  const path = `<path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.8h-2.8" fill="none" stroke="${color}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${path}</svg>`;
  return vscode.Uri.parse(`data:image/svg+xml;utf8,${encodeURIComponent(svg)}`);
}

function marked({ stages }: LayersView): StepView[] {
  return stages.flatMap(({ steps }) => steps.filter(({ state }) => state === 'edited' || state === 'rebuilt'));
}

const wholeLines = ({ line, endLine }: StepView): vscode.Range => new vscode.Range(line, 0, endLine, 0);

/** What the marks show, in words; said only to who asked. */
async function tell(view: LayersView): Promise<void> {
  const { editedLine, editCost, stages } = view;
  if (editedLine === null) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Put the cursor on an instruction first.'));
    return;
  }
  const rebuilt = stages.flatMap(({ steps }) => steps.filter(({ state }) => state === 'rebuilt'));
  const lines = rebuilt.map(({ line, keyword }) => `${line + 1} (${keyword})`);
  const shown = lines.length > 8 ? `${lines.slice(0, 8).join(', ')}, …` : lines.join(', ');
  const line = editedLine + 1;
  const parts = [
    rebuilt.length === 0
      ? vscode.l10n.t('An edit of line {0} rebuilds nothing else.', line)
      : rebuilt.length === 1
        ? vscode.l10n.t('An edit of line {0} rebuilds line {1} too.', line, shown)
        : vscode.l10n.t('An edit of line {0} rebuilds {1} more steps: lines {2}.', line, rebuilt.length, shown),
  ];
  if (editCost && editCost.value > 0)
    parts.push(
      editCost.source === 'measured'
        ? vscode.l10n.t('That takes {0}, as measured.', formatSeconds(editCost.value))
        : vscode.l10n.t('That takes about {0}, assumed.', formatSeconds(editCost.value)),
    );
  const layers = vscode.l10n.t('Show Layers');
  const said = await vscode.window.showInformationMessage(parts.join(' '), layers);
  if (said === layers) await vscode.commands.executeCommand(commands.showLayers);
}
