/** The workspace's `ecocompute.hardware.json` and `ecocompute.calibration.json`: the nearest from a document's folder up to its workspace folder. */
import { dirname, join } from 'node:path';
import { baseName } from '../trace/files.js';
import { nodeFiles } from './nodeFiles.js';

export const hardwareFileName = 'ecocompute.hardware.json';
export const calibrationFileName = 'ecocompute.calibration.json';

export interface HardwareFiles {
  /** Texts; null: there is none. */
  readonly hardwareFile: string | null;
  readonly calibrationFile: string | null;
  /** What kept one from being read. */
  readonly problems: readonly string[];
}

/** @param file the document's @param root its workspace folder; null: only the document's own folder is looked in */
export function readHardwareFiles(file: string, root: string | null): HardwareFiles {
  const problems: string[] = [];
  const nearest = (name: string): string | null => {
    for (let at = dirname(file); ; at = dirname(at)) {
      try {
        const text = nodeFiles.read(join(at, name));
        if (text !== null) return text;
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
        return null;
      }
      if (root === null || at === root || dirname(at) === at) return null;
    }
  };
  return { hardwareFile: nearest(hardwareFileName), calibrationFile: nearest(calibrationFileName), problems };
}

export function isHardwareFile(file: string): boolean {
  const name = baseName(file);
  return name === hardwareFileName || name === calibrationFileName;
}
