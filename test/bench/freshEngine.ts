/** An engine with empty caches that knows the packages of the machine. */
import { createEngine } from '../../server/src/analysis/createEngine.js';
import type { Engine } from '../../server/src/analysis/engine.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { sitePackages } from './subjects.js';

export async function freshEngine(): Promise<Engine> {
  const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
  engine.configure({ pythonPath: [], sitePackages });
  return engine;
}
