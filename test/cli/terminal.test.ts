/** What reaches a terminal: colours, widths, harmless text, and Markdown made readable. */
import { strict as assert } from 'node:assert';
import { unifiedDiff } from '../../server/src/cli/diff';
import { isDockerfileName } from '../../server/src/cli/inputs';
import { languageOf } from '../../server/src/cli/language';
import { renderMarkdown } from '../../server/src/cli/markdown';
import { displayWidth, padTo, painter, visible, wantsColors } from '../../server/src/cli/terminal';

describe('terminal', () => {
  it('gets colours where somebody looks, unless the environment says otherwise', () => {
    assert.equal(wantsColors({}, true), true);
    assert.equal(wantsColors({}, undefined), false);
    assert.equal(wantsColors({ TERM: 'dumb' }, true), false);
    assert.equal(wantsColors({ NO_COLOR: '1' }, true), false);
    assert.equal(wantsColors({ NO_COLOR: '' }, true), true);
    assert.equal(wantsColors({ FORCE_COLOR: '1' }, false), true);
    assert.equal(wantsColors({ FORCE_COLOR: '0' }, true), false);
    assert.equal(wantsColors({ FORCE_COLOR: '1', NO_COLOR: '1' }, false), true);
    assert.equal(painter(false)('red', 'x'), 'x');
    assert.equal(painter(true)('red', 'x'), '\x1b[31mx\x1b[39m');
  });

  it('counts columns', () => {
    assert.equal(displayWidth('abc'), 3);
    assert.equal(displayWidth('한국어'), 6);
    assert.equal(displayWidth('e\u0301'), 1);
    assert.equal(displayWidth('😀'), 2);
    assert.equal(padTo('한', 4), '한  ');
  });

  it('shows control characters instead of obeying them', () => {
    assert.equal(visible('a\tb'), 'a\tb');
    assert.equal(visible('\x1b[31m\r\n\x7f'), '␛[31m␍␊␡');
    assert.equal(visible('a\u202eb\u009b'), 'a\ufffdb\ufffd');
  });

  it('renders the Markdown of rule pages', () => {
    const page = [
      '# title',
      '',
      'A **strong** word, some `code with blanks`, a [link](https://example.org/x) and',
      'more.',
      '',
      '- one two three four five six seven',
      '1. first',
      '',
      '```dockerfile',
      'RUN  a   b',
      '```',
      '- <https://example.org>',
    ].join('\n');
    assert.equal(
      renderMarkdown(page, painter(false), 30),
      [
        'title',
        '',
        'A strong word, some',
        'code with blanks, a',
        'link (https://example.org/x)',
        'and more.',
        '',
        '  • one two three four five',
        '    six seven',
        '  1. first',
        '',
        '  RUN  a   b',
        '  • https://example.org',
        '',
      ].join('\n'),
    );
    assert.equal(renderMarkdown('`x`', painter(true), 80), '\x1b[36mx\x1b[39m\n');
    assert.equal(renderMarkdown('a `` ` `` and ` alone', painter(false), 80), 'a ` and ` alone\n');
    assert.equal(renderMarkdown('**`code`**', painter(false), 80), 'code\n');
  });

  it('speaks the language of the environment', () => {
    assert.equal(languageOf({ LANG: 'ko_KR.UTF-8' }), 'ko');
    assert.equal(languageOf({ LANG: 'ko_KR.UTF-8', LC_ALL: 'en_US' }), 'en');
    assert.equal(languageOf({ LANG: 'C' }), null);
    assert.equal(languageOf({ LANG: '../x' }), null);
    assert.equal(languageOf({}), null);
  });

  it('writes patches with ranges and names as diff does', () => {
    assert.equal(unifiedDiff('x', 'a\n', 'a\n'), '');
    assert.equal(unifiedDiff('./x', null, 'a\nb\n'), '--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n');
    assert.equal(unifiedDiff('/x/y', 'a\n', 'b\n'), '--- a/x/y\n+++ b/x/y\n@@ -1 +1 @@\n-a\n+b\n');
    assert.equal(unifiedDiff('x', 'a', 'a\n'), '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n');
    assert.match(unifiedDiff('a b', 'a\n', 'b\n'), /^--- a\/a b\t\n\+\+\+ b\/a b\t\n/);
    assert.match(unifiedDiff('a"\n', 'a\n', 'b\n'), /^--- "a\/a\\"\\012"\n/);
  });

  it('knows Dockerfiles by their names', () => {
    for (const name of ['Dockerfile', 'Dockerfile.x', 'x.Dockerfile', 'Containerfile', 'Containerfile.x.y'])
      assert.equal(isDockerfileName(name), true, name);
    for (const name of [
      'dockerfile',
      '.Dockerfile',
      'Dockerfile.',
      'Dockerfile.dockerignore',
      'xDockerfile',
      'Dockerfile~',
    ])
      assert.equal(isDockerfileName(name), false, name);
  });
});
