/**
 * `npm run test:e2e`: packages the extension, installs it in a real VS Code and uses it as a
 * person would, in Chromium. `npm run test:e2e -- editor crash` runs some scenarios only;
 * ECO_VSIX names a package to use as it is. SLOW=6 makes the pages six times slower: what a scenario
 * takes for granted on a fast machine fails there. PATIENCE=ms bounds each wait. Screenshots: test/e2e/artifacts.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { artifacts, launch } from './editor.mjs';
import { ensureVsCode, findChromium } from './vscodeServer.mjs';

const root = join(import.meta.dirname, '..', '..');
const scenarioFolder = join(import.meta.dirname, 'scenarios');

/** @returns {string} path of the package under test */
function packaged() {
  const given = process.env.ECO_VSIX;
  if (given) return given;
  execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['run', 'package'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const vsix = join(root, 'ecocompute-energy-lint.vsix');
  if (!existsSync(vsix)) throw new Error(`npm run package left no ${vsix}`);
  return vsix;
}

/** A workspace of its own for each scenario: the example, as a user would have it. */
function workspace() {
  const folder = mkdtempSync(join(tmpdir(), 'eco-workspace-'));
  cpSync(join(root, 'examples'), folder, { recursive: true });
  return folder;
}

/** What every open page showed when a scenario failed. */
async function pictures(name) {
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [at, page] of pages.entries()) {
    await page.screenshot({ path: join(artifacts, `failed-${name}-${at}.png`) }).catch(() => {});
    await page.close().catch(() => {});
  }
}

const wanted = process.argv.slice(2);
const names = readdirSync(scenarioFolder)
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => name.slice(0, -4))
  .filter((name) => wanted.length === 0 || wanted.includes(name));
if (names.length === 0)
  throw new Error(`no scenario of that name; there are: ${readdirSync(scenarioFolder).join(', ')}`);

const vsix = packaged();
const vscode = await ensureVsCode();
const browser = await launch(await findChromium());
const failed = [];
try {
  for (const name of names) {
    const { title, run } = await import(pathToFileURL(join(scenarioFolder, `${name}.mjs`)).href);
    const folder = workspace();
    const begun = performance.now();
    try {
      await run({ browser, vscode, vsix, folder, root });
      console.log(`ok      ${name}: ${title} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed.push(name);
      await pictures(name);
      console.error(`FAILED  ${name}: ${title}\n${error.stack ?? error}`);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
} finally {
  await browser.close();
}
console.log(
  failed.length === 0
    ? `all ${names.length} scenarios passed`
    : `${failed.length} of ${names.length} scenarios failed: ${failed.join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
