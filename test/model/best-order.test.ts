/** The order that costs least: against trying all orders, and in time for long files. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { optimize } from '../../server/src/analysis/optimize';
import type { ContextHistory } from '../../server/src/context/history';
import { contextFromFiles } from '../../server/src/context/memory';
import { assumedHistory } from '../../server/src/model/assumed-history';
import { costOfOrder, leastCostOrder, type OrderProblem } from '../../server/src/model/best-order';
import { betterOrders } from '../../server/src/model/stage-order';
import { defaultConfig } from '../../server/src/rules/config';
import { analyzeText } from '../harness/checks';

/** All orders of a problem that keep what is fixed. */
function* allOrders(problem: OrderProblem, order: readonly number[] = []): Generator<readonly number[]> {
  const { costs } = problem;
  if (order.length === costs.length) yield order;
  for (const step of costs.keys()) {
    if (order.includes(step)) continue;
    const isFree = [...costs.keys()].every(
      (above) => above >= step || order.includes(above) || !problem.fixed(above, step),
    );
    if (isFree) yield* allOrders(problem, [...order, step]);
  }
}

const problems = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }))
  .chain(([steps, changes]) =>
    fc.record({
      costs: fc.array(fc.constantFrom(0, 0, 0.1, 1, 5, 30), { minLength: steps, maxLength: steps }),
      hits: fc.array(fc.subarray([...Array(changes).keys()]), { minLength: steps, maxLength: steps }),
      weights: fc.array(fc.constantFrom(0.05, 0.2, 0.5), { minLength: changes, maxLength: changes }),
      pairs: fc.array(fc.boolean(), { minLength: steps * steps, maxLength: steps * steps }),
    }),
  )
  .map(
    ({ costs, hits, weights, pairs }): OrderProblem => ({
      costs,
      weights,
      hits: hits.map((hit) => new Set(hit)),
      fixed: (above, below) => pairs[above * costs.length + below] ?? true,
    }),
  );

describe('the order that costs least', () => {
  it('is the one that trying all of them finds', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { order, cost, bound } = leastCostOrder(problem);
        const least = Math.min(...[...allOrders(problem)].map((one) => costOfOrder(problem, one)));
        assert.ok(Math.abs(cost - least) < 1e-6, `${cost} instead of ${least}`);
        assert.ok(Math.abs(bound - least) < 1e-6, `bound ${bound}`);
        assert.equal(new Set(order).size, problem.costs.length);
        for (const [index, step] of order.entries())
          for (const later of order.slice(index + 1)) assert.ok(later > step || !problem.fixed(later, step));
      }),
      { numRuns: 400 },
    );
  });

  it('leaves everything in its place where nothing is gained', () => {
    const hits = [new Set<number>(), new Set([0]), new Set<number>(), new Set<number>()];
    const problem = { costs: [5, 1, 0, 0], hits, weights: [1], fixed: () => false };
    assert.deepEqual(leastCostOrder(problem).order, [0, 1, 2, 3]);
    const gaining = {
      ...problem,
      costs: [5, 1, 0, 7],
      fixed: (above: number, below: number) => above === 1 && below === 2,
    };
    assert.deepEqual(leastCostOrder(gaining).order, [0, 3, 1, 2]);
  });

  it('is good and has a bound where there are too many', () => {
    const count = 60;
    const numbers = [...Array(count).keys()];
    const problem: OrderProblem = {
      costs: numbers.map((step) => (step * 7) % 11),
      hits: numbers.map((step) => new Set([step])),
      weights: numbers.map((step) => ((step * 5) % 13) / 400),
      fixed: (above, below) => (above * below) % 7 === 1,
    };
    const { cost, bound, order } = leastCostOrder(problem);
    assert.ok(bound <= cost && bound > 0);
    assert.ok(cost < costOfOrder(problem, numbers), 'better than as it was');
    assert.equal(new Set(order).size, count);
  });
});

