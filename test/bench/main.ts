/**
 * `npm run bench`: how long from a keystroke to its findings, how long to start, how much memory; ours beside a server that
 * does nothing on the same stack (the floor) and beside dockerfile-language-server-nodejs, in one run on one machine. Then
 * `check` over many files in one process. Options: --rounds N (default 3), --edits N (default 200), --no-peers.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fixtures, reportMissing, root, sharedPath } from '../harness/paths';
import { runProcess } from '../harness/processes';
import { installPeer } from './peer';
import { summarize, type Typing, table } from './report';

interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
}

interface Text {
  readonly name: string;
  readonly files: readonly string[];
}

async function main(args: readonly string[]): Promise<void> {
  const rounds = option(args, '--rounds', 3);
  const edits = option(args, '--edits', 200);
  // What is measured is what is shipped.
  if ((await runProcess(process.execPath, [join(root, 'build.mjs'), '--production'])) !== 0)
    throw new Error('no build');
  const contestants = servers(!args.includes('--no-peers'));
  for (const text of texts()) {
    const results = new Map<string, Typing[]>(contestants.map(({ name }) => [name, []]));
    // In turns, so that a machine that slows down slows all of them.
    for (let round = 0; round < rounds; round++)
      for (const contestant of contestants) results.get(contestant.name)?.push(typing(contestant, text, edits));
    const rows = [...results].map(([name, runs]) => summarize(name, runs));
    console.log(
      `\nTyping into ${text.name} (${rows[0]?.lines} lines; best of ${rounds} runs of ${edits} edits; ms, MiB)`,
    );
    console.log(table(rows));
    const found = countFindings(text);
    const shown = rows[0]?.diagnostics;
    console.log(`findings at open: ${shown}, of \`check\`: ${found}${shown === found ? '' : '  !!! NOT THE SAME !!!'}`);
  }
  checkMany();
}

function option(args: readonly string[], name: string, fallback: number): number {
  const value = Number(args[args.indexOf(name) + 1]);
  return args.includes(name) && value > 0 ? value : fallback;
}

function servers(peers: boolean): Contestant[] {
  const floor = sharedPath('bench/floor-server.mjs') ?? join(root, 'test/bench/floor-server.mjs');
  const contestants: Contestant[] = [
    { name: 'Layerwise', command: [join(root, 'dist/server.js'), '--stdio'], cwd: root },
    { name: 'the floor', command: [floor], cwd: root },
  ];
  const peer = peers ? installPeer('dockerfile-language-server-nodejs', '0.15.0', 'bin/docker-langserver') : undefined;
  if (peer) contestants.push({ name: 'docker-langserver', command: [peer, '--stdio'], cwd: root });
  return contestants;
}

/** The documents to type into: those that the shared lists name, else the fixtures. */
function texts(): Text[] {
  const lists = ['short', 'long'].flatMap((name) => {
    const list = sharedPath(`bench/${name}.txt`);
    return list ? [{ name, files: namesIn(list) }] : [];
  });
  if (lists.length === 2) return lists;
  reportMissing('bench/short.txt', 'typing is measured in the sample workspace instead');
  const files = samples();
  return [
    { name: 'short', files: files.slice(0, 3) },
    { name: 'long', files: Array.from({ length: 15 }, () => files).flat() },
  ];
}

function namesIn(list: string): string[] {
  const lines = readFileSync(list, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => resolve(dirname(list), line.trim()));
}

function samples(): string[] {
  return readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(^|[/\\])(Dockerfile|Containerfile)$/.test(name))
    .sort()
    .map((name) => join(fixtures, name));
}

/** One run of the driver in a process of its own. */
function typing({ command, cwd }: Contestant, { files }: Text, edits: number): Typing {
  const driver = sharedPath('bench/lsp-typing.mjs') ?? join(root, 'test/bench/lsp-typing.mjs');
  const args = [driver, '--edits', String(edits), ...files, '--', process.execPath, ...command];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  return JSON.parse(stdout) as Typing;
}

/** What `check` finds in the same text: the files joined as the driver joins them, in the first one's place. */
function countFindings({ files }: Text): number {
  const input = files
    .map((file) =>
      readFileSync(file, 'utf8')
        .replace(/^\uFEFF/, '')
        .replace(/\r\n/g, '\n')
        .replace(/\n?$/, '\n'),
    )
    .join('');
  const args = [join(root, 'dist/cli.js'), 'check', '--format', 'json', '--stdin-filename', files[0] ?? '', '-'];
  const { stdout } = spawnSync(process.execPath, args, { input, encoding: 'utf8', maxBuffer: 1e8 });
  const [row] = JSON.parse(stdout) as { findings: unknown[] }[];
  return row?.findings.length ?? 0;
}

/** `check` over the whole corpus, given as arguments to one process. */
function checkMany(): void {
  const folder = sharedPath('corpus/dockerfiles');
  if (!folder) reportMissing('corpus/dockerfiles', '`check` is measured over the sample workspace instead');
  const files = folder ? readdirSync(folder).map((name) => join(folder, name)) : samples();
  if (!existsSync(join(root, 'dist/cli.js'))) throw new Error('no dist/cli.js');
  const args = [join(root, 'dist/cli.js'), 'check', '--format', 'json', ...files];
  const start = process.hrtime.bigint();
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1e9 });
  const time = Number(process.hrtime.bigint() - start) / 1e6;
  const rows = JSON.parse(stdout) as { findings: unknown[] }[];
  const found = rows.reduce((sum, row) => sum + row.findings.length, 0);
  console.log(
    `\ncheck: ${rows.length} files, ${found} findings in ${time.toFixed(0)} ms: ${(time / rows.length).toFixed(2)} ms a file` +
      (stderr ? `\n${stderr.slice(0, 500)}` : ''),
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
