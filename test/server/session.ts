/** A session with the built server, from the sight of an editor with one Dockerfile open. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type LspClient, startClient } from '../harness/lsp-client';

export interface Position {
  readonly line: number;
  readonly character: number;
}
export interface Range {
  readonly start: Position;
  readonly end: Position;
}
export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}
export interface Diagnostic {
  readonly range: Range;
  readonly severity: number;
  readonly code: string;
  readonly source: string;
  readonly message: string;
  readonly codeDescription?: { readonly href: string };
  readonly tags?: readonly number[];
  readonly relatedInformation?: readonly { readonly location: { uri: string; range: Range }; message: string }[];
}
export interface Report {
  readonly kind: 'full' | 'unchanged';
  readonly resultId?: string;
  readonly items: readonly Diagnostic[];
}
export interface DocumentChange {
  readonly kind?: 'create';
  readonly uri?: string;
  readonly textDocument?: { readonly uri: string; readonly version: number | null };
  readonly edits?: readonly TextEdit[];
}
export interface CodeAction {
  readonly title: string;
  readonly kind: string;
  readonly isPreferred?: boolean;
  readonly diagnostics?: readonly Diagnostic[];
  readonly disabled?: { readonly reason: string };
  readonly data?: unknown;
  readonly edit?: {
    readonly documentChanges?: readonly DocumentChange[];
    readonly changes?: Readonly<Record<string, readonly TextEdit[]>>;
  };
}

/** What a modern editor says it can do. */
export const modernClient = {
  workspace: {
    configuration: true,
    applyEdit: true,
    workspaceEdit: { documentChanges: true, resourceOperations: ['create', 'rename', 'delete'] },
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    diagnostics: { refreshSupport: true },
  },
  textDocument: {
    diagnostic: { dynamicRegistration: true, relatedDocumentSupport: true },
    publishDiagnostics: {
      relatedInformation: true,
      versionSupport: true,
      codeDescriptionSupport: true,
      tagSupport: { valueSet: [1, 2] },
    },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: {
      dataSupport: true,
      isPreferredSupport: true,
      disabledSupport: true,
      resolveSupport: { properties: ['edit'] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['', 'quickfix', 'source', 'source.fixAll'] } },
    },
  },
};

/** What a very old one says. */
export const oldClient = {
  workspace: {},
  textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['', 'quickfix'] } } } },
};

export interface SessionOptions {
  readonly capabilities?: object;
  readonly initializationOptions?: object;
  readonly command?: readonly string[];
  /** Changes between requests to be seen: the settings that the client answers with. */
  readonly settings?: { value: unknown };
  readonly answers?: Readonly<Record<string, (params: unknown) => unknown>>;
}

export interface Session {
  readonly client: LspClient;
  /** The answer to `initialize`. */
  readonly initialized: { readonly capabilities: Record<string, unknown> };
  /** A folder on the disk, for documents with a build context. */
  readonly folder: string;
  uri(name: string): string;
  writeFile(name: string, text: string): void;
  open(uri: string, text: string, languageId?: string): void;
  /** Replaces a range, or with none the whole text. */
  change(uri: string, version: number, changes: readonly { range?: Range; text: string }[]): void;
  pull(uri: string, previousResultId?: string): Promise<Report>;
  actions(uri: string, range: Range, context?: object): Promise<CodeAction[]>;
  resolve(action: CodeAction): Promise<CodeAction>;
  /** Shuts down as LSP has it; resolves to the exit status. */
  end(): Promise<number | null>;
}

export async function startSession(options: SessionOptions = {}): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-server-'));
  const answers = {
    'workspace/configuration': (params: unknown) =>
      (params as { items: unknown[] }).items.map(() => options.settings?.value ?? null),
    ...options.answers,
  };
  const client = startClient({ answers, ...(options.command ? { command: options.command } : {}) });
  const rootUri = pathToFileURL(folder).href;
  const initialized = await client.request<Session['initialized']>('initialize', {
    processId: process.pid,
    rootUri,
    capabilities: options.capabilities ?? modernClient,
    workspaceFolders: [{ uri: rootUri, name: 'test' }],
    initializationOptions: options.initializationOptions,
  });
  client.notify('initialized', {});
  const textDocument = (uri: string) => ({ textDocument: { uri } });
  return {
    client,
    initialized,
    folder,
    uri: (name) => pathToFileURL(join(folder, name)).href,
    writeFile: (name, text) => writeFileSync(join(folder, name), text),
    open: (uri, text, languageId = 'dockerfile') =>
      client.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } }),
    change: (uri, version, contentChanges) =>
      client.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges }),
    pull: (uri, previousResultId) =>
      client.request('textDocument/diagnostic', {
        ...textDocument(uri),
        ...(previousResultId ? { previousResultId } : {}),
      }),
    actions: (uri, range, context = {}) =>
      client.request('textDocument/codeAction', {
        ...textDocument(uri),
        range,
        context: { diagnostics: [], ...context },
      }),
    resolve: (action) => client.request('codeAction/resolve', action),
    async end() {
      await client.request('shutdown');
      client.notify('exit');
      const status = await client.ended;
      rmSync(folder, { recursive: true, force: true });
      return status;
    },
  };
}

/** Applies edits the way an editor does. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split(/(?<=\n)/);
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
  const offset = ({ line, character }: Position) => (starts[line] ?? text.length) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start) || offset(b.range.end) - offset(a.range.end))
    .reduce(
      (all, { range, newText }) => all.slice(0, offset(range.start)) + newText + all.slice(offset(range.end)),
      text,
    );
}

/** The edits that an action makes in a document. */
export function editsOf(action: CodeAction, uri: string): readonly TextEdit[] {
  const changes = action.edit?.documentChanges ?? [];
  return changes
    .filter((change) => change.textDocument?.uri === uri)
    .flatMap((change) => change.edits ?? [])
    .concat(action.edit?.changes?.[uri] ?? []);
}

/** A place that is a range without width. */
export const at = (line: number, character = 0): Range => ({
  start: { line, character },
  end: { line, character },
});
