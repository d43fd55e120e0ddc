/** The grammar colours what it says, and no instruction runs into the next one. */
import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IGrammar } from 'vscode-textmate';
import { fixtures, reportMissing, sharedPath } from '../harness/paths';
import { type ColouredLine, colour, loadGrammar } from './tokens';

describe('grammar', () => {
  let grammar: IGrammar;
  let lines: ColouredLine[];

  before(async () => {
    grammar = await loadGrammar();
    lines = colour(grammar, readFileSync(join(fixtures, 'grammar/Dockerfile'), 'utf8'));
  });

  const scopesOf = (text: string, line: number): string | undefined =>
    lines[line - 1]?.tokens.find(([token]) => token.trim() === text)?.[1];

  const expected: readonly (readonly [line: number, text: string, scope: string])[] = [
    [1, 'syntax', 'keyword.control.directive'],
    [2, 'a comment', 'comment.line.number-sign'],
    [3, 'NAME', 'variable.other.readwrite'],
    [4, 'FROM', 'keyword.other.special-method'],
    [4, '--platform', 'entity.other.attribute-name.flag'],
    [4, '$BUILDPLATFORM', 'variable.other.normal'],
    [4, ':-', 'keyword.operator.expansion'],
    [4, 'AS', 'keyword.other.special-method'],
    [4, 'build', 'entity.name.type.stage'],
    [5, 'run', 'keyword.other.special-method'],
    [5, 'target', 'variable.parameter.flag'],
    [5, '--network', 'entity.other.attribute-name.flag'],
    [5, '-y', 'variable.parameter.option.shell'],
    [5, '\\', 'constant.character.escape.line-continuation'],
    [6, 'why this one', 'comment.line.number-sign'],
    [9, '$HOME', 'string.quoted.double variable.other.normal'],
    [10, 'continued', 'string.quoted.double'],
    [10, '# done', 'comment.line.number-sign.shell'],
    [11, '\\t', 'constant.character.escape'],
    [13, 'EOF', 'keyword.control.heredoc-token'],
    [14, "echo it's", 'meta.embedded.block.shellscript'],
    [17, "print('x')", 'meta.embedded.block.python'],
    [20, "body $x 'quote", 'string.unquoted.heredoc'],
    [22, 'CMD', 'keyword.other.special-method'],
    [23, '443/tcp', 'constant.numeric.port'],
    [24, 'ONBUILD', 'keyword.control.onbuild'],
    [24, '$(', 'string.interpolated.dollar.shell'],
    [25, 'apt-lists-kept', 'string.unquoted.directive'],
    [27, 'USER', 'keyword.other.special-method'],
  ];
  for (const [line, text, scope] of expected) {
    it(`line ${line}: ${text} is ${scope}`, () =>
      assert.ok(scopesOf(text, line)?.includes(scope), scopesOf(text, line)));
  }

  it('takes a test in brackets for shell, not for exec form', () => {
    assert.ok(lines[11]?.tokens.every(([, scopes]) => !scopes.includes('exec-form')));
  });

  it('ends every instruction where it ends, in real files too', function () {
    this.timeout(60_000);
    const folder = sharedPath('corpus/dockerfiles');
    if (!folder) reportMissing('corpus/dockerfiles', 'the grammar is tried on the fixtures alone');
    const files = folder ? readdirSync(folder).map((file) => join(folder, file)) : [];
    for (const file of [join(fixtures, 'grammar/Dockerfile'), ...files]) {
      const text = readFileSync(file, 'utf8');
      // Where backticks continue lines, they cannot be told from the shell's: the grammar does not read directives.
      if (/^#\s*escape\s*=\s*`/im.test(text)) continue;
      assert.deepEqual(wrongEnds(colour(grammar, text)), [], file);
    }
  });
});

/** The numbers of lines after which an instruction does not end or go on as a backslash says, before any heredoc. */
function wrongEnds(lines: readonly ColouredLine[]): number[] {
  const heredoc = lines.findIndex((line) => line.text.includes('<<'));
  const wrong: number[] = [];
  let goesOn = false;
  for (const [index, line] of lines.slice(0, heredoc < 0 ? undefined : heredoc).entries()) {
    const isBetween = /^\s*#/.test(line.text) || (goesOn && line.text.trim() === '');
    if (!isBetween) goesOn = /\\[ \t]*$/.test(line.text);
    if (line.goesOn !== goesOn) wrong.push(index + 1);
  }
  return wrong;
}
