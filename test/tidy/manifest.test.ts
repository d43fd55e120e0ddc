/** package.json, its texts and the lock file fit together. */
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../harness/paths';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Manifest {
  readonly version: string;
  readonly icon: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly languages: readonly { readonly configuration: string }[];
    readonly grammars: readonly { readonly path: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly media: { readonly svg: string } }[] }[];
    readonly yamlValidation: readonly { readonly url: string }[];
  };
}

describe('package.json', () => {
  const text = read('package.json');
  const manifest = JSON.parse(text) as Manifest;
  const keys = [...text.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? '');

  for (const file of ['package.nls.json', 'package.nls.ko.json']) {
    it(`has all its texts in ${file}, and no others`, () => {
      assert.deepEqual(Object.keys(JSON.parse(read(file)) as object).sort(), [...new Set(keys)].sort());
    });
  }

  it('pins every version', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    assert.deepEqual(
      versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
      [],
    );
  });

  it('names files that are there', () => {
    const { icon, contributes } = manifest;
    const files = [
      icon,
      ...contributes.languages.map((it) => it.configuration),
      ...contributes.grammars.map((it) => it.path),
      ...contributes.walkthroughs.flatMap((it) => it.steps.map(({ media }) => media.svg)),
      ...contributes.yamlValidation.map((it) => it.url),
    ];
    assert.deepEqual(
      files.filter((file) => !existsSync(join(root, file))),
      [],
    );
  });

  it('has its version in the changelog', () => assert.ok(read('CHANGELOG.md').includes(`## ${manifest.version}\n`)));
});

describe('package-lock.json', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }>;
  };

  it('names no registry', () => {
    const named = Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined);
    assert.deepEqual(named, []);
  });

  it('holds what every platform needs', () => {
    // Installed where a package of another platform cannot be had, npm leaves it out, and `npm ci` fails everywhere.
    const optional = Object.values(lock.packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    assert.deepEqual(
      optional.filter((name) => !Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`))),
      [],
    );
  });
});
