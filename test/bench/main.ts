/**
 * `npm run bench`: how long from a keystroke to its findings, how long to start, how much memory; ours beside a server that
 * does nothing on the same stack (the floor), dockerfile-language-server-nodejs and tally, in one run on one machine; how
 * that grows with the file; then `check` over many files in one process beside `tally lint`. The others are only timed.
 * Options: --rounds N (default 3), --edits N (default 200), --no-peers.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fixtures, reportMissing, root, sharedPath } from '../harness/paths';
import { runProcess } from '../harness/processes';
import { installPeer } from './peer';
import { growth, type Row, summarize, type Typing, table } from './report';

interface Contestant {
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Edits at most, for one that would take minutes over more. */
  readonly mostEdits?: number;
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
  const peers = findPeers(!args.includes('--no-peers'));
  const contestants = servers(peers);
  const measured: (readonly Row[])[] = [];
  for (const text of texts()) {
    const results = new Map<string, Typing[]>(contestants.map(({ name }) => [name, []]));
    // In turns, so that a machine that slows down slows all of them.
    for (let round = 0; round < rounds; round++)
      for (const contestant of contestants) results.get(contestant.name)?.push(typing(contestant, text, edits));
    const rows = [...results].map(([name, runs]) => summarize(name, runs));
    measured.push(rows);
    console.log(
      `\nTyping into ${text.name} (${rows[0]?.lines} lines; best of ${rounds} runs of ${edits} edits; ms, MiB)`,
    );
    console.log(table(rows));
    const found = countFindings(text);
    const shown = rows[0]?.diagnostics;
    console.log(`findings at open: ${shown}, of \`check\`: ${found}${shown === found ? '' : '  !!! NOT THE SAME !!!'}`);
  }
  const [short, long] = measured;
  if (short && long) console.log(`\n${growth(short, long)}`);
  checkMany(peers);
}

function option(args: readonly string[], name: string, fallback: number): number {
  const value = Number(args[args.indexOf(name) + 1]);
  return args.includes(name) && value > 0 ? value : fallback;
}

/** Other programs, where they can be had. */
interface Peers {
  readonly dockerLangserver: string | undefined;
  readonly tally: string | undefined;
}

function findPeers(wanted: boolean): Peers {
  if (!wanted) return { dockerLangserver: undefined, tally: undefined };
  return {
    dockerLangserver: installPeer('dockerfile-language-server-nodejs', '0.15.0', 'bin/docker-langserver'),
    // Its packages are programs of one platform each.
    tally: installPeer(`@wharflab/tally-${process.platform}-${process.arch}`, '0.45.0', 'bin/tally'),
  };
}

function servers({ dockerLangserver, tally }: Peers): Contestant[] {
  const node = process.execPath;
  const floor = sharedPath('bench/floor-server.mjs') ?? join(root, 'test/bench/floor-server.mjs');
  return [
    { name: 'Layerwise', command: [node, join(root, 'dist/server.js'), '--stdio'] },
    { name: 'the floor', command: [node, floor] },
    ...(dockerLangserver ? [{ name: 'docker-langserver', command: [node, dockerLangserver, '--stdio'] }] : []),
    ...(tally ? [{ name: 'tally', command: [tally, 'lsp', '--stdio'], mostEdits: 40 }] : []),
  ];
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
function typing({ command, mostEdits }: Contestant, { files }: Text, edits: number): Typing {
  const count = Math.min(edits, mostEdits ?? edits);
  const driver = sharedPath('bench/lsp-typing.mjs') ?? join(root, 'test/bench/lsp-typing.mjs');
  const args = [driver, '--edits', String(count), ...files, '--', ...command];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 });
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

/** `check` over the whole corpus, given as arguments to one process; then over what Docker accepts of it, beside `tally lint`. */
function checkMany({ tally }: Peers): void {
  const folder = sharedPath('corpus/dockerfiles');
  if (!folder) reportMissing('corpus/dockerfiles', '`check` is measured over the sample workspace instead');
  const files = folder ? readdirSync(folder).map((name) => join(folder, name)) : samples();
  if (!existsSync(join(root, 'dist/cli.js'))) throw new Error('no dist/cli.js');
  const check = [process.execPath, join(root, 'dist/cli.js'), 'check', '--format', 'json'];
  const { milliseconds, stdout } = timeCommand([...check, ...files]);
  const rows = JSON.parse(stdout) as { findings: unknown[] }[];
  const found = rows.reduce((sum, row) => sum + row.findings.length, 0);
  console.log(
    `\ncheck: ${rows.length} files, ${found} findings in ${milliseconds.toFixed(0)} ms: ${(milliseconds / rows.length).toFixed(2)} ms a file`,
  );
  if (!tally) return;
  // It ends at the first file that it cannot read.
  const refused = refusedFiles();
  const accepted = files.filter((file) => !refused.has(basename(file)));
  // What it would ask registries is left out: there is no network here.
  const lint = [tally, 'lint', '--format', 'json', '--slow-checks', 'off'];
  // Once: it takes minutes.
  const ours = timeCommand([...check, ...accepted]).milliseconds;
  const theirs = timeCommand([...lint, ...accepted]).milliseconds;
  console.log(
    `over ${accepted.length} that Docker accepts: ours ${ours.toFixed(0)} ms, tally lint ${theirs.toFixed(0)} ms; ours is ${(ours / theirs).toFixed(2)}x`,
  );
}

/** The files that Docker refuses to build. */
function refusedFiles(): ReadonlySet<string> {
  const facts = sharedPath('facts/check-truth.jsonl');
  if (!facts) return new Set();
  const rows = readFileSync(facts, 'utf8').trim().split('\n');
  return new Set(
    rows
      .map((row) => JSON.parse(row) as { file: string; error: string | null })
      .filter(({ error }) => error !== null)
      .map(({ file }) => file),
  );
}

/** One run of a command: its time from start to end, and what it printed. */
function timeCommand([program = '', ...args]: readonly string[]): { milliseconds: number; stdout: string } {
  const start = process.hrtime.bigint();
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1e9 });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (status === null || status > 1) console.error(`${program}: status ${status}\n${stderr.slice(0, 500)}`);
  return { milliseconds, stdout };
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
