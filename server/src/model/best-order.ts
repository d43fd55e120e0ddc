/**
 * The order of steps with the least expected cost, among those that keep every pair in its order that has to stay so. Exact for
 * as many volatile steps as files have; beyond that a heuristic, with a bound on what it may have missed. Pure.
 */

/** The steps of a chain, in their order, as numbers. */
export interface OrderProblem {
  /** Seconds of each step. */
  readonly costs: readonly number[];
  /** For each step the changes that hit it by itself (numbers into `weights`); in a chain they hit all behind it too. */
  readonly hits: readonly ReadonlySet<number>[];
  /** How often each change happens. */
  readonly weights: readonly number[];
  /** Whether two steps, the first of them above, have to stay in this order. Dear to ask: each pair is asked once at most. */
  fixed(above: number, below: number): boolean;
}

export interface Order {
  /** Positions in the problem, in their new order. */
  readonly order: readonly number[];
  /** Expected cost of it. */
  readonly cost: number;
  /** No order can cost less than this; the cost itself where the search was exhaustive. */
  readonly bound: number;
}

/** Work done before the search settles for what it found: a state costs as much as there are steps. */
const workLimit = 30_000;
/** Differences below this are none. */
const epsilon = 1e-9;

/** What an order costs. */
export function costOfOrder(problem: OrderProblem, order: readonly number[]): number {
  const changes = changesOf(problem);
  let union = changes.none;
  let cost = 0;
  for (const step of order) {
    union |= changes.of(step);
    cost += (problem.costs[step] ?? 0) * changes.weight(union);
  }
  return cost;
}

/** Finds the order with the least cost; where several cost the same, one that moves little. */
export function leastCostOrder(problem: OrderProblem): Order {
  const search = createSearch(problem);
  const best = search.run();
  const order = nearestOrder(search, best.sequence);
  return { order, cost: costOfOrder(problem, order), bound: best.isExact ? best.cost : search.bound() };
}

interface Changes {
  readonly none: bigint;
  of(step: number): bigint;
  weight(union: bigint): number;
}

function changesOf({ hits, weights }: OrderProblem): Changes {
  const masks = hits.map((hit) => [...hit].reduce((mask, change) => mask | (1n << BigInt(change)), 0n));
  const known = new Map<bigint, number>();
  return {
    none: 0n,
    of: (step) => masks[step] ?? 0n,
    weight(union) {
      const sum = known.get(union);
      if (sum !== undefined) return sum;
      let total = 0;
      for (const [change, weight] of weights.entries()) if ((union >> BigInt(change)) & 1n) total += weight;
      known.set(union, total);
      return total;
    },
  };
}

interface Search {
  readonly problem: OrderProblem;
  readonly changes: Changes;
  /** Whether all are placed that a step has to stay below. */
  isFree(placed: Uint8Array, step: number): boolean;
  run(): { readonly sequence: readonly number[]; readonly cost: number; readonly isExact: boolean };
  /** No order costs less. */
  bound(): number;
}

/** What is placed so far. */
interface State {
  /** 1 for each step that is placed. */
  readonly placed: Uint8Array;
  readonly union: bigint;
  readonly cost: number;
  readonly sequence: readonly number[];
}

