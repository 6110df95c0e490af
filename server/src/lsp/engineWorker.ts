/** The engine's worker thread: dist/worker.js. Binds the real engine, files and report renderer to the host. */
import { parentPort, workerData } from 'node:worker_threads';
import { createEngine } from '../analysis/createEngine.js';
import { type AiWorkerData, hostAiChecks } from './aiHost.js';
import { engineExtras } from './engineExtras.js';
import { hostEngine } from './engineHost.js';
import type { WorkerData } from './engineProtocol.js';
import { nodeFiles } from './nodeFiles.js';

if (!parentPort) throw new Error('the engine worker is started by the language server');
const { cancelled, fuel } = workerData as WorkerData;
/** Bounds one run to seconds and well under the heap. The largest models of torchvision need under a third of it. */
const FUEL = 300_000;
// the same bundle checks answers of language models, in a worker of its own
if ((workerData as Partial<AiWorkerData>).role === 'ai') hostAiChecks(parentPort);
else {
  const options = fuel === null ? {} : { fuel: fuel ?? FUEL };
  void hostEngine(parentPort, cancelled, nodeFiles, (ports) => createEngine(ports, options), engineExtras);
}
