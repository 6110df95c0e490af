/** One worker of `npm run fuzz`: takes case numbers, answers with complaints. */
import { parentPort, workerData } from 'node:worker_threads';
import { createEngine } from '../../server/src/analysis/createEngine.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import type { SourceText } from './corpus.js';
import { mutate } from './mutate.js';
import { probe } from './probe.js';

const { corpus, sitePackages, fuel, root } = workerData as {
  corpus: SourceText[];
  sitePackages: string[];
  fuel: number;
  root: string;
};
const port = parentPort!;
const make = async () => {
  const made = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} }, { fuel });
  made.configure({ pythonPath: [], sitePackages });
  return made;
};
let engine = await make();
let served = 0;
port.on('message', (seed: number) => {
  void (async () => {
    // A fresh engine now and then, so that what one case leaves behind is bounded, and seen by the next ones.
    if (++served % 200 === 0) {
      engine.dispose();
      engine = await make();
    }
    const { name, text } = corpus[seed % corpus.length];
    const start = performance.now();
    const complaints = probe(engine, `${root}/${name}`, text, mutate(text, seed), seed);
    port.postMessage({ seed, complaints, ms: performance.now() - start });
  })();
});
port.postMessage({ ready: true });
