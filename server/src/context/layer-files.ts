/** What the layers of an image hide of each other: files that a later layer deletes or replaces stay in the image all the same. Pure. */

/** An entry of a layer's archive. Deletions are files whose names begin with `.wh.`, as the OCI image format has them. */
export interface LayerFile {
  /** '/'-separated, without a slash in front. */
  readonly path: string;
  /** Bytes; 0 for all but regular files. */
  readonly size: number;
  readonly isFolder: boolean;
}

interface Node {
  readonly children: Map<string, Node>;
  /** The layer that the file is from, and its bytes; null for a folder and for what is gone. */
  file: { readonly layer: number; readonly size: number } | null;
}

const marker = '.wh.';
const opaqueMarker = '.wh..wh..opq';

/** For each layer, the lowest first: the bytes of it that layers above hide. */
export function hiddenBytes(layers: readonly (readonly LayerFile[])[]): number[] {
  const hidden = layers.map(() => 0);
  const root = newNode();
  const hide = (node: Node) => {
    if (node.file) hidden[node.file.layer] = (hidden[node.file.layer] ?? 0) + node.file.size;
    node.file = null;
    for (const child of node.children.values()) hide(child);
    node.children.clear();
  };
  for (const [layer, files] of layers.entries()) {
    // Deletions are about the layers below, wherever in the archive they stand.
    for (const { path } of files) {
      const slash = path.lastIndexOf('/');
      const name = path.slice(slash + 1);
      if (!name.startsWith(marker)) continue;
      const folder = find(root, path.slice(0, Math.max(0, slash)));
      const gone = name === opaqueMarker ? folder : folder?.children.get(name.slice(marker.length));
      if (gone) hide(gone);
    }
    for (const { path, size, isFolder } of files) {
      if (path === '' || path.slice(path.lastIndexOf('/') + 1).startsWith(marker)) continue;
      const node = findOrMake(root, path);
      if (isFolder) {
        if (node.file) hide(node);
        continue;
      }
      hide(node);
      node.file = { layer, size };
    }
  }
  return hidden;
}

const newNode = (): Node => ({ children: new Map(), file: null });

function find(root: Node, path: string): Node | null {
  let node: Node | undefined = root;
  for (const name of path === '' ? [] : path.split('/')) node = node?.children.get(name);
  return node ?? null;
}

function findOrMake(root: Node, path: string): Node {
  let node = root;
  for (const name of path.split('/')) {
    const next: Node = node.children.get(name) ?? newNode();
    node.children.set(name, next);
    node = next;
  }
  return node;
}
