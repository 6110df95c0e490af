/** The whole job in one sitting: findings, hover, quick fix, typing, hardware, audit, fix all. */
import assert from 'node:assert/strict';
import { openEditor } from '../editor.mjs';
import { startServer } from '../vscodeServer.mjs';

export const title = 'a person lints and fixes the example';

const RULES = ['ECO100', 'ECO102', 'ECO150', 'ECO161', 'ECO300'];
/** Saves less than the threshold: once that is known it is a hint, which the list of problems does not show. The report does. */
const HINT = 'ECO102';
const LISTED = RULES.filter((code) => code !== HINT);
/** Messages name other rules too: the code is what follows the source. */
const isOf = (problem, code) => new RegExp(`EcoCompute\\s*\\(?${code}`).test(problem);
const has = (problems, code) => problems.some((problem) => isOf(problem, code));
const saving = (problems) => problems.find((one) => isOf(one, 'ECO161')) ?? '';
/** The second stage is through, and no diagnostic changes any more: every finding says what it saves. */
const priced = (problems) =>
  /Saves .*J/.test(saving(problems)) &&
  problems.every((one) => !/EcoCompute\s*\(?ECO/.test(one) || /^(Saves|Lowers) /.test(one));

export async function run({ browser, vscode, vsix, folder }) {
  const settings = { 'workbench.colorTheme': 'Default Dark Modern', 'editor.hover.delay': 50 };
  const server = await startServer({ vscode, vsix, settings });
  try {
    const editor = await openEditor({ browser, port: server.port, folder, file: 'llama_gqa.py' });
    await findings(editor);
    await hover(editor);
    await quickFix(editor);
    await typing(editor);
    const before = await hardware(editor);
    await inputs(editor);
    await audit(editor);
    await fixAll(editor, before);
    await editor.close();
  } finally {
    await server.stop();
  }
}

async function findings(editor) {
  await editor.showProblems();
  const problems = await editor.problemsUntil((list) => LISTED.every((code) => has(list, code)), 'the findings');
  assert.ok(problems[0].startsWith('llama_gqa.py'));
  await editor.problemsUntil((list) => priced(list) && !has(list, HINT), 'the savings');
  const lenses = await editor.until(
    () => editor.lensAbove('class Llama('),
    (found) => /params · .*FLOP · .*J per call · H100/.test(found),
    'the lens of Llama',
  );
  assert.match(lenses, /8\.03 B params/);
  await editor.until(
    () => editor.hardware(),
    (text) => text.includes('H100'),
    'the accelerator in the status bar',
  );
  await editor.shot('1-findings');
}

async function hover(editor) {
  await editor.find('self.lm_head(self.norm');
  await editor.command('Show or Focus Hover');
  const text = await editor.until(
    () => editor.hoverText(),
    (shown) => shown.includes('FLOP/B'),
    'the hover of lm_head',
  );
  assert.match(text, /Linear/);
  assert.match(text, /CO2e/);
  await editor.shot('2-hover');
  await editor.key('Escape');
}

async function quickFix(editor) {
  const before = await editor.text();
  assert.match(before, /out = torch\.matmul\(weights, v\)/);
  await editor.find('torch.matmul(weights, v)');
  const actions = await editor.lightbulb();
  assert.ok(actions.length >= 3, actions.join('; '));
  await editor.shot('3-lightbulb');
  await editor.chooseAction(actions[0]);
  // The list is emptied and filled again: the findings that stay are waited for too, and the next step counts them.
  await editor.problemsUntil((list) => !has(list, 'ECO100') && has(list, 'ECO150') && priced(list), 'ECO100 fixed');
  const after = await editor.text();
  assert.notEqual(after, before);
  assert.match(after, /F\.scaled_dot_product_attention\(/);
  assert.doesNotMatch(after, /torch\.matmul\(weights, v\)/);
  await editor.shot('4-fixed');
}

async function typing(editor) {
  const count = (list) => list.filter((one) => isOf(one, 'ECO150')).length;
  const before = count(await editor.problems());
  await editor.focusText();
  await editor.key('Control+End', 'Enter', 'Enter', 'Home');
  // The editor indents after a colon by itself.
  await editor.page.keyboard.type(
    'def classify(model: Llama, tokens: torch.Tensor) -> torch.Tensor:\nmodel.eval()\nreturn model(tokens)\n',
  );
  await editor.problemsUntil((list) => count(list) === before + 1, 'the new waste');
  await editor.shot('5-typed');
}

/** Answers the problems with the inputs that the file came with. */
async function hardware(editor) {
  const before = await editor.until(
    () => editor.lensAbove('class Llama('),
    (found) => /J per call · H100/.test(found),
    'the lens on H100',
  );
  await editor.chooseHardware('b200');
  const after = await editor.until(
    () => editor.lensAbove('class Llama('),
    (found) => found.includes('B200'),
    'the lens on B200',
  );
  const energy = (lens) => /([\d.]+ \w?J) per call/.exec(lens)?.[1];
  assert.notEqual(energy(after), energy(before));
  await editor.problemsUntil((list) => priced(list) && saving(list).includes('B200'), 'savings on B200');
  await editor.shot('6-hardware');
  await editor.chooseHardware('h100-sxm');
  await editor.until(
    () => editor.hardware(),
    (text) => text.includes('H100'),
    'H100 again',
  );
  await editor.until(
    () => editor.lensAbove('class Llama('),
    (found) => /J per call · H100/.test(found),
    'the lens on H100 again',
  );
  return editor.problemsUntil(
    (list) => priced(list) && list.every((one) => !one.includes('B200')),
    'savings on H100 again',
  );
}

async function inputs(editor) {
  await editor.lensAbove('class Llama(');
  await editor.page.locator('.codelens-decoration a').filter({ hasText: 'tokens: 1×2048 int64 — change' }).click();
  const box = editor.page.locator('.quick-input-widget input.input');
  await box.waitFor();
  await editor.until(
    () => box.inputValue(),
    (text) => text === 'tokens=(1,2048) int64',
    'the present inputs in the box',
  );
  await box.fill('tokens=(2,2048) int64');
  await editor.key('Enter');
  await editor.until(
    () => editor.lensAbove('class Llama('),
    (lens) => lens.includes('tokens: 2×2048 int64'),
    'the new inputs in the lens',
  );
  assert.match(await editor.text(), /# eco: tokens=\(2,2048\) int64\nclass Llama\(/);
}

async function audit(editor) {
  await editor.command('EcoCompute: Audit This File');
  const report = editor.report();
  await report.locator('main').waitFor();
  const text = await editor.until(
    async () => (await report.locator('main').textContent()) ?? '',
    (shown) => /CO2e/.test(shown),
    'the figures of the report',
  );
  for (const code of ['ECO102', 'ECO150', 'ECO161']) assert.ok(text.includes(code), `${code} in the report`);
  assert.match(text, /\d %/);
  await editor.shot('7-audit');
  const line = report.locator('[data-line]').first();
  const number = Number(await line.getAttribute('data-line'));
  await line.click();
  await editor.until(
    () => editor.cursor(),
    (at) => at.includes(`Ln ${number},`),
    'the finding in the code',
  );
}

async function fixAll(editor, before) {
  // VS Code drops a request for actions when the diagnostics change under it: the savings of the new inputs come first,
  // and until then the list shows the last known ones.
  await editor.problemsUntil((list) => priced(list) && saving(list) !== saving(before), 'savings of the new inputs');
  await editor.focusText();
  // From the lightbulb, whose menu is seen open before anything is chosen.
  await editor.find('k.repeat_interleave(self.n_rep, dim=1)');
  const all = 'Apply all safe EcoCompute fixes';
  const actions = await editor.lightbulb();
  assert.ok(actions.includes(all), actions.join('; '));
  await editor.chooseAction(all);
  await editor.problemsUntil(
    (list) => !RULES.some((code) => has(list, code) && code !== 'ECO161'),
    'all safe ones fixed',
  );
  const text = await editor.text();
  assert.match(text, /scaled_dot_product_attention\(/);
  await editor.shot('8-fix-all');
}
