/** Words of a script that switch off the check of certificates or of signatures. */
import { downloadsOf } from './downloads';
import { packageCalls } from './package-calls';
import type { PackageFlag, PackageManager } from './packages';
import type { ShellAssignment, ShellCommand, ShellScript, ShellWord } from './script';

/** Something that switches a check off. */
export interface SwitchedOff {
  readonly what: 'certificate' | 'signature';
  readonly command: ShellCommand;
  /** The words that say it, first and last. */
  readonly first: ShellWord;
  readonly last: ShellWord;
  /** As written, for a message. */
  readonly text: string;
  /** How to undo it: leave out the words, one letter of a bundle (`-skL`), an assignment before the command, or the whole command; null where that is no way. */
  readonly undo: 'words' | 'command' | 'assignment' | { readonly letter: string } | null;
}

/** Variables that switch the check of certificates off, with the values that do it. */
const variables: Readonly<Record<string, RegExp>> = {
  GIT_SSL_NO_VERIFY: /^(?!0$|false$|no$|$)/i,
  NODE_TLS_REJECT_UNAUTHORIZED: /^0$/,
  PYTHONHTTPSVERIFY: /^0$/,
  PIP_TRUSTED_HOST: /./,
  NPM_CONFIG_STRICT_SSL: /^false$/i,
  YARN_ENABLE_STRICT_SSL: /^(?:false|0)$/i,
  CONDA_SSL_VERIFY: /^(?:false|0|no)$/i,
};

