/** Which documents are ours. Notebook cells are left out until they are analysed together. */
import type * as vscode from 'vscode';

const SCHEMES = ['file', 'untitled', 'vscode-vfs', 'vscode-test-web'];

export const documentSelector = SCHEMES.map((scheme) => ({ language: 'python', scheme }));

export function isOurs(document: vscode.TextDocument | undefined): document is vscode.TextDocument {
  return document !== undefined && document.languageId === 'python' && SCHEMES.includes(document.uri.scheme);
}
