/** The help texts. */
import * as l10n from '@vscode/l10n';
import { type CommandName, type OptionName, type OptionShape, optionShapes, optionsOf } from './arguments';
import { displayWidth, padTo } from './terminal';

/** The help of a command, or of the program. */
export function usage(command: CommandName | null): string {
  return command === null ? programUsage() : commandUsage(command);
}

function programUsage(): string {
  const names = Object.keys(commandTexts()) as CommandName[];
  const everywhere = (Object.keys(optionShapes) as OptionName[]).filter((name) => !('only' in optionShapes[name]));
  return [
    l10n.t('Layerwise finds and repairs what makes Dockerfiles break, grow and rebuild.'),
    '',
    l10n.t('Usage: {0}', 'layerwise COMMAND [OPTION…] [PATH…]'),
    '',
    l10n.t('Commands:'),
    ...columns(names.map((name) => [name, commandTexts()[name].what])),
    '',
    l10n.t('Options everywhere:'),
    ...columns(everywhere.map(optionRow)),
    '',
    ...pathHelp(),
    '',
    ...statusHelp(),
    '',
    l10n.t('`layerwise COMMAND --help` tells more of a command.'),
    '',
  ].join('\n');
}

function commandUsage(command: CommandName): string {
  const { synopsis, what, more } = commandTexts()[command];
  const names = optionsOf(command).filter((name) => !('hidden' in optionShapes[name]));
  const own = names.filter((name) => 'only' in optionShapes[name]);
  const everywhere = names.filter((name) => !('only' in optionShapes[name]));
  const takesPaths = synopsis.includes('PATH');
  return [
    l10n.t('Usage: {0}', `layerwise ${synopsis}`),
    '',
    what,
    ...(more ? ['', more] : []),
    ...(own.length > 0 ? ['', l10n.t('Options:'), ...columns(own.map(optionRow))] : []),
    '',
    l10n.t('Options everywhere:'),
    ...columns(everywhere.map(optionRow)),
    ...(takesPaths ? ['', ...pathHelp(), '', ...statusHelp()] : []),
    '',
  ].join('\n');
}

interface CommandText {
  readonly synopsis: string;
  readonly what: string;
  readonly more?: string;
}

function commandTexts(): Readonly<Record<CommandName, CommandText>> {
  return {
    check: {
      synopsis: 'check [--format text|json|sarif|github] PATH…',
      what: l10n.t('Reports what is wrong in Dockerfiles.'),
    },
    fix: {
      synopsis: 'fix [--suggestions] [--stdout | --diff] PATH…',
      what: l10n.t('Applies fixes until nothing changes, in place unless told otherwise.'),
      more: l10n.t('Safe fixes leave the built image the same, or change it exactly as the page of the rule says.'),
    },
    optimize: {
      synopsis: 'optimize [--stdout | --diff | --json | --backup] PATH',
      what: l10n.t('Applies all safe fixes to one file, and lists what you could do on top of them.'),
    },
    layers: {
      synopsis: 'layers [--json] PATH',
      what: l10n.t('Shows what each instruction makes and which lines an edit of it rebuilds.'),
    },
    rules: { synopsis: 'rules [--json]', what: l10n.t('Lists all rules.') },
    explain: {
      synopsis: 'explain ID',
      what: l10n.t('Shows the page of a rule, by its id or the name another tool has for it.'),
    },
    lsp: { synopsis: 'lsp --stdio', what: l10n.t('Runs the language server for an editor.') },
  };
}

function optionTexts(): Readonly<Record<OptionName, string>> {
  return {
    format: l10n.t('how to report: text (the default), json, sarif or github'),
    suggestions: l10n.t('also apply fixes that change content or behaviour, and create files such as .dockerignore'),
    stdout: l10n.t('print the result instead of writing the file'),
    diff: l10n.t('print what would change, as a patch'),
    json: l10n.t('print JSON'),
    backup: l10n.t('keep the file as it was, with a ~ behind its name'),
    stdio: l10n.t('talk over standard input and output'),
    'node-ipc': '',
    socket: '',
    pipe: '',
    clientProcessId: '',
    builder: l10n.t('the builder to judge for: buildkit (the default) or legacy'),
    context: l10n.t("the build context; the Dockerfile's folder where not given"),
    config: l10n.t('the configuration file, instead of the .layerwise.yaml found upwards'),
    select: l10n.t('only these rules, by id or alias, with commas between them'),
    ignore: l10n.t('none of these rules'),
    all: l10n.t('rules that are off by default too'),
    'fail-on': l10n.t('the least severity to fail for: error, warning (the default), info or hint'),
    shellcheck: l10n.t('also ask ShellCheck about the scripts'),
    'stdin-filename': l10n.t('where a file read from standard input would be'),
    help: l10n.t('show this help'),
    version: l10n.t('show the version'),
  };
}

function optionRow(name: OptionName): readonly [string, string] {
  const shape: OptionShape = optionShapes[name];
  return [shape.value === null ? `--${name}` : `--${name} ${shape.value}`, optionTexts()[name]];
}

function pathHelp(): string[] {
  return [
    l10n.t('A PATH that is a file is taken as it is; a folder is searched for Dockerfile, Dockerfile.*, *.Dockerfile,'),
    l10n.t('Containerfile and Containerfile.*; `-` is standard input. What follows `--` is no option.'),
  ];
}

function statusHelp(): string[] {
  return [
    l10n.t(
      'Exit status: 0 nothing at `--fail-on` or above; 1 there are (or remain) such findings; 2 bad usage, or a file',
    ),
    l10n.t('that could not be read or written.'),
  ];
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => displayWidth(left)));
  return rows.map(([left, right]) => `  ${padTo(left, width)}  ${right}`);
}
