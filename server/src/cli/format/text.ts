/** `check --format text`: for people. Each finding with its place, its line and what can be done. */
import * as l10n from '@vscode/l10n';
import type { Analysis, ReportedFinding } from '../../analysis/analysis';
import type { Severity } from '../../rules/rule';
import { placeOf } from '../places';
import { ranks } from '../session';
import { displayWidth, type Paint, type Style, type Terminal, visible } from '../terminal';
import { offeredFix, type Reporter } from './report';

export const severityStyles: Readonly<Record<Severity, Style>> = {
  error: 'red',
  warning: 'yellow',
  info: 'blue',
  hint: 'cyan',
};

/** Writes findings as they come, and at the end how many there were. */
export function textReporter(terminal: Terminal): Reporter {
  const counts = new Map<Severity, number>();
  let files = 0;
  let safe = 0;
  let suggestions = 0;
  return {
    add({ name, analysis }) {
      files += 1;
      for (const finding of analysis.findings) {
        counts.set(finding.severity, (counts.get(finding.severity) ?? 0) + 1);
        const fix = offeredFix(analysis, finding);
        if (fix?.safety === 'safe') safe += 1;
        if (fix?.safety === 'suggestion') suggestions += 1;
        terminal.out(describeFinding(name, analysis, finding, terminal));
      }
    },
    end() {
      if (files > 0) terminal.out(`${summary(counts, files, terminal.paint)}\n`);
      if (safe > 0) terminal.out(`${l10n.t('`layerwise fix` repairs {0} of them safely.', safe)}\n`);
      if (suggestions > 0)
        terminal.out(
          `${l10n.t('For {0} of them there is a suggestion: `layerwise fix --suggestions`.', suggestions)}\n`,
        );
    },
  };
}

/** A finding with the line it is on. */
export function describeFinding(
  name: string,
  analysis: Analysis,
  finding: ReportedFinding,
  terminal: Terminal,
): string {
  const { paint } = terminal;
  const { line, column } = placeOf(analysis.dockerfile.lines, finding.at);
  const place = paint('bold', `${visible(name)}:${line}:${column}:`);
  const severity = paint(severityStyles[finding.severity], `${severityWord(finding.severity)}:`);
  const aliases = finding.aliases.length > 0 ? ` (${finding.aliases.join(', ')})` : '';
  const rule = paint('dim', `[${finding.rule.id}${aliases}]`);
  const lines = [`${place} ${severity} ${visible(finding.message)} ${rule}`, ...excerpt(analysis, finding, terminal)];
  const gutter = ' '.repeat(String(line).length + 2);
  for (const related of finding.related ?? []) {
    const at = placeOf(analysis.dockerfile.lines, related.at);
    lines.push(`${gutter}${paint('dim', `${l10n.t('line {0}', at.line)}:`)} ${visible(related.message)}`);
  }
  const fix = offeredFix(analysis, finding);
  if (fix) {
    const word = fix.safety === 'safe' ? l10n.t('fix') : l10n.t('suggestion');
    lines.push(`${gutter}${paint('green', `${word}:`)} ${visible(fix.title)}`);
  }
  return `${lines.join('\n')}\n\n`;
}

/** The line that a finding starts on, and carets below the part that it is about. */
function excerpt(analysis: Analysis, finding: ReportedFinding, { paint, columns }: Terminal): string[] {
  const { lines, text } = analysis.dockerfile;
  const { line, character } = lines.positionAt(finding.at.start);
  const start = lines.lineStart(line);
  const full = text
    .slice(start, line + 1 < lines.lineCount ? lines.lineStart(line + 1) : text.length)
    .replace(/\r?\n$/, '');
  const end = Math.min(full.length, Math.max(character, finding.at.end - start));
  const number = String(line + 1);
  const room = Math.max(40, columns - number.length - 6);
  const shown = cut(full, character, end, room);
  const bar = paint('dim', '│');
  const carets = '^'.repeat(Math.max(1, displayWidth(shown.marked)));
  // Blanks as wide as what stands above, tabs as tabs: how wide those are only the terminal knows.
  const indent = [...shown.before].map((one) => (one === '\t' ? one : ' '.repeat(displayWidth(one)))).join('');
  return [
    `${paint('dim', ` ${number} `)}${bar} ${shown.before}${shown.marked}${shown.after}`,
    ` ${' '.repeat(number.length)} ${bar} ${indent}${paint(severityStyles[finding.severity], carets)}`,
  ];
}

/** The part of a long line around what is marked, with dots where something was cut off. */
function cut(full: string, from: number, to: number, room: number): { before: string; marked: string; after: string } {
  const before = visible(full.slice(0, from));
  const marked = visible(full.slice(from, to));
  const after = visible(full.slice(to));
  const shownMarked = shorten(marked, room - 2, 'end');
  const left = room - displayWidth(shownMarked);
  const shownBefore = shorten(
    before,
    Math.max(2, displayWidth(before) <= left ? left : Math.floor(left * 0.7)),
    'start',
  );
  return {
    before: shownBefore,
    marked: shownMarked,
    after: shownMarked === marked ? shorten(after, Math.max(1, left - displayWidth(shownBefore)), 'end') : '',
  };
}

/** Cuts a text to a width at one of its sides. */
function shorten(text: string, width: number, side: 'start' | 'end'): string {
  if (displayWidth(text) <= width) return text;
  const characters = [...text];
  if (side === 'start') characters.reverse();
  const kept: string[] = [];
  let used = 1;
  for (const character of characters) {
    used += displayWidth(character);
    if (used > width) break;
    kept.push(character);
  }
  return side === 'start' ? `…${kept.reverse().join('')}` : `${kept.join('')}…`;
}

/** `2 errors, 1 hint in 3 files.` */
function summary(counts: ReadonlyMap<Severity, number>, files: number, paint: Paint): string {
  const where = files === 1 ? l10n.t('1 file') : l10n.t('{0} files', files);
  const parts = ranks
    .filter((severity) => counts.has(severity))
    .map((severity) => paint(severityStyles[severity], countOf(severity, counts.get(severity) ?? 0)));
  return parts.length === 0
    ? paint('green', l10n.t('Nothing to report in {0}.', where))
    : l10n.t('{0} in {1}.', parts.join(', '), where);
}

function countOf(severity: Severity, count: number): string {
  switch (severity) {
    case 'error':
      return count === 1 ? l10n.t('1 error') : l10n.t('{0} errors', count);
    case 'warning':
      return count === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', count);
    case 'info':
      return count === 1 ? l10n.t('1 info') : l10n.t('{0} infos', count);
    case 'hint':
      return count === 1 ? l10n.t('1 hint') : l10n.t('{0} hints', count);
  }
}

/** A severity as a word for people. */
export function severityWord(severity: Severity): string {
  switch (severity) {
    case 'error':
      return l10n.t('error');
    case 'warning':
      return l10n.t('warning');
    case 'info':
      return l10n.t('info');
    case 'hint':
      return l10n.t('hint');
  }
}
