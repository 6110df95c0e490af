/** The engine for agents in this editor: our command line as a Model Context Protocol server. It sends nothing (no `--send`). */
import * as vscode from 'vscode';
import type { ClientContext } from '../context.js';

export function registerMcp(context: ClientContext): void {
  if (typeof vscode.lm?.registerMcpServerDefinitionProvider !== 'function') return;
  const cli = vscode.Uri.joinPath(context.extension.extensionUri, 'dist', 'cli.js').fsPath;
  const version = String(context.extension.extension.packageJSON.version);
  const provider: vscode.McpServerDefinitionProvider = {
    provideMcpServerDefinitions: () => {
      // The editor's own Node: on a desktop that is Electron, which must be told to be Node.
      const definition = new vscode.McpStdioServerDefinition(
        'EcoCompute',
        process.execPath,
        [cli, 'mcp'],
        { ELECTRON_RUN_AS_NODE: '1' },
        version,
      );
      definition.cwd = vscode.workspace.workspaceFolders?.[0]?.uri;
      return [definition];
    },
  };
  context.extension.subscriptions.push(vscode.lm.registerMcpServerDefinitionProvider('ecocompute.mcp', provider));
}
