/** Values in an instruction that Docker does not take. */
import * as l10n from '@vscode/l10n';
import { startDirectory } from '../model/base-config';
import type { Model } from '../model/model';
import { commonPlatforms, parsePlatform } from '../model/platforms';
import { expandIn, type Scope } from '../model/variables';
import { parseHeredocWord } from '../syntax/heredocs';
import { checkInstruction } from '../syntax/instructions';
import { isFileMode, isSignal, isWholeNumber, signalNames } from '../syntax/option-values';
import type { LocalSpan } from '../syntax/span';
import type { Flag, Instruction, InstructionBody } from '../syntax/tree';
import { checkDuration } from './duration-values';
import { findMountProblem } from './mount-problems';
import { nearestName } from './nearest-name';
import { quotable } from './places';
import type { Severity } from './rule';
import { missingFeatures } from './syntax-version';

export interface ValueProblem {
  readonly span: LocalSpan;
  /** One sentence without its full stop. */
  readonly message: string;
  /** What to write instead; a guess is named in the message. */
  readonly meant?: { readonly text: string; readonly isGuess: boolean } | undefined;
  readonly severity?: Severity;
}

const NOTHING: readonly ValueProblem[] = [];

/** Instructions whose values are not checked here. */
const takesAnything: ReadonlySet<string> = new Set(
  'ARG CMD ENTRYPOINT ENV EXPOSE LABEL MAINTAINER SHELL USER WORKDIR'.split(' '),
);

/** Finds them, in ONBUILD's trigger too: there Docker finds them when an image is built on this one. */
export function findValueProblems(model: Model, instruction: Instruction): readonly ValueProblem[] {
  const { body } = instruction;
  const { trigger } = body;
  if (trigger) {
    const problems = checkValues(trigger, null, null);
    return problems.map(({ message, ...problem }) => ({
      ...problem,
      severity: 'warning',
      message: l10n.t('{0}, so Docker refuses to build on this image', message),
    }));
  }
  if (body.known === null || takesAnything.has(body.known) || (body.known === 'RUN' && body.flags.length === 0))
    return NOTHING;
  const step = model.stepOf(instruction);
  const problems = [
    ...checkValues(body, step?.before.scope ?? null, step && startDirectory(step)),
    ...missingFeatures(model.dockerfile, body),
  ];
  return problems.map(({ message, ...problem }) => ({
    ...problem,
    message: l10n.t('{0}, so Docker refuses the file', message),
  }));
}

function checkValues(body: InstructionBody, scope: Scope | null, workdir: string | null): readonly ValueProblem[] {
  const { flags } = body;
  switch (body.known) {
    case 'HEALTHCHECK':
      return body.healthcheck === 'NONE' ? [] : flags.flatMap(checkHealthFlag);
    case 'STOPSIGNAL':
      return checkSignal(body, scope);
    case 'RUN':
      return flags.flatMap((flag) => checkRunFlag(flag, workdir));
    case 'FROM':
      return [...flags.flatMap(checkPlatform), ...checkStageName(body)];
    case 'ADD':
    case 'COPY':
      return [...flags.flatMap((flag) => checkMode(flag, body, scope)), ...checkSources(body, scope)];
    case 'VOLUME':
      return body.words.flatMap(({ text, span }) =>
        text !== '' && scope && expandIn(text, scope, body.escape) === ''
          ? [{ span, message: l10n.t('VOLUME cannot be an empty string') }]
          : [],
      );
    default:
      return [];
  }
}

const spanOf = ({ valueSpan, span }: Flag): LocalSpan => valueSpan ?? span;

function checkHealthFlag(flag: Flag): ValueProblem[] {
  const { name, value } = flag;
  if (!value) return [];
  const span = spanOf(flag);
  if (name === 'retries') {
    if (!isWholeNumber(value)) return [{ span, message: l10n.t('`{0}` is no whole number', value) }];
    return Number(value) < 0 ? [{ span, message: l10n.t('`--retries` cannot be negative') }] : [];
  }
  if (!/^(?:interval|timeout|start-period|start-interval)$/.test(name)) return [];
  const problem = checkDuration(value);
  return problem ? [{ span, ...problem }] : [];
}

function checkSignal(body: InstructionBody, scope: Scope | null): ValueProblem[] {
  const value = scope ? expandIn(body.rest, scope, body.escape) : null;
  if (value === null || isSignal(value)) return [];
  const bare = nearestName(value.toUpperCase().replace(/^SIG/, ''), signalNames);
  const isPlain = value === body.rest;
  return [
    {
      span: body.restSpan,
      message: l10n.t('`{0}` is no signal', quotable(value)),
      meant: bare && isPlain && value.length > 2 ? { text: `SIG${bare}`, isGuess: true } : undefined,
    },
  ];
}

