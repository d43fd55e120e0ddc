/** Ignore comments of all three kinds, and selection by id and by alias. */
import assert from 'node:assert/strict';
import type { Analysis } from '../../server/src/analysis/analysis';
import { analyze } from '../../server/src/analysis/analyze';
import { applyEdits } from '../../server/src/analysis/fixes';
import { type Config, defaultConfig } from '../../server/src/rules/config';
import { insertIgnore, insertIgnoreFile } from '../../server/src/rules/suppress';
import { analyzeText } from '../harness/checks';

const only = ['maintainer-deprecated', 'latest-tag', 'untagged-image'];

function found(text: string, config: Partial<Config> = {}): string[] {
  return analyzeText(text, { config: { ...defaultConfig, select: only, ...config } }).findings.map(
    ({ rule }) => rule.id,
  );
}

describe('ignore comments', () => {
  it('above an instruction hold for it alone', () => {
    assert.deepEqual(found('# layerwise ignore=latest-tag\nFROM a:latest\nFROM b:latest'), ['latest-tag']);
    assert.deepEqual(found('# layerwise ignore=latest-tag -- tests want it\nFROM a:latest'), []);
    assert.deepEqual(found('#layerwise ignore=untagged-image, latest-tag\nFROM a:latest'), []);
    assert.deepEqual(found('# layerwise ignore=untagged-image latest-tag\nFROM a:latest'), ['latest-tag']);
    assert.deepEqual(found('# layerwise ignore=all\nFROM a:latest\nMAINTAINER me'), ['maintainer-deprecated']);
    assert.deepEqual(found('# layerwise ignore=DL3007\nFROM a:latest'), []);
  });

  it('for the file hold everywhere', () => {
    assert.deepEqual(found('FROM a:latest\nFROM b:latest\n# layerwise ignore-file=latest-tag\n'), []);
    assert.deepEqual(found('# layerwise ignore-file=DL3007\nFROM a:latest'), []);
  });

  it('of hadolint and BuildKit work', () => {
    assert.deepEqual(found('# hadolint ignore=DL3007\nFROM a:latest'), []);
    assert.deepEqual(found('# hadolint global ignore=DL3007\nFROM a:latest'), []);
    assert.deepEqual(found('# check=skip=MaintainerDeprecated\nFROM a:latest\nMAINTAINER me'), ['latest-tag']);
    assert.deepEqual(found('# check=skip=all\nFROM a:latest\nMAINTAINER me'), ['latest-tag']);
    assert.deepEqual(found('# check=error=true;skip=MaintainerDeprecated,X\nFROM a:latest\nMAINTAINER me'), [
      'latest-tag',
    ]);
  });

  it('are written where they belong', () => {
    const text = 'FROM a:1\n  MAINTAINER me\n';
    const analysis = analyzeText(text, { rule: 'maintainer-deprecated' });
    const [finding] = analysis.findings;
    assert.ok(finding);
    const edit = insertIgnore(analysis.dockerfile, finding);
    assert.ok(edit);
    const ignored = applyEdits(text, [edit]);
    assert.equal(ignored, 'FROM a:1\n  # layerwise ignore=maintainer-deprecated\n  MAINTAINER me\n');
    assert.deepEqual(found(ignored), []);
    const whole = applyEdits(text, [insertIgnoreFile(analysis.dockerfile, finding.rule)]);
    assert.equal(whole, `# layerwise ignore-file=maintainer-deprecated\n${text}`);
    assert.deepEqual(found(whole), []);
  });

  it('are added to and stay below directives', () => {
    const text = '# escape=`\n# layerwise ignore-file=a\nFROM a:1\n# layerwise ignore=b -- why\nMAINTAINER me\n';
    const analysis = analyzeText(text, { rule: 'maintainer-deprecated' });
    const [finding] = analysis.findings;
    assert.ok(finding);
    const edit = insertIgnore(analysis.dockerfile, finding);
    assert.ok(edit);
    assert.match(applyEdits(text, [edit]), /# layerwise ignore=b,maintainer-deprecated -- why\n/);
    const whole = insertIgnoreFile(analysis.dockerfile, finding.rule);
    assert.match(applyEdits(text, [whole]), /# layerwise ignore-file=a,maintainer-deprecated\nFROM/);
    const bare = '# escape=`\nFROM a:1\nMAINTAINER me\n';
    const below = insertIgnoreFile(analyzeText(bare).dockerfile, finding.rule);
    assert.match(applyEdits(bare, [below]), /^# escape=`\n# layerwise ignore-file=maintainer-deprecated\nFROM/);
  });
});

describe('selection', () => {
  it('by alias takes and leaves only the findings that carry it', () => {
    const text = 'FROM a:1\nCMD ["a"]\nCMD ["b"]\nENTRYPOINT ["c"]\nENTRYPOINT ["d"]';
    const aliases = (config: Partial<Config>) =>
      analyzeText(text, { config: { ...defaultConfig, ...config } }).findings.map((finding) => finding.aliases[0]);
    assert.deepEqual(aliases({ select: ['DL4003'] }), ['DL4003']);
    assert.deepEqual(aliases({ select: ['overridden-instruction'], ignore: ['dl4003'] }), ['DL4004']);
    assert.deepEqual(aliases({ select: ['overridden-instruction'], ignore: ['overridden-instruction'] }), []);
  });

  it('severities are configured by rule', () => {
    const severities = new Map([['latest-tag', 'error' as const]]);
    const { findings } = analyzeText('FROM a:latest', { config: { ...defaultConfig, severities, select: only } });
    assert.deepEqual(
      findings.map((finding) => finding.severity),
      ['error'],
    );
    assert.deepEqual(
      found('FROM a:latest', { severities: new Map([['latest-tag', 'off']]), select: null, ignore: ['root-user'] }),
      [],
    );
  });

  it('a schema of labels asks for the rule that looks at it', () => {
    const schema = { labelSchema: new Map([['version', 'semver' as const]]) };
    const severities = (config: Partial<Config>) =>
      analyzeText('FROM a:1\n', { config: { ...defaultConfig, ...config } })
        .findings.filter(({ rule }) => rule.id === 'label-schema')
        .map(({ severity }) => severity);
    assert.deepEqual(severities({}), []);
    assert.deepEqual(severities(schema), ['info']);
    assert.deepEqual(severities({ ...schema, severities: new Map([['label-schema', 'error' as const]]) }), ['error']);
    assert.deepEqual(severities({ ...schema, severities: new Map([['label-schema', 'off' as const]]) }), []);
    assert.deepEqual(severities({ ...schema, ignore: ['DL3049'] }), []);
  });

  it('findings that are made on request only come by severity, by name, or with all', () => {
    const text = 'FROM a:1\nRUN apt-get install -y curl && apk add curl && pip install flask\n';
    const aliases = (config: Partial<Config>) =>
      analyzeText(text, { config: { ...defaultConfig, ...config } })
        .findings.filter(({ rule }) => rule.id === 'unpinned-package')
        .map((finding) => finding.aliases[0]);
    assert.deepEqual(aliases({}), ['DL3013']);
    assert.deepEqual(aliases({ all: true }), ['DL3008', 'DL3018', 'DL3013']);
    assert.deepEqual(aliases({ select: ['unpinned-package'] }), ['DL3008', 'DL3018', 'DL3013']);
    assert.deepEqual(aliases({ select: ['DL3008'] }), ['DL3008']);
    assert.deepEqual(aliases({ select: ['DL3013'] }), ['DL3013']);
    const severities = new Map([['unpinned-package', 'warning' as const]]);
    assert.deepEqual(aliases({ severities, ignore: ['DL3018'] }), ['DL3008', 'DL3013']);
    const ignored = `# layerwise ignore-file=unused-ignore\n# hadolint global ignore=DL3013\n${text}`;
    assert.deepEqual(analyzeText(ignored, { rule: 'DL3013' }).findings, []);
  });
});

describe('comments that do nothing', () => {
  const names = (text: string, previous?: Analysis) => {
    const analysis = analyze(text, { config: defaultConfig, context: null, ...(previous && { previous }) });
    return {
      analysis,
      found: analysis.findings.filter(({ rule }) => rule.id.endsWith('-ignore')).map(({ message }) => message),
    };
  };

  it('are told as the file changes', () => {
    const used = '# layerwise ignore=latest-tag\nFROM a:latest\nUSER 1\n';
    const first = names(used);
    assert.deepEqual(first.found, []);
    const second = names(used.replace(':latest', ':1'), first.analysis);
    assert.equal(second.found.length, 1);
    const third = names(`# hello\n${used}`, second.analysis);
    assert.deepEqual(third.found, []);
    const fourth = names(used.replace('latest-tag', 'lastest-tag'), third.analysis);
    assert.match(fourth.found[0] ?? '', /did you mean `latest-tag`/);
  });

  it('are not told of rules that need files nobody has read', () => {
    assert.deepEqual(names('FROM a:1\n# layerwise ignore=missing-dockerignore\nCOPY . .\nUSER 1\n').found, []);
  });
});
