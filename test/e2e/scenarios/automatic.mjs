/**
 * Questions without a click: none before sending was allowed, one unknown operator per save
 * afterwards, no line twice, none past the monthly budget.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { choose, tracesIn, withAiEditor } from '../aiServer.mjs';

export const title = 'an unknown operator is asked about on save, within what was allowed and the budget';

const SOURCE = `import torch
from torch import nn
from my_kernels import first_kernel, second_kernel, third_kernel


# eco: x=(8,64) float32
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(64, 64)

    def forward(self, x):
        x = first_kernel(x)
        return self.out(x)
`;
const answer = (request) => {
  const operator = request.includes('second_kernel(x)') ? 'second_kernel' : 'first_kernel';
  return JSON.stringify({
    summary: 'It squares.',
    assumptions: [],
    claims: [],
    operator,
    equivalent: `def ${operator}(x):\n    return x * x`,
    confidence: 'medium',
  });
};

export async function run({ browser, vscode, vsix, folder }) {
  writeFileSync(join(folder, 'net.py'), SOURCE);
  await withAiEditor(
    {
      browser,
      vscode,
      vsix,
      folder,
      file: 'net.py',
      answer,
      environment: { GEMINI_API_KEY: 'key-of-the-scenario' },
      settings: { 'ecocompute.ai.automatic': true },
    },
    async ({ editor, service, traces }) => {
      const asked = () => tracesIn(traces).filter((one) => one.task === 'resolve_operator');
      await editor.until(
        () => editor.lensAbove('class Net('),
        (lens) => lens.includes('is not understood'),
        'the gap in the lens',
      );
      // Saved before anything was allowed: nothing is asked, by this or by what follows.
      await editAndSave(editor, 'first_kernel(x)', '  # saved');
      await editor.find('first_kernel(x)');
      await editor.command('EcoCompute: Resolve Unknown Operator');
      const question = editor.page.locator('.quick-input-title').filter({ hasText: 'Send the text shown to' });
      await question.waitFor();
      assert.equal(service.seen.length, 0, 'nothing was sent by itself');
      assert.equal(asked().length, 0);
      await choose(editor, 'do not ask again in this workspace');
      await editor.until(
        () => asked().length,
        (count) => count === 1,
        'the answer to the person',
      );

      await editAndSave(editor, 'def forward(self, x):', '\ny = second_kernel(x)');
      await editor.until(
        () => asked().length,
        (count) => count === 2,
        'the question on save',
      );
      assert.equal(asked()[1].outcome, 'answered');
      assert.equal(service.seen.length, 2, 'the line that the person asked about is not asked about again');
      assert.match(JSON.stringify(service.seen[1].body), /second_kernel/);
      await editor.until(
        () => editor.notifications(),
        (all) => all.some((text) => text.includes('has said what second_kernel computes')),
        'the notice',
      );
      await editor.shot('automatic');

      mkdirSync(join(folder, '.vscode'));
      writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'ecocompute.ai.monthlyBudget': 0 }));
      // the editor has read the new budget when the tooltip of the status item shows it; a save before that would be asked
      const item = editor.page.locator('#ecocompute\\.ecocompute-energy-lint\\.ecocompute\\.hardware');
      await editor.until(
        async () => {
          await item.hover();
          const tooltip = editor.page.locator('.workbench-hover, .monaco-hover').filter({ hasText: /Budget|budget/ });
          await tooltip.first().waitFor();
          const shown = await tooltip.allTextContents();
          await editor.page.mouse.move(400, 300);
          await tooltip.first().waitFor({ state: 'detached' });
          return shown.join(' ').replaceAll('\u00a0', ' ');
        },
        (text) => text.includes('The budget of $0 is used up'),
        'the budget of nothing in the tooltip',
      );
      await editAndSave(editor, 'def forward(self, x):', '\nz = third_kernel(x)');
      await editor.until(
        () => asked().length,
        (count) => count === 3,
        'the third record',
      );
      assert.equal(asked()[2].outcome, 'failed');
      assert.equal(asked()[2].costUsd, 0);
      assert.equal(service.seen.length, 2, 'nothing past the budget');
    },
  );
}

/** Types at the end of the line in which the text stands, and saves. */
async function editAndSave(editor, text, more) {
  await editor.focusText();
  await editor.find(text);
  await editor.key('End');
  const [first, ...lines] = more.split('\n');
  await editor.page.keyboard.type(first);
  for (const line of lines) {
    await editor.key('Enter');
    await editor.page.keyboard.type(line);
    // what completion offers is not wanted
    await editor.key('Escape');
  }
  await editor.page.locator('.tab.active.dirty').waitFor();
  await editor.key('Control+s');
  await editor.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
}