function checkRunFlag(flag: Flag, workdir: string | null): ValueProblem[] {
  const { name, value } = flag;
  if (value === null) return [];
  if (name === 'network') return checkChoice(flag, value, ['default', 'none', 'host']);
  if (name === 'security') return checkChoice(flag, value, ['sandbox', 'insecure']);
  if (name !== 'mount') return [];
  const problem = findMountProblem(value, workdir);
  if (!problem) return [];
  const { from, to } = spanOf(flag);
  // With quotes or continuations in it the value is not written as it is read.
  const isWritten = to - from === value.length;
  const span = isWritten ? { from: from + problem.start, to: from + problem.end } : spanOf(flag);
  const { message, meant } = problem;
  return [{ span, message, meant: meant && isWritten ? { text: meant, isGuess: true } : undefined }];
}

function checkChoice(flag: Flag, value: string, choices: readonly string[]): ValueProblem[] {
  if (choices.includes(value)) return [];
  const nearest = nearestName(value, choices);
  return [
    {
      span: spanOf(flag),
      message: l10n.t('`{0}` is no value for `{1}`, which takes {2}', value, `--${flag.name}`, choices.join(', ')),
      meant: nearest === undefined ? undefined : { text: nearest, isGuess: true },
    },
  ];
}

function checkPlatform(flag: Flag): ValueProblem[] {
  const { name, value } = flag;
  if (name !== 'platform' || !value || value.includes('$') || parsePlatform(value)) return [];
  const nearest = nearestName(value, commonPlatforms);
  return [
    {
      span: spanOf(flag),
      message: l10n.t('`{0}` is no platform', value),
      meant: nearest === undefined ? undefined : { text: nearest, isGuess: true },
    },
  ];
}

function checkStageName(body: InstructionBody): ValueProblem[] {
  return checkInstruction(body).flatMap(({ code, span, message, detail }) => {
    if (code !== 'invalid-stage-name') return [];
    const name = detail.toLowerCase().replace(/[^a-z0-9\-_.]+/g, '-');
    const text = /^[a-z]/.test(name) ? name : `stage-${name.replace(/^[-_.]+/, '')}`;
    return [{ span, message, meant: /^[a-z][a-z0-9\-_.]*[a-z0-9]$/.test(text) ? { text, isGuess: false } : undefined }];
  });
}

function checkMode(flag: Flag, body: InstructionBody, scope: Scope | null): ValueProblem[] {
  if (flag.name !== 'chmod' || !flag.value || flag.value.includes('$') || !scope) return [];
  const value = expandIn(flag.value, scope, body.escape);
  if (!value || isFileMode(value)) return [];
  const octal = octalOf(value);
  return [
    {
      span: spanOf(flag),
      message: l10n.t('`{0}` is no mode, such as `755` or `u+x`', value),
      meant: octal === null ? undefined : { text: octal, isGuess: false },
    },
  ];
}

/** `rwxr-xr-x` as `755`, `0o755` too; null for what is neither. */
function octalOf(value: string): string | null {
  const plain = /^0o([0-7]{3,4})$/.exec(value)?.[1];
  if (plain !== undefined) return plain;
  if (!/^(?:[r-][w-][x-]){3}$/.test(value)) return null;
  return (value.match(/.../g) ?? [])
    .map((part) => [...part].reduce((sum, letter, index) => sum + (letter === '-' ? 0 : 4 >> index), 0))
    .join('');
}

/** COPY fetches nothing; ADD does. */
function checkSources(body: InstructionBody, scope: Scope | null): ValueProblem[] {
  const words = body.words.slice(0, -1);
  const problems: ValueProblem[] = [];
  let sources = 0;
  for (const { text, span } of words) {
    const heredoc = text.includes('<<') ? parseHeredocWord(text) : null;
    if (heredoc !== null && heredoc !== 'refused') continue;
    sources++;
    if (body.known !== 'COPY' || !/[:]/.test(text)) continue;
    const value = text.replace(/^["']/, '');
    if (/^https?:\/\/|^(?:git|ssh):\/\/|^[\w.-]+@[\w.-]+:/.test(value))
      problems.push({ span, message: l10n.t('COPY cannot fetch `{0}`; ADD can', quotable(value)) });
  }
  const checksum = body.known === 'ADD' ? body.flags.find(({ name }) => name === 'checksum') : undefined;
  if (checksum?.value && scope) problems.push(...checkChecksum(checksum, checksum.value, words, sources));
  return problems;
}

function checkChecksum(flag: Flag, value: string, words: InstructionBody['words'], sources: number): ValueProblem[] {
  const span = flag.span;
  if (sources !== 1) return [{ span, message: l10n.t('`--checksum` goes with one source only') }];
  const source = words[0]?.text ?? '';
  if (source.includes('$')) return [];
  const isRemote = /^https?:\/\/|^(?:git|ssh):\/\/|^[\w.-]+@[\w.-]+:/.test(source);
  if (!isRemote)
    return [{ span, message: l10n.t('`--checksum` goes with a URL only, not with `{0}`', quotable(source)) }];
  const isGit = !/^https?:/.test(source) || /\.git(?:[#?]|$)/.test(source);
  if (isGit || value.includes('$') || /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/.test(value))
    return [];
  return [
    { span: spanOf(flag), message: l10n.t('`{0}` is no checksum, such as `sha256:` and 64 digits', quotable(value)) },
  ];
}
