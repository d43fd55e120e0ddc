/** Where `docker build --check` has a check, Docker is the judge: the same lines of every real file, and no others. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Analysis } from '../../server/src/analysis/analysis';
import { analyze } from '../../server/src/analysis/analyze';
import { defaultConfig } from '../../server/src/rules/config';
import { reportMissing, sharedPath } from '../harness/paths';

interface Truth {
  readonly file: string;
  readonly warnings: readonly (readonly [string, number])[] | null;
  readonly error: string | null;
}

interface Check {
  /** Docker's name of it. */
  readonly name: string;
  readonly rules: readonly string[];
  /** Lines of Docker's that the rule leaves alone on purpose. */
  readonly isExcused?: (analysis: Analysis, line: string, index: number) => boolean;
}

const checks: readonly Check[] = [
  { name: 'JSONArgsRecommended', rules: ['shell-form-cmd', 'shell-form-entrypoint'] },
  { name: 'MaintainerDeprecated', rules: ['maintainer-deprecated'] },
  { name: 'MultipleInstructionsDisallowed', rules: ['overridden-instruction'] },
  {
    name: 'WorkdirRelativePath',
    rules: ['relative-workdir'],
    // Docker expands a variable of the base image, which it does not know when it checks, to nothing.
    isExcused: ({ model }, line, index) =>
      /^\s*WORKDIR\s+["']?\$/i.test(line) || model.stages.some((stage) => stage.isWindows && stage.from.line <= index),
  },
];

describe('Docker’s own checks', () => {
  for (const check of checks)
    it(`${check.name} finds the same lines`, function () {
      this.timeout(60_000);
      const [facts, folder] = [sharedPath('facts/check-truth.jsonl'), sharedPath('corpus/dockerfiles')];
      if (!facts || !folder) {
        reportMissing('corpus', `nothing is compared with Docker's ${check.name}`);
        this.skip();
      }
      const config = { ...defaultConfig, select: check.rules };
      const differences: string[] = [];
      let agreed = 0;
      for (const row of readFileSync(facts, 'utf8').trim().split('\n')) {
        const { file, warnings, error } = JSON.parse(row) as Truth;
        if (warnings === null) continue;
        // Docker does not know other tools' comments.
        const text = readFileSync(join(folder, file), 'utf8').replace(
          /hadolint(?=\s+(?:global\s+)?ignore)/gi,
          'hadolint:',
        );
        const analysis = analyze(text, { config, context: null });
        const lines = text.split('\n');
        const ours = new Set(
          analysis.findings
            .filter((finding) => finding.aliases.includes(check.name))
            .map((finding) => analysis.dockerfile.lines.lineAt(finding.at.start) + 1),
        );
        const theirs = new Set(warnings.filter(([name]) => name === check.name).map(([, line]) => line));
        for (const line of theirs)
          if (ours.has(line)) agreed++;
          else if (!check.isExcused?.(analysis, lines[line - 1] ?? '', line - 1))
            differences.push(`missed ${file}:${line} ${lines[line - 1]}`);
        // Docker says nothing of what stands behind an error.
        for (const line of error === null ? ours : [])
          if (!theirs.has(line)) differences.push(`found ${file}:${line} ${lines[line - 1]}`);
      }
      assert.deepEqual(differences, [], `${agreed} lines agree`);
    });
});
