/** How stages are found by name, and what their names tell. */
import type { Stage } from './model';

/** Finds the stage that a name means, as BuildKit does: names ignore case, the latest of two same names wins. */
export function findStage<S extends Stage>(stages: readonly S[], name: string): S | null {
  const wanted = name.toLowerCase();
  for (let index = stages.length - 1; index >= 0; index--) {
    if (stages[index]?.name?.toLowerCase() === wanted) return stages[index] ?? null;
  }
  return null;
}

/** Image names that are Windows ones, by Microsoft's naming. */
export function looksLikeWindows(base: string): boolean {
  return /windows|nanoserver|servercore|win(?:64|32)\b|-ltsc\d{4}|\b(?:1709|1803|1809|1903|1909|2004|20H2)\b/i.test(
    base,
  );
}

/** The stage at the root of a chain of FROMs: the one that stands on an image or on scratch. */
export function rootOf(stage: Stage): Stage {
  let root = stage;
  while (root.parent) root = root.parent;
  return root;
}
