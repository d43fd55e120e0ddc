/** What the client can do, read once from its capabilities; everything not said is not there. */
import type { ClientCapabilities } from 'vscode-languageserver';

export interface ClientFeatures {
  readonly pullDiagnostics: boolean;
  /** The client can be asked to pull again. */
  readonly refreshDiagnostics: boolean;
  /** The client can be asked to ask for inlay hints again. */
  readonly refreshInlayHints: boolean;
  readonly versionedDiagnostics: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly diagnosticTags: ReadonlySet<number>;
  readonly configuration: boolean;
  readonly registersConfiguration: boolean;
  readonly registersFileWatchers: boolean;
  /** Edits can be bound to a document version. */
  readonly documentChanges: boolean;
  readonly createsFiles: boolean;
  readonly literalActions: boolean;
  readonly resolvesEdits: boolean;
  readonly preferredActions: boolean;
  readonly disabledActions: boolean;
  readonly markdownHover: boolean;
}

export function readFeatures(capabilities: ClientCapabilities): ClientFeatures {
  const { workspace, textDocument } = capabilities;
  const action = textDocument?.codeAction;
  return {
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshInlayHints: workspace?.inlayHint?.refreshSupport === true,
    versionedDiagnostics: textDocument?.publishDiagnostics?.versionSupport === true,
    relatedInformation: says(textDocument, 'relatedInformation') === true,
    codeDescription: says(textDocument, 'codeDescriptionSupport') === true,
    diagnosticTags: new Set(tagSet(says(textDocument, 'tagSupport'))),
    configuration: workspace?.configuration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registersFileWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    createsFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') === true,
    literalActions: action?.codeActionLiteralSupport !== undefined,
    resolvesEdits: action?.dataSupport === true && action.resolveSupport?.properties.includes('edit') === true,
    preferredActions: action?.isPreferredSupport === true,
    disabledActions: action?.disabledSupport === true,
    markdownHover: textDocument?.hover?.contentFormat?.includes('markdown') === true,
  };
}

/** Since LSP 3.18 the pull client says of itself what diagnostics may hold; before, the push client spoke for both. */
function says(textDocument: ClientCapabilities['textDocument'], name: string): unknown {
  const pull = textDocument?.diagnostic as Record<string, unknown> | undefined;
  const push = textDocument?.publishDiagnostics as Record<string, unknown> | undefined;
  return pull?.[name] ?? push?.[name];
}

function tagSet(value: unknown): number[] {
  if (typeof value !== 'object' || value === null || !('valueSet' in value)) return [];
  return Array.isArray(value.valueSet) ? value.valueSet.filter((tag) => typeof tag === 'number') : [];
}
