/** Configurations of documents: what a file near the Dockerfile says, and the editor's settings on top of it. */
import type { Diagnostic } from 'vscode-languageserver';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { Settings as EditorSettings } from '../../../shared/src/settings';
import { ruleNames } from '../config/names';
import { buildConfig, type ConfigProblem, type Settings } from '../config/settings';
import type { Config } from '../rules/config';
import type { Severity } from '../rules/rule';

/** Finds and reads configuration files; what was read is kept until it is told to forget. */
export interface ConfigSource {
  /** What holds for the Dockerfile with this URI; null where it has no place in a file system. Equal answers are the same object. */
  configOf(uri: string, settings: Settings): Promise<DocumentConfig | null>;
  /** Whether a file may be one that it reads. */
  isConfigFile(uri: string): boolean;
  forget(): void;
}

export interface DocumentConfig {
  readonly config: Config;
  readonly file: ConfigReport | null;
}

/** What is wrong in a configuration file. */
export interface ConfigReport {
  readonly uri: string;
  readonly problems: readonly PlacedProblem[];
}

export interface PlacedProblem extends ConfigProblem {
  /** Where the word that it is about ends, on the same line. */
  readonly endCharacter: number;
}

/** Answers for all documents. Without a source the editor's settings alone count. */
export function createConfigs(source: ConfigSource | undefined) {
  /** Equal settings make the same Config object, by which the engine's caches know that nothing changed. */
  const alone = new Map<string, DocumentConfig>();
  return {
    async of(uri: string, editor: EditorSettings): Promise<DocumentConfig> {
      const settings = toSettings(editor);
      const found = await source?.configOf(uri, settings);
      if (found) return found;
      const key = JSON.stringify(editor);
      const known = alone.get(key) ?? { config: buildConfig([settings], ruleNames), file: null };
      alone.set(key, known);
      return known;
    },
    forget: () => source?.forget(),
    /** Whether the change of these files can change an answer; what was read is forgotten then. */
    filesChanged(uris: readonly string[]): boolean {
      if (!source || !uris.some((uri) => source.isConfigFile(uri))) return false;
      source.forget();
      return true;
    },
  };
}

/** The editor's settings as one source of configuration among others. Rules may be named by any alias. */
function toSettings({ builder, rules, shellcheck }: EditorSettings): Settings {
  const severities = new Map<string, Severity | 'off'>(Object.entries(rules));
  return { severities, ignore: shellcheck.exclude, ...(builder === 'auto' ? {} : { builder }) };
}

/** Keeps the diagnostics of configuration files as they are now: `send` is called for each file whose problems changed. */
export function createConfigReports(send: (uri: string, diagnostics: Diagnostic[]) => void) {
  const shown = new Map<string, string>();
  return (reports: readonly ConfigReport[]): void => {
    const byUri = new Map(reports.map((report) => [report.uri, report.problems]));
    for (const uri of new Set([...shown.keys(), ...byUri.keys()])) {
      const problems = byUri.get(uri) ?? [];
      const key = JSON.stringify(problems);
      if (key === (shown.get(uri) ?? '[]')) continue;
      if (problems.length > 0) shown.set(uri, key);
      else shown.delete(uri);
      send(uri, problems.map(toDiagnostic));
    }
  };
}

function toDiagnostic({ line, character, endCharacter, severity, message }: PlacedProblem): Diagnostic {
  return {
    range: { start: { line, character }, end: { line, character: endCharacter } },
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    source: 'layerwise',
    message,
  };
}
