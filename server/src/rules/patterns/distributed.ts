/** Training on several accelerators, one process each. */
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import { callsNamed } from './calls.js';

/** Whether the file wraps a model in DistributedDataParallel. */
export function wrapsInDdp(index: ModuleIndex): boolean {
  return callsNamed(index, /^torch\.nn\.parallel\.(distributed\.)?DistributedDataParallel$/).length > 0;
}
