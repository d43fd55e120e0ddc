/** What is in an image: its files, flattened, its configuration, and how its layers came about. */
import { saveImage } from './daemon';
import type { Engine } from './engine';
import { flattenLayers, type ImageFile, type LayerFiles, readLayer } from './flatten';
import { readTar } from './tar-read';

/** The keys of a configuration that an instruction can set. */
export const configKeys = [
  'Env',
  'Cmd',
  'Entrypoint',
  'User',
  'WorkingDir',
  'Labels',
  'ExposedPorts',
  'Volumes',
  'Shell',
  'StopSignal',
  'Healthcheck',
  'OnBuild',
  'Author',
] as const;

export type ConfigKey = (typeof configKeys)[number];

export interface Image {
  /** By absolute path. */
  readonly files: ReadonlyMap<string, ImageFile>;
  /** Env as an object; a key that is not set, or set to nothing, is absent. */
  readonly config: Readonly<Partial<Record<ConfigKey, unknown>>>;
  /** The lowest first; `empty` for an archive without an entry. */
  readonly layers: readonly { readonly diffId: string; readonly empty: boolean }[];
  /** One entry an instruction, those of the base image first; `layer` tells whether it has one. */
  readonly history: readonly { readonly createdBy: string; readonly layer: boolean }[];
}

/** As many layers are remembered; most images of a run share theirs with the one before. */
const remembered = 300;
const layersByDiffId = new Map<string, LayerFiles>();

/** Reads an image from the engine. */
export async function readImage(engine: Engine, name: string): Promise<Image> {
  return parseSavedImage(await saveImage(engine.daemon, name));
}

/** Reads the archive that `docker save` writes of one image. */
export function parseSavedImage(archive: Buffer): Image {
  const parts = new Map(readTar(archive).map((entry) => [entry.path, entry.content]));
  const part = (path: string) => {
    const content = parts.get(path);
    if (!content) throw new Error(`saved image: no ${path}`);
    return content;
  };
  const [manifest] = JSON.parse(part('manifest.json').toString()) as { Config: string; Layers: string[] }[];
  if (!manifest) throw new Error('saved image: empty manifest');
  const saved = JSON.parse(part(manifest.Config).toString()) as SavedConfig;
  const layers = manifest.Layers.map((path, index) => {
    const diffId = saved.rootfs.diff_ids[index] ?? path;
    return { diffId, files: rememberLayer(diffId, () => readLayer(part(path))) };
  });
  return {
    files: flattenLayers(layers.map((layer) => layer.files)),
    config: normalizeConfig(saved),
    layers: layers.map(({ diffId, files }) => ({ diffId, empty: isEmpty(files) })),
    history: (saved.history ?? []).map((entry) => ({ createdBy: entry.created_by ?? '', layer: !entry.empty_layer })),
  };
}

interface SavedConfig {
  readonly author?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly rootfs: { readonly diff_ids: readonly string[] };
  readonly history?: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[];
}

function rememberLayer(diffId: string, read: () => LayerFiles): LayerFiles {
  const layer = layersByDiffId.get(diffId) ?? read();
  // A map keeps its keys in the order of insertion: what was used last goes to the end, what is oldest is dropped.
  layersByDiffId.delete(diffId);
  layersByDiffId.set(diffId, layer);
  if (layersByDiffId.size > remembered) layersByDiffId.delete(layersByDiffId.keys().next().value ?? '');
  return layer;
}

function isEmpty(layer: LayerFiles): boolean {
  return layer.files.size === 0 && layer.whiteouts.length === 0 && layer.opaque.length === 0;
}

function normalizeConfig(saved: SavedConfig): Partial<Record<ConfigKey, unknown>> {
  const config: Partial<Record<ConfigKey, unknown>> = {};
  for (const key of configKeys) {
    const value = key === 'Author' ? saved.author : saved.config?.[key];
    if (isSet(value)) config[key] = key === 'Env' ? toMap(value as string[]) : value;
  }
  return config;
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0 || Array.isArray(value);
}

function toMap(variables: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    variables.map((variable) => {
      const equals = variable.indexOf('=');
      return [variable.slice(0, equals), variable.slice(equals + 1)];
    }),
  );
}
