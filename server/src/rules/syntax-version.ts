/** Flags that only newer versions of the Dockerfile syntax have, without a `# syntax=` line that asks for one. */
import * as l10n from '@vscode/l10n';
import type { Dockerfile, InstructionBody } from '../syntax/tree';
import type { ValueProblem } from './value-problems';

/** By instruction: flags that became part of Dockerfile 1.20; the version built into Docker 28 refuses them. */
const newFlags: Readonly<Record<string, readonly string[]>> = {
  RUN: ['security', 'device'],
  COPY: ['parents'],
};

/** The flags of an instruction that the builder's own version of the syntax may not know. */
export function missingFeatures(file: Dockerfile, body: InstructionBody): ValueProblem[] {
  const flags = newFlags[body.keyword];
  if (!flags || body.flags.length === 0) return [];
  const found = body.flags.filter(({ name }) => flags.includes(name));
  if (found.length === 0 || asksForNewSyntax(file)) return [];
  return found.map(({ name, span }) => ({
    span,
    // Newer builders have the other two without being asked.
    ...(name !== 'security' && { severity: 'warning' as const }),
    message: l10n.t(
      '`{0}` is part of Dockerfile 1.20: without `# syntax=docker/dockerfile:1` Docker 28 does not know it',
      `--${name}`,
    ),
  }));
}

/** Whether the syntax line names a version that has them, or one that nothing is known of. */
function asksForNewSyntax(file: Dockerfile): boolean {
  const syntax = file.directives.find(({ name }) => name === 'syntax')?.value;
  if (syntax === undefined) return false;
  const version = /(?:^|\/)docker\/dockerfile(?:-upstream)?:(\d+)\.(\d+)/.exec(syntax);
  if (!version || syntax.includes('labs')) return true;
  return Number(version[1]) > 1 || Number(version[2]) >= 20;
}

/** Whether the syntax line, or Docker 28's own syntax where there is none, has what came with this version. */
export function knowsSyntax(file: Dockerfile, major: number, minor: number): boolean {
  const syntax = file.directives.find(({ name }) => name === 'syntax')?.value;
  if (syntax === undefined) return true;
  const tag = /(?:^|\/)docker\/dockerfile(?:-upstream)?:([\w.-]+)/.exec(syntax)?.[1];
  const version = /^(\d+)(?:\.(\d+))?/.exec(tag ?? '');
  // `experimental` is older than them all; without a tag, or with `1` alone, it is the latest one.
  if (!version) return tag === undefined || tag === 'latest' || tag === 'labs' || tag === 'master';
  const [, first, second] = version;
  return Number(first) > major || (Number(first) === major && (second === undefined || Number(second) >= minor));
}
