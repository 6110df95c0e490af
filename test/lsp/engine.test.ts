/** The built language server with the real engine: the example, faults in the text, and edits in any order. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CodeAction, CodeLens, Diagnostic, Hover, TextEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { builtCli, pullClient, range, root, Session } from './harness.js';

const example = join(root, 'examples', 'llama_gqa.py');
const text = readFileSync(example, 'utf8');
const command = [process.execPath, builtCli(), 'lsp', '--stdio'];

let session: Session;
let files = 0;
beforeAll(async () => {
  session = await Session.start({ command, capabilities: pullClient, initializationOptions: { commands: true } });
});
afterAll(async () => {
  expect(await session.stop()).toBe(0);
});

async function open(content: string): Promise<string> {
  files += 1;
  const uri = `file:///nowhere/file${files}.py`;
  await session.open(uri, content);
  return uri;
}
const codes = (list: readonly Diagnostic[]) => list.map((one) => String(one.code)).sort();
const places = (list: readonly Diagnostic[]) =>
  list.map((one) => `${one.code} ${one.range.start.line}:${one.range.start.character}`).sort();
/** For what the second stage brings, on idle time. */
const patience = { timeout: 50_000, interval: 100 };
const lenses = async (uri: string) =>
  (await session.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } })).map(
    (lens) => lens.command?.title ?? '',
  );
function edited(document: TextDocument, edits: readonly TextEdit[]): string {
  return TextDocument.applyEdits(document, [...edits]);
}

describe('the example', () => {
  it('has the findings that the command line has, in the same places', async () => {
    const uri = pathToFileURL(example).href;
    await session.open(uri, text);
    const before = session.refreshCount;
    await session.diagnostics(uri);
    await session.until(() => session.refreshCount > before);
    const shown = await session.diagnostics(uri);
    // the parser that survives the end of its thread at any moment
    expect(session.logged()).toContain('Python parser: wasm tree-sitter.');
    const audit = JSON.parse(
      execFileSync(process.execPath, [builtCli(), 'audit', example, '--format', 'json'], { encoding: 'utf8' }),
    );
    const printed = audit.findings.map(
      (one: { rule: string; range: { start: { line: number; column: number } } }) =>
        `${one.rule} ${one.range.start.line}:${one.range.start.column}`,
    );
    expect(places(shown)).toEqual(printed.sort());
    expect(codes(shown)).toEqual(['ECO100', 'ECO102', 'ECO150', 'ECO161', 'ECO300']);
    expect(String(shown.find((one) => one.code === 'ECO100')?.message)).toMatch(
      /^Saves .*J of .*J \(\d.* %\) per call of Llama on H100/,
    );
    // one kernel on an accelerator, steps on a CPU: it saves all the same
    expect(String(shown.find((one) => one.code === 'ECO300')?.message)).toMatch(/^Saves .*J of .*J \(\d/);
  });

  it('fixed all at once has no safe fix left, and its lens shows less energy', async () => {
    const uri = await open(text);
    const energy = (titles: string[]) =>
      Number(/([\d.]+) J per call/.exec(titles.find((title) => title.startsWith('8.03 B')) ?? '')?.[1]);
    const wasteful = energy(await lenses(uri));
    const [action] = await session.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: range(0, 0, 0, 0),
      context: { diagnostics: [], only: ['source.fixAll'] },
    });
    const { edit } = await session.connection.sendRequest<CodeAction>('codeAction/resolve', action);
    const change = edit?.documentChanges?.[0];
    if (!change || !('edits' in change)) throw new Error('no edits');
    const fixed = edited(TextDocument.create(uri, 'python', 1, text), change.edits as TextEdit[]);
    await session.change(uri, 2, { text: fixed });
    const left = await session.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: range(0, 0, 0, 0),
      context: { diagnostics: [], only: ['source.fixAll'] },
    });
    expect(left).toEqual([]);
    expect(fixed).toMatch(/scaled_dot_product_attention\(/);
    // the model itself may come with the second stage
    await vi.waitFor(async () => expect(energy(await lenses(uri))).toBeLessThan(wasteful), patience);
  });

  it('takes other inputs by the pragma that the command writes', async () => {
    const uri = await open(text);
    const result = await session.connection.sendRequest<{ edits: TextEdit[]; version: number }>(
      'ecocompute/setInputs',
      {
        uri,
        entry: 'Llama',
        spec: 'tokens=(4,512) int64',
      },
    );
    const changed = edited(TextDocument.create(uri, 'python', 1, text), result.edits);
    expect(changed).toContain('# eco: tokens=(4,512) int64\nclass Llama(');
    expect(changed).not.toContain('(1,2048)');
    await session.change(uri, 2, { text: changed });
    await vi.waitFor(async () => expect(await lenses(uri)).toContain('tokens: 4×512 int64 — change'), patience);
  });

  it('explains a layer in a hover', async () => {
    const uri = await open(text);
    const line = text.split('\n').findIndex((one) => one.includes('self.lm_head(self.norm(h))'));
    const position = { line, character: text.split('\n')[line].indexOf('lm_head') + 2 };
    const hover = await session.connection.sendRequest<Hover>('textDocument/hover', {
      textDocument: { uri },
      position,
    });
    const { value } = hover.contents as { value: string };
    expect(value).toMatch(/^\*\*Linear\*\* `lm_head` · H100/);
    expect(value).toContain('2.15 TFLOP');
    expect(value).toMatch(/\| Energy \| [\d.]+ m?J \(/);
  });
});

