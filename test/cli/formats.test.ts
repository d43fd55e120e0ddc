/** The formats of `check`, and the machine-readable output of the other commands, by the contract. */
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import type * as sarif from 'sarif';
import { type Folder, layerwise, makeFolder, oneCommand, onlyOverridden, twoCommands } from './command';

const severities = ['error', 'warning', 'info', 'hint'];

describe('output', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  const check = (format: string, ...args: string[]) =>
    layerwise(['check', '--format', format, ...onlyOverridden, ...args], { cwd: folder.path });

  describe('json', () => {
    it('has exactly the fields of the contract', () => {
      folder.write('Dockerfile', twoCommands);
      const [row] = JSON.parse(check('json', 'Dockerfile').stdout);
      assert.deepEqual(Object.keys(row), ['file', 'findings']);
      const [finding] = row.findings;
      assert.deepEqual(Object.keys(finding), [
        'rule',
        'category',
        'severity',
        'aliases',
        'message',
        'line',
        'column',
        'endLine',
        'endColumn',
        'fix',
      ]);
      assert.deepEqual(Object.keys(finding.fix), ['title', 'safety']);
      const { rule, category, severity, line, column, endLine } = finding;
      assert.deepEqual(
        { rule, category, severity, line, column, endLine },
        {
          rule: 'overridden-instruction',
          category: 'correctness',
          severity: 'warning',
          line: 2,
          column: 1,
          endLine: 2,
        },
      );
      assert.equal(finding.fix.safety, 'safe');
      assert.ok(finding.aliases.includes('DL4003'));
      assert.ok(!finding.aliases.includes('DL4004'), 'a second CMD is not a second ENTRYPOINT');
    });

    it('lists rules with exactly the fields of the contract', () => {
      const { status, stdout } = layerwise(['rules', '--json']);
      assert.equal(status, 0);
      const rules = JSON.parse(stdout) as { id: string; severity: string; fix: string }[];
      assert.ok(rules.length > 0);
      for (const rule of rules) {
        assert.deepEqual(Object.keys(rule), ['id', 'category', 'severity', 'fix', 'aliases']);
        assert.ok([...severities, 'off'].includes(rule.severity));
        assert.ok(['safe', 'suggestion', 'none'].includes(rule.fix));
      }
      assert.equal(new Set(rules.map((rule) => rule.id)).size, rules.length);
    });

    it('describes layers with exactly the fields of the contract', () => {
      folder.write('Dockerfile', 'FROM alpine AS a\nCOPY x /\nRUN make\nFROM scratch\nCOPY --from=a /x /\n');
      const { status, stdout } = layerwise(['layers', '--json', 'Dockerfile'], { cwd: folder.path });
      assert.equal(status, 0);
      const report = JSON.parse(stdout);
      assert.deepEqual(Object.keys(report), ['builder', 'stages']);
      assert.equal(report.builder, 'buildkit');
      assert.deepEqual(Object.keys(report.stages[0]), ['index', 'name', 'base', 'instructions']);
      const [, copy] = report.stages[0].instructions;
      assert.deepEqual(Object.keys(copy), ['line', 'endLine', 'keyword', 'layer', 'certain', 'why', 'invalidates']);
      assert.deepEqual([copy.line, copy.keyword, copy.layer, copy.invalidates], [2, 'COPY', 'layer', [3, 5]]);
      const legacy = layerwise(['layers', '--json', '--builder', 'legacy', 'Dockerfile'], { cwd: folder.path });
      assert.equal(JSON.parse(legacy.stdout).builder, 'legacy');
    });

    it('describes a plan with exactly the fields of the contract', () => {
      folder.write('Dockerfile', twoCommands);
      const { status, stdout } = layerwise(['optimize', '--json', ...onlyOverridden, 'Dockerfile'], {
        cwd: folder.path,
      });
      assert.equal(status, 0);
      const plan = JSON.parse(stdout);
      assert.deepEqual(Object.keys(plan), [
        'file',
        'layersBefore',
        'layersAfter',
        'rebuildCostBefore',
        'rebuildCostAfter',
        'applied',
        'suggested',
        'refused',
        'text',
      ]);
      assert.equal(plan.text, oneCommand);
      const [step] = plan.applied;
      assert.deepEqual(Object.keys(step), ['rule', 'line', 'title', 'reason', 'edits']);
      assert.deepEqual(Object.keys(step.edits[0]), ['line', 'column', 'endLine', 'endColumn', 'newText']);
      assert.deepEqual([step.rule, step.line], ['overridden-instruction', 2]);
    });
  });

  describe('sarif', () => {
    it('is a log of version 2.1.0 in which every reference leads somewhere', () => {
      folder.write('a b/Dockerfile', twoCommands);
      folder.write('good', oneCommand);
      const { status, stdout } = check('sarif', 'a b/Dockerfile', 'good', 'missing');
      assert.equal(status, 2);
      const log = JSON.parse(stdout) as sarif.Log;
      assert.equal(log.version, '2.1.0');
      const [run] = log.runs;
      assert.ok(run);
      assert.equal(run.columnKind, 'utf16CodeUnits');
      assert.deepEqual(
        run.artifacts?.map((artifact) => artifact.location?.uri),
        ['a%20b/Dockerfile', 'good'],
      );
      assert.equal(run.invocations?.[0]?.executionSuccessful, false);
      assert.match(run.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text ?? '', /missing/);
      assert.match(run.originalUriBaseIds?.['%SRCROOT%']?.uri ?? '', /^file:\/\/\/.*\/$/);
      const rules = run.tool.driver.rules ?? [];
      const [result] = run.results ?? [];
      assert.ok(result);
      assert.equal(rules[result.ruleIndex ?? -1]?.id, result.ruleId);
      assert.ok(rules[0]?.shortDescription?.text && rules[0].help?.text && rules[0].help.markdown);
      assert.equal(result.level, 'warning');
      const location = result.locations?.[0]?.physicalLocation;
      assert.deepEqual(location?.artifactLocation, { uri: 'a%20b/Dockerfile', uriBaseId: '%SRCROOT%' });
      assert.equal(location?.region?.startLine, 2);
      const change = result.fixes?.[0]?.artifactChanges[0];
      assert.equal(change?.artifactLocation.uri, 'a%20b/Dockerfile');
      assert.equal(change?.replacements[0]?.deletedRegion.startLine, 2);
    });

    it('names files outside the working folder in full, and is valid without findings', () => {
      const file = folder.write('Dockerfile', oneCommand);
      const outside = layerwise(['check', '--format', 'sarif', ...onlyOverridden, file]);
      assert.equal(outside.status, 0);
      const [run] = (JSON.parse(outside.stdout) as sarif.Log).runs;
      assert.match(run?.artifacts?.[0]?.location?.uri ?? '', /^file:\/\//);
      assert.deepEqual(run?.results, []);
    });
  });

  describe('github', () => {
    it('writes workflow commands with everything escaped', () => {
      folder.write('a,b:c%', twoCommands);
      const { stdout } = check('github', 'a,b:c%');
      assert.match(
        stdout,
        /^::warning file=a%2Cb%3Ac%25,line=2,endLine=2,col=1,endColumn=\d+,title=overridden-instruction::[^\n]+\n$/,
      );
    });
  });

  describe('text', () => {
    it('shows the place, the line and carets', () => {
      folder.write('Dockerfile', twoCommands);
      const { stdout } = check('text', 'Dockerfile');
      assert.match(stdout, /^Dockerfile:2:1: warning: .*\[overridden-instruction \(DL4003.*\)\]$/m);
      assert.match(stdout, /^ 2 │ CMD \["a"\]$/m);
      assert.match(stdout, /^ {3}│ \^+$/m);
      assert.match(stdout, /^ {3}fix: /m);
      assert.match(stdout, /^1 warning in 1 file\.$/m);
      assert.match(stdout, /`layerwise fix` repairs 1 of them safely\.$/m);
    });

    it('is short where there is nothing to report', () => {
      folder.write('Dockerfile', oneCommand);
      assert.equal(check('text', 'Dockerfile').stdout, 'Nothing to report in 1 file.\n');
    });

    it('puts carets below what they mean, behind tabs and wide characters, and cuts long lines', () => {
      folder.write('Dockerfile', `FROM scratch\n\tFRM 한국어\nXYZ ${'x'.repeat(500)}\n`);
      const { stdout } = layerwise(['check', '--select', 'unknown-instruction', 'Dockerfile'], { cwd: folder.path });
      assert.match(stdout, /^ 2 │ \tFRM 한국어\n {3}│ \t\^\^\^$/m);
      const long = stdout.split('\n').find((line) => line.startsWith(' 3 │'));
      assert.ok(long && long.length <= 120 && long.endsWith('…'), long);
    });

    it('lets no control characters of a file reach the terminal', () => {
      folder.write('Dockerfile', 'FROM scratch\nFRM \x1b[2J\u202e\x07\n');
      const { stdout } = layerwise(['check', '--select', 'unknown-instruction', 'Dockerfile'], { cwd: folder.path });
      assert.doesNotMatch(stdout, /[\x00-\x08\x0b-\x1f\u202e]/);
      assert.match(stdout, /␛\[2J/);
    });

    it('has colours only where they are wanted', () => {
      folder.write('Dockerfile', twoCommands);
      const isColored = (env: Record<string, string>) =>
        layerwise(['check', ...onlyOverridden, 'Dockerfile'], { cwd: folder.path, env }).stdout.includes('\x1b[');
      assert.equal(isColored({}), false);
      assert.equal(isColored({ FORCE_COLOR: '1' }), true);
      assert.equal(isColored({ FORCE_COLOR: '0' }), false);
      assert.equal(isColored({ NO_COLOR: '1' }), false);
    });
  });

  it('shows layers as a table for people', () => {
    folder.write('Dockerfile', 'FROM alpine AS a\nCOPY x /\nRUN make\n');
    const { status, stdout } = layerwise(['layers', 'Dockerfile'], { cwd: folder.path });
    assert.equal(status, 0);
    assert.match(stdout, /^Stage 0 a \(alpine\)$/m);
    assert.match(stdout, /^ {2}2 +COPY +a layer +line 3$/m);
    assert.equal(layerwise(['layers', '-'], { input: '# nothing\n' }).stdout, 'There is no stage in this file.\n');
    assert.equal(layerwise(['layers', 'missing'], { cwd: folder.path }).status, 2);
  });

  it('explains rules by id and alias, and helps with misspelt ones', () => {
    const page = layerwise(['explain', 'overridden-instruction']);
    assert.equal(page.status, 0);
    assert.match(page.stdout, /^# overridden-instruction$/m);
    assert.equal(layerwise(['explain', 'dl4003']).stdout, page.stdout);
    const misspelt = layerwise(['explain', 'overriden-instruction']);
    assert.equal(misspelt.status, 2);
    assert.match(misspelt.stderr, /did you mean `overridden-instruction`\?/);
    const foreign = layerwise(['explain', 'DL9999']);
    assert.equal(foreign.status, 2);
    assert.doesNotMatch(foreign.stderr, /did you mean/);
  });

  it('lists rules for people', () => {
    const { status, stdout } = layerwise(['rules']);
    assert.equal(status, 0);
    assert.match(stdout, /^correctness$/m);
    assert.match(stdout, /^ {2}overridden-instruction +warning +safe fix +DL4003/m);
  });

  it('uses the build context of the Dockerfile, or the one it is given', () => {
    folder.write('docker/Dockerfile', 'FROM scratch\nCOPY . /\n');
    folder.write('app/.dockerignore', '.git\n');
    const rules = (...args: string[]) => {
      const select = ['--select', 'missing-dockerignore'];
      return layerwise(['check', '--format', 'json', ...select, ...args, join('docker', 'Dockerfile')], {
        cwd: folder.path,
      });
    };
    assert.match(rules().stdout, /missing-dockerignore/);
    assert.doesNotMatch(rules('--context', 'app').stdout, /missing-dockerignore/);
  });
});
