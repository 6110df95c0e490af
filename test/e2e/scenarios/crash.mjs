/** The server process is killed: the client restarts it and says so, and findings come back. */
import { execFileSync } from 'node:child_process';
import { openEditor } from '../editor.mjs';
import { startServer } from '../vscodeServer.mjs';

export const title = 'a killed server is restarted, and that is said';

export async function run({ browser, vscode, vsix, folder }) {
  const server = await startServer({ vscode, vsix });
  try {
    const editor = await openEditor({ browser, port: server.port, folder, file: 'llama_gqa.py' });
    await editor.showProblems();
    await editor.problemsUntil((list) => list.some((one) => /EcoCompute\s*\(?ECO100/.test(one)), 'findings');
    const pids = execFileSync('pgrep', ['-f', `${server.home}/extensions/.*/dist/server.js`], { encoding: 'utf8' });
    for (const pid of pids.trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
    await editor.until(
      () => editor.notifications(),
      (said) => said.some((text) => text.includes('stopped and was restarted')),
      'the notification',
    );
    await editor.shot('crash');
    await editor.focusText();
    await editor.key('Control+End', 'Enter');
    await editor.problemsUntil((list) => list.some((one) => /EcoCompute\s*\(?ECO100/.test(one)), 'findings again');
    await editor.close();
  } finally {
    await server.stop();
  }
}
