/** "Explain Figure": where the figure under the cursor comes from, as a Markdown preview beside the code. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type Explained, type ExplainParams, requests } from '../../shared/protocol.js';
import type { ClientContext } from './context.js';
import { targetDocument } from './target.js';

const scheme = 'ecocompute-figure';

/** What the previews show, by their address. */
class Pages implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  show(title: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path: `/${title.replace(/[^\w.() -]/g, '_').slice(0, 80)}.md` });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    return uri;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }
}

let pages: Pages | null = null;

/** @param args the hover's: uri, line, character, figure; from the palette: the cursor, and the figure is asked for. */
export async function explainFigure(context: ClientContext, client: LanguageClient, ...args: unknown[]): Promise<void> {
  const [uri, line, character, figure] = args;
  const document = await targetDocument(uri);
  if (!document) return;
  const chosen = isFigure(figure) ? figure : await chooseFigure();
  if (chosen === null) return;
  const cursor = vscode.window.activeTextEditor?.selection.active;
  const params: ExplainParams = {
    uri: document.uri.toString(),
    line: typeof line === 'number' ? line : (cursor?.line ?? 0),
    character: typeof character === 'number' ? character : (cursor?.character ?? 0),
    figure: chosen,
  };
  const told = await client.sendRequest<Explained | null>(requests.explain, params);
  if (told === null) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Nothing that costs stands here. Put the cursor on a model, a layer or a call.'),
    );
    return;
  }
  if (pages === null) {
    pages = new Pages();
    context.extension.subscriptions.push(vscode.workspace.registerTextDocumentContentProvider(scheme, pages));
  }
  const page = pages.show(told.title, told.markdown);
  try {
    await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
  } catch {
    // Markdown preview is an extension of its own, which can be switched off
    await vscode.window.showTextDocument(page, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  }
}

const figures = ['energy', 'time', 'power', 'usd', 'gCO2e', 'memory'] as const;

function isFigure(value: unknown): value is (typeof figures)[number] {
  return figures.includes(value as 'energy');
}

async function chooseFigure(): Promise<(typeof figures)[number] | null> {
  const names = {
    energy: vscode.l10n.t('Energy'),
    time: vscode.l10n.t('Time'),
    power: vscode.l10n.t('Power'),
    usd: vscode.l10n.t('Cost'),
    gCO2e: vscode.l10n.t('Carbon'),
    memory: vscode.l10n.t('Peak memory'),
  };
  const choices = figures.map((id) => ({ label: names[id], id }));
  const chosen = await vscode.window.showQuickPick(choices, { title: vscode.l10n.t('Figure to explain') });
  return chosen?.id ?? null;
}
