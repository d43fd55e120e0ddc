/** Hands a secret that is an ARG or ENV to the RUNs that use it as a secret mount, and takes the ARG or ENV away. */
import * as l10n from '@vscode/l10n';
import type { Model, RunStep, Stage, Step } from '../model/model';
import { isRunStep } from '../model/steps';
import type { Pair } from '../syntax/tree';
import { insert, replace } from './edits';
import { removePair } from './remove-pair';
import type { Edit, FixResult } from './rule';
import { knowsSyntax } from './syntax-version';

/** The fix for one pair of an ARG or ENV of a stage. */
export function mountSecret(model: Model, step: Step, pair: Pair): FixResult {
  const { name } = pair;
  const line = step.instruction.line + 1;
  const value = pair.value?.replace(/^["']|["']$/g, '') ?? '';
  if (/^(?:0x)?[0-9A-F]{16,40}$/i.test(value) && /key/i.test(name) && isFingerprint(value))
    return { refused: l10n.t('`{0}` on line {1} is the fingerprint of a public key, which is no secret.', name, line) };
  if (/^(?:true|false|yes|no|on|off|[01])$/i.test(value))
    return { refused: l10n.t('`{0}` on line {1} is a switch, which is no secret.', name, line) };
  if (model.builder === 'legacy' || step.stage.isWindows)
    return { refused: l10n.t('The builder has no secret mounts for line {0}.', line) };
  const other = step.before.scope.get(name)?.definedBy;
  // `ARG X` and `ENV X=$X` go one after the other: the ENV first, then nothing but RUNs uses the ARG.
  const isPassedOn = other?.keyword === 'ARG' && step.keyword === 'ENV';
  if (other && other !== step.instruction && model.stepOf(other) && !isPassedOn)
    return { refused: l10n.t('`{0}` is set on line {1} too.', name, other.line + 1) };
  const readers: RunStep[] = [];
  for (const reader of stepsBehind(model, step)) {
    if (isRunStep(reader) ? isReader(reader, name) : mentions(reader, name)) {
      if (!isRunStep(reader))
        return {
          refused: l10n.t(
            '{0} on line {1} uses `{2}` as well, and a secret mount is there for RUN only.',
            reader.keyword,
            reader.instruction.line + 1,
            name,
          ),
        };
      readers.push(reader);
    }
  }
  if (readers.length === 0) return { refused: withoutReader(step, name) };
  const waiting = readers.filter((run) => !run.mounts.some(({ options }) => options.get('env') === name));
  const byVariable = knowsSyntax(model.dockerfile, 1, 10);
  const edits: Edit[] = [removePair(model.dockerfile, step.instruction, pair)];
  for (const run of waiting) {
    const options = byVariable ? `id=${name},env=${name}` : `id=${name}`;
    edits.push(
      insert(run.at(run.body.flags.at(-1)?.span ?? run.body.keywordSpan).end, ` --mount=type=secret,${options}`),
    );
    if (byVariable) continue;
    const reads = readFile(run, name);
    if (!reads)
      return {
        refused: l10n.t('Where the RUN on line {0} uses `{1}` is not certain.', run.instruction.line + 1, name),
      };
    edits.push(...reads);
  }
  const lines = readers.map((run) => run.instruction.line + 1).join(', ');
  return {
    title:
      readers.length === 1
        ? l10n.t('Hand `{0}` to the RUN on line {1} as a build secret', name, lines)
        : l10n.t('Hand `{0}` to the RUNs on lines {1} as a build secret', name, lines),
    safety: 'suggestion',
    edits,
    claims: [step, ...readers].map(({ instruction }) => instruction.span),
    risk:
      step.keyword === 'ENV'
        ? l10n.t(
            'The build has to be given the secret, `docker build --secret id={0}`, and so has the container if its program reads the variable.',
            name,
          )
        : l10n.t(
            'The build has to be given the secret: `docker build --secret id={0}` takes it from the variable of that name.',
            name,
          ),
  };
}

/** Fingerprints of OpenPGP keys have 40 digits, their short forms 16. */
const isFingerprint = (value: string): boolean => [16, 40].includes(value.replace(/^0x/i, '').length);

/** The steps that see what a step defines: those behind it in its stage, and those of stages that are built from it. */
function* stepsBehind(model: Model, step: Step): Iterable<Step> {
  yield* step.stage.steps.slice(step.index + 1);
  for (const stage of model.allStages) if (stage !== step.stage && isBuiltFrom(stage, step.stage)) yield* stage.steps;
}

function isBuiltFrom(stage: Stage, base: Stage): boolean {
  for (let at = stage.parent; at; at = at.parent) if (at === base) return true;
  return false;
}

const mentions = ({ body }: Step, name: string): boolean => new RegExp(`\\$\\{?${name}\\b`).test(body.raw);

/** Variables that programs read without being told, and these programs. */
const silentReaders: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:NPM_TOKEN|NODE_AUTH_TOKEN|NPM_AUTH_TOKEN)$/, /^(?:npm|pnpm|yarn|yarnpkg|bun)$/],
  [/^(?:GH_TOKEN|GITHUB_TOKEN)$/, /^(?:gh|goreleaser)$/],
  [/^AWS_(?:SECRET_ACCESS_KEY|SESSION_TOKEN)$/, /^(?:aws|terraform|sam|cdk)$/],
  [/^TWINE_PASSWORD$/, /^twine$/],
  [/^SENTRY_AUTH_TOKEN$/, /^sentry-cli$/],
  [/^COMPOSER_AUTH$/, /^composer$/],
  [/^PGPASSWORD$/, /^(?:psql|pg_dump|pg_restore|createdb)$/],
];

function isReader(run: RunStep, name: string): boolean {
  if (mentions(run, name) || run.mounts.some(({ options }) => options.get('env') === name)) return true;
  const programs = silentReaders.find(([variable]) => variable.test(name))?.[1];
  return (
    programs !== undefined &&
    run.scripts.some((script) => script.commands.some((command) => programs.test(command.name ?? '')))
  );
}

function withoutReader({ keyword, instruction }: Step, name: string): string {
  const line = instruction.line + 1;
  return keyword === 'ENV'
    ? l10n.t('No RUN behind line {0} uses `{1}`: give it to the container when it is started.', line, name)
    : l10n.t('No RUN behind line {0} names `{1}`: which one needs it is not known.', line, name);
}

/** Before Dockerfile 1.10 a secret is a file only: `$NAME` becomes what is in it. Null where a use is in single quotes. */
function readFile(run: RunStep, name: string): Edit[] | null {
  const { raw } = run.body;
  const edits: Edit[] = [];
  for (const match of raw.matchAll(new RegExp(`\\$(?:${name}\\b|\\{${name}\\b(\\}?))`, 'g'))) {
    const before = raw.slice(0, match.index);
    const isQuoted = (before.match(/'/g)?.length ?? 0) % 2 === 1 || before.endsWith('\\');
    if (isQuoted || match[1] === '' || run.isExec) return null;
    const span = { from: match.index, to: match.index + match[0].length };
    edits.push(replace(run.at(span), `$(cat /run/secrets/${name})`));
  }
  return edits.length > 0 ? edits : null;
}
