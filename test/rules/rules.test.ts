/** What holds for every rule. */
import assert from 'node:assert/strict';
import { rules } from '../../server/src/rules/registry.generated';

describe('all rules', () => {
  it('have names of their own', () => {
    const names = rules.map((rule) => rule.id);
    assert.deepEqual(names, [...new Set(names)]);
  });

  for (const rule of rules) {
    it(`${rule.id} is documented and has examples of both kinds`, () => {
      assert.match(rule.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      for (const part of [rule.docs.what, rule.docs.why, rule.docs.fix, rule.docs.ignore])
        assert.ok(part.length > 20, part);
      const bad = rule.examples.filter((example) => 'bad' in example);
      assert.ok(bad.length > 0, 'no bad example');
      assert.ok(rule.examples.length > bad.length, 'no example that is fine');
      if (rule.fix !== 'none')
        assert.ok(
          bad.some((example) => example.good !== undefined),
          'no fixed example',
        );
      assert.ok(rule.fix !== 'safe' || rule.changes === undefined || rule.changes.what.length > 0);
    });
  }
});
