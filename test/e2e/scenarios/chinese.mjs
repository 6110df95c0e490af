/** An editor in Simplified Chinese: commands, lenses and messages are in it. */
import assert from 'node:assert/strict';
import { openEditor } from '../editor.mjs';
import { startServer } from '../vscodeServer.mjs';

export const title = 'Simplified Chinese';

export async function run({ browser, vscode, vsix, folder }) {
  const server = await startServer({ vscode, vsix });
  try {
    const editor = await openEditor({ browser, port: server.port, folder, file: 'llama_gqa.py', locale: 'zh-cn' });
    await editor.until(
      () => editor.lensAbove('class Llama('),
      (found) => /参数 · .*每次调用/.test(found),
      'a lens in Chinese',
    );
    await editor.showProblems();
    await editor.problemsUntil((list) => list.some((one) => one.includes('每次调用可节省')), 'a saving in Chinese');
    await editor.command('EcoCompute: 审计此文件');
    const report = editor.report();
    await report.locator('main').waitFor();
    assert.match(await report.locator('main').textContent(), /能耗审计/);
    await editor.shot('chinese');
    await editor.close();
  } finally {
    await server.stop();
  }
}
