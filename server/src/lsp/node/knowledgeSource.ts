/** Knowledge of Dockerfiles from this machine: git, docker, files to import, and what was measured in earlier sessions. */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as l10n from '@vscode/l10n';
import { toImage } from '../../analysis/import/image-history';
import { readRecording } from '../../analysis/import/import';
import type { Recording } from '../../analysis/import/recorded';
import { buildAndRecord } from '../../context/node/docker';
import { type HistoryCache, readHistory } from '../../context/node/history';
import { type ArchiveOutcome, looksLikeArchive, readImageArchive } from '../../context/node/image-archive';
import { readMeasurements, writeMeasurements } from '../../model/kept-measurements';
import type { KnowledgeSource } from '../knowledge';

/** Larger logs nobody reads whole. */
const logLimit = 200_000_000;

/** Knowledge from this machine. */
export function createKnowledgeSource(): KnowledgeSource {
  const histories: HistoryCache = new Map();
  return {
    async history(uri, signal) {
      if (!uri.startsWith('file:')) return null;
      return readHistory(dirname(fileURLToPath(uri)), { signal }, histories);
    },
    async readKept(folder, uri) {
      const text = await readFile(keptIn(folder, uri), 'utf8').catch(() => null);
      return text === null ? null : readMeasurements(text);
    },
    async keep(folder, uri, measurements) {
      const path = keptIn(folder, uri);
      if (!measurements) return rm(path, { force: true });
      await mkdir(dirname(path), { recursive: true });
      // Whoever reads meanwhile finds the old text whole.
      await writeFile(`${path}.new`, writeMeasurements(measurements));
      await rename(`${path}.new`, path);
    },
    readRecording: readFileToImport,
    async build(uri, signal, onProgress) {
      const dockerfile = fileURLToPath(uri);
      const output = await buildAndRecord({ dockerfile, context: dirname(dockerfile), signal, onProgress });
      const recordings = output.log === '' ? [] : [readRecording(output.log)];
      if (output.image) recordings.push(toRecording(output.image));
      return { recordings, failure: output.failure, details: output.disk };
    },
  };
}

const keptIn = (folder: string, uri: string): string =>
  join(folder, 'measurements', `${createHash('sha256').update(uri).digest('hex').slice(0, 32)}.json`);

const toRecording = (outcome: ArchiveOutcome): Recording =>
  outcome.kind === 'image' ? { kind: 'image', image: toImage(outcome.entries) } : outcome;

/** Reads a file that somebody wants to import: an archive by its first bytes, else a text. */
export async function readFileToImport(path: string, signal?: AbortSignal): Promise<Recording> {
  const unreadable = (reason: string): Recording => ({ kind: 'unreadable', reason });
  try {
    const file = await open(path, 'r');
    const start = Buffer.alloc(512);
    const { bytesRead } = await file.read(start, 0, start.length, 0).finally(() => file.close());
    if (looksLikeArchive(start.subarray(0, bytesRead))) return toRecording(await readImageArchive(path, signal));
    if ((await stat(path)).size > logLimit) return unreadable(l10n.t('The file is too large for a log.'));
    return readRecording(await readFile(path, { encoding: 'utf8', signal }));
  } catch (error) {
    signal?.throwIfAborted();
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT') return unreadable(l10n.t('There is no such file.'));
    if (code === 'EISDIR') return unreadable(l10n.t('This is a folder; an image has to be saved as an archive.'));
    return unreadable(l10n.t('The file could not be read: {0}', (error as Error).message));
  }
}
