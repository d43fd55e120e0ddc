/** What each instruction takes, and what BuildKit refuses about one that its parser has read. */
import * as l10n from '@vscode/l10n';
import { isSeparator } from './characters';
import { parseHeredocWord } from './heredocs';
import type { LocalSpan } from './span';
import type { Flag, InstructionBody, Keyword } from './tree';
import { splitFirstWord } from './words';

/** How often a flag may be given and whether it needs a value. */
export type FlagKind =
  /** `--link`, `--link=true`, `--link=false`. */
  | 'boolean'
  /** Once, with a value. */
  | 'string'
  /** Any number of times, each with a value. */
  | 'list';

/** The flags and the number of arguments of an instruction. */
export interface InstructionShape {
  readonly flags: Readonly<Record<string, FlagKind>>;
  /** The fewest arguments that BuildKit takes. */
  readonly minimum: number;
  /** BuildKit reads words like flags here, but neither uses nor checks them. */
  readonly ignoresFlags?: true;
}

/** The shape of every known instruction. */
export const INSTRUCTION_SHAPES: Readonly<Record<Keyword, InstructionShape>> = {
  ADD: {
    flags: {
      chown: 'string',
      chmod: 'string',
      link: 'boolean',
      'keep-git-dir': 'boolean',
      checksum: 'string',
      unpack: 'boolean',
      exclude: 'list',
    },
    minimum: 2,
  },
  ARG: { flags: {}, minimum: 1, ignoresFlags: true },
  CMD: { flags: {}, minimum: 0 },
  COPY: {
    flags: {
      chown: 'string',
      from: 'string',
      chmod: 'string',
      link: 'boolean',
      exclude: 'list',
      parents: 'boolean',
    },
    minimum: 2,
  },
  ENTRYPOINT: { flags: {}, minimum: 0 },
  ENV: { flags: {}, minimum: 1 },
  EXPOSE: { flags: {}, minimum: 1 },
  FROM: { flags: { platform: 'string' }, minimum: 1 },
  HEALTHCHECK: {
    flags: {
      interval: 'string',
      timeout: 'string',
      'start-period': 'string',
      'start-interval': 'string',
      retries: 'string',
    },
    minimum: 1,
  },
  LABEL: { flags: {}, minimum: 1 },
  MAINTAINER: { flags: {}, minimum: 1 },
  ONBUILD: { flags: {}, minimum: 1 },
  RUN: { flags: { mount: 'list', network: 'string', security: 'string', device: 'list' }, minimum: 0 },
  SHELL: { flags: {}, minimum: 1 },
  STOPSIGNAL: { flags: {}, minimum: 1, ignoresFlags: true },
  USER: { flags: {}, minimum: 1 },
  VOLUME: { flags: {}, minimum: 1 },
  WORKDIR: { flags: {}, minimum: 1 },
};

export type InstructionProblemCode =
  | 'unknown-instruction'
  | 'missing-argument'
  | 'too-many-arguments'
  | 'unknown-flag'
  | 'duplicate-flag'
  | 'missing-flag-value'
  | 'invalid-flag-value'
  | 'onbuild-chained'
  | 'onbuild-forbidden'
  | 'from-arguments'
  | 'invalid-stage-name'
  | 'blank-name'
  | 'blank-volume'
  | 'unknown-healthcheck'
  | 'shell-not-json'
  | 'heredoc-destination';

/** Something that BuildKit refuses about an instruction. */
export interface InstructionProblem {
  readonly code: InstructionProblemCode;
  readonly span: LocalSpan;
  /** The keyword, flag or argument it is about, as written. */
  readonly detail: string;
  /** One sentence for the reader. */
  readonly message: string;
  /** Of the instruction that ONBUILD wraps: BuildKit finds it when an image is built on this one. */
  readonly inTrigger: boolean;
}

/** Checks an instruction as BuildKit does after parsing. What its parser itself refuses is in `body.problems`. */
export function checkInstruction(body: InstructionBody): InstructionProblem[] {
  const problems: InstructionProblem[] = [];
  check(body, (code, span, detail, message) => problems.push({ code, span, detail, message, inTrigger: false }));
  const { trigger } = body;
  if (trigger && problems.length === 0) {
    check(trigger, (code, span, detail, message) => problems.push({ code, span, detail, message, inTrigger: true }));
  }
  return problems;
}

type Report = (code: InstructionProblemCode, span: LocalSpan, detail: string, message: string) => void;

function check(body: InstructionBody, report: Report): void {
  const { known } = body;
  if (!known) {
    const written = body.joined.slice(0, splitFirstWord(body.joined, isSeparator).end);
    report('unknown-instruction', body.keywordSpan, written, l10n.t('`{0}` is not a Dockerfile instruction', written));
    return;
  }
  const shape = INSTRUCTION_SHAPES[known];
  const isNone = known === 'HEALTHCHECK' && body.healthcheck === 'NONE';
  if (!shape.ignoresFlags && !isNone) checkFlags(body, shape, report);
  const count = countArguments(body);
  // Where the parser itself stopped, the arguments are not known.
  if (body.problems.length > 0) return;
  if (count < shape.minimum) reportMissing(body, shape.minimum, report);
  else ARGUMENT_CHECKS[known]?.(body, report);
}

function countArguments(body: InstructionBody): number {
  if (body.known === 'ONBUILD') return body.trigger ? 1 : 0;
  return body.words.length;
}

