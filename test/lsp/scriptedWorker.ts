/** The worker of tests: the scripted engine behind the real host. */
import { parentPort, workerData } from 'node:worker_threads';
import { engineExtras } from '../../server/src/lsp/engineExtras.js';
import { hostEngine } from '../../server/src/lsp/engineHost.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { scriptedEngine } from './scriptedEngine.js';

if (!parentPort) throw new Error('a worker only');
void hostEngine(
  parentPort,
  workerData.cancelled,
  nodeFiles,
  async (ports) => scriptedEngine(ports),
  (engine) => ({
    accelerators: () => engineExtras(engine).accelerators(),
    regions: () => engineExtras(engine).regions(),
    auditPage: (file) => ({ html: `<p>${file.length}</p>`, css: '', title: 'Audit' }),
  }),
);
