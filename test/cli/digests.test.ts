/** `fix --suggestions --select image-without-digest`, with a registry on this machine. */
import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { digestOf, type Registry, startRegistry } from '../harness/registry';
import { cli, type Folder, makeFolder } from './command';

const manifest = '{"schemaVersion": 2, "manifests": []}';
const manifests = { 'team/app:1.2': manifest, 'team/app:latest': manifest };

describe('digests on the command line', () => {
  let folder: Folder;
  let registry: Registry | undefined;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(async () => {
    await registry?.close();
    registry = undefined;
    folder.remove();
  });

  /** Runs the command while this process answers as the registry. */
  let env = process.env;
  const run = (...args: string[]) =>
    new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, [cli, ...args], { cwd: folder.path, env }, (error, stdout, stderr) => {
        resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  const pin = () => run('fix', '--suggestions', '--select', 'image-without-digest', 'Dockerfile');
  const text = () => readFileSync(join(folder.path, 'Dockerfile'), 'utf8');

  for (const options of [{}, { needsToken: true }, { isOld: true }, { isOld: true, needsToken: true }])
    it(`are asked of a registry and written (${JSON.stringify(options)})`, async () => {
      registry = await startRegistry({ manifests, ...options });
      const { host } = registry;
      folder.write('Dockerfile', `FROM ${host}/team/app:1.2 AS a\nFROM ${host}/team/app\nFROM a\n`);
      const { status, stderr } = await pin();
      assert.equal(stderr, '');
      assert.equal(status, 0);
      const digest = digestOf(manifest);
      assert.equal(text(), `FROM ${host}/team/app:1.2@${digest} AS a\nFROM ${host}/team/app@${digest}\nFROM a\n`);
    });

  it('are not written where the registry cannot be reached or does not know the image', async () => {
    registry = await startRegistry({ manifests });
    const before = `FROM ${registry.host}/team/other:1\nFROM 127.0.0.1:9/team/app:1\n`;
    folder.write('Dockerfile', before);
    const { status, stderr } = await pin();
    assert.equal(text(), before);
    assert.equal(status, 0, 'what remains is below the threshold');
    assert.match(stderr, /team\/other:1 could not be had: .*404/);
    assert.match(stderr, /127\.0\.0\.1:9\/team\/app:1 could not be had/);
  });

  it('are those of the local engine where the registry does not answer', async function () {
    if (process.platform === 'win32') return this.skip();
    const digest = digestOf(manifest);
    const names = JSON.stringify([`example.com/other@${digestOf('x')}`, `127.0.0.1:9/team/app@${digest}`]);
    const engine = folder.write('bin/docker', `#!/bin/sh\n[ "$1 $2" = 'image inspect' ] && echo '${names}'\n`);
    chmodSync(engine, 0o755);
    env = { ...process.env, PATH: `${join(folder.path, 'bin')}${delimiter}${process.env.PATH}` };
    folder.write('Dockerfile', 'FROM 127.0.0.1:9/team/app:1\n');
    const { stderr } = await pin();
    env = process.env;
    assert.equal(stderr, '');
    assert.equal(text(), `FROM 127.0.0.1:9/team/app:1@${digest}\n`);
  });

  it('are not believed where they do not fit the manifest, or are none', async () => {
    registry = await startRegistry({ manifests, claims: 'sha256:nonsense' });
    folder.write('Dockerfile', `FROM ${registry.host}/team/app:1.2\n`);
    await pin();
    assert.equal(text(), `FROM ${registry.host}/team/app:1.2@${digestOf(manifest)}\n`, 'computed instead');
  });

  it('are asked for only by name', async () => {
    registry = await startRegistry({ manifests });
    const before = `FROM ${registry.host}/team/app:1.2\n`;
    folder.write('Dockerfile', before);
    folder.write('.layerwise.yaml', 'severity: { image-without-digest: warning }\n');
    await run('fix', '--suggestions', '--all', 'Dockerfile');
    await run('fix', '--select', 'image-without-digest', 'Dockerfile');
    const { stdout } = await run('check', '--select', 'S7023', 'Dockerfile');
    assert.match(stdout, /image-without-digest/);
    assert.equal(text().includes('@sha256'), false);
    assert.deepEqual(registry.requests, []);
  });
});
