/** A second real client: Debian's Neovim, headless, gets from `ecocompute lsp --stdio` what VS Code gets. */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver/node';
import { builtCli, pullClient, root, Session } from '../lsp/harness.js';

const cli = builtCli();
const example = join(root, 'examples', 'llama_gqa.py');

function hasNeovim(): boolean {
  try {
    execFileSync('nvim', ['--version']);
    return true;
  } catch {
    return false;
  }
}

const plain = (list: readonly Diagnostic[]) =>
  list
    .map(({ code, range, message, severity, source }) => ({ code, range, message, severity, source }))
    .sort((a, b) => String(a.code).localeCompare(String(b.code)));

describe.skipIf(!hasNeovim())('Neovim', () => {
  it('shows the diagnostics that a pulling client shows, and a hover', async () => {
    const args = [
      '--headless',
      '--clean',
      '-n',
      '-S',
      join(import.meta.dirname, 'client.lua'),
      '--',
      process.execPath,
      cli,
      example,
    ];
    const { VIRTUAL_ENV: _, ...env } = process.env;
    const { stdout } = await promisify(execFile)('nvim', args, { env });
    const seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(seen.arrived).toBe(true);
    const pushed: Diagnostic[] = seen.published.diagnostics;
    expect([...new Set(pushed.map((one) => one.code))].sort()).toEqual([
      'ECO100',
      'ECO102',
      'ECO150',
      'ECO161',
      'ECO300',
    ]);
    expect(seen.hover.result.contents.value).toMatch(/Linear.*lm_head/);

    const uri = pathToFileURL(example).href;
    const session = await Session.start({
      command: [process.execPath, cli, 'lsp', '--stdio'],
      capabilities: pullClient,
    });
    await session.open(uri, readFileSync(example, 'utf8'));
    await session.diagnostics(uri);
    await session.until(() => session.refreshCount > 0);
    const pulled = await session.diagnostics(uri);
    expect(await session.stop()).toBe(0);
    expect(plain(pushed)).toEqual(plain(pulled));
  });
});
