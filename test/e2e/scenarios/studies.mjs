/** Where a figure comes from, and one model on every accelerator: both pages beside the code. */
import assert from 'node:assert/strict';
import { openEditor } from '../editor.mjs';
import { startServer } from '../vscodeServer.mjs';

export const title = 'figures are explained, accelerators compared';

export async function run({ browser, vscode, vsix, folder }) {
  const server = await startServer({ vscode, vsix });
  try {
    const editor = await openEditor({ browser, port: server.port, folder, file: 'llama_gqa.py' });
    await editor.until(
      () => editor.lensAbove('class Llama('),
      (lens) => /J per call/.test(lens),
      'the lens of Llama',
    );
    await compare(editor);
    await explain(editor);
    await editor.close();
  } finally {
    await server.stop();
  }
}

/** Chooses a row of the quick pick by its text. */
async function pick(editor, text) {
  const row = editor.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();
  await row.waitFor();
  await row.click();
}

async function compare(editor) {
  await editor.command('EcoCompute: Compare Hardware');
  await pick(editor, 'Llama(LlamaConfig())');
  await pick(editor, 'Table and chart');
  const page = editor.report();
  await page.locator('table').first().waitFor();
  await page.locator('svg').first().waitFor();
  const text = await page.locator('body').textContent();
  for (const expected of ['h100-sxm', 'b200', 'Llama', 'J'])
    assert.ok(text.includes(expected), `${expected} is compared`);
  await editor.shot('8-compare');
  await editor.command('View: Close Editors in Other Groups');
  // What comes next is another page: this one is waited away, so that it is not taken for it.
  await editor.page.locator('iframe.webview').waitFor({ state: 'detached' });
  await editor.focusText();
}

async function explain(editor) {
  await editor.find('self.lm_head(self.norm');
  await editor.command('EcoCompute: Explain Figure');
  await pick(editor, 'Energy');
  const page = editor.report();
  const text = await editor.until(
    () => page.locator('body').textContent(),
    (shown) => /source|Source/.test(shown),
    'the sources of the figure',
  );
  assert.match(text, /J/);
  await editor.shot('9-explain');
}
