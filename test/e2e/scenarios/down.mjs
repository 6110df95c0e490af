/** The server cannot start at all: commands still answer, and say what is wrong. */
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openEditor } from '../editor.mjs';
import { startServer } from '../vscodeServer.mjs';

export const title = 'commands answer when the server cannot start';

export async function run({ browser, vscode, vsix, folder }) {
  const server = await startServer({ vscode, vsix });
  try {
    const extensions = join(server.home, 'extensions');
    const installed = readdirSync(extensions).find((name) => name.startsWith('ecocompute.'));
    rmSync(join(extensions, installed, 'dist', 'server.js'));
    const editor = await openEditor({ browser, port: server.port, folder, file: 'llama_gqa.py' });
    await editor.until(
      () => editor.hardware(),
      (text) => text.includes('h100-sxm'),
      'the status item without a server',
    );
    await editor.command('EcoCompute: Audit This File');
    const said = await editor.until(
      () => editor.notifications(),
      (all) => all.some((text) => text.includes('not running')),
      'the answer of the command',
    );
    assert.ok(said.length <= 2, said.join('; '));
    await editor.shot('down');
    await editor.close();
  } finally {
    await server.stop();
  }
}
