/** Configuration files as the command meets them. */
import { strict as assert } from 'node:assert';
import { type Folder, layerwise, makeFolder, onlyOverridden, twoCommands } from './command';

describe('configuration of the command', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder({ 'app/Dockerfile': twoCommands });
  });
  afterEach(() => folder.remove());

  const run = (...args: string[]) => layerwise(['check', ...args], { cwd: folder.path });

  it('is found upwards, and the command line is stronger', () => {
    folder.write('.layerwise.yaml', 'severity: { overridden-instruction: error }\nselect: [overridden-instruction]\n');
    assert.match(run('app').stdout, /^app\/Dockerfile:2:1: error: /m);
    assert.equal(run('--fail-on', 'error', 'app').status, 1);
    folder.write('.layerwise.yaml', 'ignore: [DL4003]\n');
    assert.doesNotMatch(run('app').stdout, /overridden/);
    assert.match(run(...onlyOverridden, 'app').stdout, /overridden/);
    folder.write('.layerwise.yaml', 'select: [overridden-instruction]\nfailOn: error\n');
    assert.equal(run('app').status, 0);
    assert.equal(run('--fail-on', 'warning', 'app').status, 1);
  });

  it('has its errors told at file and line, once, and they make the command fail', () => {
    folder.write('app/Dockerfile.b', twoCommands);
    folder.write('.layerwise.yaml', '# ours\nbulder: legacy\nignore: [overriden-instruction]\n');
    const { status, stdout, stderr } = run(...onlyOverridden, 'app');
    assert.equal(status, 2);
    assert.equal(
      stderr,
      [
        '.layerwise.yaml:2:1: error: there is no setting `bulder`; did you mean `builder`?',
        '.layerwise.yaml:3:10: warning: there is no rule `overriden-instruction`; did you mean `overridden-instruction`?',
        '',
      ].join('\n'),
    );
    assert.match(stdout, /app\/Dockerfile\.b:2:1/, 'the files are still checked');
  });

  it('warns without failing', () => {
    folder.write('.layerwise.yaml', 'ignore: [no-such-rule-at-all]\n');
    const { status, stderr } = run(...onlyOverridden, 'app');
    assert.equal(status, 1);
    assert.match(stderr, /^\.layerwise\.yaml:1:10: warning: there is no rule/);
  });

  it('may be named, in hadolint’s words too', () => {
    folder.write('ci/hadolint.yaml', 'ignored: [DL4003]\n');
    assert.doesNotMatch(run('--config', 'ci/hadolint.yaml', 'app').stdout, /overridden/);
  });

  it('differs between paths', () => {
    folder.write('app/Dockerfile.dev', twoCommands);
    folder.write('.layerwise.yaml', 'overrides:\n  - files: ["*.dev"]\n    ignore: [overridden-instruction]\n');
    const { stdout } = run('app');
    assert.match(stdout, /app\/Dockerfile:2:1: .*overridden/);
    assert.doesNotMatch(stdout, /Dockerfile\.dev:.*overridden/);
  });
});
