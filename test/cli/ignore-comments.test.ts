/** Ignore comments that do nothing, as the command tells of them and mends them. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Folder, layerwise, makeFolder } from './command';

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly message: string;
  readonly fix: { readonly safety: string } | null;
}

describe('ignore comments on the command line', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  const check = (text: string, ...args: string[]): Found[] => {
    folder.write('Dockerfile', text);
    const { stdout } = layerwise(['check', '--format', 'json', ...args, 'Dockerfile'], { cwd: folder.path });
    const [row] = JSON.parse(stdout) as [{ findings: Found[] }];
    return row.findings.filter(({ rule }) => rule.endsWith('-ignore'));
  };
  const brief = (found: readonly Found[]) =>
    found.map(({ rule, severity, line, column, endColumn }) => `${severity} ${rule} ${line}:${column}-${endColumn}`);

  it('are named where they name no rule, with the nearest one', () => {
    const found = check(
      [
        '# check=skip=MaintainerDeprecatd',
        '# layerwise ignore-file=root-usr',
        'FROM alpine:3.20',
        '# hadolint ignore=untagged-imag,SC2086,DL9999',
        'RUN true',
        '# hadolint global ignore=latest_tag',
        'USER nobody',
        '',
      ].join('\n'),
    );
    assert.deepEqual(brief(found), [
      'warning unknown-ignore 1:14-33',
      'warning unknown-ignore 2:25-33',
      'warning unknown-ignore 4:19-32',
      'warning unknown-ignore 6:26-36',
    ]);
    assert.match(found[0]?.message ?? '', /`MaintainerDeprecated`/);
    assert.match(found[1]?.message ?? '', /`root-user`/);
    assert.ok(found.every(({ fix }) => fix?.safety === 'suggestion'));
  });

  it('are hints where they ignore nothing, and go with the suggestions', () => {
    const text = [
      '# check=skip=MaintainerDeprecated',
      '# layerwise ignore-file=DL3007',
      'FROM alpine:latest',
      '# layerwise ignore=untagged-image,shell-form-cmd -- kept for now',
      'CMD echo hello',
      '# hadolint ignore=DL3020,SC1091',
      'USER nobody',
      '# layerwise ignore=latest-tag',
      '',
    ].join('\r\n');
    assert.deepEqual(brief(check(text)), [
      'hint unused-ignore 1:14-34',
      'hint unused-ignore 4:20-34',
      'hint unused-ignore 6:19-25',
      'hint unused-ignore 8:20-30',
    ]);
    layerwise(['fix', '--suggestions', '--select', 'unused-ignore', 'Dockerfile'], { cwd: folder.path });
    assert.equal(
      readFileSync(join(folder.path, 'Dockerfile'), 'utf8'),
      [
        '# layerwise ignore-file=DL3007',
        'FROM alpine:latest',
        '# layerwise ignore=shell-form-cmd -- kept for now',
        'CMD echo hello',
        '# hadolint ignore=SC1091',
        'USER nobody',
        '',
      ].join('\r\n'),
    );
  });

  it('are left alone where the rule is off, or was switched off', () => {
    const text =
      '# hadolint global ignore=DL3008,DL3057,DL3018\nFROM alpine:3.20\n# layerwise ignore=latest-tag\nUSER nobody\n';
    assert.deepEqual(brief(check(text, '--ignore', 'latest-tag')), []);
    assert.deepEqual(brief(check(text)), ['hint unused-ignore 3:20-30']);
    folder.write('.layerwise.yaml', 'severity: { latest-tag: off }\n');
    assert.deepEqual(brief(check(text)), []);
    assert.deepEqual(brief(check(text, '--select', 'DL3018')), [], 'nobody asked for hints');
  });

  it('that are needed stay, whatever wants them', () => {
    const text =
      '# layerwise ignore-file=missing-dockerignore,root-user\nFROM alpine:3.20\nCOPY . /app\n# layerwise ignore=all\nMAINTAINER me\n';
    folder.write('package.json', '{}');
    assert.deepEqual(brief(check(text)), []);
  });
});
