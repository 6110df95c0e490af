/** An editor in Simplified Chinese: commands, lenses and messages are in it. */
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
    await editor.until(
      () => editor.report().locator('main').textContent(),
      (text) => /能耗审计/.test(text ?? ''),
      'the report in Chinese',
    );
    await editor.shot('chinese');
    await editor.close();
  } finally {
    await server.stop();
  }
}
