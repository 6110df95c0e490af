/** Restricted Mode: code is linted without being trusted, and no path from the workspace is used. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEditor } from '../editor.mjs';
import { startServer } from '../vscodeServer.mjs';

export const title = 'a folder that is not trusted is linted all the same';

export async function run({ browser, vscode, vsix, folder }) {
  mkdirSync(join(folder, '.vscode'));
  writeFileSync(
    join(folder, '.vscode', 'settings.json'),
    JSON.stringify({ 'ecocompute.pythonPath': './planted/python', 'ecocompute.hardware': 'l4' }),
  );
  const server = await startServer({ vscode, vsix, trust: true });
  try {
    const editor = await openEditor({ browser, port: server.port, folder, file: 'llama_gqa.py' });
    await editor.page.locator('#status\\.workspaceTrust').waitFor();
    await editor.showProblems();
    await editor.problemsUntil(
      (list) => list.some((one) => /EcoCompute\s*\(?ECO100/.test(one)),
      'findings in Restricted Mode',
    );
    // A setting that cannot harm counts, one that names a program does not.
    await editor.until(
      () => editor.hardware(),
      (text) => text.includes('L4'),
      'the accelerator of the folder in the status bar',
    );
    const said = await editor.notifications();
    assert.ok(!said.some((text) => text.includes('planted')), said.join('; '));
    await editor.shot('restricted');
    await editor.close();
  } finally {
    await server.stop();
  }
}
