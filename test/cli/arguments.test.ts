/** What the command line asks for, and what is said of one that makes no sense. */
import { strict as assert } from 'node:assert';
import { parseArguments } from '../../server/src/cli/arguments';
import { layerwise } from './command';

function run(...argv: string[]) {
  const invocation = parseArguments(argv);
  if (invocation.kind !== 'run') throw new Error(JSON.stringify(invocation));
  return invocation;
}

function checkRefused(argv: readonly string[], pattern: RegExp): void {
  const invocation = parseArguments(argv);
  assert.equal(invocation.kind, 'error', argv.join(' '));
  if (invocation.kind === 'error') assert.match(invocation.message, pattern);
}

describe('command line', () => {
  it('takes options before, between and behind paths, with = or a blank', () => {
    const { command, options, operands } = run('--all', 'check', 'a', '--format=json', 'b', '--fail-on', 'error', '-');
    assert.equal(command, 'check');
    assert.deepEqual(operands, ['a', 'b', '-']);
    assert.equal(options.format, 'json');
    assert.equal(options.failOn, 'error');
    assert.equal(options.all, true);
  });

  it('ends options at --', () => {
    assert.deepEqual(run('check', '--', '--all', '-x', 'check').operands, ['--all', '-x', 'check']);
    assert.equal(run('check', '--', '--all').options.all, false);
  });

  it('reads lists of rules with commas, blanks and repetitions', () => {
    const { options } = run('check', '--select', 'a,b', '--select=c, d', '--ignore', 'e', 'x');
    assert.deepEqual(options.select, ['a', 'b', 'c', 'd']);
    assert.deepEqual(options.ignore, ['e']);
    assert.equal(run('check', 'x').options.select, null);
  });

  it('lets the last of a repeated option win', () => {
    assert.equal(run('check', '--builder', 'legacy', '--builder', 'buildkit', 'x').options.builder, 'buildkit');
  });

  it('refuses what makes no sense', () => {
    checkRefused([], /which command/);
    checkRefused(['--all'], /which command/);
    checkRefused(['chek', 'x'], /no command `chek`; did you mean `check`/);
    checkRefused(['./Dockerfile'], /did you mean `check \.\/Dockerfile`/);
    checkRefused(['check'], /`check` needs a PATH/);
    checkRefused(['explain'], /needs the id of a rule/);
    checkRefused(['explain', 'a', 'b'], /takes one operand, but got 2/);
    checkRefused(['optimize', 'a', 'b'], /takes one operand/);
    checkRefused(['rules', 'a'], /takes no operand, but got `a`/);
    checkRefused(['check', '--fromat', 'json', 'x'], /no option `--fromat`; did you mean `--format`/);
    checkRefused(['check', '-x', 'y'], /no option `-x`/);
    checkRefused(
      ['check', '--format', 'xml', 'x'],
      /`--format` cannot be `xml`; it is one of text, json, sarif, github/,
    );
    checkRefused(['check', '--fail-on=bad', 'x'], /error, warning, info, hint/);
    checkRefused(['check', '--builder', 'kaniko', 'x'], /buildkit, legacy/);
    checkRefused(['check', 'x', '--format'], /`--format` needs a value/);
    checkRefused(['check', '--config', '--all', 'x'], /`--config` needs a value/);
    checkRefused(['check', '--all=yes', 'x'], /`--all` takes no value/);
    checkRefused(['check', '--diff', 'x'], /`check` has no option `--diff`/);
    checkRefused(['fix', '--json', 'x'], /`fix` has no option `--json`/);
    checkRefused(['fix', '--stdout', '--diff', 'x'], /exclude each other/);
    checkRefused(['optimize', '--json', '--diff', 'x'], /exclude each other/);
    checkRefused(['optimize', '--backup', '--stdout', 'x'], /exclude each other/);
    checkRefused(['fix', '--stdout', 'a', 'b'], /takes one PATH, but got 2/);
    checkRefused(['__proto__'], /no command/);
    checkRefused(['check', '--constructor', 'x'], /no option/);
  });

  it('accepts what editors add when they start a server', () => {
    assert.equal(run('lsp', '--stdio', '--clientProcessId=12').command, 'lsp');
  });

  it('exits with 2 and one clear line on stderr', () => {
    const { status, stdout, stderr } = layerwise(['check', '--fromat', 'json']);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^layerwise: there is no option `--fromat`/);
    assert.equal(layerwise([]).status, 2);
  });

  it('helps, for the program and for each command', () => {
    const help = layerwise(['--help']);
    assert.equal(help.status, 0);
    assert.equal(help.stderr, '');
    for (const command of ['check', 'fix', 'optimize', 'layers', 'rules', 'explain', 'lsp']) {
      assert.match(help.stdout, new RegExp(`^  ${command} `, 'm'));
      const own = layerwise([command, '--help']);
      assert.equal(own.status, 0, command);
      assert.match(own.stdout, new RegExp(`^Usage: layerwise ${command}`));
      assert.match(own.stdout, /--fail-on SEVERITY/);
    }
    assert.match(layerwise(['check', '--help']).stdout, /--format FORMAT/);
    assert.doesNotMatch(layerwise(['lsp', '--help']).stdout, /clientProcessId/);
    assert.equal(layerwise(['check', '-h', '--wrong']).status, 0);
  });

  it('tells its version', () => {
    const { status, stdout } = layerwise(['--version']);
    assert.equal(status, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    assert.equal(layerwise(['check', '--version']).stdout, stdout);
  });

  it('says clearly where ShellCheck cannot be asked', () => {
    const options = { input: 'FROM scratch\n', env: { PATH: '/nonexistent' } };
    const { status, stdout, stderr } = layerwise(['check', '--shellcheck', '-'], options);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.equal(stderr, 'layerwise: `--shellcheck` is not available: there is no program `shellcheck` on PATH\n');
  });
});
