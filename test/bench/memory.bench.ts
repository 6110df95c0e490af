/** Memory of one engine that has seen every file of a 2,000-file workspace, in a worker as the server runs it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { workerLimits } from '../../server/src/lsp/workerLimits.js';
import { nextTask, type Row, report, row } from './samples.js';

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

/** Bytes of resident memory that are no pages of files; null where the system does not tell. */
function privateMemory(): number | null {
  if (!existsSync('/proc/self/status')) return null;
  const found = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return found === null ? null : Number(found[1]) * 1024;
}

const measure = (): Promise<Row> =>
  row(`${FILES.toLocaleString('en')} files, each opened, analysed and closed`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ecocompute-bench-'));
    try {
      const files: string[] = [];
      for (let p = 0; p < FILES / 100; p++) {
        const name = join(folder, `package_${p}`);
        mkdirSync(name);
        writeFileSync(join(name, '__init__.py'), '');
        for (let i = 0; i < 100; i++) files.push(join(name, `m${String(i).padStart(2, '0')}.py`));
      }
      let bytes = 0;
      for (const [i, file] of files.entries()) {
        const text = source(i);
        bytes += text.length;
        writeFileSync(file, text);
      }
      // only the worker needs the engine
      const { createEngine, defaultTarget } = await import('../../server/src/analysis/createEngine.js');
      const { nodeFiles } = await import('../../server/src/lsp/nodeFiles.js');
      const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
      engine.configure({ pythonPath: [], sitePackages: [] });
      const start = performance.now();
      let peak = 0;
      for (const [i, file] of files.entries()) {
        engine.open(file, source(i), 1);
        engine.analyse(file, defaultTarget);
        engine.close(file);
        await nextTask();
        if (i % 50 === 0) peak = Math.max(peak, process.memoryUsage().rss);
      }
      const seconds = (performance.now() - start) / 1000;
      const { rss } = process.memoryUsage();
      const own = privateMemory();
      global.gc?.();
      const { heapUsed } = process.memoryUsage();
      const mb = (n: number) => `${(n / 1e6).toFixed(0)} MB`;
      engine.dispose();
      return {
        samples: [],
        value: `${mb(rss)} resident at the end${own === null ? '' : ` (${mb(own)} without the pages of Node's own program, which processes share)`}, ${mb(peak)} at most, ${mb(heapUsed)} heap after collection (wanted: ≤ 200 MB)`,
        note: `${(bytes / 1e6).toFixed(1)} MB of source, ${seconds.toFixed(1)} s`,
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { resourceLimits: workerLimits });
  worker.on('error', (error) => {
    throw error;
  });
  worker.on('message', (result: Row) => {
    report([
      {
        title: 'Memory',
        text: 'The whole process: the engine in a worker with the limits that the language server gives it.',
        rows: [result],
      },
    ]);
  });
} else parentPort?.postMessage(await measure());
