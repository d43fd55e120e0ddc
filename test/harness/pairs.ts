/** Files before and after a safe fix, one JSON file a pair: test/fixtures/pairs/<rule>/<name>.json. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures } from './paths';

export interface Pair {
  readonly rule: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** The only builder that it is for, and that is configured; BuildKit is configured and both build it where it is left out. */
  readonly builder?: 'buildkit' | 'legacy';
  /** The files of the build context; nothing is known of it where it is left out. */
  readonly files?: Readonly<Record<string, string>>;
}

const folder = join(fixtures, 'pairs');

/** All pairs of a rule, or of all rules. */
export function readPairs(rule?: string): Pair[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((id) => rule === undefined || id === rule)
    .flatMap((id) =>
      readdirSync(join(folder, id)).map((file) => ({
        ...(JSON.parse(readFileSync(join(folder, id, file), 'utf8')) as Omit<Pair, 'rule' | 'name'>),
        rule: id,
        name: file.replace(/\.json$/, ''),
      })),
    );
}
