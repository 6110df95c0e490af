/** The MCP server that the extension offers is started by the editor and shows its tools. */
import assert from 'node:assert/strict';
import { openEditor } from '../editor.mjs';
import { startServer } from '../vscodeServer.mjs';

export const title = 'the editor starts the MCP server EcoCompute';

export async function run({ browser, vscode, vsix, folder }) {
  const settings = { 'chat.disableAIFeatures': false, 'workbench.colorTheme': 'Default Dark Modern' };
  const server = await startServer({ vscode, vsix, settings });
  try {
    const editor = await openEditor({ browser, port: server.port, folder, file: 'llama_gqa.py' });
    await editor.until(
      () => editor.lensAbove('class Llama('),
      (lens) => lens.includes('J per call'),
      'the figures of the file',
    );
    const rows = editor.page.locator('.quick-input-list .monaco-list-row');
    await editor.command('MCP: List Servers');
    await rows.filter({ hasText: 'EcoCompute' }).first().click();
    await editor.shot('mcp-1-server');
    await rows.filter({ hasText: 'Start Server' }).first().click();
    // Whoever starts a server is shown its output, which takes the focus and closes whatever list is open.
    const output = editor.page.locator('.output-view .view-lines, .panel .view-lines').first();
    const said = await editor.until(
      async () => ((await output.textContent()) ?? '').replaceAll('\u00a0', ' '),
      (text) => /Discovered \d+ tools/.test(text),
      'its tools',
    );
    assert.ok(!/error/i.test(said), said);
    await editor.command('MCP: List Servers');
    const row = rows.filter({ hasText: 'EcoCompute' }).first();
    await row.waitFor();
    assert.match((await row.textContent()) ?? '', /Running/);
    await editor.key('Escape');
    await editor.shot('mcp-3-output');
    await editor.close();
  } finally {
    await server.stop();
  }
}
