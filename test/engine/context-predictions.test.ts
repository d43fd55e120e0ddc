/**
 * What the model says COPY takes from a build context, held against what real builds copied: random file trees, ignore files
 * and patterns, sent by the real client.
 */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import type { BuildContext } from '../../server/src/context/context';
import { parseIgnore } from '../../server/src/context/dockerignore';
import { hasWildcards } from '../../server/src/context/go-paths';
import { openContext } from '../../server/src/context/node/listing';
import { filesBelow, matchSource } from '../../server/src/context/sources';
import type { Engine } from './harness/engine';
import { failOn, requireEngine } from './prove';

const count = Number(process.env.LAYERWISE_CONTEXTS ?? (process.env.LAYERWISE_FULL ? 3000 : 500));
const perCommand = 50;

/** A tree, an ignore file and two sources. */
interface Case {
  readonly files: readonly string[];
  readonly ignore: readonly string[];
  readonly sources: readonly string[];
}

const name = fc.constantFrom('a', 'b', 'ab', 'a.txt', 'b.log', '.env', 'src', 'build', 'vendor', 'x-1', 'Ü', 'a b');
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const wild = fc.constantFrom(
  '*',
  '**',
  '?',
  '*.txt',
  '*.log',
  'a*',
  '[ab]',
  '[a-c]*',
  '[^a]',
  'a?',
  '**a',
  'b**',
  '.*',
  '\\*',
  'x-[0-9]',
);
const pattern = fc
  .tuple(fc.array(fc.oneof(name, name, wild), { minLength: 1, maxLength: 3 }), fc.nat(11))
  .map(([parts, form]) => {
    const text = parts.join('/');
    if (form === 0) return `/${text}`;
    if (form === 1) return `${text}/`;
    if (form === 2) return `./${text}`;
    if (form === 3) return `${text}/../${text}`;
    if (form === 4) return `  ${text}  `;
    return text;
  });
const ignoreLine = fc.oneof(
  { weight: 6, arbitrary: pattern },
  { weight: 3, arbitrary: pattern.map((text) => `!${text.trim()}`) },
  { weight: 1, arbitrary: fc.constantFrom('# a comment', '', ' # no comment', '**', '*', '!.env') },
);
/** What may stand in a COPY without being taken for something else than a pattern. */
const source = pattern.map((text) => text.trim()).filter((text) => !/[ !\\]/.test(text) && !text.includes('..'));
const cases = fc.record({
  files: fc.array(path, { minLength: 3, maxLength: 25 }),
  ignore: fc.array(ignoreLine, { maxLength: 6 }),
  sources: fc.array(source, { minLength: 2, maxLength: 2 }),
});

