/** Memory of the language server that has seen every file of a 2,000-file workspace, as an editor drives it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { serverFlags } from '../../shared/serverProcess.js';
import { pullClient, Session } from '../lsp/harness.js';
import { heapInUse, mb, nextTask, type Row, report, row } from './samples.js';

const FILES = 2_000;

/** Twenty packages of a hundred modules; each a block that uses its predecessor's, and helpers. */
function source(i: number): string {
  const use = i % 100 === 0 ? '' : `from .m${String((i % 100) - 1).padStart(2, '0')} import Block${i - 1}\n`;
  const helpers = Array.from(
    { length: 4 },
    (_, k) =>
      `def helper_${k}(rows, *, limit=${i + k}):\n    """Keeps what is under the limit."""\n    out = []\n    for row in rows:\n        if row['value'] < limit and row.get('name', '') != 'skip':\n            out.append({**row, 'rank': len(out)})\n    return out\n`,
  ).join('\n\n');
  return `"""Module ${i}."""\nimport torch\nfrom torch import nn\n${use}\n\nclass Block${i}(nn.Module):\n    def __init__(self, width=${32 + (i % 8) * 8}):\n        super().__init__()\n        self.norm = nn.LayerNorm(width)\n        self.up = nn.Linear(width, 4 * width)\n        self.down = nn.Linear(4 * width, width)\n\n    def forward(self, x):\n        """x: (batch, ${32 + (i % 8) * 8})"""\n        return x + self.down(torch.relu(self.up(self.norm(x))))\n\n\n${helpers}`;
}

/** The files of a workspace in a folder of its own, each with its text. */
function workspace(folder: string): { file: string; text: string }[] {
  return Array.from({ length: FILES }, (_, i) => {
    const inside = join(folder, `package_${Math.floor(i / 100)}`);
    if (i % 100 === 0) {
      mkdirSync(inside);
      writeFileSync(join(inside, '__init__.py'), '');
    }
    const file = join(inside, `m${String(i % 100).padStart(2, '0')}.py`);
    writeFileSync(file, source(i));
    return { file, text: source(i) };
  });
}

/** Resident bytes of a process: now, of it no pages of files, and at most. */
function residentOf(pid: number): { now: number; own: number; most: number } {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) throw new Error('this system does not tell the memory of a process in /proc');
  const status = readFileSync(path, 'utf8');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
  return { now: field('VmRSS'), own: field('RssAnon'), most: field('VmHWM') };
}

async function inServer(files: readonly { file: string; text: string }[]): Promise<Omit<Row, 'what'>> {
  const program = join(process.env.BENCH_DIST as string, 'server.js');
  const session = await Session.start({
    command: [process.execPath, ...serverFlags, program, '--stdio'],
    capabilities: pullClient,
    settings: { savings: false },
  });
  const start = performance.now();
  for (const { file, text } of files) {
    const uri = pathToFileURL(file).href;
    await session.open(uri, text);
    await session.diagnostics(uri);
    await session.close(uri);
  }
  const seconds = (performance.now() - start) / 1000;
  const { now, own, most } = residentOf(session.process.pid!);
  await session.stop();
  const bytes = files.reduce((sum, { text }) => sum + text.length, 0);
  return {
    samples: [],
    value: `${mb(now)} resident at the end (${mb(own)} without the pages of Node's own program, which processes share), ${mb(most)} at most (wanted: ≤ 200 MB)`,
    note: `${mb(bytes)} of source, ${seconds.toFixed(1)} s`,
  };
}

/** What the engine still holds, in this process. */
async function inEngine(files: readonly { file: string; text: string }[]): Promise<Omit<Row, 'what'>> {
  const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
  engine.configure({ pythonPath: [], sitePackages: [] });
  for (const { file, text } of files) {
    engine.open(file, text, 1);
    engine.analyse(file, defaultTarget);
    engine.close(file);
    await nextTask();
  }
  const held = heapInUse();
  engine.dispose();
  return {
    samples: [],
    value: `${held} of heap in use after a collection`,
    note: "with the engine's own code",
  };
}

const folder = mkdtempSync(join(tmpdir(), 'ecocompute-bench-'));
try {
  const files = workspace(folder);
  const seen = `${FILES.toLocaleString('en')} files, each opened, analysed and closed`;
  report([
    {
      title: 'Memory',
      text: 'The language server as a process, over stdio, with the flags that the extension starts it with; then the engine alone.',
      rows: [
        await row(`${seen}: the language server`, () => inServer(files)),
        await row(`${seen}: the engine`, () => inEngine(files)),
      ],
    },
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
