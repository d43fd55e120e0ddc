/** BuildKit's own test cases for its checks, and the snippets of its documentation. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { analyze } from '../../server/src/analysis/analyze';
import type { BuildContext } from '../../server/src/context/context';
import { contextFromFiles } from '../../server/src/context/memory';
import { defaultConfig } from '../../server/src/rules/config';
import { isBuildKitName } from '../../server/src/rules/suppress';
import { reportMissing, sharedPath } from '../harness/paths';

interface Case {
  readonly id: string;
  readonly rule: string;
  readonly dockerfile: string;
  readonly verdict: 'good' | 'bad' | null;
  readonly expected: readonly Row[];
  /** What is found when no stage is chosen; otherwise only what the last stage needs is looked at. */
  readonly expected_lint_subrequest?: readonly Row[];
  readonly dockerignore?: string | null;
  readonly attrs?: Readonly<Record<string, string>> | null;
  readonly build_error?: string | null;
}

interface Row {
  readonly rule: string;
  readonly line: number | null;
}

/** The documentation shows `*` + `/tmp/*` here, which does not match the file of its own example, not for Docker either. */
const documentedIgnoreFile = 'tmp\n';

/** Where the expected lines are those of another text: what Docker says. */
const corrected: Readonly<Record<string, readonly Row[]>> = {
  'testLegacyKeyValueFormat/3': [
    { rule: 'LegacyKeyValueFormat', line: 5 },
    { rule: 'LegacyKeyValueFormat', line: 6 },
  ],
};

describe('BuildKit’s own cases', function () {
  this.timeout(60_000);

  const cases = read('peers/buildkit_check.jsonl', 'BuildKit’s test cases are not tried');
  for (const one of cases)
    it(`test ${one.id}`, () => {
      const rows = (corrected[one.id] ?? one.expected_lint_subrequest ?? one.expected).map(
        ({ rule, line }) => `${line} ${rule}`,
      );
      const { found, severities } = check(withCheckArgument(one), contextOf(one.dockerignore));
      assert.deepEqual(found.map(({ name, line }) => `${line} ${name}`).sort(), rows.sort(), one.dockerfile);
      // `error=true` makes the build fail.
      if (one.build_error?.startsWith('lint violation'))
        assert.ok(
          severities.every((severity) => severity === 'error'),
          one.dockerfile,
        );
    });

  it('the cases are all there', function () {
    if (cases.length === 0) return this.skip();
    assert.equal(cases.length, 87);
    assert.equal(snippets.length, 62);
  });

  const snippets = read('peers/buildkit_docs.jsonl', 'the snippets of BuildKit’s documentation are not tried');
  for (const one of snippets)
    it(`snippet ${one.id}`, () => {
      const { found } = check(
        one.dockerfile,
        contextOf(one.rule === 'CopyIgnoredFile' ? documentedIgnoreFile : null),
        true,
      );
      const names = found.map(({ name }) => name);
      for (const { rule } of one.expected)
        assert.ok(names.includes(rule), `${rule} is not found in\n${one.dockerfile}`);
      if (one.verdict === 'good') assert.ok(!names.includes(one.rule), `${one.rule} is found in\n${one.dockerfile}`);
    });
});

function read(name: string, consequence: string): Case[] {
  const path = sharedPath(name);
  if (!path) {
    reportMissing(name, consequence);
    return [];
  }
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Case);
}

const contextOf = (ignoreFile: string | null | undefined): BuildContext | null =>
  ignoreFile ? contextFromFiles({ '.dockerignore': ignoreFile, Dockerfile: '' }) : null;

/** A build argument takes the place of the directive. */
function withCheckArgument({ dockerfile, attrs }: Case): string {
  const argument = attrs?.['build-arg:BUILDKIT_DOCKERFILE_CHECK'];
  return argument === undefined ? dockerfile : dockerfile.replace(/^#check=.*$/m, `#check=${argument}`);
}

function check(text: string, context: BuildContext | null, all = false) {
  const { findings, dockerfile } = analyze(text, { config: { ...defaultConfig, all }, context });
  const found = findings.flatMap(({ aliases, at, severity }) =>
    aliases.filter(isBuildKitName).map((name) => ({ name, line: dockerfile.lines.lineAt(at.start) + 1, severity })),
  );
  return { found, severities: found.map(({ severity }) => severity) };
}
