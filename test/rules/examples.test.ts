/** Every example of every rule is a test. */
import { contextFromFiles } from '../../server/src/context/memory';
import { parseFixture } from '../../server/src/rules/fixture';
import { rules } from '../../server/src/rules/registry.generated';
import type { Example, Rule } from '../../server/src/rules/rule';
import { type CheckOptions, checkDiagnostics, checkFix } from '../harness/checks';

const optionsOf = (rule: Rule, example: Example): CheckOptions => ({
  rule: rule.id,
  context: example.files ? contextFromFiles(example.files) : null,
  builder: example.builder ?? 'buildkit',
  ...(example.config && { config: example.config }),
});

const crlf = (text: string): string => text.replace(/\n/g, '\r\n');

/** The same file under `# escape=\``; null where the text uses backslashes or backticks for something else. */
function withBacktick(text: string): string | null {
  if (text.includes('`') || /^\s*#\s*\w+\s*=/.test(text)) return null;
  const continued = text.replace(/\\$/gm, '`');
  return continued.includes('\\') ? null : `# escape=\`\n${continued}`;
}

for (const rule of rules) {
  describe(`rule ${rule.id}`, () => {
    rule.examples.forEach((example, index) => {
      const options = optionsOf(rule, example);
      const label = `example ${index + 1}`;
      if ('ok' in example) {
        it(`${label} is silent because ${example.because}`, () => checkDiagnostics(example.ok, options));
        it(`${label} is silent with CRLF`, () => checkDiagnostics(crlf(example.ok), options));
        return;
      }
      it(`${label} is found`, () => checkDiagnostics(example.bad, options));
      const { good } = example;
      if (good === undefined) return;
      it(`${label} is fixed`, () => checkFix(example.bad, good, options));
      const bare = parseFixture(example.bad).text;
      it(`${label} is fixed with CRLF`, () => checkFix(crlf(bare), crlf(parseFixture(good).text), options));
      it(`${label} is fixed without a last newline`, () =>
        checkFix(bare.replace(/\n$/, ''), parseFixture(good).text.replace(/\n$/, ''), options));
      const bad = withBacktick(bare);
      const fixed = withBacktick(parseFixture(good).text);
      if (bad && fixed) it(`${label} is fixed with backtick as escape`, () => checkFix(bad, fixed, options));
    });
  });
}