/** Whether a variable with this value switches the check of certificates off for every program that heeds it. */
export function isUnverifiedVariable(name: string, value: string): boolean {
  const upper = name.toUpperCase();
  return Object.hasOwn(variables, upper) && variables[upper]?.test(value.replace(/^["']|["']$/g, '')) === true;
}

const cache = new WeakMap<ShellScript, readonly SwitchedOff[]>();

/** All of a script, kept per script. */
export function switchedOff(script: ShellScript): readonly SwitchedOff[] {
  const known = cache.get(script);
  if (known) return known;
  const found = [...ofDownloads(script), ...ofPackageCalls(script), ...script.commands.flatMap(ofCommand)];
  cache.set(script, found);
  return found;
}

function* ofDownloads(script: ShellScript): Iterable<SwitchedOff> {
  for (const { command, tool, options } of downloadsOf(script)) {
    for (const { name, word } of options) {
      if (tool === 'wget' ? name !== '--no-check-certificate' : name !== '-k' && name !== '--insecure') continue;
      const isBundle = name === '-k' && word.unquoted !== '-k';
      yield {
        what: 'certificate',
        command,
        first: word,
        last: word,
        text: word.unquoted,
        undo: isBundle ? (word.plain ? { letter: 'k' } : null) : 'words',
      };
    }
  }
}

interface ManagerOption {
  readonly managers: readonly PackageManager[];
  readonly what: SwitchedOff['what'];
  readonly matches: (name: string, value: string) => boolean;
}

const apt: readonly PackageManager[] = ['apt-get', 'apt', 'aptitude'];
const no = /^(?:false|0|no|off)$/i;

const managerOptions: readonly ManagerOption[] = [
  { managers: ['pip'], what: 'certificate', matches: (name) => name === '--trusted-host' },
  { managers: ['uv'], what: 'certificate', matches: (name) => name === '--allow-insecure-host' },
  {
    managers: ['npm', 'yarn', 'pnpm'],
    what: 'certificate',
    matches: (name, value) => name === '--no-strict-ssl' || (name === '--strict-ssl' && no.test(value)),
  },
  {
    managers: apt,
    what: 'certificate',
    matches: (name, value) =>
      isOption(name) && /^Acquire::https?::(?:.*::)?Verify-(?:Peer|Host)=["']?(?:false|0|no)/i.test(value),
  },
  {
    managers: apt,
    what: 'signature',
    matches: (name, value) =>
      /^--(?:allow-unauthenticated|force-yes|allow-insecure-repositories)$/.test(name) ||
      (isOption(name) &&
        /^(?:APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories)=["']?(?:true|1|yes)/i.test(value)),
  },
  {
    managers: ['yum', 'dnf', 'microdnf', 'tdnf'],
    what: 'signature',
    matches: (name, value) =>
      /^--(?:nogpgcheck|no-gpgchecks)$/.test(name) ||
      (name === '--setopt' && /(?:^|\.)gpgcheck=["']?(?:0|false|no)/i.test(value)),
  },
  { managers: ['zypper'], what: 'signature', matches: (name) => name === '--no-gpg-checks' },
  { managers: ['apk'], what: 'signature', matches: (name) => name === '--allow-untrusted' },
];

const isOption = (name: string): boolean => name === '-o' || name === '--option';

function* ofPackageCalls(script: ShellScript): Iterable<SwitchedOff> {
  for (const { manager, command, flags } of packageCalls(script)) {
    for (const flag of flags) {
      const value = flag.value ?? flag.valueWord?.unquoted ?? '';
      const found = managerOptions.find((one) => one.managers.includes(manager) && one.matches(flag.name, value));
      if (found) yield { what: found.what, command, ...wordsOf(flag), undo: 'words' };
    }
  }
}

function wordsOf({ word, valueWord }: PackageFlag): Pick<SwitchedOff, 'first' | 'last' | 'text'> {
  return {
    first: word,
    last: valueWord ?? word,
    text: [word, valueWord]
      .map((one) => one?.unquoted ?? '')
      .join(' ')
      .trim(),
  };
}

/** `npm config set strict-ssl false`, `git config http.sslVerify false`, `export GIT_SSL_NO_VERIFY=1`, a `.repo` file with gpgcheck=0. */
function ofCommand(command: ShellCommand): SwitchedOff[] {
  const { name, nameWord, args } = command;
  const found: SwitchedOff[] = [];
  for (const assignment of command.assignments) found.push(...ofAssignment(command, assignment));
  if (name === null || nameWord === null) return found;
  const words = args.map((word) => word.unquoted);
  const whole = (what: SwitchedOff['what']): SwitchedOff => ({
    what,
    command,
    first: nameWord,
    last: args.at(-1) ?? nameWord,
    text: [name, ...words].join(' '),
    undo: 'command',
  });
  const line = words
    .filter((word) => !/^(?:-g|--global|--system|--location|--env|project|user)(?:=|$)/.test(word))
    .join(' ');
  if (/^(?:npm|pnpm|yarn|yarnpkg)$/.test(name)) {
    if (/^(?:config set|set|c set) (?:strict-ssl|enableStrictSsl)[ =](?:false|0|no)$/.test(line))
      found.push(whole('certificate'));
  } else if (/^pip[\d.]*$/.test(name)) {
    if (/^config set \w+\.trusted-host /.test(line)) found.push(whole('certificate'));
  } else if (name === 'git') {
    if (/^config (?:--\S+ )*http\.(?:\S+\.)?sslVerify (?:false|0|no|off)$/i.test(line))
      found.push(whole('certificate'));
    const at = words.findIndex((word) => /^http\.(?:\S+\.)?sslVerify=(?:false|0|no|off)$/i.test(word));
    const [option, value] = [args[at - 1], args[at]];
    if (option?.unquoted === '-c' && value)
      found.push({
        what: 'certificate',
        command,
        first: option,
        last: value,
        text: `-c ${value.unquoted}`,
        undo: 'words',
      });
  } else if (/^(?:conda|mamba|micromamba)$/.test(name)) {
    if (/^config --set ssl_verify (?:false|no|0)$/i.test(line)) found.push(whole('certificate'));
  } else if (name === 'composer') {
    if (/^config disable-tls (?:true|1)$/.test(line)) found.push(whole('certificate'));
  } else if (name === 'rpm') {
    const word = args.find(({ unquoted }) => unquoted === '--nosignature');
    if (word) found.push({ what: 'signature', command, first: word, last: word, text: word.unquoted, undo: 'words' });
  } else if (name === 'export') {
    for (const word of args) {
      const equals = word.unquoted.indexOf('=');
      if (equals > 0 && isUnverifiedVariable(word.unquoted.slice(0, equals), word.unquoted.slice(equals + 1)))
        found.push({
          what: 'certificate',
          command,
          first: word,
          last: word,
          text: word.unquoted,
          undo: args.length === 1 ? 'command' : 'words',
        });
    }
  } else if (name === 'echo' || name === 'printf') {
    const word = args.find(({ unquoted }) =>
      /^deb(?:-src)? \[[^\]]*\btrusted=yes\b|(?:^|\\n|\n)gpgcheck ?= ?0/.test(unquoted),
    );
    if (word) {
      const text = /trusted=yes|gpgcheck ?= ?0/.exec(word.unquoted)?.[0] ?? '';
      const part = partOf(word, text);
      found.push({ what: 'signature', command, first: part, last: part, text, undo: null });
    }
  }
  return found;
}

/** The part of a word that holds a text, where the word is written in one piece; else the word. */
function partOf(word: ShellWord, text: string): ShellWord {
  const { from, to } = word.span;
  const at = word.text.indexOf(text);
  return to - from === word.text.length && at >= 0
    ? { ...word, span: { from: from + at, to: from + at + text.length } }
    : word;
}

function ofAssignment(command: ShellCommand, { name, value, span }: ShellAssignment): SwitchedOff[] {
  if (value?.value == null || !isUnverifiedVariable(name, value.value)) return [];
  const word = { ...value, span };
  const text = `${name}=${value.value}`;
  return [
    { what: 'certificate', command, first: word, last: word, text, undo: command.name === null ? null : 'assignment' },
  ];
}
