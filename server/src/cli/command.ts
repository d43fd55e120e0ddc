/** One invocation of the command: reads the arguments, runs what they ask for and sets the exit status. */
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { type CommandName, type Options, parseArguments } from './arguments';
import { check } from './check';
import { fix } from './fix';
import { loadLanguage } from './language';
import { layers } from './layers';
import { optimize } from './optimize';
import { explain, rules } from './rules';
import { messageOf, openSession, packageVersion, UsageError } from './session';
import { processTerminal, type Terminal, visible } from './terminal';
import { usage } from './usage';

/** The commands about files. */
const fileCommands = { check, fix, optimize, layers };

/** Runs what the process was started for. */
export async function main(): Promise<void> {
  const terminal = processTerminal();
  loadLanguage(process.env, join(__dirname, '../l10n'));
  try {
    process.exitCode = await run(process.argv.slice(2), terminal);
  } catch (error) {
    const message =
      error instanceof UsageError ? error.message : `${messageOf(error)}\n${(error as Error).stack ?? ''}`;
    terminal.err(`layerwise: ${message}\n`);
    process.exitCode = 2;
  }
}

/** Runs one invocation; undefined where the process goes on by itself. */
async function run(argv: readonly string[], terminal: Terminal): Promise<number | undefined> {
  const invocation = parseArguments(argv);
  switch (invocation.kind) {
    case 'help':
      terminal.out(usage(invocation.command));
      return 0;
    case 'version':
      terminal.out(`${packageVersion()}\n`);
      return 0;
    case 'error': {
      const help = invocation.command === null ? 'layerwise --help' : `layerwise ${invocation.command} --help`;
      terminal.err(`layerwise: ${visible(invocation.message)}\n${l10n.t('`{0}` tells more.', help)}\n`);
      return 2;
    }
    case 'run':
      return runCommand(invocation.command, invocation.options, invocation.operands, terminal);
  }
}

async function runCommand(
  command: CommandName,
  options: Options,
  operands: readonly string[],
  terminal: Terminal,
): Promise<number | undefined> {
  switch (command) {
    case 'rules':
      return rules(options, terminal);
    case 'explain':
      return explain(operands[0] ?? '', terminal);
    case 'lsp':
      startLanguageServer();
      return undefined;
    default:
      return fileCommands[command](openSession(options, terminal), operands);
  }
}

/** The server is a bundle of its own beside this one, so that the other commands need not load it. */
function startLanguageServer(): void {
  require(join(__dirname, 'server.js'));
}