describe('context predictions', () => {
  it(`hold for ${count} random trees, ignore files and patterns`, async function () {
    this.timeout(1_800_000);
    const engine = await requireEngine(this);
    const folder = mkdtempSync(join(tmpdir(), 'layerwise-contexts-'));
    const wrong: string[] = [];
    let copied = 0;
    let uncertain = 0;
    try {
      const trials = fc
        .sample(cases, { numRuns: count, seed: 11 })
        .filter(({ ignore }) => parseIgnore(ignore.join('\n')).problems.length === 0)
        .map((trial, index) => plant(join(folder, String(index)), trial));
      for (let at = 0; at < trials.length; at += perCommand) await copyAll(engine, trials.slice(at, at + perCommand));
      for (const trial of trials) {
        for (const { said, place } of trial.copies) {
          const found = listFiles(join(trial.output, place));
          copied += found.length;
          if (said === null) uncertain++;
          else if (said.join('\n') !== found.join('\n'))
            wrong.push(`${trial.text}\n${place}\n  said ${said.join(' ')}\n  is   ${found.join(' ')}`);
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    console.log(`    ${count} contexts, ${copied} files copied; of ${uncertain} sources nothing was said`);
    failOn(wrong, `${wrong.length} copies took other files`);
    assert.ok(copied > count * 4 && uncertain < count * 0.2, 'too little was copied or said');
  });
});

interface Trial {
  readonly context: string;
  readonly output: string;
  readonly dockerfile: string;
  /** What is copied to which folder of the image: sorted paths; null where the model is not sure. */
  readonly copies: readonly { readonly place: string; readonly said: readonly string[] | null }[];
  /** For reports. */
  readonly text: string;
}

/** Writes a case to disk and says what its COPYs will take. */
function plant(folder: string, { files, ignore, sources }: Case): Trial {
  const context = join(folder, 'context');
  const folders = new Set<string>();
  mkdirSync(context, { recursive: true });
  for (const file of files) {
    // A path that is a folder already, or leads through a file, is left out.
    const at = join(context, file);
    try {
      mkdirSync(dirname(at), { recursive: true });
      writeFileSync(at, file, { flag: 'wx' });
      folders.add(dirname(file));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }
  writeFileSync(join(context, '.dockerignore'), ignore.join('\n'));
  const known = openContext(context, null);
  const lines = ['FROM scratch', 'COPY . /all/'];
  const copies = [{ place: 'all', said: [...filesBelow(known, '')].sort() as readonly string[] | null }];
  for (const [index, text] of sources.entries()) {
    const match = matchSource(known, text);
    // A name that is not there ends the build, and so does a folder before a pattern.
    if (match.matched.length === 0 && !(match.isPattern && isThere(known, folderBefore(match.path)))) continue;
    const taken = takenBy(known, match.matched);
    // A file and a folder of one name cannot both be in one place.
    if (taken.some((file) => taken.some((other) => other.startsWith(`${file}/`)))) continue;
    const place = `source${index}`;
    lines.push(`COPY ${text} /${place}/`);
    copies.push({ place, said: match.certain ? taken : null });
  }
  return {
    context,
    output: join(folder, 'output'),
    dockerfile: lines.join('\n'),
    copies,
    text: `${files.join(' ')}\n.dockerignore: ${ignore.join(' ; ')}\n${lines.join('\n')}`,
  };
}

const isThere = (context: BuildContext, path: string): boolean => filesBelow(context, path).length > 0;

/** The folder of a pattern that holds no wildcard; '' where the first part has one. */
function folderBefore(path: string): string {
  const parts = path.split('/');
  return parts.slice(0, parts.findIndex(hasWildcards)).join('/');
}

/** Where files land when they, and what is in folders, are copied into one folder. */
function takenBy(context: BuildContext, matched: readonly string[]): string[] {
  const taken = new Set<string>();
  for (const entry of matched)
    for (const file of filesBelow(context, entry))
      taken.add(file === entry ? basename(file) : entry === '' ? file : file.slice(entry.length + 1));
  return [...taken].sort();
}

/** Builds many at a time, each into a folder. */
async function copyAll(engine: Engine, trials: readonly Trial[]): Promise<void> {
  const target: Record<string, object> = {};
  for (const [index, { context, dockerfile, output }] of trials.entries())
    target[`t${index}`] = { context, 'dockerfile-inline': dockerfile, output: [`type=local,dest=${output}`] };
  const plan = join(dirname(dirname(trials[0]?.context ?? tmpdir())), 'plan.json');
  writeFileSync(plan, JSON.stringify({ group: { default: { targets: Object.keys(target) } }, target }));
  const [command = 'docker', ...first] = engine.buildx;
  const env = { ...process.env, ...engine.env, BUILDX_BAKE_ENTITLEMENTS_FS: '0' };
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command, [...first, 'bake', '-f', plan, '--progress=plain'], { env, timeout: 300_000 });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (status) =>
      status === 0
        ? resolve()
        : reject(new Error(`${errors.slice(-3000)}\n${trials.map(({ text }) => text).join('\n\n')}`)),
    );
  });
}

/** The files below a folder, as sorted paths; none where there is no such folder. */
function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  } catch {
    return [];
  }
}
