/**
 * The test cases of two other tools, trivy-checks and docker-parfum, read where they are. A case says of one of their checks
 * whether it holds; the rules that are there for the same thing have to say so too, but for the differences that are listed.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { analyze } from '../../server/src/analysis/analyze';
import { defaultConfig } from '../../server/src/rules/config';
import { rules } from '../../server/src/rules/registry.generated';
import { reportMissing, sharedPath } from '../harness/paths';
import { differences, untried } from './peer-differences';
import { counterparts } from './peer-rules';

interface Case {
  readonly source: string;
  readonly id: string;
  readonly rule: string;
  readonly dockerfile: string;
  readonly verdict: 'good' | 'bad' | null;
}

/** What we say of a case. */
interface Outcome {
  readonly one: Case;
  readonly id: string;
  /** Our rules for it. */
  readonly rules: readonly string[];
  readonly agrees: boolean;
}

const existing: ReadonlySet<string> = new Set(rules.map(({ id }) => id));

describe('the cases of other tools', () => {
  for (const name of ['trivy_checks', 'docker_parfum'])
    it(`${name} are judged alike, but for what is explained`, function () {
      const path = sharedPath(`peers/${name}.jsonl`);
      if (!path) {
        reportMissing(`peers/${name}.jsonl`, 'the cases of that tool are not tried');
        return this.skip();
      }
      const cases = readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Case);
      const outcomes = cases.flatMap((one) => judge(one) ?? []);
      const agreed = outcomes.filter(({ agrees }) => agrees).length;
      const share = agreed / outcomes.length;
      console.log(
        `    ${name}: ${agreed} of ${outcomes.length} cases judged alike (${(share * 100).toFixed(1)} %), ${cases.length - outcomes.length} without a rule`,
      );
      const unexplained = outcomes.filter(({ agrees, id }) => !agrees && !differences[id]);
      assert.deepEqual(unexplained.map(describeOutcome), []);
      const stale = outcomes.filter(({ agrees, id }) => agrees && differences[id]);
      assert.deepEqual(
        stale.map(({ id }) => id),
        [],
        'explained, but there is no difference',
      );
      assert.ok(share >= 0.95, `${(share * 100).toFixed(1)} % of ${outcomes.length}`);
    });
});

/** What we say of a case; null where it names no single check that we have a rule for. */
function judge(one: Case): Outcome | null {
  const counterpart = counterparts[`${one.source}/${one.rule}`];
  if (untried[`${one.source}/${one.id}`]) return null;
  if (!counterpart || one.verdict === null || !counterpart.rules.some((id) => existing.has(id))) return null;
  const asked = one.verdict === 'bad' ? [...counterpart.rules, ...(counterpart.or ?? [])] : counterpart.rules;
  const wanted = asked.filter((id) => existing.has(id));
  const config = { ...defaultConfig, select: wanted };
  const { findings } = analyze(complete(one.dockerfile), { config, context: null });
  return {
    one,
    id: `${one.source}/${one.id}`,
    rules: wanted,
    agrees: findings.length > 0 === (one.verdict === 'bad'),
  };
}

/**
 * Many cases are instructions without a FROM: these get one of which nothing is known. Where a case was written anew from a
 * tree, an empty FROM stands for what was above the first one.
 */
function complete(dockerfile: string): string {
  const written = dockerfile.replace(/^FROM *\n/, '');
  return /^\s*FROM\s/im.test(written) ? written : `FROM example.com/base:1\n${written}`;
}

function describeOutcome({ one, id, rules: wanted }: Outcome): string {
  return `${id} (${one.rule}, ${one.verdict}): ${one.verdict === 'bad' ? 'missed' : 'found'} by ${wanted.join(', ')}`;
}
