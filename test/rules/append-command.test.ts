/** Where a cleanup goes: behind the last command that needs what it deletes, with the outcome of the RUN unchanged. */
import { strict as assert } from 'node:assert';
import { fixAll } from '../../server/src/analysis/fixes';
import { defaultConfig } from '../../server/src/rules/config';

interface Case {
  readonly name: string;
  readonly before: readonly string[];
  /** Null where there must be no safe fix. */
  readonly after: readonly string[] | null;
}

const clean = 'rm -rf /var/lib/apt/lists/*';

const aptCases: readonly Case[] = [
  {
    name: 'in a list of semicolons, so that set -e still ends it',
    before: ['RUN set -e; apt-get update; apt-get install -y curl; curl --version'],
    after: [`RUN set -e; apt-get update; apt-get install -y curl; ${clean}; curl --version`],
  },
  {
    name: 'by && at the end of a script, whose status is that of the install',
    before: ['RUN apt-get update; apt-get install -y curl'],
    after: [`RUN apt-get update; apt-get install -y curl && ${clean}`],
  },
  {
    name: 'before ||',
    before: ['RUN apt-get update && apt-get install -y curl || true'],
    after: [`RUN apt-get update && apt-get install -y curl && ${clean} || true`],
  },
  {
    name: 'behind a subshell',
    before: ['RUN command -v curl || (apt-get update && apt-get install -y curl)'],
    after: [`RUN command -v curl || (apt-get update && apt-get install -y curl) && ${clean}`],
  },
  {
    name: 'behind a loop',
    before: ['RUN for p in a b; do apt-get update && apt-get install -y $p; done && echo ok'],
    after: [`RUN for p in a b; do apt-get update && apt-get install -y $p; done && ${clean} && echo ok`],
  },
  {
    name: 'behind a branch by a semicolon where the shell stops at errors',
    before: [
      'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]',
      'RUN if true; then apt-get update; apt-get install -y a; fi',
    ],
    after: [
      'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]',
      `RUN if true; then apt-get update; apt-get install -y a; fi; ${clean}`,
    ],
  },
  {
    name: 'behind the call of a function',
    before: ['RUN get() { apt-get update && apt-get install -y "$@"; }; get curl && get git'],
    after: [`RUN get() { apt-get update && apt-get install -y "$@"; }; get curl && get git && ${clean}`],
  },
  {
    name: 'behind everything that reads the lists',
    before: ['RUN apt-get update && apt-get install -y a && echo "$(apt-cache policy a)" && ./install-more.sh && b'],
    after: [
      `RUN apt-get update && apt-get install -y a && echo "$(apt-cache policy a)" && ./install-more.sh && ${clean} && b`,
    ],
  },
  {
    name: 'inside the string of a shell in exec form',
    before: ['RUN ["sh", "-c", "apt-get update && apt-get install -y \\"curl\\""]'],
    after: [`RUN ["sh", "-c", "apt-get update && apt-get install -y \\"curl\\" && ${clean}"]`],
  },
  {
    name: 'on a line of a heredoc',
    before: ['RUN <<-EOF', '\tset -e', '\tapt-get update', '\tapt-get install -y \\', '\t  curl', '\tcurl x', '\tEOF'],
    after: [
      'RUN <<-EOF',
      '\tset -e',
      '\tapt-get update',
      '\tapt-get install -y \\',
      '\t  curl',
      `\t${clean}`,
      '\tcurl x',
      '\tEOF',
    ],
  },
  {
    name: 'before a comment that ends the line',
    before: ['RUN apt-get update && apt-get install -y curl # for the health check'],
    after: [`RUN apt-get update && apt-get install -y curl && ${clean} # for the health check`],
  },
  {
    name: 'between lines, comments and continuation characters kept in line',
    before: [
      'RUN apt-get update && \\',
      '    apt-get install -y \\',
      '      curl    \\',
      '    # then',
      '    && curl x',
    ],
    after: [
      'RUN apt-get update && \\',
      '    apt-get install -y \\',
      '      curl    \\',
      `    && ${clean} \\`,
      '    # then',
      '    && curl x',
    ],
  },
  {
    name: 'with sudo where the install has it',
    before: ['RUN sudo apt-get update && sudo apt-get install -y curl'],
    after: [`RUN sudo apt-get update && sudo apt-get install -y curl && sudo ${clean}`],
  },
  { name: 'not in the background', before: ['RUN apt-get update && apt-get install -y curl & wait'], after: null },
  { name: 'not without a shell', before: ['RUN ["apt-get", "update"]'], after: null },
  { name: 'not behind exec', before: ['RUN apt-get update && exec apt-get install -y curl'], after: null },
  {
    name: 'not where a later RUN needs the lists',
    before: ['RUN apt-get update && apt-get install -y curl', 'RUN apt-get install -y git'],
    after: null,
  },
  {
    name: 'not where a stage built on this one needs them',
    before: ['RUN apt-get update && apt-get install -y curl', 'FROM base', 'RUN apt-get install -y git'],
    after: null,
  },
];

const cacheCases: readonly Case[] = [
  {
    name: 'apk update goes with its operator, comments stay',
    before: ['RUN set -x \\', '    # refresh', '    && apk update \\', '    # tools', '    && apk add curl'],
    after: ['RUN set -x \\', '    # refresh', '    # tools', '    && apk add --no-cache curl'],
  },
  {
    name: 'apk update goes from the front, comments stay',
    before: ['RUN apk update \\', '    # tools', '    && apk add curl'],
    after: ['RUN \\', '    # tools', '    apk add --no-cache curl'],
  },
  {
    name: 'apk update goes from a heredoc',
    before: ['RUN <<EOF', 'apk update', 'apk add curl', 'EOF'],
    after: ['RUN <<EOF', 'apk add --no-cache curl', 'EOF'],
  },
  {
    name: 'apk update stays where something else reads the index',
    before: ['RUN apk update && apk add curl && apk search x'],
    after: ['RUN apk update && apk add curl && apk search x && rm -rf /var/cache/apk/*'],
  },
  {
    name: 'a later apk add that relied on the index fetches it itself',
    before: ['RUN apk update && apk add curl', 'RUN apk add git'],
    after: ['RUN apk add --no-cache curl', 'RUN apk add --no-cache git'],
  },
  {
    name: 'exec form gets a string of its own',
    before: ['RUN ["python3", "-m", "pip", "install", "flask"]'],
    after: ['RUN ["python3", "-m", "pip", "install", "--no-cache-dir", "flask"]'],
  },
  {
    name: 'npm cleans up in the branch that it ran in',
    before: ['RUN if [ -f a ]; then npm ci; else make; fi'],
    after: ['RUN if [ -f a ]; then npm ci && npm cache clean --force; else make; fi'],
  },
  {
    name: 'npm cleans up as the user that it ran as',
    before: ["RUN su node -c 'npm ci'"],
    after: ["RUN su node -c 'npm ci && npm cache clean --force'"],
  },
];

function checkCases(rule: string, cases: readonly Case[]): void {
  for (const { name, before, after } of cases)
    for (const eol of ['\n', '\r\n'])
      it(eol === '\n' ? name : `${name}, with CRLF`, () => {
        const text = ['FROM debian:12 AS base', ...before, ''].join(eol);
        const outcome = fixAll(text, { config: { ...defaultConfig, select: [rule] }, context: null });
        assert.equal(outcome.text, ['FROM debian:12 AS base', ...(after ?? before), ''].join(eol));
      });
}

describe('cleanups that are appended', () => checkCases('apt-lists-kept', aptCases));
describe('caches that are not filled', () => checkCases('package-cache-kept', cacheCases));
