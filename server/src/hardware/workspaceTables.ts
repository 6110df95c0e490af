/**
 * What the workspace adds to the tables (`ecocompute.hardware.json`), as the look-ups see it. One set holds at a time:
 * the shell that reads the file sets it before it asks for anything, and a test that sets it puts it back.
 */
import type { Accelerator } from './accelerators.js';
import type { Region } from './carbon.js';

export interface WorkspaceTables {
  readonly accelerators: readonly Accelerator[];
  /** USD per accelerator-hour by accelerator id. */
  readonly prices: ReadonlyMap<string, number>;
  readonly regions: readonly Region[];
  /** PUE by region id, where given. */
  readonly pue: ReadonlyMap<string, number>;
  /** Carbon that making the device set free and the years it is used, by accelerator id, where given. */
  readonly embodied: ReadonlyMap<string, Embodied>;
}

export interface Embodied {
  readonly kgCO2e: number;
  readonly lifetimeYears: number;
  readonly source: string;
}

export const emptyTables: WorkspaceTables = {
  accelerators: [],
  prices: new Map(),
  regions: [],
  pue: new Map(),
  embodied: new Map(),
};

let current: WorkspaceTables = emptyTables;

export function setWorkspaceTables(tables: WorkspaceTables): void {
  current = tables;
}

export function workspaceTables(): WorkspaceTables {
  return current;
}
