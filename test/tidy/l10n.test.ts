/** Layerwise speaks Korean: every text has a translation, and none is left over or damaged. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { docKeys, keysInSource, messageKeys } from '../harness/l10n-keys';
import { root } from '../harness/paths';

const leastCoverage = 0.95;
const bundle = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.ko.json'), 'utf8')) as Readonly<
  Record<string, string>
>;
const messages = messageKeys();
const docs = docKeys();

describe('Korean', () => {
  it('is there for what Layerwise says', () => {
    const missing = untranslated(messages);
    const share = 1 - missing.length / messages.length;
    console.log(`  Korean: ${summary(messages)} messages, ${summary(docs)} texts of rules`);
    assert.ok(share >= leastCoverage, `Without a translation:\n${missing.join('\n')}`);
  });

  it('is there for nothing that Layerwise does not say any more', () => {
    const said = new Set([...messages, ...docs]);
    assert.deepEqual(
      Object.keys(bundle).filter((key) => !said.has(key)),
      [],
    );
  });

  it('has the same values and the same code as the English text', () => {
    const differing = Object.entries(bundle).filter(
      ([key, text]) => fixedParts(key).join('\n') !== fixedParts(text).join('\n'),
    );
    assert.deepEqual(differing, []);
  });

  it('is Korean', () => {
    const same = Object.entries(bundle).filter(
      ([key, text]) => text.trim() === '' || (text === key && /[a-z] [a-z]/i.test(key)),
    );
    assert.deepEqual(same, []);
  });
});

describe('keys of texts', () => {
  it('are found in strings, templates, conditionals and over several lines', () => {
    const source = [
      "l10n.t('It\\'s {0}', name);",
      'l10n.t(',
      '  // Why it is said.',
      '  "two",',
      ');',
      "l10n.t(kind === 'three' ? 'four' : `five`, l10n.t('six'));",
      "// l10n.t('seven')",
      'l10n.t(text); l10n.t(`${eight}`);',
    ].join('\n');
    assert.deepEqual(keysInSource(source), ["It's {0}", 'two', 'four', 'five', 'six']);
  });
});

function untranslated(keys: readonly string[]): readonly string[] {
  return keys.filter((key) => bundle[key] === undefined);
}

function summary(keys: readonly string[]): string {
  return `${keys.length - untranslated(keys).length} of ${keys.length}`;
}

/** What a translation takes over as it is: numbers of values and code, each once, since word order is free. */
function fixedParts(text: string): readonly string[] {
  return [...new Set(text.match(/`[^`]+`|\{\d+\}/g) ?? [])].sort();
}
