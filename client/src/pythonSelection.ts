/** The interpreter selected in the Python extension (ms-python.python), when it is there. Only its path is used. */
import * as vscode from 'vscode';

/** The part of that extension's API that we read. */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

export class PythonSelection implements vscode.Disposable {
  /** Called when another interpreter is selected. */
  onChanged: () => void = () => {};
  private listening: vscode.Disposable | null = null;

  constructor(private readonly log: (message: string) => void) {}

  async pathFor(resource: vscode.Uri | undefined): Promise<string | null> {
    const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python');
    if (!extension) return null;
    try {
      const api = extension.isActive ? extension.exports : await extension.activate();
      this.listening ??= api.environments?.onDidChangeActiveEnvironmentPath(() => this.onChanged()) ?? null;
      const path = api.environments?.getActiveEnvironmentPath(resource).path;
      // A bare command name says nothing about where its packages are.
      return path && /[\\/]/.test(path) ? path : null;
    } catch (error) {
      this.log(`ms-python.python: ${String(error)}`);
      return null;
    }
  }

  dispose(): void {
    this.listening?.dispose();
  }
}
