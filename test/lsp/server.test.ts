/** The language server alone, over stdio, with a scripted engine in its worker: what an editor sees. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CodeAction, CodeLens, Diagnostic, Hover, WorkspaceEdit } from 'vscode-languageserver/node';
import { buildScriptedServer, pullClient, pushClient, range, root, Session, type SessionOptions } from './harness.js';

const uri = 'file:///work-space/model.py';
const clean = 'import torch\n\nclass M(nn.Module):\n    layer = 1\n';
const wasteful = `${clean}    def forward(self, x):\n        return waste()\n`;
const slow = `${wasteful}# SLOW\n`;

let server: string;
let session: Session;

beforeAll(async () => {
  server = await buildScriptedServer('server');
});
afterEach(async () => {
  expect(await session.stop()).toBe(0);
});

async function start(options: Partial<SessionOptions> = {}): Promise<Session> {
  session = await Session.start({
    command: [process.execPath, server, '--stdio'],
    capabilities: pullClient,
    initializationOptions: { commands: true },
    ...options,
  });
  return session;
}

const textOf = (edit: WorkspaceEdit | undefined) =>
  (edit?.documentChanges ?? []).flatMap((change) => ('edits' in change ? change.edits : []));
const messageOf = (diagnostic: Diagnostic | undefined) => String(diagnostic?.message);

describe('pulled diagnostics', () => {
  it('name rule, place and page, and gain their saving once', async () => {
    await start();
    await session.open(uri, wasteful);
    const before = await session.diagnostics(uri);
    expect(before).toHaveLength(1);
    expect(before[0]).toMatchObject({
      code: 'ECO999',
      source: 'EcoCompute',
      range: range(5, 15, 5, 22),
      codeDescription: { href: 'https://example.org/ECO999' },
    });
    expect(messageOf(before[0])).toBe('This wastes.');
    await session.until(() => session.refreshCount > 0);
    const after = await session.diagnostics(uri);
    expect(messageOf(after[0])).toBe('Saves 2.0 J of 8.0 J (25 %) per call of M on H100 SXM5 80GB. This wastes.');
    const report = await session.pull(uri);
    expect((await session.pull(uri, report.resultId)).kind).toBe('unchanged');
    expect(session.refreshCount).toBe(1);
  });

  it('follow incremental edits, several in one change, in their order', async () => {
    await start();
    await session.open(uri, clean);
    expect(await session.diagnostics(uri)).toEqual([]);
    // The second change is relative to the text that the first one leaves.
    await session.change(
      uri,
      2,
      { range: range(3, 4, 3, 13), text: 'layer = 2\n    more = 3' },
      { range: range(4, 11, 4, 12), text: 'waste()' },
    );
    expect((await session.diagnostics(uri))[0].range).toEqual(range(4, 11, 4, 18));
    await session.change(uri, 3, { text: clean });
    expect(await session.diagnostics(uri)).toEqual([]);
  });

  it('are right in files with CRLF, tabs and characters outside the BMP', async () => {
    await start();
    await session.open(uri, 'x = "😀"; y = 1\r\n\tz = waste()\r\n');
    expect((await session.diagnostics(uri))[0].range).toEqual(range(1, 5, 1, 12));
    await session.change(uri, 2, { range: range(0, 10, 0, 15), text: 'waste()' });
    expect((await session.diagnostics(uri)).map((one) => one.range.start.line)).toEqual([0, 1]);
  });

  it('are empty, not stale, when the engine fails', async () => {
    await start();
    await session.open(uri, wasteful);
    expect(await session.diagnostics(uri)).toHaveLength(1);
    await session.change(uri, 2, { range: range(6, 0, 6, 0), text: '# FAIL\n' });
    expect(await session.diagnostics(uri)).toEqual([]);
    expect(session.logged()).toContain('told to fail');
    await session.change(uri, 3, { range: range(6, 0, 7, 0), text: '' });
    expect(await session.diagnostics(uri)).toHaveLength(1);
  });

  it('survive the death of the engine worker, which is said and logged', async () => {
    await start();
    const other = 'file:///work-space/other.py';
    await session.open(other, wasteful);
    await session.open(uri, `${wasteful}# DIE\n`);
    expect(await session.diagnostics(uri)).toEqual([]);
    await session.until(() => session.messages.length > 0);
    expect(session.messages[0]).toContain('stopped and was restarted');
    expect(await session.diagnostics(other)).toHaveLength(1);
    // What took it down is not asked again: no second death.
    expect(await session.diagnostics(uri)).toEqual([]);
    expect(await session.connection.sendRequest('ecocompute/serverStatus')).toMatchObject({
      health: 'ok',
      restarts: 1,
    });
    await session.change(uri, 2, { text: wasteful });
    expect(await session.diagnostics(uri)).toHaveLength(1);
  });

  it('of a text that changed meanwhile are cancelled in the middle of the work', async () => {
    await start();
    await session.open(uri, slow);
    const first = session.pull(uri);
    // From then on the engine is at work and would not stop by itself.
    await session.until(() => session.states(uri).includes('analysing'));
    await session.change(uri, 2, { text: wasteful });
    await expect(first).rejects.toMatchObject({ code: -32802, data: { retriggerRequest: true } });
    expect(await session.diagnostics(uri)).toHaveLength(1);
  });

  it('wait for a save when the user wants that', async () => {
    await start({ settings: { run: 'onSave', savings: false } });
    await session.open(uri, clean);
    expect(await session.diagnostics(uri)).toEqual([]);
    await session.change(uri, 2, { text: wasteful });
    expect(await session.diagnostics(uri)).toEqual([]);
    await session.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
    expect(await session.diagnostics(uri)).toHaveLength(1);
  });

  it('stop when switched off, and one message names a setting that does not fit', async () => {
    await start({ settings: { hardware: 'h1000', batch: 'many' } });
    await session.open(uri, wasteful);
    expect(await session.diagnostics(uri)).toHaveLength(1);
    expect(
      session.messages.some((message) => message.includes('ecocompute.hardware') && message.includes('h1000')),
    ).toBe(true);
    expect(session.messages.some((message) => message.includes('ecocompute.batch'))).toBe(true);
    session.settings = { enable: false };
    await session.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    expect(await session.diagnostics(uri)).toEqual([]);
  });

  it('say once that a file is too large, and come back when it shrinks', async () => {
    await start();
    await session.open(uri, `x = 1\n`.repeat(500_000) + wasteful);
    const [only, ...more] = await session.diagnostics(uri);
    expect(more).toEqual([]);
    expect(messageOf(only)).toContain('larger than 1 MB');
    await session.change(uri, 2, { range: range(0, 0, 500_000, 0), text: '' });
    expect((await session.diagnostics(uri))[0].code).toBe('ECO999');
  });

  it('of an empty file are empty', async () => {
    await start();
    await session.open(uri, '');
    expect(await session.diagnostics(uri)).toEqual([]);
    await session.change(uri, 2, { range: range(0, 0, 0, 0), text: 'waste()' });
    expect(await session.diagnostics(uri)).toHaveLength(1);
  });
});

describe('pushed diagnostics', () => {
  it('reach clients that cannot pull, with version and saving, and are cleared on close', async () => {
    await start({ capabilities: pushClient, initializationOptions: {} });
    expect(session.capabilities.diagnosticProvider).toBeUndefined();
    await session.open(uri, wasteful, 7);
    await session.until(() => session.pushed(uri)?.version === 7);
    await session.until(() => messageOf(session.pushed(uri)?.diagnostics[0]).includes('Saves'));
    await session.change(uri, 8, { text: clean });
    await session.until(() => session.pushed(uri)?.version === 8);
    expect(session.pushed(uri)?.diagnostics).toEqual([]);
    await session.change(uri, 9, { text: wasteful });
    await session.until(() => session.pushed(uri)?.diagnostics.length === 1);
    await session.close(uri);
    await session.until(() => session.pushed(uri)?.diagnostics.length === 0);
  });

  it('take settings from the initialisation options', async () => {
    await start({ capabilities: pushClient, initializationOptions: { settings: { enable: false } } });
    await session.open(uri, wasteful);
    await session.until(() => session.pushed(uri) !== undefined);
    expect(session.pushed(uri)?.diagnostics).toEqual([]);
  });
});

describe('code actions', () => {
  const ask = (text: { start: number; end: number }, only?: string[]) =>
    session.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: range(text.start, 0, text.end, 0),
      context: { diagnostics: [], ...(only ? { only } : {}) },
    });

  it('offer the fix, then silence and page, where the finding is and nowhere else', async () => {
    await start();
    await session.open(uri, wasteful);
    expect(await ask({ start: 0, end: 1 })).toEqual([]);
    const actions = await ask({ start: 5, end: 6 });
    expect(actions.map((action) => action.title)).toEqual([
      'Use thrift()',
      'Disable ECO999 for this line',
      'Show the page of ECO999 (waste)',
      'Ask AI about ECO999…',
    ]);
    expect(actions[0].isPreferred).toBe(true);
    expect(textOf(actions[0].edit)).toEqual([{ range: range(5, 15, 5, 22), newText: 'thrift()' }]);
    expect(textOf(actions[1].edit)).toEqual([{ range: range(5, 22, 5, 22), newText: '  # eco: ignore[ECO999]' }]);
  });

  it('ask for review before an unsafe fix', async () => {
    await start();
    await session.open(uri, wasteful.replace('waste()', 'waste()  # review'));
    const [fix] = await ask({ start: 5, end: 6 });
    expect(fix.title).toContain('review');
    expect(fix.isPreferred).toBeUndefined();
    expect(Object.values(fix.edit?.changeAnnotations ?? {})).toEqual([
      { label: 'Use thrift()', needsConfirmation: true },
    ]);
  });

  it('fix all on request, resolved when chosen, with edits as small as the difference', async () => {
    await start();
    await session.open(uri, `${wasteful}        x = 1\n        waste()\n`);
    const [all] = await ask({ start: 0, end: 0 }, ['source.fixAll']);
    expect(all).toMatchObject({ kind: 'source.fixAll.ecocompute' });
    expect(all.edit).toBeUndefined();
    const resolved = await session.connection.sendRequest<CodeAction>('codeAction/resolve', all);
    expect(textOf(resolved.edit)).toEqual([
      { range: range(5, 0, 6, 0), newText: '        return thrift()\n' },
      { range: range(7, 0, 8, 0), newText: '        thrift()\n' },
    ]);
    expect(await ask({ start: 0, end: 9 }, ['refactor'])).toEqual([]);
  });
});

describe('hover and lenses', () => {
  it('shows figures and keeps text from the file harmless', async () => {
    await start();
    await session.open(uri, wasteful);
    const hover = await session.connection.sendRequest<Hover>('textDocument/hover', {
      textDocument: { uri },
      position: { line: 3, character: 6 },
    });
    const { value } = hover.contents as { value: string };
    expect(hover.range).toEqual(range(3, 4, 3, 9));
    expect(value).toContain('236 MFLOP · 3.00 MB moved · 79 FLOP/B');
    expect(value).toContain('`1×3×?×8 float32` → `1×10 float32`');
    expect(value).toContain('35 mJ (28–41) · 12 % of `M`');
    expect(value).toContain('$0.42 · 1.2 kg CO2e');
    // Inside a code span it is text.
    const outside = value.replace(/`[^`]*`/g, '');
    // The only links are ours, of one command, with the place as arguments.
    const links = [...outside.matchAll(/\]\(command:([\w.]+)\?([^)]*)\)/g)];
    expect(links.map((link) => [link[1], JSON.parse(decodeURIComponent(link[2]))])).toEqual(
      ['energy', 'time', 'gCO2e'].map((figure) => ['ecocompute.explainFigure', [uri, 3, 6, figure]]),
    );
    expect(outside.replace(/\]\(command:ecocompute\.explainFigure/g, '')).not.toMatch(/\]\(command:/);
    expect(outside).not.toContain('<b>');
    const none = await session.connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: { line: 0, character: 1 },
    });
    expect(none).toBeNull();
  });

  it('tells where a figure comes from', async () => {
    await start();
    await session.open(uri, wasteful);
    const told = await session.connection.sendRequest<{ title: string; markdown: string }>('ecocompute/explain', {
      uri,
      line: 3,
      character: 6,
      figure: 'energy',
    });
    expect(told.markdown).toContain('energy = power x time');
    expect(told.markdown).toContain('| TDP | 700 W | data sheet |');
    // what comes from the file stays text
    expect(told.markdown).not.toContain('[x](command:evil)');
  });

  it('puts figures and assumed inputs above models, and says why there is no number', async () => {
    await start();
    await session.open(uri, `${wasteful}class N(nn.Module):  # needs\n`);
    const lenses = await session.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    expect(lenses.map((lens) => lens.command?.title)).toEqual([
      '25.6 M params · 8.18 GFLOP · 8.0 J per call · H100 SXM5 80GB',
      'x: 1×3×8×8 float32 (guessed) — change',
      '25.6 M params · no estimate: needs argument cfg',
      'x: 1×3×8×8 float32 (guessed) — change',
    ]);
    expect(lenses[1].command).toMatchObject({
      command: 'ecocompute.setInputs',
      arguments: [uri, 'M', 'x=(1,3,8,8) float32'],
    });
  });

  it('reads settings again when they change: another accelerator, other figures', async () => {
    await start();
    await session.open(uri, wasteful);
    await session.diagnostics(uri);
    session.settings = { hardware: 'h200' };
    await session.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    const lenses = await session.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    expect(lenses[0].command?.title).toContain('4.0 J per call · H200');
  });
});

describe('requests of our own', () => {
  it('write the pragma, and answer with a sentence for a file that is not open', async () => {
    await start();
    await session.open(uri, wasteful, 3);
    const result = await session.connection.sendRequest('ecocompute/setInputs', {
      uri,
      entry: 'M',
      spec: 'x=(8,3,8,8) float32',
    });
    expect(result).toEqual({
      version: 3,
      edits: [{ range: range(2, 0, 2, 0), newText: '# eco: x=(8,3,8,8) float32\n' }],
    });
    await expect(session.connection.sendRequest('ecocompute/audit', { uri: 'file:///none.py' })).rejects.toThrow(
      /not open/,
    );
    expect(await session.connection.sendRequest('ecocompute/serverStatus')).toMatchObject({
      health: 'ok',
      parserBackend: 'wasm',
      restarts: 0,
    });
  });
});

describe('languages', () => {
  it('speaks Simplified Chinese when the client does', async () => {
    const bundle = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.zh-cn.json'), 'utf8'));
    await start({ locale: 'zh-cn', capabilities: pullClient });
    await session.open(uri, wasteful);
    const lenses = await session.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    expect(bundle['{0} params']).toBeTruthy();
    expect(lenses[0].command?.title).toContain(bundle['{0} params'].replace('{0}', '25.6 M'));
  });
});
