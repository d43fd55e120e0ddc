/** What the server remembers between requests: per document its settings, its context and the analysis of its text. */
import * as l10n from '@vscode/l10n';
import { type Connection, MessageType, ShowMessageNotification } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type CostsChangedParams, costsChangedNotification } from '../../../shared/src/measurements';
import type { InitializationOptions } from '../../../shared/src/protocol';
import { defaultSettings, type Settings, settingsSection } from '../../../shared/src/settings';
import type { Analysis } from '../analysis/analysis';
import { analyze } from '../analysis/analyze';
import type { BuildContext } from '../context/context';
import type { CostFacts } from '../model/build-costs';
import type { ImageReference } from '../model/images';
import type { Config } from '../rules/config';
import { setRuleErrorHandler } from '../rules/engine';
import type { ShellReports } from '../shell/shellcheck';
import { type ConfigReport, type ConfigSource, createConfigReports, createConfigs } from './configs';
import { type ContextSource, type Contexts, createContexts } from './contexts';
import type { ClientFeatures } from './features';
import { readSettings } from './fromLsp';
import { createKnowledge, type Knowledge, type KnowledgeSource } from './knowledge';
import { createShellAdvice, type ShellcheckSource } from './shellAdvice';

/** Asks a registry, or the local engine, which image a tag is now. Rejects with the reason where neither knows. */
export type DigestSource = (image: ImageReference) => Promise<string>;

export interface SessionOptions {
  readonly connection: Connection;
  readonly features: ClientFeatures;
  readonly initialization: InitializationOptions;
  /** The open document with this URI. */
  document(uri: string): TextDocument | undefined;
  readonly contextSource: ContextSource;
  readonly configSource?: ConfigSource | undefined;
  readonly shellcheck?: ShellcheckSource | undefined;
  readonly digestSource?: DigestSource | undefined;
  readonly knowledgeSource?: KnowledgeSource | undefined;
  log(message: string): void;
}

/** What holds for a document: the editor's settings, and the configuration that they and files make. */
export interface DocumentSettings extends Settings {
  readonly config: Config;
  readonly configFile: ConfigReport | null;
}

/** An analysis as it was shown, with the id under which the client may ask whether it still holds. */
export interface Shown {
  readonly analysis: Analysis;
  readonly version: number;
  readonly resultId: string;
}

export interface Session {
  readonly connection: Connection;
  readonly features: ClientFeatures;
  readonly rulePage: string | undefined;
  /** Markdown may hold VS Code's icons. */
  readonly themeIcons: boolean;
  document(uri: string): TextDocument | undefined;
  /** The settings that hold for a document. Asks the client, and looks for a configuration file, once. */
  settings(uri: string): Promise<DocumentSettings>;
  /** The analysis of a document's present text. */
  analysis(document: TextDocument, settings: DocumentSettings): Analysis;
  /** The analysis whose findings are to be shown: that of the present text, or of the saved one if the user wants that. */
  shown(document: TextDocument, settings: DocumentSettings): Shown;
  /** What costs are computed from; `analysis` has what is known of it. */
  readonly knowledge: Knowledge;
  /** Reports progress to a client that gave a token for it; does nothing without one. */
  progress(token: unknown): ProgressReport;
  /** Waits a little for the build context of a document that was just opened, so that its first findings are complete. */
  settled(uri: string): Promise<void>;
  saved(uri: string): void;
  forget(uri: string): void;
  /** The user changed settings: a client that cannot be asked sends them along. */
  settingsChanged(sent: unknown): void;
  filesChanged(uris: readonly string[]): void;
  /** A document was saved: where the client tells of no other files, configuration files are read anew. */
  documentSaved(): void;
  /** The user trusts the workspace now. */
  trust(): void;
  /** Whether digests of images may be asked for: the user trusts the workspace, and there is somebody to ask. */
  canAskDigests(): boolean;
  /** The digest of an image now; null, and told to the user, where it cannot be had. */
  askDigest(image: ImageReference): Promise<string | null>;
  /** Called when findings may be other ones though no text changed. */
  onInvalidated(listener: () => void): void;
}

export interface ProgressReport {
  begin(title: string): void;
  report(message: string): void;
  done(): void;
}

interface DocumentState {
  settings: Promise<DocumentSettings> | undefined;
  configFile: ConfigReport | null;
  current: Current | undefined;
  /** What was shown last; in onSave mode it stays until the next save. */
  shown: Shown | undefined;
}

/** An analysis with all that it was made of. */
interface Current extends Shown {
  readonly config: Config;
  readonly context: BuildContext | null;
  readonly shell: ShellReports | null;
  readonly facts: CostFacts;
}

/** Longest time, in milliseconds, that a client's answer about settings is waited for: some never answer. */
const settingsPatience = 1000;
/** Longest time, in milliseconds, that the first findings of a document wait for its build context. */
const contextPatience = 200;

const silentProgress: ProgressReport = { begin() {}, report() {}, done() {} };

