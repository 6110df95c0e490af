/** Answers that are read: the report told as a story and judged with a thumb; a profiler's picture, which goes with its question. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { choose, recordsIn, withAiEditor } from '../aiServer.mjs';

export const title = 'the report is told as a story, and a profiler’s picture is read';

const STORY = JSON.stringify({
  summary: 'Attention is written out.',
  assumptions: ['the lamps are lit all year'],
  claims: [],
  paragraphs: ['Once the scores went through memory, tile by tile.'],
});
const PICTURE = JSON.stringify({
  summary: 'One kernel takes most of the time.',
  assumptions: [],
  claims: [],
  hotspots: [{ name: 'gemm_kernel', share: 0.6, why: 'the widest bar of the picture' }],
});

export async function run({ browser, vscode, vsix, folder, root }) {
  copyFileSync(join(root, 'media/icon.png'), join(folder, 'profile.png'));
  await withAiEditor(
    {
      browser,
      vscode,
      vsix,
      folder,
      file: 'llama_gqa.py',
      answer: (request) => (request.includes('inlineData') ? PICTURE : STORY),
      environment: { GEMINI_API_KEY: 'key-of-the-scenario' },
      settings: { 'ecocompute.ai.model': 'gemini/gemini-2.5-flash' },
    },
    async ({ editor, service, traces }) => {
      await editor.until(
        () => editor.lensAbove('class Llama('),
        (lens) => lens.includes('J per call'),
        'the figures',
      );
      await story(editor, service, traces);
      await picture(editor, service);
    },
  );
}

async function story(editor, service, traces) {
  await editor.command('EcoCompute: Tell the Report as a Story with AI');
  await choose(editor, 'do not ask again in this workspace');
  const answer = editor.report();
  const text = await editor.until(
    async () => (await answer.locator('main').textContent()) ?? '',
    (shown) => shown.includes('Answered by'),
    'the checked answer',
  );
  assert.equal(service.seen.length, 1);
  for (const said of [
    'Once the scores went through memory',
    'Assumed: the lamps',
    'gemini/gemini-2.5-flash',
    'This call: $',
  ])
    assert.ok(text.includes(said), `${said}: ${text}`);
  await editor.shot('stories-1-story');
  await answer.locator('[data-verdict="up"]').click();
  await editor.until(
    () => recordsIn(join(traces, 'traces.jsonl')),
    (records) => {
      const told = records.find((one) => one.task === 'report_narrative');
      return records.some((one) => one.feedbackFor === told?.id && one.user_feedback === 'up');
    },
    'the thumb in the trace',
  );
}

async function picture(editor, service) {
  // commands are about the file in front
  await editor.focusText();
  await editor.command('EcoCompute: Analyse a Picture of a Profiler with AI');
  // the files of the folder are listed when the dialog is ready
  await choose(editor, 'profile.png');
  const text = await editor.until(
    async () => (await editor.report().locator('main').textContent()) ?? '',
    (shown) => shown.includes('gemm_kernel') && shown.includes('Answered by'),
    'the answer about the picture',
  );
  assert.match(text, /60 ?%/);
  assert.equal(service.seen.length, 2);
  assert.ok(JSON.stringify(service.seen[1].body).includes('image/png'), 'the picture went with the question');
  await editor.shot('stories-2-picture');
}
