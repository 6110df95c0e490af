/** The language client: how the server is started, what it is told, and what happens when it dies. */
import * as vscode from 'vscode';
import type { ErrorHandler, LanguageClient, LanguageClientOptions, ServerOptions } from 'vscode-languageclient/node';
import { ASK_COMMAND } from '../../shared/assistant.js';
import { clientCommands, type InitializationOptions } from '../../shared/protocol.js';
import { SETTINGS_SECTION } from '../../shared/sections.js';
import { serverFlags } from '../../shared/serverProcess.js';
import { isAiOn } from './ai/settings.js';
import type { ClientContext } from './context.js';
import { documentSelector } from './documents.js';

/** More deaths than this within the window: something is wrong that a restart does not cure. */
const MAX_RESTARTS = 5;
const RESTART_WINDOW_MS = 3 * 60_000;

export interface StartingClient {
  readonly client: LanguageClient;
  /** Starts it. Rejects when the server ends before it has answered: the library itself would wait for ever. */
  start(): Promise<void>;
}

/** Loads the client library only now: it is the largest part of the extension. */
export async function createClient(context: ClientContext): Promise<StartingClient> {
  const library = await import('vscode-languageclient/node');
  const module = vscode.Uri.joinPath(context.extension.extensionUri, 'dist', 'server.js').fsPath;
  const run = { module, transport: library.TransportKind.ipc, options: { execArgv: [...serverFlags] } };
  const serverOptions: ServerOptions = {
    run,
    debug: { ...run, options: { execArgv: [...serverFlags, '--nolazy', '--inspect=6010'] } },
  };
  const initializationOptions: InitializationOptions = { commands: true };
  const life = new Life();
  const options: LanguageClientOptions = {
    documentSelector,
    initializationOptions,
    // The only command that a hover links to; what comes from files is escaped.
    markdown: { isTrusted: { enabledCommands: [clientCommands.explain] } },
    outputChannel: context.log,
    traceOutputChannel: context.log,
    revealOutputChannelOn: library.RevealOutputChannelOn.Never,
    diagnosticPullOptions: { onChange: true, onSave: true, onFocus: true },
    // We say ourselves why it did not start.
    initializationFailedHandler: () => false,
    errorHandler: errorHandler(context, library, life),
    middleware: {
      // The server does not know whether language models are switched on here.
      provideCodeActions: async (document, range, context, token, next) => {
        const actions = await next(document, range, context, token);
        if (isAiOn()) return actions;
        return actions?.filter((action) => commandOf(action) !== ASK_COMMAND);
      },
      workspace: {
        // The interpreter that the Python extension has selected counts where ours is not set.
        configuration: async (params, token, next) => {
          const values = await next(params, token);
          if (!Array.isArray(values)) return values;
          return Promise.all(values.map((value, at) => withPython(context, params.items[at], value)));
        },
      },
    },
  };
  const client = new library.LanguageClient(SETTINGS_SECTION, 'EcoCompute', serverOptions, options);
  context.python.onChanged = () => {
    if (client.isRunning()) void client.sendNotification('workspace/didChangeConfiguration', { settings: null });
  };
  return {
    client,
    start: async () => {
      await Promise.race([client.start(), life.endedEarly]);
      life.hasAnswered = true;
    },
  };
}

function commandOf({ command }: vscode.Command | vscode.CodeAction): string | undefined {
  return typeof command === 'string' ? command : command?.command;
}

/** Whether the server has ever answered: one that never did is not started again and again. */
class Life {
  hasAnswered = false;
  endEarly: (reason: Error) => void = () => {};
  readonly endedEarly = new Promise<never>((_resolve, reject) => {
    this.endEarly = reject;
  });
}

async function withPython(
  context: ClientContext,
  item: { section?: string; scopeUri?: string },
  value: unknown,
): Promise<unknown> {
  if (item.section !== SETTINGS_SECTION || typeof value !== 'object' || value === null) return value;
  if ((value as { pythonPath?: string }).pythonPath) return value;
  const selected = await context.python.pathFor(item.scopeUri ? vscode.Uri.parse(item.scopeUri) : undefined);
  return selected ? { ...value, pythonPath: selected } : value;
}

/** Restarts a server that died and says so; gives up when it keeps dying. */
function errorHandler(
  context: ClientContext,
  library: typeof import('vscode-languageclient/node'),
  life: Life,
): ErrorHandler {
  const deaths: number[] = [];
  return {
    error: (error) => {
      context.log.error(error.message);
      return { action: library.ErrorAction.Continue, handled: true };
    },
    closed: () => {
      if (!life.hasAnswered) {
        life.endEarly(new Error(vscode.l10n.t('its process ended at once; the log says why')));
        return { action: library.CloseAction.DoNotRestart, handled: true };
      }
      const now = Date.now();
      deaths.push(now);
      while (deaths[0] < now - RESTART_WINDOW_MS) deaths.shift();
      if (deaths.length <= MAX_RESTARTS) {
        const message = vscode.l10n.t("EcoCompute's language server stopped and was restarted.");
        context.log.warn(message);
        offerLog(context, message);
        context.status.server({
          health: 'starting',
          message,
          parserBackend: null,
          restarts: deaths.length,
          processId: 0,
        });
        return { action: library.CloseAction.Restart, handled: true };
      }
      const message = vscode.l10n.t(
        "EcoCompute's language server stopped {0} times in three minutes and stays off until it is restarted.",
        deaths.length,
      );
      context.log.error(message);
      offerLog(context, message);
      context.status.server({ health: 'error', message, parserBackend: null, restarts: deaths.length, processId: 0 });
      return { action: library.CloseAction.DoNotRestart, handled: true };
    },
  };
}

function offerLog(context: ClientContext, message: string): void {
  const show = vscode.l10n.t('Show Log');
  void vscode.window.showWarningMessage(message, show).then((chosen) => {
    if (chosen === show) context.log.show();
  });
}
