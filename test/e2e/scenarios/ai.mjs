/**
 * A hard case from end to end: an operator that nobody knows, "Ask AI", consent with the
 * exact text, a service on the loopback that answers with one good and one bad edit, only
 * the good one as a diff, applied there, and the trace with its cost and the judgement.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { choose, recordsIn, withAiEditor } from '../aiServer.mjs';

export const title = 'an unknown operator is asked about, and only the checked edit comes back';

const SOURCE = `import torch
from torch import nn
from my_kernels import fused_scores


# eco: x=(8,2048,64) float32
class Net(nn.Module):
    def __init__(self, dim: int = 64):
        super().__init__()
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        y = fused_scores(q, k).softmax(-1) @ v
        return self.out(y)
`;
/** It runs in PyTorch, so that numbers can be compared, but what it computes stands in no Python that can be read. */
const KERNELS = `import torch

_library = torch.library.Library("my_kernels", "DEF")
_library.define("fused_scores(Tensor q, Tensor k) -> Tensor")
_library.impl("fused_scores", lambda q, k: q @ k.transpose(-2, -1) * q.shape[-1] ** -0.5, "CPU")

fused_scores = torch.ops.my_kernels.fused_scores
`;
const LINE = SOURCE.split('\n').findIndex((line) => line.includes('y = fused_scores')) + 1;
const FUSED = '        y = torch.nn.functional.scaled_dot_product_attention(q, k, v)';
const KEY = 'key-of-the-scenario';

const equivalent = {
  operator: 'fused_scores',
  source: 'def fused_scores(q, k):\n    return (q @ k.transpose(-2, -1)) * q.shape[-1] ** -0.5',
};
const proposal = (title, reasoning, newText) => ({
  title,
  reasoning,
  edits: [{ startLine: LINE, endLine: LINE, newText }],
  imports: [],
  equivalent,
});
const ANSWER = JSON.stringify({
  summary: 'The product can be fused.',
  assumptions: ['fused_scores scales by the square root of the width'],
  claims: [],
  proposals: [
    proposal('Fuse the attention', 'No score tensor is kept.', FUSED),
    proposal('Skip the attention', 'Faster still.', '        return x'),
  ],
});

export async function run({ browser, vscode, vsix, folder }) {
  writeFileSync(join(folder, 'net.py'), SOURCE);
  writeFileSync(join(folder, 'my_kernels.py'), KERNELS);
  const python = sandboxedPython();
  await withAiEditor(
    {
      browser,
      vscode,
      vsix,
      folder,
      file: 'net.py',
      answer: ANSWER,
      settings: {
        'ecocompute.ai.callsPerMonth': 1_000_000,
        ...(python === null ? {} : { 'ecocompute.pythonPath': python, 'ecocompute.ai.runPython': true }),
      },
    },
    async ({ editor, service, server, traces }) => {
      await editor.until(
        () => editor.lensAbove('class Net('),
        (lens) => lens.includes('is not understood'),
        'the gap in the lens',
      );
      await setKey(editor);
      await ask(editor);
      await refuse(editor, service);
      await ask(editor);
      await consent(editor, service);
      await diff(editor, python === null ? 'checked' : 'verified');
      await editor.page.locator('.editor-actions a[aria-label^="Apply AI-Made Edit"]').first().click();
      await editor.until(
        () => editor.text(),
        (text) => text === SOURCE.replace(/^ +y = fused_scores.*$/m, FUSED),
        'the good edit in the file, and no other',
      );
      await editor.until(
        () => editor.lensAbove('class Net('),
        (lens) => lens.includes('J per call'),
        'figures for what was unknown',
      );
      await editor.shot('ai-4-applied');
      const trace = await editor.until(
        () => lastTrace(traces),
        (record) => record?.user_feedback === 'accepted',
        'the judgement in the trace',
      );
      assert.ok(trace.costUsd > 0, 'the cost is in the trace');
      assert.deepEqual([trace.verification.accepted, trace.verification.rejected], [1, 1]);
      const stored = readFileSync(join(traces, 'traces.jsonl'), 'utf8');
      for (const secret of [KEY, 'softmax(-1)']) assert.ok(!stored.includes(secret), `${secret} in the trace`);
      assert.ok(!server.log().includes(KEY));
      assert.equal(service.seen.length, 1);
      await report(editor);
    },
  );
}

