/** Markdown of ours as HTML for our pages. */
import * as vscode from 'vscode';

/** By the editor's own Markdown; as plain text where it has none. The policy of our pages lets nothing load, run or navigate. */
export async function rendered(markdown: string): Promise<string> {
  try {
    return await vscode.commands.executeCommand<string>('markdown.api.render', markdown);
  } catch {
    return `<pre>${markdown.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)}</pre>`;
  }
}
