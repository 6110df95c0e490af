/** The workspace's own figures: `ecocompute.hardware.json` and `ecocompute.calibration.json`, the nearest from the current folder upwards. */
import { dirname, join } from 'node:path';
import { nodeFiles } from '../lsp/nodeFiles.js';
import type { Io } from './io.js';

const hardwareFileName = 'ecocompute.hardware.json';
const calibrationFileName = 'ecocompute.calibration.json';

/** Reads them where there are any; what is wrong in them goes to standard error, one line each, and the rest holds. */
export async function useWorkspaceFiles(io: Io): Promise<void> {
  const hardwareFile = nearestFile(io.cwd, hardwareFileName, io);
  const calibrationFile = nearestFile(io.cwd, calibrationFileName, io);
  const { applyWorkspaceFiles, hasWorkspaceFiles } = await import('../analysis/workspaceFiles.js');
  if (hardwareFile === null && calibrationFile === null && !hasWorkspaceFiles()) return;
  for (const problem of applyWorkspaceFiles({ hardwareFile, calibrationFile })) io.err(`ecocompute: ${problem}\n`);
}

function nearestFile(folder: string, name: string, io: Io): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, name);
    try {
      const text = nodeFiles.read(path);
      if (text !== null) return text;
    } catch (error) {
      io.err(`ecocompute: ${error instanceof Error ? error.message : String(error)}\n`);
      return null;
    }
    if (dirname(at) === at) return null;
  }
}
