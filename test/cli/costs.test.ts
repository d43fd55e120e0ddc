/** Rebuild costs on the command line: from the git history of the context where there is one, else from defaults. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { type Folder, layerwise, makeFolder } from './command';

interface Plan {
  readonly rebuildCostBefore: number | null;
  readonly rebuildCostAfter: number | null;
  readonly text: string;
}

const text = `FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
CMD ["node", "server.js"]
`;
const files = {
  Dockerfile: text,
  'package.json': '{"dependencies":{"express":"4.21.2"}}',
  'package-lock.json': '{}',
  'server.js': '1',
};

describe('cli: costs', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder(files);
  });
  afterEach(() => folder.remove());

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@localhost', ...args], { cwd: folder.path });
  const plan = (...more: string[]): Plan =>
    JSON.parse(layerwise(['optimize', '--json', ...more, 'Dockerfile'], { cwd: folder.path }).stdout) as Plan;

  it('are numbers of seconds that fall', () => {
    const { rebuildCostBefore, rebuildCostAfter } = plan();
    assert.ok(rebuildCostBefore !== null && rebuildCostAfter !== null);
    assert.ok(rebuildCostAfter < rebuildCostBefore / 2, `${rebuildCostBefore} → ${rebuildCostAfter}`);
  });

  it('go by the history of the context', () => {
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'first');
    const assumed = plan();
    for (const content of ['5', '6', '7']) {
      folder.write('package.json', files['package.json'].replace('4.21.2', `4.21.${content}`));
      git('commit', '-q', '-a', '-m', content);
    }
    folder.write('package.json', files['package.json']);
    // Here it is always the manifest that changes: copying it first gains nothing.
    const learned = plan();
    assert.ok((learned.rebuildCostAfter ?? 0) > (assumed.rebuildCostAfter ?? 0) * 3, JSON.stringify(learned));
    assert.ok((learned.rebuildCostAfter ?? 99) <= (learned.rebuildCostBefore ?? 0), JSON.stringify(learned));
  });

  it('are told with what they rest on', () => {
    const { stderr } = layerwise(['optimize', '--diff', 'Dockerfile'], { cwd: folder.path });
    assert.match(
      stderr,
      /A rebuild takes [\d.]+ s on average, and [\d.]+ s after that\.\n {2}The build context is not in a git/,
    );
  });

  it('are null of a file without a stage', () => {
    folder.write('Dockerfile', '# nothing\n');
    assert.equal(plan().rebuildCostBefore, null);
  });
});
