/** `# check=` switches BuildKit's checks off and on as BuildKit does, at the top and above an instruction. */
import assert from 'node:assert/strict';
import { analyzeText } from '../harness/checks';

/** Line, severity and BuildKit's name of what is found. */
function found(text: string): string[] {
  const { findings, dockerfile } = analyzeText(text);
  return findings.flatMap(({ aliases, at, severity }) =>
    aliases
      .filter((alias) => /^[A-Z]+[a-z]/.test(alias))
      .map((alias) => `${dockerfile.lines.lineAt(at.start) + 1} ${severity} ${alias}`),
  );
}

describe('# check=', () => {
  it('skips by name, as written, or all', () => {
    assert.deepEqual(found('# check=skip=FromAsCasing\nFROM scratch as A\n'), ['2 hint StageNameCasing']);
    assert.deepEqual(found('# check=skip=fromascasing,stagenamecasing\nFROM scratch as A\n').length, 2);
    assert.deepEqual(found('# check=skip=all\nFROM scratch as A\nCMD a\nMAINTAINER me\n'), []);
  });

  it('holds for one instruction when it stands above it, the first one only', () => {
    const text = 'FROM scratch\n# check=skip=JSONArgsRecommended // fine\nCMD a\nENTRYPOINT b\n';
    assert.deepEqual(found(text), ['4 warning JSONArgsRecommended']);
    const twice = 'FROM scratch\n# check=skip=X\n# check=skip=all\nCMD a\n';
    assert.deepEqual(found(twice), ['4 warning JSONArgsRecommended']);
  });

  it('error=true makes findings errors', () => {
    assert.deepEqual(found('# check=error=true\nFROM scratch as A\n').sort(), [
      '2 error FromAsCasing',
      '2 error StageNameCasing',
    ]);
    assert.deepEqual(found('# check=skip=all;error=true\nFROM scratch as A\n'), []);
  });

  it('experimental= asks for checks that are off', () => {
    const text = 'ARG A=1\n# remark\nARG B=1\nFROM scratch\n';
    assert.deepEqual(found(text), []);
    assert.deepEqual(found(`# check=experimental=all\n${text}`), ['4 warning InvalidDefinitionDescription']);
    const named = `# check=skip=all;experimental=InvalidDefinitionDescription\n${text}`;
    assert.deepEqual(found(named), ['4 warning InvalidDefinitionDescription']);
    const local = 'FROM scratch\n# check=experimental=all\n# one\nARG A\n# two\nARG B\n';
    assert.deepEqual(found(local), ['4 warning InvalidDefinitionDescription']);
  });
});
