/** What every feature of the server is given: the connection, what the client can do, and the shared services. */
import type { ClientCapabilities, Connection } from 'vscode-languageserver/node';
import type { InitializationOptions } from '../../../shared/protocol.js';
import type { Documents } from './documents.js';
import type { EngineClient } from './engineClient.js';
import type { Reports } from './reports.js';
import type { SettingsCache } from './settingsCache.js';

export interface ClientAbilities {
  readonly pullDiagnostics: boolean;
  readonly refreshDiagnostics: boolean;
  readonly refreshLenses: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly markdownHover: boolean;
  readonly literalActions: boolean;
  readonly resolveEdits: boolean;
  readonly documentChanges: boolean;
  readonly changeAnnotations: boolean;
  readonly configuration: boolean;
  readonly watchFiles: boolean;
  readonly configurationNews: boolean;
  readonly showDocument: boolean;
  /** Registers the commands that lenses name. */
  readonly commands: boolean;
}

export interface ServerContext {
  readonly connection: Connection;
  readonly client: ClientAbilities;
  readonly documents: Documents;
  readonly engine: EngineClient;
  readonly settings: SettingsCache;
  readonly reports: Reports;
  readonly locale: string;
  readonly log: (message: string) => void;
}

export function abilitiesOf(capabilities: ClientCapabilities, options: InitializationOptions): ClientAbilities {
  const text = capabilities.textDocument;
  const workspace = capabilities.workspace;
  return {
    pullDiagnostics: text?.diagnostic !== undefined,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshLenses: workspace?.codeLens?.refreshSupport === true,
    relatedInformation: (text?.diagnostic ?? text?.publishDiagnostics)?.relatedInformation === true,
    codeDescription: (text?.diagnostic ?? text?.publishDiagnostics)?.codeDescriptionSupport === true,
    markdownHover: text?.hover?.contentFormat?.includes('markdown') === true,
    literalActions: text?.codeAction?.codeActionLiteralSupport !== undefined,
    resolveEdits: text?.codeAction?.resolveSupport?.properties.includes('edit') === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    changeAnnotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    configuration: workspace?.configuration === true,
    watchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    configurationNews: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    showDocument: capabilities.window?.showDocument?.support === true,
    commands: options.commands === true,
  };
}
