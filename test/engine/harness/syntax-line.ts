/** The first line that names a front end for BuildKit to pull, which there is no network for. */

/** A Dockerfile without it. */
export function takeOutSyntax(dockerfile: string): string {
  return hasSyntax(dockerfile) ? dockerfile.replace(/^.*\n?/, '') : dockerfile;
}

/** Whether its first line is one. */
export function hasSyntax(dockerfile: string): boolean {
  return /^\uFEFF?#[ \t]*syntax[ \t]*=/i.test(dockerfile);
}
