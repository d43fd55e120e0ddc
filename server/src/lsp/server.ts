/**
 * The language server on any connection. Only what answering `initialize` needs is loaded with this file; the engine, with
 * all its rules, comes in right after that answer.
 */
import * as l10n from '@vscode/l10n';
import {
  type CancellationToken,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  PositionEncodingKind,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { serverOptimizeCommand } from '../../../shared/src/commands';
import { isIgnoreFile } from '../../../shared/src/documents';
import { layersChangedNotification, layersViewRequest } from '../../../shared/src/layers-view';
import { forgetMeasurementsRequest, importRequest, measureRequest } from '../../../shared/src/measurements';
import {
  type InitializationOptions,
  layersRequest,
  optimizeRequest,
  rulePageRequest,
  rulesRequest,
  trustedNotification,
} from '../../../shared/src/protocol';
import type { ConfigSource } from './configs';
import type { ContextSource } from './contexts';
import { type ClientFeatures, readFeatures } from './features';
import type * as Handlers from './handlers';
import type { KnowledgeSource } from './knowledge';
import { type Phase, runQuietly, runSafe } from './runSafe';
import type { DigestSource, Session } from './session';
import type { ShellcheckSource } from './shellAdvice';
import { registerForChanges } from './watching';

export interface Platform {
  readonly contextSource: ContextSource;
  /** Where configuration files are found; none where there is no file system. */
  readonly configSource?: ConfigSource;
  /** Runs ShellCheck; none where no program can be run. */
  readonly shellcheck?: ShellcheckSource;
  /** Asks for digests of images; none where there is no network. */
  readonly digestSource?: DigestSource;
  /** Reads histories and builds; none where there are no files and programs. */
  readonly knowledgeSource?: KnowledgeSource;
}

/** What is there once the engine is loaded. */
interface Loaded {
  readonly session: Session;
  readonly handlers: typeof Handlers;
}

/** Serves a connection until it is closed. */
export function startServer(connection: Connection, platform: Platform): void {
  const documents = new TextDocuments(TextDocument);
  let phase: Phase = 'waiting';
  let features: ClientFeatures = readFeatures({});
  let initialization: InitializationOptions = {};
  let loading: Promise<Loaded> | undefined;
  const log = (message: string) => connection.console.error(message);
  const safe = { phase: () => phase, log };

  const load = async (): Promise<Loaded> => {
    const { createSession, ...handlers } = await import('./handlers');
    const session = createSession({
      connection,
      features,
      initialization,
      contextSource: platform.contextSource,
      configSource: platform.configSource,
      shellcheck: platform.shellcheck,
      digestSource: platform.digestSource,
      knowledgeSource: platform.knowledgeSource,
      log,
      document: (uri) => (isIgnoreFile(uri) ? undefined : documents.get(uri)),
    });
    session.onInvalidated(() => {
      handlers.refreshDiagnostics(session, documents.keys());
      handlers.refreshInlayHints(session);
      if (initialization.showsLayers)
        void connection.sendNotification(layersChangedNotification).catch(() => undefined);
    });
    return { session, handlers: { createSession, ...handlers } };
  };
  const loaded = (): Promise<Loaded> => {
    loading ??= load();
    return loading;
  };

  /** Registers a request whose handler gets the session. */
  const answer = <P, R>(
    method: string,
    empty: () => R,
    handler: (loaded: Loaded, params: P, token: CancellationToken) => R | Promise<R>,
  ) => runSafe<P, R>(safe, method, empty, async (params, token) => handler(await loaded(), params, token));

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    features = readFeatures(params.capabilities ?? {});
    initialization = readInitialization(params.initializationOptions);
    if (initialization.l10n) l10n.config({ contents: { ...initialization.l10n } });
    phase = 'running';
    // The client has its answer before this machine's time goes into loading the engine.
    setTimeout(() => void loaded().catch((error: unknown) => log(`loading: ${String(error)}`)), 0);
    return { capabilities: capabilities(features), serverInfo: { name: 'Layerwise' } };
  });
  connection.onInitialized(runQuietly<unknown>(safe, 'initialized', () => registerForChanges(connection, features)));
  connection.onShutdown(() => {
    phase = 'shutDown';
  });

  documents.onDidChangeContent(
    runQuietly(safe, 'didChange', async ({ document }: { document: TextDocument }) => {
      const { session, handlers } = await loaded();
      if (!features.pullDiagnostics) await handlers.pushDiagnostics(session, document.uri);
    }),
  );
  documents.onDidSave(
    runQuietly(safe, 'didSave', async ({ document }: { document: TextDocument }) => {
      const { session, handlers } = await loaded();
      await handlers.documentSaved(session, document.uri);
    }),
  );
  documents.onDidClose(
    runQuietly(safe, 'didClose', async ({ document }: { document: TextDocument }) => {
      const { session } = await loaded();
      session.forget(document.uri);
      // Pulled diagnostics are the client's to clear; pushed ones stay until they are taken back.
      if (!features.pullDiagnostics) await connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
    }),
  );
  connection.onDidChangeConfiguration(
    runQuietly(safe, 'didChangeConfiguration', async ({ settings }: { settings?: unknown }) => {
      const { session, handlers } = await loaded();
      handlers.settingsChanged(session, settings);
    }),
  );
  connection.onDidChangeWatchedFiles(
    runQuietly(safe, 'didChangeWatchedFiles', async ({ changes }: { changes: readonly { uri: string }[] }) => {
      const { session } = await loaded();
      session.filesChanged(changes.map(({ uri }) => uri));
    }),
  );

  connection.onNotification(
    trustedNotification,
    runQuietly(safe, trustedNotification, async () => {
      const { session } = await loaded();
      session.trust();
    }),
  );

  connection.languages.diagnostics.on(
    answer('textDocument/diagnostic', emptyReport, ({ session, handlers }, params) =>
      handlers.pullDiagnostics(session, params),
    ),
  );
  connection.onCodeAction(
    answer(
      'textDocument/codeAction',
      () => [],
      ({ session, handlers }, params) => handlers.codeActions(session, params),
    ),
  );
  connection.onCodeActionResolve(
    answer(
      'codeAction/resolve',
      () => ({ title: '' }),
      ({ session, handlers }, action) => handlers.resolveCodeAction(session, action),
    ),
  );
  connection.onHover(
    answer(
      'textDocument/hover',
      () => null,
      ({ session, handlers }, params) => handlers.hoverAt(session, params),
    ),
  );
  connection.languages.inlayHint.on(
    answer(
      'textDocument/inlayHint',
      () => [],
      ({ session, handlers }, params, token) => handlers.inlayHintsIn(session, params, token),
    ),
  );
  connection.onExecuteCommand(
    answer(
      'workspace/executeCommand',
      () => null,
      ({ session, handlers }, params) => handlers.executeCommand(session, params),
    ),
  );
  connection.onRequest(
    optimizeRequest,
    answer(
      optimizeRequest,
      () => null,
      ({ session, handlers }, params, token) => handlers.planOptimization(session, params, token),
    ),
  );
  connection.onRequest(
    layersRequest,
    answer(
      layersRequest,
      () => null,
      ({ session, handlers }, params) => handlers.listLayers(session, params),
    ),
  );
  connection.onRequest(
    layersViewRequest,
    answer(
      layersViewRequest,
      () => null,
      ({ session, handlers }, params, token) => handlers.layersView(session, params, token),
    ),
  );
  connection.onRequest(
    importRequest,
    answer(
      importRequest,
      () => null,
      ({ session, handlers }, params, token) => handlers.importMeasurements(session, params, token),
    ),
  );
  connection.onRequest(
    measureRequest,
    answer(
      measureRequest,
      () => null,
      ({ session, handlers }, params, token) => handlers.measure(session, params, token),
    ),
  );
  connection.onRequest(
    forgetMeasurementsRequest,
    answer(
      forgetMeasurementsRequest,
      () => null,
      ({ session, handlers }, params) => handlers.forgetMeasurements(session, params),
    ),
  );
  connection.onRequest(
    rulePageRequest,
    answer(
      rulePageRequest,
      () => null,
      ({ handlers }, params) => handlers.rulePage(params),
    ),
  );
  connection.onRequest(
    rulesRequest,
    answer(
      rulesRequest,
      () => [],
      ({ handlers }) => handlers.listRules(),
    ),
  );

  documents.listen(connection);
  connection.listen();
}

