/**
 * Histories of projects: real ones as facts (which paths each commit changed; test/fixtures/histories.json names repository,
 * commit and licence), and made ones, by how the kinds of files of such projects are known to change.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContextHistory } from '../../../server/src/context/history';
import { seededRandom } from '../../harness/corpus';
import { fixtures } from '../../harness/paths';

interface RecordedHistory {
  readonly repository: string;
  readonly commit: string;
  readonly licence: string;
  readonly paths: readonly string[];
  /** Newest first; positions in `paths`, null for a commit that changed very many. */
  readonly commits: readonly (readonly number[] | null)[];
}

/** What really happened in a repository. */
export function recordedHistory(repository: string): ContextHistory {
  const all = JSON.parse(readFileSync(join(fixtures, 'histories.json'), 'utf8')) as RecordedHistory[];
  const found = all.find((one) => one.repository === repository);
  if (!found) throw new Error(`no history of ${repository}`);
  const commits = found.commits.map((commit) => ({
    paths: commit?.map((index) => found.paths[index] ?? '') ?? null,
    weight: 1,
  }));
  return { source: 'git', commits, notes: [] };
}

/** Files that change in the same way. */
export interface Kind {
  readonly paths: readonly string[];
  /** The share of commits that begin with one of them. */
  readonly share: number;
}

/**
 * A history of 300 commits. Most commits touch a few files of one kind; now and then one of another kind goes along: tests with
 * the code, the lockfile with the manifest.
 */
export function madeHistory(kinds: readonly Kind[], seed: number): ContextHistory {
  const random = seededRandom(seed);
  const total = kinds.reduce((sum, kind) => sum + kind.share, 0);
  const pickKind = (): Kind | undefined => {
    let left = random() * total;
    return kinds.find((kind) => {
      left -= kind.share;
      return left <= 0;
    });
  };
  const pickPath = ({ paths }: Kind) => paths[Math.floor(random() * paths.length)] ?? '';
  const commits = Array.from({ length: 300 }, () => {
    const changed = new Set<string>();
    const main = pickKind();
    for (let more = true; more && main; more = random() < 0.45) changed.add(pickPath(main));
    if (random() < 0.15) {
      const other = pickKind();
      if (other) changed.add(pickPath(other));
    }
    return { paths: [...changed], weight: 1 };
  });
  return { source: 'git', commits, notes: [] };
}
