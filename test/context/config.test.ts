/** Configuration files: what they set, and what is said of those that are wrong. */
import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseHadolintConfig } from '../../server/src/config/hadolint';
import { openConfigs } from '../../server/src/config/node/files';
import { parseConfig, settingKeys } from '../../server/src/config/parse';
import { configSchema } from '../../server/src/config/schema';
import { buildConfig, failOnOf, type RuleNames, type Settings, settingsFor } from '../../server/src/config/settings';
import { rules } from '../../server/src/rules/registry.generated';

/** Three rules, two of which share an alias. */
const catalogue: Record<string, readonly string[]> = { one: ['DL1', 'DL9'], two: ['DL2', 'DL9'], three: [] };
const names: RuleNames = {
  idsOf: (name) =>
    Object.entries(catalogue)
      .filter(([id, aliases]) => id === name || aliases.includes(name))
      .map(([id]) => id),
  nearest: (name) => (name.startsWith('thr') ? 'three' : undefined),
};

const parse = (text: string) => parseConfig(text, names);
const problemsOf = (text: string) =>
  parse(text).problems.map(({ line, character, severity, message }) => `${line}:${character} ${severity} ${message}`);

describe('configuration', () => {
  it('reads every setting', () => {
    const { settings, overrides, problems } = parse(`
builder: legacy
severity: { one: error, DL2: off, three: "hint" }
select: [one]
ignore:
  - DL9
  - two
all: true
trustedRegistries: [docker.io, "ghcr.io:443"]
labelSchema: { maintainer: email }
strictLabels: true
failOn: info
overrides:
  - files: ['docker/**', '*.dev']
    builder: buildkit
`);
    assert.deepEqual(problems, []);
    assert.deepEqual(settings, {
      builder: 'legacy',
      severities: new Map([
        ['one', 'error'],
        ['DL2', 'off'],
        ['three', 'hint'],
      ]),
      select: ['one'],
      ignore: ['DL9', 'two'],
      all: true,
      trustedRegistries: ['docker.io', 'ghcr.io:443'],
      labelSchema: new Map([['maintainer', 'email']]),
      strictLabels: true,
      failOn: 'info',
    });
    assert.deepEqual(overrides, [{ files: ['docker/**', '*.dev'], settings: { builder: 'buildkit' } }]);
  });

  it('takes an empty file, empty values and one name for a list', () => {
    assert.deepEqual(parse(''), { settings: {}, overrides: [], problems: [] });
    assert.deepEqual(parse('# nothing\n').problems, []);
    assert.deepEqual(parse('ignore:\nseverity:\n').settings, { ignore: [], severities: new Map() });
    assert.deepEqual(parse('ignore: one\n').settings, { ignore: ['one'] });
    assert.deepEqual(parse('\uFEFFall: true\r\n').settings, { all: true });
    assert.deepEqual(parse('x-ids: &ids [one]\nignore: *ids\n'), {
      settings: { ignore: ['one'] },
      overrides: [],
      problems: [],
    });
  });

  it('names what is wrong at its line, and keeps the rest', () => {
    assert.deepEqual(problemsOf('bulder: legacy\n'), [
      '0:0 error there is no setting `bulder`; did you mean `builder`?',
    ]);
    assert.deepEqual(problemsOf('# c\nbuilder: kaniko\n'), ['1:9 error expected one of `buildkit`, `legacy`']);
    assert.deepEqual(problemsOf('all: maybe\n'), ['0:5 error expected `true` or `false`']);
    assert.deepEqual(problemsOf('ignore: { a: b }\n'), ['0:8 error a list is expected here']);
    assert.deepEqual(problemsOf('severity: [one]\n'), ['0:10 error a mapping is expected here']);
    assert.deepEqual(problemsOf('- one\n'), ['0:0 error a mapping is expected here']);
    assert.deepEqual(problemsOf('trustedRegistries:\n  - a\n  - [b]\n'), [
      '2:4 error a list of texts is expected here',
    ]);
    assert.deepEqual(problemsOf('overrides:\n  - builder: legacy\n'), [
      '1:4 error an override needs `files`, the paths it is about',
    ]);
    assert.deepEqual(problemsOf('severity:\n  one: fatal\n  two: error\n'), [
      '1:7 error expected one of `error`, `warning`, `info`, `hint`, `off`',
    ]);
    assert.deepEqual(parse('severity:\n  one: fatal\n  two: error\n').settings.severities, new Map([['two', 'error']]));
    assert.match(problemsOf('a: [\n').join(), /not valid YAML/);
    assert.match(problemsOf('all: true\nall: false\n').join(), /^1:0 error not valid YAML/);
  });

  it('follows anchors and merges', () => {
    const { settings, problems } = parse(`
severity: &loud { one: error, two: hint }
overrides:
  - files: [dev/**]
    severity: { <<: *loud, two: info }
`);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      settings.severities,
      new Map([
        ['one', 'error'],
        ['two', 'hint'],
      ]),
    );
    assert.deepEqual(parse('severity: &a { <<: *a, one: error }').problems, []);
  });

  it('warns of rules that do not exist, unless another tool has them', () => {
    assert.deepEqual(problemsOf('ignore: [one, thre]\n'), [
      '0:14 warning there is no rule `thre`; did you mean `three`?',
    ]);
    assert.deepEqual(problemsOf('severity:\n  xyz: error\n'), ['1:2 warning there is no rule `xyz`']);
    assert.deepEqual(problemsOf('ignore: [DL3008, SC2086, S6476, FromAsCasing]\n'), []);
  });

  it('lets stronger sources win', () => {
    const file: Settings = {
      builder: 'legacy',
      severities: new Map([
        ['DL9', 'error'],
        ['three', 'off'],
      ]),
      ignore: ['DL1', 'three'],
      failOn: 'hint',
    };
    const flags: Settings = { select: ['one'], ignore: ['two'], failOn: 'error' };
    const config = buildConfig([file, flags], names);
    assert.equal(config.builder, 'legacy');
    assert.deepEqual(
      [...config.severities],
      [
        ['one', 'error'],
        ['two', 'error'],
        ['three', 'off'],
      ],
    );
    assert.deepEqual(config.select, ['one']);
    assert.deepEqual(config.ignore, ['three', 'two'], 'what is selected on the command line is not ignored by a file');
    assert.equal(failOnOf([file, flags]), 'error');
    assert.equal(failOnOf([{}]), 'warning');
  });

  it('applies overrides to the paths they name', () => {
    const file = parse(`
overrides:
  - files: ['docker/**', '*.dev']
    all: true
  - files: ['a/b', '/top', 'deep/**/x']
    builder: legacy
`);
    const holds = (path: string | null) => {
      const { all, builder } = buildConfig(settingsFor(file, path), names);
      return `${all ? 'all' : ''}${builder === 'legacy' ? 'legacy' : ''}`;
    };
    assert.equal(holds('docker/x/Dockerfile'), 'all');
    assert.equal(holds('Dockerfile.dev'), 'all');
    assert.equal(holds('any/where/Dockerfile.dev'), 'all');
    assert.equal(holds('a/b/Dockerfile'), 'legacy');
    assert.equal(holds('top'), 'legacy');
    assert.equal(holds('deep/x'), 'legacy');
    assert.equal(holds('deep/1/2/x'), 'legacy');
    assert.equal(holds('x/top'), '');
    assert.equal(holds('docker/Dockerfile.dev'), 'all');
    assert.equal(holds(null), '');
  });

  it('reads what hadolint users have', () => {
    const { settings, problems } = parseHadolintConfig(`
ignored:
  - DL3008
  - SC2086
override:
  error: [DL3001]
  style:
    - DL3002
trustedRegistries: [docker.io]
label-schema:
  author: text
strict-labels: true
failure-threshold: style
format: tty
no-color: true
`);
    assert.deepEqual(problems, []);
    assert.deepEqual(settings, {
      ignore: ['DL3008', 'SC2086'],
      severities: new Map([
        ['DL3001', 'error'],
        ['DL3002', 'hint'],
      ]),
      trustedRegistries: ['docker.io'],
      labelSchema: new Map([['author', 'text']]),
      strictLabels: true,
      failOn: 'hint',
    });
    assert.match(parseHadolintConfig('ignored: {a: b}').problems[0]?.message ?? '', /list/);
  });

  it('has a schema that knows every setting', () => {
    const { properties } = configSchema(rules) as { properties: Record<string, { properties?: object }> };
    assert.deepEqual(Object.keys(properties).sort(), [...settingKeys, 'overrides'].sort());
    assert.deepEqual(
      Object.keys(properties.severity?.properties ?? {}),
      rules.map((rule) => rule.id),
    );
  });

  describe('found upwards', () => {
    let folder = '';
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'layerwise-config-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };

    it('takes the nearest file, and ours before hadolint’s', () => {
      write('.layerwise.yaml', 'ignore: [one]\n');
      write('a/.layerwise.yml', 'ignore: [two]\n');
      write('a/b/.hadolint.yaml', 'ignored: [DL2]\n');
      const configOf = openConfigs({ settings: {}, names });
      const ignoredAt = (path: string) => configOf(join(folder, path)).config.ignore;
      assert.deepEqual(ignoredAt('Dockerfile'), ['one']);
      assert.deepEqual(ignoredAt('x/y/Dockerfile'), ['one']);
      assert.deepEqual(ignoredAt('a/Dockerfile'), ['two']);
      assert.deepEqual(ignoredAt('a/b/Dockerfile'), ['two']);
    });

    it('takes hadolint’s where there is none of ours', () => {
      write('.hadolint.yaml', 'ignored: [DL2]\nfailure-threshold: error\n');
      const { config, failOn, file } = openConfigs({ settings: {}, names })(join(folder, 'a/Dockerfile'));
      assert.deepEqual(config.ignore, ['DL2']);
      assert.equal(failOn, 'error');
      assert.equal(file?.path, join(folder, '.hadolint.yaml'));
    });

    it('reads a file once and gives equal settings the same object', () => {
      write('.layerwise.yaml', 'overrides: [{ files: [x], all: true }]\n');
      const seen: string[] = [];
      const configOf = openConfigs({ settings: {}, names, onFile: (file) => seen.push(file.path) });
      assert.equal(configOf(join(folder, 'a/1')).config, configOf(join(folder, 'b/2')).config);
      assert.notEqual(configOf(join(folder, 'x')).config, configOf(join(folder, 'b/2')).config);
      assert.deepEqual(seen, [join(folder, '.layerwise.yaml')]);
    });

    it('takes the file it is given instead, and refuses one that is not there', () => {
      write('.layerwise.yaml', 'ignore: [one]\n');
      write('other.yaml', 'ignore: [two]\n');
      const configOf = openConfigs({ file: join(folder, 'other.yaml'), settings: {}, names });
      assert.deepEqual(configOf(join(folder, 'Dockerfile')).config.ignore, ['two']);
      assert.deepEqual(configOf(null).config.ignore, ['two']);
      assert.throws(() => openConfigs({ file: join(folder, 'missing'), settings: {}, names }), /ENOENT/);
    });
  });
});