/** What the model said, what was dropped and what was done with it are in the report of the file. */
async function report(editor) {
  await editor.command('EcoCompute: Audit This File');
  const text = await editor.until(
    async () => (await editor.report().locator('body').textContent()) ?? '',
    (shown) => shown.includes('AI-made answers'),
    'the answer in the report',
  );
  for (const said of ['applied', 'Fuse the attention', 'No score tensor is kept.', 'Dropped: Skip the attention'])
    assert.ok(text.includes(said), `${said}: ${text}`);
  await editor.report().getByText('AI-made answers').scrollIntoViewIfNeeded();
  await editor.shot('ai-5-report');
}

async function setKey(editor) {
  await editor.command('EcoCompute: Set API Key');
  await choose(editor, 'Gemini');
  const box = editor.page.locator('.quick-input-widget input[type="password"]');
  await box.waitFor();
  await box.fill(KEY);
  await editor.key('Enter');
  await editor.until(
    () => editor.notifications(),
    (all) => all.some((text) => text.includes('The key for Gemini is stored')),
    'the key to be stored',
  );
}

async function ask(editor) {
  await editor.focusText();
  await editor.find('fused_scores(q, k)');
  const actions = await editor.lightbulb();
  const action = actions.find((one) => /^Ask AI about .*fused_scores/.test(one));
  assert.ok(action, actions.join('; '));
  await editor.chooseAction(action);
  await choose(editor, 'Propose a fix with AI');
}

/** The exact text is on the screen before anything has left; a no sends nothing. */
async function refuse(editor, service) {
  await consentAsked(editor);
  await editor.shot('ai-1-consent');
  await choose(editor, 'Do not send');
  await editor.until(
    () => editor.notifications(),
    (all) => all.some((text) => text.includes('Nothing was sent')),
    'the refusal',
  );
  assert.equal(service.seen.length, 0);
}

async function consent(editor, service) {
  await consentAsked(editor);
  assert.equal(service.seen.length, 0);
  await choose(editor, 'Send once');
  await editor.until(
    () => service.seen.length,
    (count) => count === 1,
    'the request',
  );
  const [request] = service.seen;
  assert.equal(request.headers['x-goog-api-key'], KEY);
  assert.ok(JSON.stringify(request.body).includes('fused_scores(q, k)'));
}

async function consentAsked(editor) {
  const title = editor.page.locator('.quick-input-title').filter({ hasText: 'Send the text shown to' });
  await title.waitFor();
  assert.match((await title.textContent()) ?? '', /Gemini \(127\.0\.0\.1:\d+\)/);
  await editor.page.locator('.tab').filter({ hasText: 'What will be sent' }).waitFor();
  const shown = editor.page.locator('.editor-group-container .view-lines');
  await editor.until(
    async () => (await shown.allInnerTexts()).join('\n').replaceAll('\u00a0', ' '),
    (text) => text.includes('Exactly this will be sent'),
    'the exact text',
  );
}

async function diff(editor, status) {
  const tab = editor.page.locator('.tab.active').filter({ hasText: `net.py: AI-made, ${status} — saves` });
  await tab.waitFor();
  const said = await editor.until(
    () => editor.notifications(),
    (all) => all.some((text) => text.includes('AI-made: Fuse the attention')),
    'what the edit is and cost',
  );
  const text = said.find((one) => one.includes('AI-made: Fuse the attention'));
  assert.match(text, new RegExp(`${status} — saves \\d+ % \\([\\d.]+ \\S?J per call\\)`));
  assert.match(text, /This call: \$[\d.e-]+, [\d.]+ g CO2e\. Its fix saves in a year: \$[\d.]+, [\d.]+ k?g CO2e/);
  await editor.page
    .locator('.monaco-diff-editor .view-line')
    .filter({ hasText: 'scaled_dot_product_attention' })
    .waitFor();
  await editor.shot('ai-2-diff');
  const all = await editor.page.locator('.monaco-workbench').textContent();
  assert.ok(!all.includes('Skip the attention'), 'the bad edit is not offered');
  await editor.command('Notifications: Clear All Notifications');
  await editor.shot('ai-3-diff-alone');
}

function lastTrace(folder) {
  const records = recordsIn(join(folder, 'traces.jsonl'));
  const last = records.filter((one) => one.task === 'propose_fix').at(-1);
  const judged = records.find((one) => one.feedbackFor !== undefined && one.feedbackFor === last?.id);
  return judged ? { ...last, user_feedback: judged.user_feedback } : last;
}

/** A Python with PyTorch that the sandbox can run, where the machine has both: then numbers are compared too. */
function sandboxedPython() {
  const python = process.env.ECOCOMPUTE_PYTHON;
  const bwrap = (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, 'bwrap')));
  return bwrap && python && existsSync(python) ? python : null;
}
