/**
 * What the commands share: the log, the status items, and the language client with its life:
 * started on the first Python document, restarted when its process dies, stopped for good
 * only when it dies again and again.
 */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type FileStatus, notifications, type ServerStatus } from '../../shared/protocol.js';
import { Assistant } from './ai/commands.js';
import { createClient } from './client.js';
import { isOurs } from './documents.js';
import { PythonSelection } from './pythonSelection.js';
import { StatusItems } from './statusItems.js';

export class ClientContext {
  readonly log: vscode.LogOutputChannel;
  readonly status: StatusItems;
  readonly python: PythonSelection;
  readonly assistant: Assistant;
  private client: LanguageClient | null = null;
  private starting: Promise<LanguageClient> | null = null;

  constructor(readonly extension: vscode.ExtensionContext) {
    this.log = vscode.window.createOutputChannel('EcoCompute', { log: true });
    this.status = new StatusItems();
    this.python = new PythonSelection((message) => this.log.info(message));
    this.assistant = new Assistant(this);
    extension.subscriptions.push(this.log, this.status, this.python, this.assistant);
  }

  /** Starts the server with the first Python document. */
  watch(): void {
    const look = (document: vscode.TextDocument) => {
      if (isOurs(document)) void this.server().catch(() => {});
    };
    vscode.workspace.textDocuments.forEach(look);
    this.extension.subscriptions.push(
      vscode.workspace.onDidOpenTextDocument(look),
      vscode.window.onDidChangeActiveTextEditor(() => this.status.show()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('ecocompute')) this.status.show();
        if (change.affectsConfiguration('ecocompute.ai'))
          void this.starting?.then((client) => this.assistant.session.refreshTotals(client)).catch(() => {});
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.restart()),
    );
    this.status.show();
  }

  /** The running client, started when need be. Rejects with the reason when it cannot run. */
  server(): Promise<LanguageClient> {
    this.starting ??= this.start().catch((error) => {
      this.starting = null;
      throw error;
    });
    return this.starting;
  }

  async ready(): Promise<void> {
    await this.server();
  }

  serverProcess(): number | null {
    return this.status.serverProcess;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.server();
  }

  async stop(): Promise<void> {
    const { client } = this;
    this.client = null;
    this.starting = null;
    if (client?.needsStop()) await client.stop().catch((error) => this.log.warn(String(error)));
    await client?.dispose().catch(() => {});
  }

  private async start(): Promise<LanguageClient> {
    this.status.server({ health: 'starting', message: '', parserBackend: null, restarts: 0, processId: 0 });
    const { client, start } = await createClient(this);
    this.client = client;
    client.onNotification(notifications.serverStatusChanged, (status: ServerStatus) => this.status.server(status));
    client.onNotification(notifications.fileStatus, (status: FileStatus) => this.status.file(status));
    this.assistant.session.attach(client);
    try {
      await start();
    } catch (error) {
      this.client = null;
      const reason = error instanceof Error ? error.message : String(error);
      this.log.error(reason);
      this.status.server({
        health: 'error',
        message: vscode.l10n.t('The language server did not start: {0}', reason),
        parserBackend: null,
        restarts: 0,
        processId: 0,
      });
      throw error;
    }
    void this.assistant.session.refreshTotals(client);
    return client;
  }
}
