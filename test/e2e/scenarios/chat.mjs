/** `@eco` in the chat, with no model installed but the demo: a plan that asks back, then figures. */
import assert from 'node:assert/strict';
import { openEditor } from '../editor.mjs';
import { startServer } from '../vscodeServer.mjs';

export const title = '@eco answers in the chat without any model installed';

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
    await editor.command('Chat: Open Chat');
    await editor.page.locator('.interactive-session .interactive-input-part .monaco-editor').first().waitFor();
    // With no model installed the editor picks none by itself: the demo is chosen once.
    await editor.page.locator('.chat-input-toolbars a[aria-label*="odel"]').first().click();
    await editor.shot('chat-models');
    await editor.page
      .locator('.action-widget .monaco-list-row, .quick-input-list .monaco-list-row, .context-view .monaco-list-row')
      .filter({ hasText: 'EcoCompute Demo' })
      .first()
      .click();
    const said = await say(editor, '@eco /plan under $500 a month on L4', /How many calls a month\?/);
    assert.doesNotMatch(said, /Language model unavailable/);
    await say(
      editor,
      '@eco 2 million calls a month',
      /Llama[\s\S]*costs \$[\d.,]+[\s\S]*a month; (?:within|over) the limit/,
    );
    await editor.shot('chat');
    await editor.close();
  } finally {
    await server.stop();
  }
}

async function say(editor, text, answer) {
  const input = editor.page.locator('.interactive-session .interactive-input-part .monaco-editor').first();
  await input.waitFor();
  await input.click();
  await editor.page.keyboard.type(text);
  await editor.key('Enter');
  return editor.until(
    () => editor.page.locator('.interactive-session').first().textContent(),
    (shown) => answer.test((shown ?? '').replaceAll('\u00a0', ' ')),
    `the answer to "${text}"`,
  );
}
