/** The worker of tests: the scripted engine behind the real host. */
import { parentPort, workerData } from 'node:worker_threads';
import { hostEngine } from '../../server/src/lsp/engineHost.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { scriptedEngine } from './scriptedEngine.js';

if (!parentPort) throw new Error('a worker only');
void hostEngine(
  parentPort,
  workerData.cancelled,
  nodeFiles,
  async (ports) => scriptedEngine(ports),
  () => ({
    accelerators: () => [],
    regions: () => [],
    auditPage: (file) => ({ html: `<p>${file.length}</p>`, css: '', markdown: '', title: 'Audit' }),
  }),
);
