/** Whether what a command prints may be read by anybody. */
import assert from 'node:assert/strict';
import { isOutputKept, type OutputChannel } from '../../server/src/shell/kept-output';
import { script } from './script';

/** Scripts in which `say` prints, and whether that is kept. */
const cases: Readonly<Record<OutputChannel, Readonly<Record<string, boolean>>>> = {
  any: {
    'say && b': false,
    'say > /dev/null 2>&1': false,
    'say >&2': false,
    'cat < f | sort > g; say': false,
    'a | say': false,
    'if a; then say; fi > /dev/null': false,
    'say > f': true,
    'say 2>&1 | tee f': true,
    'x=$(say)': true,
    '{ a; say; } > f': true,
    '(say) >> f': true,
    'for i in 1 2; do say; done | sort': true,
    'exec > f; say': true,
    'f() { say; }; f > g': true,
    "sh -c 'say' > f": true,
  },
  errors: {
    'say > f': false,
    'say | tar x': false,
    'x=$(say)': false,
    'say 2> f': true,
    'say >& f': true,
    '{ say; } 2> f': true,
    'while a; do say; done 2>> f': true,
    'exec 2> f; say': true,
    "sh -c 'say' 2> f": true,
  },
};

describe('what happens to output', () => {
  for (const channel of ['any', 'errors'] as const)
    for (const [text, expected] of Object.entries(cases[channel]))
      it(`${channel}: ${text}`, () => {
        const parsed = script(text);
        const command = parsed.commands.find(({ name }) => name === 'say');
        assert.ok(command);
        assert.equal(isOutputKept(parsed, command, channel), expected);
      });
});
