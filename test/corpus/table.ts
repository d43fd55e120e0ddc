/** What each rule finds in the real files: the figures of docs/corpus.md, and that page. */
import { analyze } from '../../server/src/analysis/analyze';
import { fixOf } from '../../server/src/analysis/fixes';
import { defaultConfig } from '../../server/src/rules/config';
import { rules } from '../../server/src/rules/registry.generated';
import { isRefusal, type Rule } from '../../server/src/rules/rule';
import type { CorpusFile } from '../harness/corpus';

/** Rules of severity warning or above that may fire on more than a quarter of the files, and why that is right. */
export const frequent: Readonly<Record<string, string>> = {
  'untagged-image':
    'that is how many take an image without a tag: three in four of them are projects of OSS-Fuzz, all FROM the same image',
};

/** What one rule comes to. */
export interface RuleFigures {
  readonly rule: Rule;
  files: number;
  /** Files in which it finds something of severity warning or error, the rule being on by default. */
  loudFiles: number;
  findings: number;
  safe: number;
  suggested: number;
  refused: number;
}

export interface CorpusFigures {
  readonly files: number;
  /** Findings of a file in the middle of all, at default settings. */
  readonly median: number;
  readonly mean: number;
  /** Files without a finding. */
  readonly silent: number;
  readonly rules: readonly RuleFigures[];
}

/** Checks all files: with default settings, and the rules that are off by default on their own. */
export function measureCorpus(files: readonly CorpusFile[]): CorpusFigures {
  const figures = new Map<string, RuleFigures>(
    rules.map((rule) => [rule.id, { rule, files: 0, loudFiles: 0, findings: 0, safe: 0, suggested: 0, refused: 0 }]),
  );
  const off = rules.filter(({ severity }) => severity === 'off').map(({ id }) => id);
  const counts = files.map(({ text }) => {
    const count = addFile(text, defaultConfig, figures);
    if (off.length > 0) addFile(text, { ...defaultConfig, select: off }, figures);
    return count;
  });
  const sorted = [...counts].sort((a, b) => a - b);
  return {
    files: files.length,
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    mean: counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length),
    silent: counts.filter((count) => count === 0).length,
    rules: [...figures.values()],
  };
}

function addFile(text: string, config: typeof defaultConfig, figures: ReadonlyMap<string, RuleFigures>): number {
  const analysis = analyze(text, { config, context: null });
  const seen = new Set<string>();
  const loud = new Set<string>();
  for (const finding of analysis.findings) {
    const row = figures.get(finding.rule.id);
    if (!row) continue;
    row.findings++;
    seen.add(finding.rule.id);
    if (!config.select && (finding.severity === 'error' || finding.severity === 'warning')) loud.add(finding.rule.id);
    const fix = fixOf(analysis, finding);
    if (!fix) continue;
    if (isRefusal(fix)) row.refused++;
    else if (fix.safety === 'safe') row.safe++;
    else row.suggested++;
  }
  for (const id of seen) count(figures, id, 'files');
  for (const id of loud) count(figures, id, 'loudFiles');
  return analysis.findings.length;
}

function count(figures: ReadonlyMap<string, RuleFigures>, id: string, key: 'files' | 'loudFiles'): void {
  const row = figures.get(id);
  if (row) row[key]++;
}

/** Whether a rule warns, or worse, in more than a quarter of the files. */
export const isFrequent = ({ loudFiles }: RuleFigures, { files }: CorpusFigures): boolean => loudFiles * 4 > files;

/** The page. */
export function corpusPage(figures: CorpusFigures): string {
  const { files, median, mean, silent } = figures;
  const categories = [...new Set(figures.rules.map(({ rule }) => rule.category))];
  const often = figures.rules
    .filter((row) => isFrequent(row, figures))
    .map(({ rule }) => `${rule.id} (${frequent[rule.id] ?? 'no reason is given'})`);
  return [
    '# What the rules find in real Dockerfiles',
    [
      `Each rule, asked about ${grouped(files)} Dockerfiles of well-known projects, file by file and without their build contexts: what`,
      'depends on the files beside a Dockerfile shows up less here than it does at work. Rules that are off by default were',
      'asked on request. Made by `node build.mjs --run test/corpus/write-table.ts`; a test keeps it in sync.',
    ].join('\n'),
    `At default settings a file has ${median} findings in the middle (median), ${mean.toFixed(1)} on average; ${grouped(silent)} files (${percent(silent, files)}) have none.`,
    [
      '“Safe” and “suggested” are findings with a fix of that kind, “refused” those whose fix the rule refuses, with a reason that it',
      'shows.',
    ].join('\n'),
    ...(often.length > 0 ? [`Warnings on more than a quarter of the files: ${often.join('; ')}.`] : []),
    ...categories.map((category) => categoryTable(category, figures)),
  ]
    .join('\n\n')
    .concat('\n');
}

function categoryTable(category: string, figures: CorpusFigures): string {
  const rows = figures.rules
    .filter(({ rule }) => rule.category === category)
    .map(({ rule, files, findings, safe, suggested, refused }) => [
      `[${rule.id}](rules/${rule.id}.md)`,
      rule.severity,
      grouped(files),
      percent(files, figures.files),
      grouped(findings),
      ...[safe, suggested, refused].map((number) => (number === 0 ? '' : grouped(number))),
    ]);
  const head = ['rule', 'severity', 'files', '', 'findings', 'safe', 'suggested', 'refused'];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const alignment = '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |';
  return [`## ${category}`, '', line(head), alignment, ...rows.map(line)].join('\n');
}

const grouped = (number: number): string => number.toLocaleString('en-US');
const percent = (part: number, whole: number): string => `${((part / Math.max(1, whole)) * 100).toFixed(1)} %`;
