/** The workspace's own figures: its hardware file and its calibration, read once per text and put in place. */
import { type Calibration, noCalibration, parseCalibration, setCalibration } from '../energy/calibrationFile.js';
import { noOverrides, type Overrides, parseOverrides } from '../hardware/overrides.js';
import { setWorkspaceTables } from '../hardware/workspaceTables.js';
import type { EnvironmentOptions } from './engine.js';

let hardwareText: string | null = null;
let calibrationText: string | null = null;

/** Whether any are in place. */
export function hasWorkspaceFiles(): boolean {
  return hardwareText !== null || calibrationText !== null;
}

/** Puts the files' figures in place for all that follows. Absent: as they are. @returns what is wrong in them, one line each. */
export function applyWorkspaceFiles(
  environment: Pick<EnvironmentOptions, 'hardwareFile' | 'calibrationFile'>,
): readonly string[] {
  const problems: string[] = [];
  const { hardwareFile, calibrationFile } = environment;
  if (hardwareFile !== undefined && hardwareFile !== hardwareText) {
    const read: Overrides = hardwareFile === null ? noOverrides : parseOverrides(hardwareFile);
    hardwareText = hardwareFile;
    setWorkspaceTables(read);
    problems.push(...read.problems);
  }
  if (calibrationFile !== undefined && calibrationFile !== calibrationText) {
    const read: Calibration = calibrationFile === null ? noCalibration : parseCalibration(calibrationFile);
    calibrationText = calibrationFile;
    setCalibration(read);
    problems.push(...read.problems);
  }
  return problems;
}