function reportMissing(body: InstructionBody, minimum: number, report: Report): void {
  const { keyword, keywordSpan } = body;
  const message =
    minimum === 2
      ? l10n.t('{0} needs at least two arguments: a source and a destination', keyword)
      : l10n.t('{0} needs an argument', keyword);
  report('missing-argument', keywordSpan, keyword, message);
}

function checkFlags(body: InstructionBody, shape: InstructionShape, report: Report): void {
  const seen = new Set<string>();
  for (const flag of body.flags) {
    const kind = Object.hasOwn(shape.flags, flag.name) ? shape.flags[flag.name] : undefined;
    const written = `--${flag.name}`;
    if (!kind) {
      report('unknown-flag', flag.span, written, l10n.t('{0} has no flag `{1}`', body.keyword, written));
      continue;
    }
    if (seen.has(flag.name) && kind !== 'list') {
      report('duplicate-flag', flag.span, written, l10n.t('`{0}` is given more than once', written));
    }
    seen.add(flag.name);
    checkFlagValue(flag, kind, report);
  }
}

function checkFlagValue(flag: Flag, kind: FlagKind, report: Report): void {
  const { name, value, span } = flag;
  const written = `--${name}`;
  if (kind !== 'boolean') {
    if (value === null) report('missing-flag-value', span, written, l10n.t('`{0}` needs a value', written));
    return;
  }
  if (value === null) return;
  if (value === '') report('missing-flag-value', span, written, l10n.t('`{0}` needs a value behind `=`', written));
  else if (!/^(true|false)$/i.test(value)) {
    const message = l10n.t('`{0}` is either `true` or `false`, not `{1}`', written, value);
    report('invalid-flag-value', flag.valueSpan ?? span, value, message);
  }
}

function checkDestination(body: InstructionBody, report: Report): void {
  const destination = body.words[body.words.length - 1];
  const parsed = destination ? parseHeredocWord(destination.text) : null;
  if (!destination || !parsed || parsed === 'refused') return;
  const message = l10n.t('{0} cannot write to a heredoc: the last argument is the destination', body.keyword);
  report('heredoc-destination', destination.span, destination.text, message);
}

function checkNames(body: InstructionBody, report: Report): void {
  for (const pair of body.pairs) {
    if (pair.name !== '') continue;
    report('blank-name', pair.span, body.keyword, l10n.t('{0} needs a name before `=`', body.keyword));
  }
}

function checkFrom(body: InstructionBody, report: Report): void {
  const [, as, name] = body.words;
  if (!as) return;
  if (!name || body.words.length !== 3 || as.text.toLowerCase() !== 'as') {
    const message = l10n.t('FROM takes an image, or an image, `AS` and a name for the stage');
    const last = body.words[body.words.length - 1] ?? as;
    report('from-arguments', { from: as.span.from, to: last.span.to }, body.rest, message);
    return;
  }
  if (/^[a-z][a-z0-9\-_.]*$/.test(name.text.toLowerCase())) return;
  const message = l10n.t(
    '`{0}` cannot name a stage: a letter comes first, then letters, digits, `-`, `_` and `.`',
    name.text,
  );
  report('invalid-stage-name', name.span, name.text, message);
}

function checkHealthcheck(body: InstructionBody, report: Report): void {
  const [type, command] = body.words;
  if (!type) return;
  if (body.healthcheck === 'NONE') {
    if (command)
      report('too-many-arguments', command.span, command.text, l10n.t('HEALTHCHECK NONE takes no arguments'));
  } else if (body.healthcheck !== 'CMD') {
    const message = l10n.t('HEALTHCHECK is followed by `CMD` or `NONE`, not by `{0}`', type.text);
    report('unknown-healthcheck', type.span, type.text, message);
  } else if (!command) {
    report('missing-argument', type.span, 'HEALTHCHECK CMD', l10n.t('HEALTHCHECK CMD needs a command'));
  }
}

function checkOnbuild(body: InstructionBody, report: Report): void {
  const trigger = body.trigger;
  if (!trigger) return;
  if (trigger.known === 'ONBUILD') {
    report('onbuild-chained', trigger.keywordSpan, 'ONBUILD', l10n.t('ONBUILD cannot wrap another ONBUILD'));
  } else if (trigger.known === 'FROM' || trigger.known === 'MAINTAINER') {
    const message = l10n.t('ONBUILD cannot wrap {0}', trigger.keyword);
    report('onbuild-forbidden', trigger.keywordSpan, trigger.keyword, message);
  }
}

function checkVolumes(body: InstructionBody, report: Report): void {
  for (const word of body.words) {
    if (word.text.trim() !== '') continue;
    report('blank-volume', word.span, word.text, l10n.t('VOLUME cannot be an empty string'));
  }
}

function checkShell(body: InstructionBody, report: Report): void {
  if (body.json) return;
  report('shell-not-json', body.restSpan, body.rest, l10n.t('SHELL takes a JSON array of strings'));
}

const ARGUMENT_CHECKS: Readonly<Partial<Record<Keyword, (body: InstructionBody, report: Report) => void>>> = {
  ADD: checkDestination,
  ARG: checkNames,
  COPY: checkDestination,
  ENV: checkNames,
  FROM: checkFrom,
  HEALTHCHECK: checkHealthcheck,
  LABEL: checkNames,
  ONBUILD: checkOnbuild,
  SHELL: checkShell,
  VOLUME: checkVolumes,
};
