/** Lays what was recorded beside the steps of a Dockerfile, both in their order. Pure. */

export interface Aligned<Recorded, Own> {
  readonly recorded: Recorded;
  readonly own: Own;
  /** False where only the place says so: the text differs. */
  readonly isSame: boolean;
}

export interface AlignOptions<Recorded, Own> {
  /** The texts agree. */
  readonly isSame: (recorded: Recorded, own: Own) => boolean;
  /** The kinds agree, so that a place may decide. */
  readonly isLike: (recorded: Recorded, own: Own) => boolean;
  /** Both begin with the same, as a log of a stage does; an image's layers begin with those of its base. */
  readonly sameStart: boolean;
}

/**
 * The longest common sequence of what agrees in its text; and between two of these, where as many are left on one side as on
 * the other and all are alike, those by their place.
 */
export function align<Recorded, Own>(
  recorded: readonly Recorded[],
  own: readonly Own[],
  options: AlignOptions<Recorded, Own>,
): Aligned<Recorded, Own>[] {
  const result: Aligned<Recorded, Own>[] = [];
  let [left, right] = [0, 0];
  for (const [i, j] of [...commonSequence(recorded, own, options.isSame), [recorded.length, own.length] as const]) {
    if (result.length > 0 || options.sameStart)
      result.push(...byPlace(recorded.slice(left, i), own.slice(right, j), options));
    const [one, other] = [recorded[i], own[j]];
    if (one !== undefined && other !== undefined) result.push({ recorded: one, own: other, isSame: true });
    [left, right] = [i + 1, j + 1];
  }
  return result;
}

function byPlace<Recorded, Own>(
  recorded: readonly Recorded[],
  own: readonly Own[],
  { isLike }: AlignOptions<Recorded, Own>,
): Aligned<Recorded, Own>[] {
  if (recorded.length !== own.length) return [];
  return recorded.flatMap((one, index) => {
    const other = own[index];
    return other !== undefined && isLike(one, other) ? [{ recorded: one, own: other, isSame: false }] : [];
  });
}

/** Pairs of positions, ascending; where several are possible, the last ones, for an image ends with the Dockerfile. */
function commonSequence<Recorded, Own>(
  recorded: readonly Recorded[],
  own: readonly Own[],
  isSame: (recorded: Recorded, own: Own) => boolean,
): (readonly [number, number])[] {
  // lengths[i][j]: of the first i recorded and the first j of ours.
  const lengths = Array.from({ length: recorded.length + 1 }, () => new Uint16Array(own.length + 1));
  const agrees = recorded.map((one) => own.map((other) => isSame(one, other)));
  for (let i = 1; i <= recorded.length; i++) {
    for (let j = 1; j <= own.length; j++) {
      const best = Math.max(lengths[i - 1]?.[j] ?? 0, lengths[i]?.[j - 1] ?? 0);
      const paired = agrees[i - 1]?.[j - 1] ? (lengths[i - 1]?.[j - 1] ?? 0) + 1 : 0;
      const row = lengths[i];
      if (row) row[j] = Math.max(best, paired);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  let [i, j] = [recorded.length, own.length];
  while (i > 0 && j > 0) {
    const here = lengths[i]?.[j] ?? 0;
    if (agrees[i - 1]?.[j - 1] && here === (lengths[i - 1]?.[j - 1] ?? 0) + 1) {
      pairs.unshift([i - 1, j - 1]);
      i--;
      j--;
    } else if (here === (lengths[i - 1]?.[j] ?? 0)) i--;
    else j--;
  }
  return pairs;
}
