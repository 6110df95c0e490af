/**
 * The language server: puts the services together and lets each feature register itself.
 * This thread only routes; the engine works in its own.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import {
  CodeLensRefreshRequest,
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  ShowMessageNotification,
  type WorkspaceFolder,
} from 'vscode-languageserver/node';
import {
  DIAGNOSTIC_SOURCE,
  FIX_ALL_KIND,
  type Health,
  type InitializationOptions,
  notifications,
  requests,
  type ServerStatus,
  serverCommands,
} from '../../../shared/protocol.js';
import type { ConfigProblem } from '../rules/configFile.js';
import { registerAi } from './ai.js';
import { abilitiesOf, type ServerContext } from './context.js';
import { Documents, fileOfUri } from './documents.js';
import { EngineClient } from './engineClient.js';
import { registerCodeActions } from './features/codeActions.js';
import { registerCodeLens } from './features/codeLens.js';
import { type DiagnosticsFeature, refresh, registerDiagnostics } from './features/diagnostics.js';
import { registerHover } from './features/hover.js';
import { registerRequests } from './features/requests.js';
import { registerStudies } from './features/studies.js';
import { registerDynamic, registerSync, syncOptions } from './features/sync.js';
import { Reports } from './reports.js';
import { SettingsCache } from './settingsCache.js';

export interface ServerOptions {
  readonly connection: Connection;
  /** The bundled engine worker. */
  readonly workerFile: string;
  /** Folder of `bundle.l10n.<locale>.json`. */
  readonly l10nFolder: string;
  readonly version: string;
}

export function serve({ connection, workerFile, l10nFolder, version }: ServerOptions): void {
  let context: ServerContext | null = null;
  let status: ServerStatus = {
    health: 'starting',
    message: '',
    parserBackend: null,
    restarts: 0,
    processId: process.pid,
  };
  const log = (message: string) => connection.console.log(message);
  const setStatus = (change: Partial<ServerStatus>) => {
    status = { ...status, ...change };
    void connection.sendNotification(notifications.serverStatusChanged, status);
  };

  connection.onInitialize((params): InitializeResult => {
    const locale = params.locale ?? 'en';
    loadMessages(l10nFolder, locale, log);
    const options = (params.initializationOptions ?? {}) as InitializationOptions;
    const client = abilitiesOf(params.capabilities, options);
    let folders = foldersOf(params);
    let feature: DiagnosticsFeature | null = null;
    let refreshDue = false;

    const engine: EngineClient = new EngineClient({
      workerFile,
      documents: () => documents.openMessages(),
      log,
      onReady: (parserBackend) => {
        log(`engine ready, parser: ${parserBackend}`);
        setStatus({ health: 'ok', message: '', parserBackend });
      },
      onCrash: (reason, again) => {
        log(`engine worker stopped: ${reason}`);
        const message = again
          ? l10n.t('The analysis engine stopped and was restarted. The log says why.')
          : l10n.t('The analysis engine stopped and waits for the next edit. The log says why.');
        const health: Health = again ? 'warning' : 'error';
        setStatus({ health, message, restarts: status.restarts + (again ? 1 : 0) });
        // A notification: showWarningMessage would be a request that waits for an answer.
        void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
        context?.reports.invalidateAll();
      },
    });
    const documents: Documents = new Documents(() => engine);
    const settings = new SettingsCache({
      connection,
      canAsk: client.configuration,
      initial: options.settings,
      workspaceFolder: (uri) => folderOf(uri, folders),
      publish: (file, problems) =>
        void connection.sendDiagnostics({ uri: documents.uriOf(file), diagnostics: problems.map(configDiagnostic) }),
      log,
    });
    const reports = new Reports({
      connection,
      documents,
      engine,
      settings,
      log,
      onChanged: (uri) => {
        if (!context || !feature || refreshDue) return;
        refreshDue = true;
        const [changedContext, changedFeature] = [context, feature];
        setImmediate(() => {
          refreshDue = false;
          refresh(changedContext, changedFeature, uri);
          // Savings change no lens; settings and other files do.
          if (uri === null && client.refreshLenses) void connection.sendRequest(CodeLensRefreshRequest.type);
        });
      },
    });
    context = { connection, client, documents, engine, settings, reports, locale, log };
    feature = registerDiagnostics(context);
    registerSync(context, feature);
    registerHover(context);
    registerCodeLens(context);
    registerCodeActions(context);
    registerRequests(context);
    registerStudies(context);
    registerAi(context, workerFile);
    connection.onRequest(requests.serverStatus, () => status);
    if (params.capabilities.workspace?.workspaceFolders) {
      connection.onInitialized(() => {
        connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
          folders = [...folders.filter((folder) => !removed.some((gone) => gone.uri === folder.uri)), ...added];
          settings.clear();
          reports.invalidateAll();
        });
        registerDynamic(context as ServerContext);
      });
    } else {
      connection.onInitialized(() => registerDynamic(context as ServerContext));
    }
    engine.start();

    return {
      serverInfo: { name: 'EcoCompute', version },
      capabilities: {
        textDocumentSync: syncOptions,
        ...(client.pullDiagnostics
          ? {
              diagnosticProvider: {
                identifier: 'ecocompute',
                interFileDependencies: true,
                workspaceDiagnostics: false,
              },
            }
          : {}),
        hoverProvider: true,
        codeLensProvider: { resolveProvider: false },
        codeActionProvider: client.literalActions
          ? { codeActionKinds: ['quickfix', FIX_ALL_KIND], resolveProvider: true }
          : undefined,
        executeCommandProvider: { commands: Object.values(serverCommands) },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });

  connection.onShutdown(() => {
    context?.reports.dispose();
    context?.engine.dispose();
  });
  connection.listen();
}

function foldersOf(params: InitializeParams): WorkspaceFolder[] {
  if (params.workspaceFolders) return params.workspaceFolders;
  return params.rootUri ? [{ uri: params.rootUri, name: '' }] : [];
}

/** What is wrong on a line of pyproject.toml. */
function configDiagnostic({ line, message }: ConfigProblem): Diagnostic {
  return {
    range: { start: { line: line - 1, character: 0 }, end: { line, character: 0 } },
    severity: DiagnosticSeverity.Warning,
    source: DIAGNOSTIC_SOURCE,
    message,
  };
}

/** The innermost workspace folder around a document. */
function folderOf(uri: string, folders: readonly WorkspaceFolder[]): string | null {
  const around = folders.filter((folder) => uri.startsWith(folder.uri.endsWith('/') ? folder.uri : `${folder.uri}/`));
  if (around.length === 0) return null;
  return fileOfUri(around.reduce((a, b) => (a.uri.length >= b.uri.length ? a : b)).uri);
}

/** English is in the code; another language that we have is read from its bundle. */
function loadMessages(folder: string, locale: string, log: (message: string) => void): void {
  const language = locale.toLowerCase().startsWith('zh') ? 'zh-cn' : 'en';
  if (language === 'en') return;
  try {
    l10n.config({ contents: readFileSync(join(folder, `bundle.l10n.${language}.json`), 'utf8') });
  } catch (error) {
    log(`messages in ${language}: ${String(error)}`);
  }
}
