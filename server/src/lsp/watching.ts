/** What the server asks the client to tell it about: settings, configuration files, and files of build contexts. */
import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  WatchKind,
} from 'vscode-languageserver';
import { settingsSection } from '../../../shared/src/settings';
import type { ClientFeatures } from './features';

/** Files whose text rules read; of all others it matters only whether they are there. */
const readFiles =
  '**/{.layerwise.yaml,.layerwise.yml,.hadolint.yaml,.hadolint.yml,.dockerignore,*.dockerignore,package.json,*requirements*.txt,pyproject.toml,pom.xml,build.gradle,build.gradle.kts,Gemfile,Cargo.toml,go.mod,composer.json,Pipfile}';

export async function registerForChanges(connection: Connection, features: ClientFeatures): Promise<void> {
  if (features.configuration && features.registersConfiguration)
    await connection.client.register(DidChangeConfigurationNotification.type, { section: settingsSection });
  if (features.registersFileWatchers)
    await connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [
        { globPattern: '**/*', kind: WatchKind.Create | WatchKind.Delete },
        { globPattern: readFiles, kind: WatchKind.Change },
      ],
    });
}