describe('faults in the text', () => {
  const head = 'import torch\nfrom torch import nn\n\n';
  const model = `${head}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 4)\n\n    def forward(self, x):\n        return self.fc(x)\n`;
  const cases: Record<string, string> = {
    'an empty file': '',
    'only blanks': ' \n\t\n',
    'half an if': `${model}\nif torch.cuda.is_avail`,
    'an open bracket': `${head}x = [1, 2, (3\n\n${model}`,
    'an open string': `${head}x = """never closed\n${model}`,
    'a syntax error in a method': model.replace('return self.fc(x)', 'return self.fc(x'),
    'indentation that does not fit': model.replace('        return', '      return'),
    tabs: model.replaceAll('    ', '\t'),
    'an import that does not resolve': `import not_there.at_all as nope\nfrom . import sibling\n${model}`,
    'recursion without end': `${head}def f(x):\n    return f(x)\n\nclass Net(nn.Module):\n    def forward(self, x):\n        return f(x)\n`,
    'a loop without end': `${head}class Net(nn.Module):\n    def forward(self, x):\n        while True:\n            x = x + 1\n        return x\n`,
    'an exception while building': `${head}class Net(nn.Module):\n    def __init__(self):\n        raise ValueError("no")\n`,
    'a null character': `${head}x = "\0"\n`,
    'a lone surrogate': `${head}x = "\ud800"\n`,
    'only carriage returns': model.replaceAll('\n', '\r'),
  };
  for (const [name, content] of Object.entries(cases)) {
    it(`such as ${name} give an answer, and the file is well again when it is corrected`, async () => {
      const uri = await open(content);
      expect((await session.pull(uri)).kind).toBe('full');
      expect(session.states(uri)).not.toContain('failed');
      await session.change(uri, 2, { text: model });
      const titles = await lenses(uri);
      expect(titles[0]).toMatch(/^36 params/);
      expect(session.states(uri)).not.toContain('failed');
    });
  }

  it('CRLF changes no finding', async () => {
    const [lf, crlf] = [await open(text), await open(text.replaceAll('\n', '\r\n'))];
    expect(places(await session.diagnostics(crlf))).toEqual(places(await session.diagnostics(lf)));
  });
});

describe('typing', () => {
  it('statement by statement ends where opening the finished text begins', async () => {
    const uri = await open('');
    // As it comes from a keyboard: in pieces that break anywhere.
    let written = '';
    let version = 1;
    for (let at = 0; at < text.length; at += 397) {
      const piece = text.slice(at, at + 397);
      const lines = written.split('\n');
      const end = { line: lines.length - 1, character: lines[lines.length - 1].length };
      version += 1;
      await session.change(uri, version, { range: { start: end, end }, text: piece });
      written += piece;
      await session.diagnostics(uri);
    }
    const fresh = await open(text);
    expect(places(await session.diagnostics(uri))).toEqual(places(await session.diagnostics(fresh)));
    await vi.waitFor(async () => expect(await lenses(uri)).toEqual(await lenses(fresh)), patience);
  });

  it('away and back leaves nothing behind', async () => {
    const uri = await open(text);
    const before = places(await session.diagnostics(uri));
    const line = text.split('\n').findIndex((one) => one.includes('scores = torch.matmul'));
    await session.change(uri, 2, { range: range(line, 0, line + 1, 0), text: '' });
    expect(codes(await session.diagnostics(uri))).not.toContain('ECO100');
    await session.change(uri, 3, { range: range(line, 0, line, 0), text: `${text.split('\n')[line]}\n` });
    expect(places(await session.diagnostics(uri))).toEqual(before);
  });
});

describe('comparing accelerators', () => {
  it('prices a part of the model with the inputs it has inside the whole', async () => {
    const uri = await open(text);
    const models = await session.connection.sendRequest<{ entry: string }[]>('ecocompute/models', { uri });
    const entry = models.find((one) => one.entry.startsWith('FeedForward'))?.entry ?? null;
    const rows = await session.connection.sendRequest<{ hardware: string; energy_J: number | null; time: string }[]>(
      'ecocompute/compare',
      {
        uri,
        entry,
        hardware: ['h100-sxm', 'l4'],
      },
    );
    expect(rows.map((row) => row.hardware)).toEqual(['h100-sxm', 'l4']);
    for (const row of rows) expect(row.energy_J).toBeGreaterThan(0);
    expect(rows[0].time).not.toBe(rows[1].time);
  });
});
