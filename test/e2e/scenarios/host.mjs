/** The extension-host suite, through the web workbench: the real `vscode` API, no user interface. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { newPage } from '../editor.mjs';
import { startServer } from '../vscodeServer.mjs';

export const title = 'the suite in the extension host';

export async function run({ browser, vscode, vsix, folder }) {
  const server = await startServer({ vscode, vsix, driver: true });
  try {
    const extensions = join(server.home, 'extensions');
    const installed = readdirSync(extensions).find((name) => name.startsWith('ecocompute.'));
    const remote = (path) => `vscode-remote://127.0.0.1:${server.port}${path}`;
    const payload = [
      ['extensionDevelopmentPath', remote(join(extensions, installed))],
      ['extensionTestsPath', remote(join(import.meta.dirname, '..', 'suite', 'index.cjs'))],
      ['skipWelcome', 'true'],
    ];
    const page = await newPage(browser);
    const output = [];
    const code = await new Promise((resolve, reject) => {
      const setUp = async () => {
        await page.exposeFunction('codeAutomationExit', (exitCode, logs) => resolve(exitCode ?? logs));
        await page.exposeFunction('codeAutomationLog', (_type, args) => output.push(args.map(String).join(' ')));
        await page.goto(
          `http://127.0.0.1:${server.port}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`,
        );
      };
      setUp().catch(reject);
    });
    for (const line of output.filter((text) => /^(ok|FAILED) /.test(text))) console.log(`        ${line}`);
    await page.close();
    if (code !== 0) throw new Error(`the suite ended with ${code}:\n${output.slice(-20).join('\n')}`);
  } finally {
    await server.stop();
  }
}
