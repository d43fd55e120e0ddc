/** `layerwise layers`: what each instruction makes and what an edit of it rebuilds. */
import * as l10n from '@vscode/l10n';
import { type InstructionReport, type LayersReport, layersReport } from '../analysis/layers-report';
import { type Session, statusOf } from './session';
import { displayWidth, type Paint, padTo, type Style, visible } from './terminal';

/** Shows the layers of a file and returns the exit status. */
export async function layers(session: Session, paths: readonly string[]): Promise<number> {
  const inputs = session.find(paths);
  const [input] = inputs;
  if (!input) return statusOf(session, false);
  if (inputs.length > 1) {
    session.fail(paths[0] ?? '', new Error(l10n.t('takes one file, but there are {0}', inputs.length)));
    return 2;
  }
  const file = await session.open(input);
  if (!file) return statusOf(session, false);
  const report = layersReport(file.analysis);
  const { terminal, options } = session;
  terminal.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : table(report, terminal.paint));
  return statusOf(session, false);
}

const styles: Readonly<Record<InstructionReport['layer'], Style>> = {
  layer: 'green',
  depends: 'yellow',
  empty: 'cyan',
  none: 'dim',
};

function table(report: LayersReport, paint: Paint): string {
  const lines: string[] = [];
  for (const stage of report.stages) {
    const name = stage.name === null ? '' : ` ${stage.name}`;
    lines.push(paint('bold', visible(`${l10n.t('Stage {0}', stage.index)}${name} (${stage.base})`)));
    const rows = stage.instructions.map((instruction) => [
      linesOf(instruction.line, instruction.endLine),
      visible(instruction.keyword),
      `${layerWord(instruction.layer)}${instruction.certain ? '' : '?'}`,
      listOf(instruction.invalidates),
    ]);
    const header = [l10n.t('line'), l10n.t('instruction'), l10n.t('makes'), l10n.t('an edit rebuilds')];
    const widths = header.map((title, column) =>
      Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[column] ?? ''))),
    );
    const pad = (row: readonly string[]) => row.map((cell, column) => padTo(cell, widths[column] ?? 0));
    lines.push(paint('dim', `  ${pad(header).join('  ').trimEnd()}`));
    for (const [index, instruction] of stage.instructions.entries()) {
      const [line = '', keyword = '', makes = '', rebuilds = ''] = pad(rows[index] ?? []);
      lines.push(`  ${line}  ${keyword}  ${paint(styles[instruction.layer], makes)}  ${rebuilds}`.trimEnd());
      lines.push(paint('dim', `  ${' '.repeat(widths[0] ?? 0)}  ${visible(instruction.why)}`));
    }
    lines.push('');
  }
  return lines.length === 0 ? `${l10n.t('There is no stage in this file.')}\n` : `${lines.join('\n')}\n`;
}

function linesOf(line: number, endLine: number): string {
  return line === endLine ? String(line) : `${line}-${endLine}`;
}

function layerWord(layer: InstructionReport['layer']): string {
  switch (layer) {
    case 'layer':
      return l10n.t('a layer');
    case 'empty':
      return l10n.t('an empty layer');
    case 'none':
      return l10n.t('no layer');
    case 'depends':
      return l10n.t('it depends');
  }
}

function listOf(lines: readonly number[]): string {
  if (lines.length === 0) return l10n.t('nothing else');
  return lines.length === 1 ? l10n.t('line {0}', lines[0] ?? 0) : l10n.t('lines {0}', lines.join(', '));
}
