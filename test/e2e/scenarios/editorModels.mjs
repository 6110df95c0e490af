/**
 * The editor's own models (`vscode.lm`), played by an extension of the test: listed in the
 * picker with price, seconds, carbon and fallbacks, asked after consent, stopped by Cancel.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choose, recordsIn, tracesIn, withEnvironment } from '../aiServer.mjs';
import { openEditor } from '../editor.mjs';
import { startServer } from '../vscodeServer.mjs';

export const title = 'a model of the editor is picked, asked, and stopped';

const ANSWER = {
  summary: 'The key and value heads are repeated in memory.',
  assumptions: ['batch 1'],
  claims: [],
  explanation: 'The repeated heads are read once more than needed.',
};

const INPUTS = {
  summary: 'Batches of two are usual.',
  assumptions: [],
  claims: [],
  entry: 'Llama',
  inputs: [{ name: 'tokens', shape: [2, 1024], dtype: 'int64' }],
  confidence: 'medium',
};

export async function run({ browser, vscode, vsix, folder, root }) {
  const home = mkdtempSync(join(tmpdir(), 'eco-editor-models-'));
  const answerFile = join(home, 'answer.json');
  writeFileSync(answerFile, JSON.stringify(ANSWER));
  const leave = withEnvironment({ ECOCOMPUTE_AI_FOLDER: home, ECO_TEST_MODEL_ANSWER: answerFile });
  const models = packaged(root, home);
  const server = await startServer({
    vscode,
    vsix,
    more: [models],
    settings: {
      'workbench.colorTheme': 'Default Dark Modern',
      'chat.disableAIFeatures': false,
      'ecocompute.ai.fallbacks': ['gemini/gemini-2.5-flash', 'openai/gpt-5.4-mini'],
    },
  });
  try {
    const editor = await openEditor({ browser, port: server.port, folder, file: 'llama_gqa.py' });
    await editor.until(
      () => editor.lensAbove('class Llama('),
      (lens) => lens.includes('J per call'),
      'the figures of the file',
    );
    await pickModel(editor, 'vscode/test-mini');
    await explain(editor);
    await choose(editor, 'Send once');
    await editor.until(
      () => tracesIn(home).at(-1),
      (trace) => trace?.outcome === 'answered' && trace.answeredBy === 'vscode/test-mini',
      'the answer of the editor model in the trace',
    );
    const [asked] = log(answerFile);
    assert.match(asked.text, /repeat_interleave|enable_gqa|ECO\d+/);
    const answer = editor.report().locator('main');
    await editor.until(
      async () => ((await answer.textContent()) ?? '').split(ANSWER.explanation).length - 1,
      (times) => times === 1,
      'the checked answer alone, without the text that came before the checks',
    );
    await editor.shot('editor-models-answer');

    // Inputs that a model proposes stand in the box of "Set Inputs"; nothing is written before the person agrees.
    writeFileSync(answerFile, JSON.stringify(INPUTS));
    await editor.command('EcoCompute: Infer Inputs with AI');
    await choose(editor, 'Send once');
    const box = editor.page.locator('.quick-input-widget input.input');
    await editor.until(
      () => box.inputValue(),
      (text) => text === 'tokens=(2,1024) int64',
      'the inputs in the box',
    );
    await editor.key('Enter');
    await editor.until(
      () => editor.text(),
      (text) => text.includes('# eco: tokens=(2,1024) int64'),
      'the inputs in the file',
    );

    await pickModel(editor, 'vscode/test-silent');
    await explain(editor);
    await choose(editor, 'Send once');
    await editor.until(
      () => log(answerFile).filter((one) => one.event === 'asked'),
      (all) => all.length === 3 && all[2].id === 'test-silent',
      'the silent model to be asked',
    );
    await editor.page
      .locator('.notification-toast, .notification-list-item')
      .getByRole('button', { name: 'Cancel' })
      .first()
      .click();
    await editor.until(
      () => log(answerFile).some((one) => one.event === 'stopped'),
      (stopped) => stopped,
      'Cancel to reach the model',
    );
    const trace = await editor.until(
      () => tracesIn(home).at(-1),
      (one) => one?.outcome === 'aborted',
      'the stop in the trace',
    );
    assert.equal(trace.attempts.at(-1).failure, 'aborted');
    assert.ok(trace.attempts.at(-1).inputTokens > 0, 'what was sent is counted');

    await editor.command('EcoCompute: Show Use of Language Models');
    const usage = editor.report().locator('main');
    const said = await editor.until(
      async () => (await usage.textContent()) ?? '',
      (text) => text.includes('3 questions'),
      'what was spent',
    );
    assert.match(said, /vscode/);
    assert.match(said, /explain_finding/);
    await editor.shot('editor-models-usage');
    await editor.close();
  } finally {
    leave();
    await server.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The models' extension as a package. */
function packaged(root, home) {
  const out = join(home, 'models.vsix');
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = ['--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', out];
  execFileSync(process.execPath, [vsce, 'package', ...options], {
    cwd: join(root, 'test', 'e2e', 'chatModel'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return out;
}

function log(answerFile) {
  return recordsIn(`${answerFile}.log`);
}

async function pickModel(editor, ref) {
  await editor.command('EcoCompute: Select Language Model');
  const rows = editor.page.locator('.quick-input-list .monaco-list-row');
  const row = rows.filter({ hasText: ref, hasNotText: 'Automatic' }).first();
  await row.waitFor();
  const said = await editor.until(
    async () => ((await row.textContent()) ?? '').replaceAll('\u00a0', ' '),
    (text) => text.includes('answers'),
    'the health of the editor models',
  );
  // price, seconds, grams, fallbacks: in every row
  assert.match(said, /\$[\d.]+ in, \$[\d.]+ out per million · [\d.]+ s( measured)? · [\d.]+ m?g CO2e/);
  assert.match(said, /then gemini-2\.5-flash → gpt-5\.4-mini/);
  const automatic = await rows.filter({ hasText: 'Automatic' }).first().textContent();
  assert.match((automatic ?? '').replaceAll('\u00a0', ' '), /for a fix now: test-/);
  await editor.shot('editor-models-picker');
  await row.click();
  const picker = editor.page.locator('.quick-input-widget');
  await picker.waitFor({ state: 'hidden' });
  // The choice is a setting, which takes a while to be written and read: a question before that goes to the old model.
  await editor.until(
    async () => {
      await editor.command('EcoCompute: Select Language Model');
      await row.waitFor();
      const ticked = await row.locator('.codicon-check').count();
      await editor.key('Escape');
      await picker.waitFor({ state: 'hidden' });
      return ticked;
    },
    (ticked) => ticked > 0,
    `${ref} to be the model in use`,
  );
}

async function explain(editor) {
  await editor.focusText();
  await editor.find('repeat_interleave(');
  await editor.command('EcoCompute: Explain with AI');
}
