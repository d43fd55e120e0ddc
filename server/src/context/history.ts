/** How the files of a build context changed in the past, as plain data. Pure: node/ asks git, or the kinds of files stand in. */

export interface ContextHistory {
  /** `git`: what really happened. `assumed`: what usually happens to files of these kinds. */
  readonly source: 'git' | 'assumed';
  /** Newest first; each stands for a rebuild. */
  readonly commits: readonly ContextCommit[];
  /** Localized sentences: what the history rests on, and what was not found. */
  readonly notes: readonly string[];
}

export interface ContextCommit {
  /**
   * Changed files relative to the context, '/'-separated, under the names that they have now; deleted ones too. Null where so
   * much changed that everything is taken to have changed.
   */
  readonly paths: readonly string[] | null;
  /** How many rebuilds it stands for; 1 for a real commit. */
  readonly weight: number;
}
