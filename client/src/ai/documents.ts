/** Read-only documents of ours: the text that would be sent, and a file as an edit would leave it. */
import * as vscode from 'vscode';

export const AI_SCHEME = 'ecocompute-ai';

export class AiDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registered = vscode.workspace.registerTextDocumentContentProvider(AI_SCHEME, this);

  /** `name` is what the tab says; `id` keeps documents apart. */
  add(name: string, id: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: AI_SCHEME, path: `/${name}`, query: id });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    return uri;
  }

  /** Closes its tabs and forgets the text. */
  async remove(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    this.texts.delete(key);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const ours = tabs.filter(({ input }) => {
      if (input instanceof vscode.TabInputText) return input.uri.toString() === key;
      return input instanceof vscode.TabInputTextDiff && input.modified.toString() === key;
    });
    if (ours.length > 0) await vscode.window.tabGroups.close(ours);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  dispose(): void {
    this.registered.dispose();
    this.changed.dispose();
  }
}