const emptyReport = () => ({ kind: 'full' as const, items: [] });

function capabilities(features: ClientFeatures): InitializeResult['capabilities'] {
  return {
    positionEncoding: PositionEncodingKind.UTF16,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
    ...(features.pullDiagnostics
      ? { diagnosticProvider: { identifier: 'layerwise', interFileDependencies: false, workspaceDiagnostics: false } }
      : {}),
    ...(features.literalActions
      ? {
          codeActionProvider: {
            codeActionKinds: ['quickfix', 'source.fixAll.layerwise'],
            resolveProvider: features.resolvesEdits,
          },
        }
      : {}),
    hoverProvider: true,
    inlayHintProvider: true,
    executeCommandProvider: { commands: [serverOptimizeCommand] },
  };
}

/** Initialization options come from any client; what does not look right is passed over. */
function readInitialization(value: unknown): InitializationOptions {
  if (typeof value !== 'object' || value === null) return {};
  const {
    l10n: messages,
    rulePage,
    themeIcons,
    showsLayers,
    trusted,
    storage,
    settings,
  } = value as Record<string, unknown>;
  return {
    ...(typeof messages === 'object' && messages !== null ? { l10n: messages as Record<string, string> } : {}),
    ...(typeof rulePage === 'string' ? { rulePage } : {}),
    ...(themeIcons === true ? { themeIcons } : {}),
    ...(showsLayers === true ? { showsLayers } : {}),
    ...(trusted === true ? { trusted } : {}),
    ...(typeof storage === 'string' ? { storage } : {}),
    ...(settings === undefined ? {} : { settings }),
  };
}
