/** Conventions of the sources that are worth having: each of them is a failing test, not a review remark. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from '../harness/paths';

interface Source {
  /** From the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
}

function sourcesIn(folder: string): Source[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(root, folder, name);
    if (statSync(path).isDirectory()) return sourcesIn(relative(root, path));
    if (!name.endsWith('.ts')) return [];
    return [{ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }];
  });
}

const product = ['client/src', 'server/src', 'shared/src'].flatMap(sourcesIn);
const all = [...product, ...sourcesIn('test')].filter(({ path }) => !path.startsWith('test/fixtures/'));

const importsOf = (text: string): string[] =>
  [
    ...text.matchAll(/(?:^|\n)(?:import|export)\s[^;]*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import '([^']+)'/g),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');

/** Folder (or file) of the product → what else outside of node's own modules its files may import by package name. */
const packages: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^server\/src\/syntax\//, ['dockerfile-ast', '@vscode/l10n']],
  [/^server\/src\/shell\//, ['unbash', '@vscode/l10n']],
  [
    /^server\/src\/(?:lsp\/|main\.ts|browser\/)/,
    ['vscode-languageserver', 'vscode-languageserver-textdocument', '@vscode/l10n'],
  ],
  [/^server\/src\/cli\//, ['@vscode/l10n', 'diff', 'sarif']],
  [/^server\/src\/context\/node\//, ['fzstd', '@vscode/l10n']],
  [/^server\/src\/config\//, ['yaml', '@vscode/l10n']],
  [/^server\/src\/model\/open-versions\//, ['smol-toml', 'saxes']],
  [/^server\/src\//, ['@vscode/l10n']],
  [/^client\/src\//, ['vscode', 'vscode-languageclient', '@vscode/l10n']],
  [/^shared\/src\//, []],
];

/** Files that may know the platform. */
const platform = /^server\/src\/(?:.*\/node\/|cli\/|main\.ts|rules\/generate\.ts)|^client\/src\/|^shared\/src\/node\//;

/** The core: pure, and knows nothing of editors, commands or disks. */
const core = /^server\/src\/(?:syntax|shell|model|rules|analysis|context|config)\//;

describe('sources', () => {
  it('import only what their folder may', () => {
    const wrong = product.flatMap(({ path, text }) => {
      const allowed = packages.find(([folder]) => folder.test(path))?.[1] ?? [];
      return importsOf(text)
        .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
        .filter((name) => !allowed.some((one) => name === one || name.startsWith(`${one}/`)))
        .map((name) => `${path} imports ${name}`);
    });
    assert.deepEqual(wrong, []);
  });

  it('know the platform only where they may', () => {
    const wrong = product
      .filter(({ path }) => !platform.test(path))
      .filter(({ text }) => importsOf(text).some((name) => name.startsWith('node:')) || /\bprocess\.\w/.test(text))
      .map(({ path }) => path);
    assert.deepEqual(wrong, []);
  });

  it('of the core import neither the server, the command nor the client', () => {
    const wrong = product
      .filter(({ path }) => core.test(path))
      .flatMap(({ path, text }) =>
        importsOf(text)
          .filter((name) => /(?:^|\/)(?:lsp|cli|client)\//.test(name))
          .map((name) => `${path} imports ${name}`),
      );
    assert.deepEqual(wrong, []);
  });

  it('begin with what they are', () => {
    const bare = all
      .filter(({ path }) => !path.endsWith('.generated.ts') && !path.endsWith('.d.ts'))
      .filter(({ text }) => !/^(?:#!.*\n)?\/\*\*/.test(text));
    assert.deepEqual(
      bare.map(({ path }) => path),
      [],
    );
  });

  it('are one thing each: no file of the product is longer than 400 lines', () => {
    const long = product.filter(({ text }) => text.split('\n').length > 401);
    assert.deepEqual(
      long.map(({ path }) => path),
      [],
    );
  });

  it('leave nothing for later and switch nothing off', () => {
    // Put together here, so that this file is not among what it finds.
    const words = ['TO-DO', 'FIX-ME', 'XX-X'].map((word) => word.replace('-', '')).join('|');
    const marks = new RegExp(`\\b(?:${words})\\b|@ts-(?:ignore|nocheck)\\b|\\b(?:describe|it)[.]only\\(`);
    assert.deepEqual(
      all.filter(({ text }) => marks.test(text)).map(({ path }) => path),
      [],
    );
  });

  it('name rules as their files are named', () => {
    const rules = product.filter(
      ({ path, text }) => /^server\/src\/rules\/\w+\/[\w-]+\.ts$/.test(path) && /defineRule\(/.test(text),
    );
    assert.ok(rules.length > 20);
    for (const { path, text } of rules) {
      const [, category, id] = /rules\/(\w+)\/([\w-]+)\.ts$/.exec(path) ?? [];
      assert.ok(text.includes(`id: '${id}'`), `${path} has another id`);
      assert.ok(text.includes(`category: '${category}'`), `${path} has another category`);
    }
  });
});
