/** Whether an author keeps two instructions apart on purpose, as far as what stands between them tells. */
import type { Dockerfile, Instruction } from '../syntax/tree';

/** Comments that tools read: they are about the instruction below them and must stay there. */
const pragma =
  /^#\s*(?:layerwise|hadolint|check|checkov|kics-scan|trivy|tfsec|nosec|nosonar|sonar|semgrep|dockerfile-lint|skipcq|renovate|escape=|syntax=)/i;

/** A comment block between two instructions: a heading behind a blank line, several lines, a ruler, or a note to a tool. */
export function isSeparatedByComments(dockerfile: Dockerfile, before: Instruction, after: Instruction): boolean {
  const between = dockerfile.text.slice(before.span.end, after.span.start);
  if (!between.includes('#')) return false;
  const lines = between.split('\n').map((line) => line.trim());
  const comments = lines.filter((line) => line.startsWith('#'));
  if (comments.length > 1 || comments.some((comment) => pragma.test(comment))) return true;
  if (comments.some((comment) => /([-=#*~_])\1{3}/.test(comment))) return true;
  const first = lines.findIndex((line) => line.startsWith('#'));
  return lines.slice(1, first).includes('');
}
