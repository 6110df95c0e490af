/** The report of a file in a panel beside the code. One panel per file; it follows the theme and runs one small script. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type AuditResult, requests } from '../../shared/protocol.js';
import type { ClientContext } from './context.js';
import { pageStyle } from './pageStyle.js';
import { targetDocument } from './target.js';

const panels = new Map<string, vscode.WebviewPanel>();

export async function auditFile(context: ClientContext, client: LanguageClient, uri?: unknown): Promise<void> {
  const document = await targetDocument(uri);
  if (!document) return;
  const key = document.uri.toString();
  const title = vscode.l10n.t('Auditing {0}', vscode.workspace.asRelativePath(document.uri));
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (_progress, token) => client.sendRequest<AuditResult>(requests.audit, { uri: key }, token),
  );
  let panel = panels.get(key);
  if (panel) {
    panel.reveal(undefined, true);
  } else {
    panel = createPanel(context, document);
    panels.set(key, panel);
  }
  panel.title = result.title;
  panel.webview.html = page(result, await context.assistant.session.answers.section(key));
}

function createPanel(context: ClientContext, document: vscode.TextDocument): vscode.WebviewPanel {
  const key = document.uri.toString();
  const panel = vscode.window.createWebviewPanel(
    'ecocompute.audit',
    'EcoCompute',
    { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
    { enableScripts: true, localResourceRoots: [], enableFindWidget: true },
  );
  panel.iconPath = vscode.Uri.joinPath(context.extension.extensionUri, 'media', 'icon.png');
  panel.onDidDispose(() => panels.delete(key));
  panel.webview.onDidReceiveMessage((message: { line?: unknown }) => {
    if (typeof message?.line === 'number') void reveal(document.uri, message.line);
  });
  return panel;
}

async function reveal(uri: vscode.Uri, line: number): Promise<void> {
  const open = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(uri, {
    viewColumn: open?.viewColumn ?? vscode.ViewColumn.One,
    selection: new vscode.Range(at, at),
  });
}

/** The only place that makes a whole page: nothing loads but our own style and script, by nonce. */
function page(result: AuditResult, answers: string): string {
  const nonce = randomBytes(24).toString('base64');
  // Bars take their lengths from style attributes, which a nonce cannot cover.
  const csp = `default-src 'none'; style-src-elem 'nonce-${nonce}'; style-src-attr 'unsafe-inline'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>EcoCompute</title>
<style nonce="${nonce}">${result.css}\n${pageStyle}</style>
</head>
<body>
${result.html}
${answers}
<script nonce="${nonce}">
const vscode = acquireVsCodeApi();
const go = (event) => {
  const line = event.target.closest('[data-line]')?.dataset.line;
  if (line === undefined) return;
  event.preventDefault();
  vscode.postMessage({ line: Number(line) });
};
document.addEventListener('click', go);
document.addEventListener('keydown', (event) => { if (event.key === 'Enter') go(event); });
</script>
</body>
</html>`;
}
