/**
 * The panel in which answers are read: text while it arrives, then the checked answer with
 * what it rests on and what it cost, and the thumbs.
 */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ClientContext } from '../context.js';
import { pageStyle } from '../pageStyle.js';
import { readable } from './figures.js';
import { rendered } from './markdown.js';

export type Verdict = 'up' | 'down';

export class AnswerPanel {
  private panel: vscode.WebviewPanel | null = null;
  private onVerdict: ((verdict: Verdict) => void) | null = null;
  private arrived = '';

  constructor(private readonly context: ClientContext) {}

  /** Opens, or empties, the panel for a new question. */
  begin(title: string): void {
    this.arrived = '';
    this.onVerdict = null;
    if (this.panel === null) {
      const panel = vscode.window.createWebviewPanel(
        'ecocompute.answer',
        title,
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
        { enableScripts: true, localResourceRoots: [], enableFindWidget: true },
      );
      panel.iconPath = vscode.Uri.joinPath(this.context.extension.extensionUri, 'media', 'icon.png');
      panel.onDidDispose(() => {
        this.panel = null;
      });
      panel.webview.onDidReceiveMessage((message: { verdict?: unknown }) => {
        if (message?.verdict === 'up' || message?.verdict === 'down') this.onVerdict?.(message.verdict);
      });
      this.panel = panel;
    }
    this.panel.title = title;
    this.panel.reveal(undefined, true);
    this.panel.webview.html = page(null, false);
  }

  /** `isNew`: another model's answer begins. */
  text(piece: string, isNew: boolean): void {
    this.arrived = isNew ? piece : this.arrived + piece;
    void this.panel?.webview.postMessage({ text: readable(this.arrived) });
  }

  /** The finished answer, Markdown of ours. */
  async show(title: string, markdown: string, onVerdict: ((verdict: Verdict) => void) | null): Promise<void> {
    if (this.panel === null) this.begin(title);
    this.onVerdict = onVerdict;
    const html = await rendered(markdown);
    if (this.panel) {
      this.panel.title = title;
      this.panel.webview.html = page(html, onVerdict !== null);
    }
  }

  close(): void {
    this.panel?.dispose();
  }
}

/** `html` null: the answer is still coming. Only then is there a place for unchecked text, so that a late piece cannot stand beside the checked answer. */
function page(html: string | null, hasThumbs: boolean): string {
  const nonce = randomBytes(24).toString('base64');
  const csp = `default-src 'none'; style-src-elem 'nonce-${nonce}'; script-src 'nonce-${nonce}'; form-action 'none'`;
  const thumbs = `<p class="thumbs">${vscode.l10n.t('Was this useful?')}
<button data-verdict="up">${vscode.l10n.t('Yes')}</button> <button data-verdict="down">${vscode.l10n.t('No')}</button></p>`;
  const coming = `<p class="note">${vscode.l10n.t('Not checked yet:')}</p><div id="stream" role="status" aria-live="polite"></div>`;
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<title>EcoCompute</title>
<style nonce="${nonce}">${pageStyle}
#stream { white-space: pre-wrap; }
button { color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); border: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, transparent)); padding: .25rem .6rem; cursor: pointer; }
button[aria-pressed=true] { color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
</style>
</head>
<body>
<main>${html ?? coming}${hasThumbs ? thumbs : ''}</main>
<script nonce="${nonce}">
const vscode = acquireVsCodeApi();
window.addEventListener('message', ({ data }) => {
  const stream = document.getElementById('stream');
  if (stream && typeof data?.text === 'string') stream.textContent = data.text;
});
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-verdict]');
  if (!button) return;
  for (const one of document.querySelectorAll('[data-verdict]')) one.setAttribute('aria-pressed', String(one === button));
  vscode.postMessage({ verdict: button.dataset.verdict });
});
</script>
</body>
</html>`;
}
