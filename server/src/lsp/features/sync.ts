/** Keeps documents in step with the client, and the engine in step with files that change on disk. */
import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  TextDocumentSyncKind,
  type TextDocumentSyncOptions,
} from 'vscode-languageserver/node';
import { SETTINGS_SECTION } from '../../../../shared/settings.js';
import type { ServerContext } from '../context.js';
import { fileOfUri } from '../documents.js';
import type { DiagnosticsFeature } from './diagnostics.js';

export const syncOptions: TextDocumentSyncOptions = {
  openClose: true,
  change: TextDocumentSyncKind.Incremental,
  save: { includeText: false },
};

/** What model code imports or reads for its configuration. */
const WATCHED = '**/*.{py,yaml,yml,json,toml}';

export function registerSync(context: ServerContext, diagnostics: DiagnosticsFeature): void {
  const { connection, documents, reports, settings } = context;

  connection.onDidOpenTextDocument(({ textDocument }) => {
    documents.open(textDocument.uri, textDocument.languageId, textDocument.version, textDocument.text);
    reports.noteChange(textDocument.uri);
    diagnostics.changed(textDocument.uri);
  });
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    if (!documents.change(textDocument, contentChanges)) return;
    reports.noteChange(textDocument.uri);
    // Other open files may import this one.
    for (const document of documents.all()) diagnostics.changed(document.uri);
  });
  connection.onDidSaveTextDocument(({ textDocument }) => {
    const document = documents.get(textDocument.uri);
    if (!document) return;
    document.savedVersion = document.text.version;
    diagnostics.changed(textDocument.uri);
  });
  connection.onDidCloseTextDocument(({ textDocument }) => {
    documents.close(textDocument.uri);
    reports.forget(textDocument.uri);
    settings.forget(textDocument.uri);
    diagnostics.closed(textDocument.uri);
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    const files = changes
      .filter((change) => documents.get(change.uri) === undefined)
      .map((change) => fileOfUri(change.uri));
    if (files.length === 0) return;
    if (files.some((file) => settings.isSource(file))) settings.clear();
    context.engine.tell({ kind: 'invalidate', files });
    reports.invalidateAll();
  });
  connection.onDidChangeConfiguration((change) => {
    settings.clear(change.settings);
    reports.invalidateAll();
  });
}

/** Registrations that only some clients take, once the handshake is over. */
export function registerDynamic(context: ServerContext): void {
  const { client, connection } = context;
  if (client.watchFiles) {
    void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: WATCHED }] });
  }
  if (client.configurationNews) {
    void connection.client.register(DidChangeConfigurationNotification.type, { section: SETTINGS_SECTION });
  }
}