describe('orders of stages', () => {
  const git = (...commits: readonly (readonly string[])[]): ContextHistory => ({
    source: 'git',
    commits: commits.map((paths) => ({ paths, weight: 1 })),
    notes: [],
  });
  const reordered = (text: string, history: ContextHistory): string => {
    const context = contextFromFiles({ Dockerfile: text });
    return optimize(text, { config: { ...defaultConfig, select: ['volatile-copy-first'] }, context, history }).text;
  };

  it('follow the history of the very project, against what is usual', () => {
    const text =
      'FROM debian:12\nCOPY conf /srv/conf\nCOPY src /srv/src\nRUN apt-get update && apt-get install -y curl\n';
    const busyConf = git(['conf/a'], ['conf/a'], ['conf/b'], ['src/x']);
    assert.equal(
      reordered(text, busyConf),
      'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCOPY src /srv/src\nCOPY conf /srv/conf\n',
    );
    const busySource = git(['src/a'], ['src/a'], ['src/b'], ['conf/x']);
    assert.equal(
      reordered(text, busySource),
      'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCOPY conf /srv/conf\nCOPY src /srv/src\n',
    );
  });

  it('go across ENV, ARG, LABEL, USER and WORKDIR, which keep their places', () => {
    const text = `FROM debian:12
WORKDIR /srv
# the application
COPY src /srv/src
ENV A=1
LABEL b=c
ARG D=e
RUN apt-get update && apt-get install -y curl
USER 1000
CMD ["/srv/src/run"]
`;
    assert.equal(
      reordered(text, git(['src/a'])),
      `FROM debian:12
WORKDIR /srv
ENV A=1
LABEL b=c
ARG D=e
RUN apt-get update && apt-get install -y curl
# the application
COPY src /srv/src
USER 1000
CMD ["/srv/src/run"]
`,
    );
  });

  it('leave alone what is not proven, what gains nothing, and what the author objects to', () => {
    const history = git(['src/a'], ['src/a']);
    for (const text of [
      'FROM debian:12\nCOPY src /srv/src\nRUN /srv/src/setup.sh\n',
      'FROM debian:12\nCOPY src /etc/src\nRUN apt-get update && apt-get install -y curl\n',
      'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCOPY src /srv/src\n',
      'FROM debian:12\n# layerwise ignore=volatile-copy-first\nCOPY src /srv/src\nRUN apt-get update && apt-get install -y curl\n',
    ])
      assert.equal(reordered(text, history), text);
    const text = 'FROM debian:12\nCOPY src /srv/src\nRUN apt-get update && apt-get install -y curl\n';
    const config = { ...defaultConfig, ignore: ['volatile-copy-first'] };
    assert.ok(optimize(text, { config, context: null, history }).text.indexOf('COPY') < 30);
  });

  it('keep line ends and a last line without one', () => {
    const text = 'FROM debian:12\r\nCOPY src /srv/src\r\nRUN apt-get update \\\r\n  && apt-get install -y curl';
    assert.equal(
      reordered(text, git(['src/a'])),
      'FROM debian:12\r\nRUN apt-get update \\\r\n  && apt-get install -y curl\r\nCOPY src /srv/src',
    );
  });

  it('take little time for 100 instructions', () => {
    const lines = ['FROM node:22', 'WORKDIR /app', 'COPY . .'];
    for (let index = 0; lines.length < 97; index++)
      lines.push(
        [
          `COPY conf/f${index}.conf /opt/c${index}/`,
          `RUN apt-get update && apt-get install -y p${index}`,
          `ENV A${index}=${index}`,
          `RUN mkdir -p /data/d${index}`,
        ][index % 4] ?? '',
      );
    lines.push('COPY src /srv/src', 'RUN make -C /srv/src', 'CMD ["x"]');
    const text = `${lines.join('\n')}\n`;
    const times = [1, 2, 3, 4, 5].map((round) => {
      const { model } = analyzeText(text + '\n'.repeat(round));
      const history = assumedHistory(model, null);
      const started = process.cpuUsage();
      assert.equal(betterOrders(model, null, history, null).length, 1);
      return process.cpuUsage(started).user / 1000;
    });
    // Meant to be less than 100; a busy or slow machine takes longer, a search that grows without a bound much longer.
    console.log(`    ${Math.min(...times).toFixed(0)} ms of processor time`);
    assert.ok(Math.min(...times) < 1000, times.map((time) => time.toFixed(0)).join());
  });
});
