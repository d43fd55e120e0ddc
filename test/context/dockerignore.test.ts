/** Ignore files mean what they mean to BuildKit: order, `!`, `**`, slashes, comments, folders that come back. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { isIgnored, matchesPathOrParent, parseIgnore } from '../../server/src/context/dockerignore';

/** Checks which of the paths an ignore file leaves out. */
function checkIgnored(lines: readonly string[], ignored: readonly string[], kept: readonly string[]): void {
  const rules = parseIgnore(lines.join('\n'));
  assert.deepEqual(rules.problems, []);
  for (const path of ignored) assert.equal(isIgnored(rules, path), true, `${lines.join(' ; ')} leaves out ${path}`);
  for (const path of kept) assert.equal(isIgnored(rules, path), false, `${lines.join(' ; ')} keeps ${path}`);
}

describe('dockerignore', () => {
  it('matches names at the top only, unlike .gitignore', () => {
    checkIgnored(['node_modules'], ['node_modules', 'node_modules/a/b.js'], ['app/node_modules', 'node_modules2']);
    checkIgnored(['*.md'], ['README.md'], ['docs/README.md', 'README.mdx']);
    checkIgnored(['docs/*.md'], ['docs/a.md'], ['a.md', 'docs/x/a.md']);
  });

  it('takes slashes around a pattern as nothing', () => {
    checkIgnored(['/build'], ['build', 'build/a'], ['x/build']);
    checkIgnored(['build/'], ['build', 'build/a'], ['x/build']);
    checkIgnored(['//a//b/'], ['a/b', 'a/b/c'], ['a', 'a/c']);
    checkIgnored(['./a/./b/../c'], ['a/c'], ['a/b']);
    checkIgnored(['../up', '/'], [], ['up', 'a']);
  });

  it('lets ** cross folders', () => {
    checkIgnored(['**/*.log'], ['a.log', 'x/a.log', 'x/y/z/a.log'], ['a.logs', 'x/log']);
    checkIgnored(['**/node_modules'], ['node_modules', 'a/b/node_modules/c'], ['a/xnode_modules']);
    checkIgnored(['**node_modules'], ['node_modules', 'xnode_modules', 'a/b/ynode_modules'], ['node_modulesx']);
    checkIgnored(['src/**'], ['src/a', 'src/a/b'], ['src', 'srcs/a']);
    checkIgnored(['src/**/*.ts'], ['src/a.ts', 'src/x/y/a.ts'], ['a.ts', 'src/a.js']);
    checkIgnored(['**'], ['a', 'a/b'], []);
    checkIgnored(['**/'], ['a', 'a/b'], []);
    checkIgnored(['a**'], ['a', 'ab', 'a/b', 'abc/d'], ['b']);
    checkIgnored(['**/a/**'], ['a/b', 'x/a/b/c'], ['b/c']);
    checkIgnored(['a/**/b'], ['a/b', 'a/x/b', 'a/x/y/b/c'], ['a', 'a/xb']);
  });

  it('stops * and ? at slashes', () => {
    checkIgnored(['*/*.txt'], ['a/b.txt'], ['b.txt', 'a/b/c.txt']);
    checkIgnored(['a?c'], ['abc', 'aéc', 'a😀c'], ['ac', 'a/c', 'abbc']);
    checkIgnored(['*'], ['a', '.hidden', 'a/b'], []);
  });

  it('reads classes and escapes', () => {
    checkIgnored(['[ab].txt'], ['a.txt', 'b.txt'], ['c.txt', '[ab].txt']);
    checkIgnored(['[^a].txt'], ['b.txt'], ['a.txt']);
    checkIgnored(['[a-c]x'], ['bx'], ['dx', '-x']);
    checkIgnored(['\\*.txt'], ['*.txt'], ['a.txt']);
    checkIgnored(['a\\?'], ['a?'], ['ab']);
    checkIgnored(['\\!important'], ['!important'], ['important']);
    checkIgnored(['\\#file'], ['#file'], ['file']);
  });

  it('takes no other character as special where nothing else is', () => {
    checkIgnored(
      ['a.b', 'c+d', 'e(f)', 'g{h}', 'i|j', 'k$', '^l'],
      ['a.b', 'c+d', 'e(f)', 'g{h}', 'i|j', 'k$', '^l'],
      ['aXb', 'ccd', 'i', 'j'],
    );
    checkIgnored(['a.b*', 'c+*', '(e)*', 'k$*'], ['a.bc', 'c+x', '(e)x', 'k$x'], ['aXbc', 'ccx', 'ex']);
    checkIgnored(['한국어/*.txt', 'ü*'], ['한국어/가.txt', 'über'], ['한국/가.txt']);
  });

  it('lets the last match win', () => {
    checkIgnored(['*.md', '!README.md'], ['a.md'], ['README.md']);
    checkIgnored(['!README.md', '*.md'], ['a.md', 'README.md'], []);
    checkIgnored(['*.md', '!README*.md', 'README-secret.md'], ['a.md', 'README-secret.md'], ['README.md']);
    checkIgnored(['*', '!src', '!package.json'], ['a', '.git/config'], ['src', 'src/a/b.ts', 'package.json']);
  });

  it('lets files below an ignored folder in again', () => {
    checkIgnored(['dist', '!dist/app.js'], ['dist', 'dist/b.js'], ['dist/app.js']);
    checkIgnored(['a', '!a/b', 'a/b/c'], ['a', 'a/x', 'a/b/c', 'a/b/c/d'], ['a/b', 'a/b/x']);
    checkIgnored(['**', '!**/*.go'], ['a', 'a/b.c'], ['a.go', 'a/b.go']);
    checkIgnored(['a/*', '!a/b'], ['a/c', 'a/c/b'], ['a', 'a/b', 'a/b/c']);
  });

  it('asks an exception again below a folder for which it did not count', () => {
    // The walk reaches `a` before anything is ignored, so `!a` is not asked there; below it, it no longer matches.
    const rules = parseIgnore('a/b\n!a\n');
    assert.equal(isIgnored(rules, 'a/b/c'), true);
    assert.equal(matchesPathOrParent(rules, 'a/b/c'), false);
  });

  it('reads comments, blanks, line ends and the byte order mark as Docker does', () => {
    checkIgnored(['# comment', '#a', '', '   ', '\t b \t', ' #c'], ['b', '#c'], ['a', 'comment', '#a']);
    checkIgnored(['a\r', 'b\r'], ['a', 'b'], []);
    checkIgnored(['\uFEFFa', 'b'], ['a', 'b'], []);
    checkIgnored(['*', '! a', '!/b'], ['c'], ['a', 'b']);
    checkIgnored(['a b'], ['a b'], ['a', 'b']);
    // What starts with `!` once it is cleaned is an exception, written so or not.
    checkIgnored(['*', '/!a', 'x/../!b'], ['c'], ['a', 'b']);
  });

  it('names the lines with which Docker refuses to build', () => {
    const { rules, problems } = parseIgnore('ok\n!\n[a\nb\\\n[]x]\n[z-a]\n!/\n');
    assert.deepEqual(
      problems.map(({ line, reason }) => [line, reason]),
      [
        [1, 'lone-exclamation'],
        [2, 'malformed'],
        [3, 'malformed'],
        [4, 'malformed'],
        [5, 'malformed'],
        [6, 'lone-exclamation'],
      ],
    );
    assert.deepEqual(
      rules.map((rule) => rule.pattern),
      ['ok'],
    );
  });

  it('asks for a source as the check CopyIgnoredFile does', () => {
    const rules = parseIgnore('*.md\ndocs\n');
    assert.equal(matchesPathOrParent(rules, 'README.md'), true);
    assert.equal(matchesPathOrParent(rules, 'docs/a/b'), true);
    assert.equal(matchesPathOrParent(rules, 'src/README.md'), false);
  });

  it('ignores what lies below an ignored folder unless an exception says otherwise', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'ab');
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const pattern = fc.array(fc.constantFrom('a', 'b', '*', '**', '?b', 'a*'), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), path, name, (patterns, folder, below) => {
        const rules = parseIgnore(patterns.map((parts) => parts.join('/')).join('\n'));
        if (isIgnored(rules, folder)) assert.equal(isIgnored(rules, `${folder}/${below}`), true);
        // Without exceptions both ways of asking agree.
        assert.equal(isIgnored(rules, folder), matchesPathOrParent(rules, folder));
      }),
    );
  });

  it('never throws, whatever the file says', () => {
    const character = fc.constantFrom(
      'a',
      '/',
      '*',
      '?',
      '[',
      ']',
      '^',
      '-',
      '\\',
      '!',
      '{',
      '2',
      '}',
      '|',
      '(',
      '.',
      '😀',
      ' ',
    );
    const line = fc.array(character, { maxLength: 10 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), line, (lines, path) => {
        const rules = parseIgnore(lines.join('\n'));
        assert.equal(typeof isIgnored(rules, path), 'boolean');
      }),
      { numRuns: 2000 },
    );
  });
});
