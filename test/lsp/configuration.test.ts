/** pyproject.toml and settings in the language server: what they change, what is said when they are wrong, and edits of them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildScriptedServer, pullClient, Session } from './harness.js';

const wasteful = 'import torch\n\nclass M(nn.Module):\n    def forward(self, x):\n        return waste()\n';

let server: string;
let session: Session;
let folder: string;

beforeAll(async () => {
  server = await buildScriptedServer('configuration');
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecocompute-config-'));
  // where the search for pyproject.toml ends
  mkdirSync(join(folder, '.git'));
});
afterEach(async () => {
  expect(await session.stop()).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

async function open(settings: Record<string, unknown> = {}): Promise<string> {
  session = await Session.start({
    command: [process.execPath, server, '--stdio'],
    capabilities: pullClient,
    initializationOptions: { commands: true },
    settings,
  });
  const uri = uriOf('model.py');
  write('model.py', wasteful);
  await session.open(uri, wasteful);
  return uri;
}

async function changed(name: string): Promise<void> {
  const before = session.refreshCount;
  await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: uriOf(name), type: 2 }],
  });
  await session.until(() => session.refreshCount > before);
}

async function priced(uri: string): Promise<string> {
  await session.diagnostics(uri);
  await session.until(() => session.refreshCount > 0);
  return String((await session.diagnostics(uri))[0]?.message);
}

it('the project says where code runs, and a setting that was changed overrules it', async () => {
  write('pyproject.toml', '[tool.ecocompute]\nhardware = "h200"\n');
  expect(await priced(await open())).toContain('on H200');
  await session.stop();
  expect(await priced(await open({ hardware: 'l4' }))).toContain('on L4');
});

it('an edit of pyproject.toml shows at once', async () => {
  const uri = await open();
  expect((await session.diagnostics(uri))[0]?.severity).toBe(2);
  write('pyproject.toml', '[tool.ecocompute]\nsavings-threshold = 30\n');
  await changed('pyproject.toml');
  expect((await session.diagnostics(uri))[0]?.severity).toBe(4);
  // settings lie on top
  session.settings = { savingsThreshold: 20 };
  await session.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  expect((await session.diagnostics(uri))[0]?.severity).toBe(2);
});

it('what is wrong in pyproject.toml is said on its line until it is right', async () => {
  write('pyproject.toml', '[project]\nname = "x"\n\n[tool.ecocompute]\nselect = [\n  "ECO100",\n  "ECO99",\n]\n');
  const uri = await open();
  const toml = uriOf('pyproject.toml');
  expect(await session.diagnostics(uri)).toHaveLength(1);
  await session.until(() => session.pushed(toml) !== undefined);
  expect(session.pushed(toml)?.diagnostics).toMatchObject([{ range: { start: { line: 6 } }, source: 'EcoCompute' }]);
  expect(session.pushed(toml)?.diagnostics[0]?.message).toContain('tool.ecocompute.select: no such rule "ECO99"');
  write('pyproject.toml', '[project]\nname = "x"\n');
  await changed('pyproject.toml');
  await session.diagnostics(uri);
  await session.until(() => session.pushed(toml)?.diagnostics.length === 0);
});

it('settings that name no rule are told once', async () => {
  const uri = await open({ rules: { ignore: ['ECO99'] } });
  await session.diagnostics(uri);
  await session.until(() => session.messages.length > 0);
  expect(session.messages).toHaveLength(1);
  expect(session.messages[0]).toMatch(/^Setting ecocompute\.rules\.ignore: no such rule "ECO99"/);
});

it('accepted findings are not shown, and a new one is', async () => {
  const known = { version: 1, files: { 'model.py': { ECO999: { 'return waste()': 1 } } } };
  write('known.json', JSON.stringify(known));
  write('pyproject.toml', '[tool.ecocompute]\nbaseline = "known.json"\n');
  const uri = await open();
  expect(await session.diagnostics(uri)).toEqual([]);
  await session.change(uri, 2, { text: `# moved\n${wasteful}        return waste()\n` });
  expect((await session.diagnostics(uri)).map((one) => one.range.start.line)).toEqual([6]);
  write('known.json', '{"version": 1, "files": {}}');
  await changed('known.json');
  expect(await session.diagnostics(uri)).toHaveLength(2);
});

it('an accelerator of the workspace is priced on, and an edit of its file shows', async () => {
  const file = (name: string) =>
    JSON.stringify({ accelerators: [{ id: 'asic', basedOn: 'h200', name, tdp_W: 500, source: 'data sheet' }] });
  write('ecocompute.hardware.json', file('ASIC One'));
  const uri = await open({ hardware: 'asic' });
  expect(await priced(uri)).toContain('on ASIC One');
  write('ecocompute.hardware.json', file('ASIC Two'));
  await changed('ecocompute.hardware.json');
  const before = session.refreshCount;
  await session.diagnostics(uri);
  await session.until(() => session.refreshCount > before);
  expect((await session.diagnostics(uri))[0]?.message).toContain('on ASIC Two');
});