function createSearch(problem: OrderProblem): Search {
  const { costs } = problem;
  const changes = changesOf(problem);
  const steps = costs.map((_, step) => step);
  const asked = new Map<number, boolean>();
  const isFixed = (above: number, below: number): boolean => {
    const key = above * steps.length + below;
    const known = asked.get(key) ?? problem.fixed(above, below);
    asked.set(key, known);
    return known;
  };
  /** What was in a step's way when it was last looked at: most often it still is, and nothing else need be asked. */
  const blockers = new Map<number, number>();
  const isFree = (placed: Uint8Array, step: number): boolean => {
    if (placed[step]) return false;
    const last = blockers.get(step);
    if (last !== undefined && !placed[last]) return false;
    for (let above = 0; above < step; above++) {
      if (placed[above] || !isFixed(above, step)) continue;
      blockers.set(step, above);
      return false;
    }
    return true;
  };
  const adds = (union: bigint, step: number) => (changes.of(step) & ~union) !== 0n;

  /** Changes that hit a step in every order: its own, and those of the steps that it has to stay below, as far as it is told by these. */
  const hit = steps.filter((step) => changes.of(step) !== 0n);
  const least = new Array<bigint>(steps.length).fill(0n);
  for (const step of steps) {
    let mask = changes.of(step);
    if ((costs[step] ?? 0) > epsilon || mask !== 0n)
      for (const above of hit) if (above < step && isFixed(above, step)) mask |= least[above] ?? 0n;
    least[step] = mask;
  }
  const boundFrom = ({ placed, union, cost }: State) =>
    steps.reduce(
      (sum, step) => (placed[step] ? sum : sum + (costs[step] ?? 0) * changes.weight(union | (least[step] ?? 0n))),
      cost,
    );

  /** A step is put behind the others; so is all that can be placed then without new changes: later it costs at least as much. */
  const place = (state: State, step: number | null): State => {
    const placed = state.placed.slice();
    const sequence = [...state.sequence];
    let { union, cost } = state;
    const put = (one: number) => {
      union |= changes.of(one);
      cost += (costs[one] ?? 0) * changes.weight(union);
      placed[one] = 1;
      sequence.push(one);
    };
    if (step !== null) put(step);
    for (let count = -1; count !== sequence.length; ) {
      count = sequence.length;
      for (const one of steps) if (!placed[one] && !adds(union, one) && isFree(placed, one)) put(one);
    }
    return { placed, union, cost, sequence };
  };
  const start = place({ placed: new Uint8Array(steps.length), union: 0n, cost: 0, sequence: [] }, null);

  const run: Search['run'] = () => {
    let best: State = greedy(start);
    const seen = new Map<string, number>();
    let work = 0;
    let isExact = true;
    const visit = (state: State): void => {
      if (state.sequence.length === steps.length) {
        if (state.cost < best.cost - epsilon) best = state;
        return;
      }
      if (boundFrom(state) >= best.cost - epsilon) return;
      const key = state.placed.join('');
      const known = seen.get(key);
      if (known !== undefined && known <= state.cost + epsilon) return;
      seen.set(key, state.cost);
      work += steps.length;
      if (work > workLimit) {
        isExact = false;
        return;
      }
      const next = steps.filter((step) => isFree(state.placed, step)).map((step) => place(state, step));
      work += steps.length * next.length;
      // The most promising first, so that others are cut off early.
      const byBound = next.map((one) => ({ one, bound: boundFrom(one) })).sort((a, b) => a.bound - b.bound);
      for (const { one } of byBound) visit(one);
    };
    visit(start);
    return { sequence: best.sequence, cost: best.cost, isExact };
  };
  const greedy = (from: State): State => {
    let state = from;
    while (state.sequence.length < steps.length) {
      const free = steps.filter((step) => isFree(state.placed, step)).map((step) => place(state, step));
      let best: State | undefined;
      let least = Number.POSITIVE_INFINITY;
      for (const one of free) {
        const bound = boundFrom(one);
        if (bound >= least - epsilon) continue;
        best = one;
        least = bound;
      }
      if (!best) break;
      state = best;
    }
    return state;
  };
  return { problem, changes, isFree, run, bound: () => boundFrom(start) };
}

/** An order with the cost of the sequence that leaves all where they are that need not move for it. */
function nearestOrder({ problem, changes, isFree }: Search, sequence: readonly number[]): number[] {
  const { costs } = problem;
  const place = new Map(sequence.map((step, index) => [step, index]));
  const before: Set<number>[] = costs.map(() => new Set());
  let union = changes.none;
  const unions = sequence.map((step) => {
    union |= changes.of(step);
    return union;
  });
  for (const step of sequence) {
    if ((costs[step] ?? 0) <= epsilon) continue;
    const own = unions[place.get(step) ?? 0] ?? changes.none;
    // What would make it dearer, and stands above it today, has to come after it.
    for (let above = 0; above < step; above++)
      if ((place.get(above) ?? 0) > (place.get(step) ?? 0) && (changes.of(above) & ~own) !== 0n)
        before[above]?.add(step);
  }
  const order: number[] = [];
  const done = new Uint8Array(costs.length);
  while (order.length < costs.length) {
    const next = costs.findIndex(
      (_, step) => !done[step] && [...(before[step] ?? [])].every((one) => done[one]) && isFree(done, step),
    );
    // Never happens: all demands are met by the sequence itself.
    if (next < 0) return [...sequence];
    order.push(next);
    done[next] = 1;
  }
  return order;
}
