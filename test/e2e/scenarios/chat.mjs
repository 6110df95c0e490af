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
    await chooseDemo(editor);
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

/** With no model installed the editor picks none by itself: the demo is chosen once. A list that came up before it is opened anew. */
async function chooseDemo(editor) {
  const button = editor.page.locator('.chat-input-toolbars a[aria-label*="odel"]').first();
  const rows = editor.page.locator(
    '.action-widget .monaco-list-row, .quick-input-list .monaco-list-row, .context-view .monaco-list-row',
  );
  const demo = rows.filter({ hasText: 'EcoCompute Demo' }).first();
  await editor.until(
    async () => {
      await button.click();
      await rows.first().waitFor();
      if (await demo.isVisible()) return true;
      await editor.key('Escape');
      await rows.first().waitFor({ state: 'hidden' });
      return false;
    },
    (offered) => offered,
    'the demo in the list of models',
  );
  await editor.shot('chat-models');
  await demo.click();
  await rows.first().waitFor({ state: 'hidden' });
  await editor.page.locator('.chat-input-toolbars').filter({ hasText: 'EcoCompute Demo' }).first().waitFor();
}

/**
 * Sends one message and resolves with the chat's text once it holds the answer. While an answer is still
 * being written Enter would steer that one, and the editor itself puts "@eco " into the emptied input.
 * The text is put in as a whole: at a typed "@" the editor looks for participants, and Enter would take one of those.
 */
async function say(editor, text, answer) {
  const part = editor.page.locator('.interactive-session .interactive-input-part');
  const plain = (shown) => (shown ?? '').replaceAll('\u00a0', ' ');
  await part.locator('a.action-label[aria-label^="Send"]').waitFor();
  await part.locator('.monaco-editor').first().click();
  await part.locator('.monaco-editor.focused').first().waitFor();
  await editor.key('Control+a');
  await editor.page.keyboard.insertText(text);
  await editor.until(
    async () => plain(await part.locator('.view-lines').first().textContent()),
    (typed) => typed === text,
    'the input of the chat',
  );
  await editor.page.locator('.suggest-widget.visible').waitFor({ state: 'hidden' });
  await editor.key('Enter');
  await editor.page.locator('.interactive-request').filter({ hasText: text }).waitFor();
  return editor.until(
    async () => plain((await editor.page.locator('.interactive-item-container').allTextContents()).join('\n')),
    (shown) => answer.test(shown),
    `the answer to "${text}"`,
  );
}
