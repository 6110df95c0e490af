/** The server process is killed: the client restarts it and says so, and findings come back. */
import { spawnSync } from 'node:child_process';
import { openEditor } from '../editor.mjs';
import { startServer } from '../vscodeServer.mjs';

export const title = 'a killed server is restarted, and that is said';

/** Of the language server in this editor; none while it is down. */
function processes(home) {
  const found = spawnSync('pgrep', ['-f', `${home}/extensions/.*/dist/server.js`], { encoding: 'utf8' });
  return found.stdout.trim().split('\n').filter(Boolean).map(Number);
}

export async function run({ browser, vscode, vsix, folder }) {
  const server = await startServer({ vscode, vsix });
  try {
    const editor = await openEditor({ browser, port: server.port, folder, file: 'llama_gqa.py' });
    await editor.showProblems();
    await editor.problemsUntil((list) => list.some((one) => /EcoCompute\s*\(?ECO100/.test(one)), 'findings');
    const killed = processes(server.home);
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    await editor.until(
      () => editor.notifications(),
      (said) => said.some((text) => text.includes('stopped and was restarted')),
      'the notification',
    );
    await editor.shot('crash');
    await editor.until(
      () => processes(server.home),
      (now) => now.length > 0 && now.every((pid) => !killed.includes(pid)),
      'a new process',
    );
    // A finding of text that the dead server never saw: what it had found may still stand in the list.
    await editor.focusText();
    await editor.key('Control+End', 'Enter', 'Home');
    await editor.page.keyboard.type(
      'def again(model: Llama, tokens: torch.Tensor):\nmodel.eval()\nreturn model(tokens)\n',
    );
    await editor.problemsUntil(
      (list) => list.some((one) => /EcoCompute\s*\(?ECO100/.test(one)) && list.some((one) => one.includes('again()')),
      'findings again, and one of the new text',
    );
    await editor.close();
  } finally {
    await server.stop();
  }
}
