/**
 * Starts the language server. The bundled program runs it over the transport that its
 * arguments name (`--stdio`, `--node-ipc`); the command line's `lsp` command calls `start`.
 */
import { join } from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import manifest from '../../../package.json' with { type: 'json' };
import { serve } from './server.js';

/**
 * Serves until the client ends the session. `folder` is where the bundles lie
 * (`worker.js` beside the running program), `l10n/` next to it.
 */
export function start(folder: string): void {
  // The transport comes from process.argv, as clients pass it.
  const connection = createConnection(ProposedFeatures.all);
  serve({
    connection,
    workerFile: join(folder, 'worker.js'),
    l10nFolder: join(folder, '..', 'l10n'),
    version: manifest.version,
  });
}
