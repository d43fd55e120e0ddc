/**
 * What Docker itself says of Dockerfiles: `docker build --check`, many files in one command. Nothing is built, and the
 * build context is empty, so that no finding is about its files.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingImage, plainBase, prepareBaseImages, standIn } from './base-images';
import type { Engine } from './engine';
import { hasSyntax, takeOutSyntax } from './syntax-line';

/** Docker's verdict on one file. */
export interface Check {
  /** The rule, and the line that it is about, from 1; 0 where it is about none. Sorted by line, then by rule. */
  readonly warnings: readonly (readonly [rule: string, line: number])[];
  /** Why Docker would not build it, or undefined. */
  readonly error?: string;
  /** The line that it names for that, from 1; undefined where it names none. */
  readonly errorLine?: number;
}

/** Files checked by one command: its start costs as much as the check of five. */
const filesPerCommand = 100;
/** As many images that one file refers to are given a stand-in. */
const imagesPerFile = 40;

/** Checks files; the verdicts come in their order. Images that do not resolve stand for a base that only sets PATH. */
export async function checkDockerfiles(engine: Engine, dockerfiles: readonly string[]): Promise<Check[]> {
  await prepareBaseImages(engine);
  if (engine.isPrivate) await standInForAll(engine, dockerfiles);
  const checks: Check[] = dockerfiles.map(() => ({ warnings: [], error: 'not checked' }));
  let open = dockerfiles.map((_, index) => index);
  for (let round = 0; open.length > 0 && round <= imagesPerFile; round++) {
    const chunks: number[][] = [];
    for (let at = 0; at < open.length; at += filesPerCommand) chunks.push(open.slice(at, at + filesPerCommand));
    const again: number[] = [];
    const work = async () => {
      for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) {
        const texts = chunk.map((index) => dockerfiles[index] ?? '');
        const results = await checkTogether(engine, texts);
        for (const [position, index] of chunk.entries()) {
          const check = results[position] ?? { warnings: [], error: 'no verdict' };
          checks[index] = check;
          const missing = missingImage(check.error ?? '');
          if (missing && (await standIn(engine, missing, plainBase))) again.push(index);
        }
      }
    };
    await Promise.all([work(), work()]);
    open = again;
  }
  return checks;
}

/** Gives the images that plainly stand in FROM lines their stand-ins at once; each found missing costs another check. */
async function standInForAll(engine: Engine, dockerfiles: readonly string[]): Promise<void> {
  const references = new Set<string>();
  for (const text of dockerfiles)
    for (const [, reference = ''] of text.matchAll(/^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*([^\s$]+)[ \t\r]*(?:AS\b|$)/gim))
      if (reference.toLowerCase() !== 'scratch') references.add(reference);
  for (const reference of references) await standIn(engine, reference, plainBase);
}

/** The part that matters of what `bake --call=check,format=json` prints. */
interface Report {
  readonly target?: Readonly<Record<string, { readonly check?: TargetReport }>>;
}

interface Location {
  readonly ranges?: readonly { readonly start: { readonly line?: number } }[] | null;
}

interface TargetReport {
  readonly warnings?:
    | readonly {
        readonly ruleName: string;
        readonly location?: Location;
      }[]
    | null;
  readonly buildError?: { readonly message?: string; readonly location?: Location };
  readonly error?: string;
}

async function checkTogether(engine: Engine, texts: readonly string[]): Promise<Check[]> {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-check-'));
  try {
    const context = join(folder, 'empty');
    mkdirSync(context);
    const target: Record<string, object> = {};
    for (const [index, text] of texts.entries()) {
      const dockerfile = join(folder, `${index}.Dockerfile`);
      writeFileSync(dockerfile, takeOutSyntax(text));
      target[`f${index}`] = { context, dockerfile };
    }
    const plan = join(folder, 'plan.json');
    writeFileSync(plan, JSON.stringify({ group: { default: { targets: Object.keys(target) } }, target }));
    const output = await runBuildx(engine, ['bake', '-f', plan, '--progress=quiet', '--call=check,format=json']);
    const report = (output.startsWith('{') ? JSON.parse(output) : {}) as Report;
    return texts.map((text, index) => toCheck(report.target?.[`f${index}`]?.check, hasSyntax(text) ? 1 : 0));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toCheck(report: TargetReport | undefined, shift: number): Check {
  if (!report) return { warnings: [], error: 'no verdict' };
  const warnings = (report.warnings ?? []).map(({ ruleName, location }): readonly [string, number] => {
    const line = location?.ranges?.[0]?.start.line ?? 0;
    return [ruleName, line + shift];
  });
  warnings.sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const error = report.buildError?.message ?? report.error;
  const line = report.buildError?.location?.ranges?.[0]?.start.line;
  return { warnings, ...(error ? { error } : {}), ...(line ? { errorLine: line + shift } : {}) };
}

/** The standard output of a command that ends with an error status as soon as there is one finding. */
function runBuildx(engine: Engine, args: readonly string[]): Promise<string> {
  const [command = 'docker', ...first] = engine.buildx;
  // The files lie outside the working directory, which bake takes for a privilege unless told otherwise.
  const env = { ...process.env, ...engine.env, BUILDX_BAKE_ENTITLEMENTS_FS: '0' };
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], { env, stdio: ['ignore', 'pipe', 'ignore'], timeout: 300_000 });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}
