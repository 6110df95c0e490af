/**
 * `npm run test:electron`: the same extension-host suite in a desktop VS Code, which
 * @vscode/test-electron downloads. For machines and CI that reach the vendor.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'eco-workspace-'));
try {
  cpSync(join(root, 'examples'), folder, { recursive: true });
  await runTests({
    version: process.env.VSCODE_VERSION ?? 'stable',
    extensionDevelopmentPath: root,
    extensionTestsPath: join(import.meta.dirname, 'suite', 'index.cjs'),
    launchArgs: [folder, '--disable-extensions', '--disable-workspace-trust'],
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