export function createSession(options: SessionOptions): Session {
  const { connection, features, initialization, log } = options;
  const states = new Map<string, DocumentState>();
  const invalidated: (() => void)[] = [];
  let sentSettings: unknown = initialization.settings;
  const configs = createConfigs(options.configSource);
  const reportConfigs = createConfigReports((uri, diagnostics) => {
    void connection.sendDiagnostics({ uri, diagnostics });
  });
  const start = Date.now().toString(36);
  let results = 0;
  let isTrusted = initialization.trusted === true;

  const contexts: Contexts = createContexts(
    options.contextSource,
    () => invalidate(),
    (error) => log(`build context: ${String(error)}`),
  );
  const advice = createShellAdvice({
    source: options.shellcheck,
    trusted: initialization.trusted === true,
    onChange: () => invalidate(),
    log: (error) => log(`shellcheck: ${String(error)}`),
  });
  const knowledge = createKnowledge({
    source: options.knowledgeSource,
    trusted: initialization.trusted === true,
    storage: initialization.storage,
    onChange(uri) {
      const params: CostsChangedParams = { uri };
      if (initialization.showsLayers) void connection.sendNotification(costsChangedNotification, params);
      if (features.refreshInlayHints) void connection.languages.inlayHint.refresh().catch(() => undefined);
    },
    log: (error) => log(`costs: ${String(error)}`),
  });
  const reported = new Set<string>();
  setRuleErrorHandler((rule, error) => {
    const message = `rule ${rule.id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    if (reported.has(message)) return;
    reported.add(message);
    log(message);
  });

  const invalidate = () => {
    for (const listener of invalidated) listener();
  };
  const stateOf = (uri: string): DocumentState => {
    const existing = states.get(uri);
    if (existing) return existing;
    const state: DocumentState = { settings: undefined, configFile: null, current: undefined, shown: undefined };
    states.set(uri, state);
    return state;
  };

  const askSettings = async (uri: string): Promise<Settings> => {
    if (!features.configuration) return readSettings(sentSettings);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<Settings>((resolve) => {
      timer = setTimeout(() => resolve(defaultSettings), settingsPatience);
    });
    const answer = connection.workspace
      .getConfiguration({ scopeUri: uri, section: settingsSection })
      .then(readSettings, () => defaultSettings);
    try {
      return await Promise.race([answer, patience]);
    } finally {
      clearTimeout(timer);
    }
  };

  const readDocumentSettings = async (uri: string, state: DocumentState): Promise<DocumentSettings> => {
    const settings = await askSettings(uri);
    const { config, file } = await configs.of(uri, settings);
    // The document may be closed by now.
    if (states.get(uri) === state) {
      state.configFile = settings.enable ? file : null;
      reportFiles();
    }
    return { ...settings, config, configFile: file };
  };

  /** Tells what is wrong in the configuration files of the open documents. */
  const reportFiles = () =>
    reportConfigs([...states.values()].flatMap(({ configFile }) => (configFile ? [configFile] : [])));

  const forgetSettings = () => {
    for (const state of states.values()) {
      state.settings = undefined;
      state.shown = undefined;
    }
    invalidate();
  };

  const current = (document: TextDocument, settings: DocumentSettings): Shown => {
    const state = stateOf(document.uri);
    const { config } = settings;
    const shell = advice.reports(document.uri, settings.shellcheck.enable);
    const context = contexts.known(document.uri);
    const facts = knowledge.known(document.uri);
    const { version } = document;
    const last = state.current;
    const isSame = last?.config === config && last.context === context && last.shell === shell && last.facts === facts;
    if (isSame && last.version === version) return last;
    const analysis = analyze(document.getText(), { config, context, shell, ...facts, previous: last?.analysis });
    if (shell) advice.ask(document.uri, analysis);
    const next = { analysis, version, config, context, shell, facts, resultId: `${start}-${++results}` };
    state.current = next;
    return next;
  };

  return {
    connection,
    features,
    rulePage: initialization.rulePage,
    themeIcons: initialization.themeIcons === true,
    document: options.document,
    knowledge,
    progress(token) {
      if (typeof token !== 'string' && typeof token !== 'number') return silentProgress;
      const send = (value: object) => void connection.sendNotification('$/progress', { token, value });
      return {
        begin: (title) => send({ kind: 'begin', title, cancellable: true }),
        report: (message) => send({ kind: 'report', message }),
        done: () => send({ kind: 'end' }),
      };
    },
    settings(uri) {
      const state = stateOf(uri);
      state.settings ??= readDocumentSettings(uri, state);
      return state.settings;
    },
    analysis: (document, settings) => current(document, settings).analysis,
    shown(document, settings) {
      const state = stateOf(document.uri);
      const stays = settings.run === 'onSave' && state.shown && state.shown.version !== document.version;
      if (!stays || !state.shown) state.shown = current(document, settings);
      return state.shown;
    },
    async settled(uri) {
      if (states.get(uri)?.current) return;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, contextPatience);
      });
      await Promise.race([contexts.gathered(uri), patience]);
      clearTimeout(timer);
    },
    saved(uri) {
      const state = states.get(uri);
      if (state) state.shown = undefined;
    },
    forget(uri) {
      states.delete(uri);
      contexts.forget(uri);
      advice.forget(uri);
      knowledge.forget(uri);
      reportFiles();
    },
    settingsChanged(sent) {
      if (sent !== undefined && sent !== null) sentSettings = sent;
      advice.retry();
      forgetSettings();
    },
    filesChanged(uris) {
      contexts.filesChanged(uris);
      if (configs.filesChanged(uris)) forgetSettings();
    },
    documentSaved() {
      if (features.registersFileWatchers) return;
      configs.forget();
      forgetSettings();
    },
    trust() {
      isTrusted = true;
      advice.trust();
      knowledge.trust();
      invalidate();
    },
    canAskDigests: () => isTrusted && options.digestSource !== undefined,
    async askDigest(image) {
      try {
        return (await options.digestSource?.(image)) ?? null;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const message = l10n.t('The digest of {0} could not be had: {1}', image.text, reason);
        void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
        return null;
      }
    },
    onInvalidated: (listener) => void invalidated.push(listener),
  };
}
