/** What a COPY source takes from a build context. */
import { strict as assert } from 'node:assert';
import type { BuildContext, ContextEntry } from '../../server/src/context/context';
import { compileGlob } from '../../server/src/context/go-paths';
import { filesBelow, isIncluded, matchSource } from '../../server/src/context/sources';

/** A context of files; `x/` is a folder, `x@` a link. */
function contextOf(paths: readonly string[], ignore?: string, complete = true): BuildContext {
  const entries = new Map<string, ContextEntry>();
  for (const path of paths) {
    const bare = path.replace(/[/@]$/, '');
    const parts = bare.split('/');
    for (let length = 1; length < parts.length; length += 1)
      entries.set(parts.slice(0, length).join('/'), { type: 'directory', size: 0 });
    entries.set(bare, { type: path.endsWith('/') ? 'directory' : path.endsWith('@') ? 'link' : 'file', size: 0 });
  }
  return {
    ignoreFile: ignore === undefined ? null : { path: '.dockerignore', text: ignore },
    dockerfilePath: 'Dockerfile',
    complete,
    entries,
    text: () => undefined,
  };
}

const project = [
  'Dockerfile',
  'package.json',
  'package-lock.json',
  'src/index.ts',
  'src/lib/a.ts',
  'docs/',
  'a[0].txt',
];

describe('COPY sources', () => {
  it('finds files and folders however they are written', () => {
    const context = contextOf(project);
    for (const source of ['src', './src', '/src', 'src/', '/./src//', 'src/lib/..', 'src/.'])
      assert.deepEqual(matchSource(context, source).matched, ['src'], source);
    assert.deepEqual(matchSource(context, 'src/index.ts').matched, ['src/index.ts']);
    assert.deepEqual(matchSource(context, 'missing').matched, []);
    for (const source of ['.', './', '/', 'src/..'])
      assert.deepEqual(matchSource(context, source).matched, [''], source);
  });

  it('keeps inside the context and says so', () => {
    const context = contextOf(project);
    const match = matchSource(context, '../../src');
    assert.equal(match.leavesContext, true);
    assert.deepEqual(match.matched, ['src']);
    assert.equal(matchSource(context, 'src/../docs').leavesContext, false);
    assert.equal(matchSource(context, '..data').leavesContext, false);
  });

  it('resolves wildcards folder by folder', () => {
    const context = contextOf(project);
    assert.deepEqual(matchSource(context, 'package*.json').matched, ['package.json', 'package-lock.json']);
    assert.deepEqual(matchSource(context, '*.ts').matched, []);
    assert.deepEqual(matchSource(context, '*/*.ts').matched, ['src/index.ts']);
    assert.deepEqual(matchSource(context, 'src/*').matched, ['src/index.ts', 'src/lib']);
    assert.deepEqual(matchSource(context, 's?c').matched, ['src']);
    assert.deepEqual(matchSource(context, 'a[[]0].txt').matched, ['a[0].txt']);
    // Two stars are no more than one here.
    assert.deepEqual(matchSource(context, 'src/**/a.ts').matched, ['src/lib/a.ts']);
    assert.deepEqual(matchSource(context, '**/a.ts').matched, []);
    assert.deepEqual(matchSource(context, '[x').matched, []);
  });

  it('leaves out what the ignore file leaves out', () => {
    const context = contextOf(project, 'src\n*.json\n!package.json\n');
    assert.deepEqual(matchSource(context, 'package*.json'), {
      path: 'package*.json',
      isPattern: true,
      leavesContext: false,
      matched: ['package.json'],
      ignored: ['package-lock.json'],
      certain: true,
    });
    assert.deepEqual(matchSource(context, 'src').ignored, ['src']);
    assert.deepEqual(matchSource(context, 'src/index.ts').ignored, ['src/index.ts']);
  });

  it('keeps an ignored folder in which something is let in again', () => {
    const context = contextOf(project, 'src\n!src/lib/a.ts\n');
    assert.equal(isIncluded(context, 'src'), true);
    assert.equal(isIncluded(context, 'src/lib'), true);
    assert.equal(isIncluded(context, 'src/index.ts'), false);
    assert.deepEqual(filesBelow(context, 'src'), ['src/lib/a.ts']);
    assert.deepEqual(matchSource(context, 'src').matched, ['src']);
  });

  it('lists the files below a path', () => {
    const context = contextOf(project, 'docs');
    assert.deepEqual(filesBelow(context, 'src'), ['src/index.ts', 'src/lib/a.ts']);
    assert.deepEqual(filesBelow(context, 'package.json'), ['package.json']);
    assert.equal(filesBelow(context, '').length, 6);
  });

  it('says where finding nothing proves nothing', () => {
    const context = contextOf([...project, 'node_modules/', 'current@', '.git/']);
    assert.equal(matchSource(context, 'missing').certain, true);
    assert.equal(matchSource(context, 'node_modules').certain, true);
    assert.equal(matchSource(context, 'node_modules/x').certain, false);
    assert.equal(matchSource(context, '.git/HEAD').certain, false);
    assert.equal(matchSource(context, 'current/x').certain, false);
    assert.equal(matchSource(contextOf(project, undefined, false), 'missing').certain, false);
  });

  it('matches globs as Go does', () => {
    const cases: [string, string, boolean | null][] = [
      ['a*', 'abc', true],
      ['a*', 'ab/c', false],
      ['a*/b', 'a/c/b', false],
      ['ab[c]', 'abc', true],
      ['ab[^c]', 'abc', false],
      ['ab[^b-d]', 'abe', true],
      ['a\\*b', 'a*b', true],
      ['a\\*b', 'axb', false],
      ['a?b', 'a☺b', true],
      ['a[^a]b', 'a☺b', true],
      ['a???b', 'a☺b', false],
      ['[a-ζ]*', 'α', true],
      ['*[a-ζ]', 'A', false],
      ['a[^a]b', 'a/b', true],
      ['a?b', 'a/b', false],
      ['[\\]a]', ']', true],
      ['[\\-x]', '-', true],
      ['[x\\-]', 'z', false],
      ['[z-a]', 'm', false],
      ['[]a]', ']', null],
      ['[-]', '-', null],
      ['[x-]', 'x', null],
      ['[-x]', 'x', null],
      ['[a-b-c]', 'a', null],
      ['[', 'a', null],
      ['[^', 'a', null],
      ['[^bc', 'a', null],
      ['a[', 'ab', null],
      ['\\', 'a', null],
      ['*x', 'xxx', true],
    ];
    for (const [pattern, name, expected] of cases)
      assert.equal(compileGlob(pattern)?.test(name) ?? null, expected, `${pattern} on ${name}`);
  });
});
