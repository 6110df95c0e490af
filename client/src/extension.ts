/**
 * Activation. Registers commands and status at once; the language client itself is loaded
 * when the first Python document is seen, so that start-up stays cheap.
 */
import * as vscode from 'vscode';
import { registerAutomatic } from './ai/automatic.js';
import { registerChat } from './ai/chat.js';
import { registerDemoModel } from './ai/demoModel.js';
import { registerMcp } from './ai/mcp.js';
import { registerTools } from './ai/tools.js';
import { registerCommands } from './commands.js';
import { ClientContext } from './context.js';

let context: ClientContext | null = null;

/** What other extensions and tests get. */
export interface ExtensionApi {
  /** Resolves when the language server answers; rejects with the reason when it cannot start. */
  ready(): Promise<void>;
  /** Process id of the running server, or null. */
  serverProcess(): number | null;
}

export async function activate(extension: vscode.ExtensionContext): Promise<ExtensionApi> {
  const started = new ClientContext(extension);
  context = started;
  try {
    registerCommands(started);
    registerChat(started.assistant);
    registerTools(started.assistant);
    registerAutomatic(started.assistant);
    registerDemoModel(started);
    registerMcp(started);
    started.watch();
  } catch (error) {
    // VS Code itself says nothing of a failed activation.
    void vscode.window.showErrorMessage(vscode.l10n.t('EcoCompute could not start: {0}', String(error)));
    throw error;
  }
  return { ready: () => started.ready(), serverProcess: () => started.serverProcess() };
}

export async function deactivate(): Promise<void> {
  await context?.stop();
}
