/**
 * The table of accelerators and its look-ups. Every figure is a vendor's dense peak or a
 * measurement with its source; cells for which no source was read are marked unverified.
 */
import table from './data/accelerators.json' with { type: 'json' };
import type { Machine } from './machines.js';
import { nearest } from './nearest.js';
import { workspaceTables } from './workspaceTables.js';

/** Dense peak by precision, in TFLOP/s (integers: TOPS). A missing key: not supported, or not known. */
export type Peaks = Readonly<Partial<Record<string, number>>>;

export interface Accelerator {
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly formFactor: string;
  readonly releaseYear: number | null;
  readonly peakDenseTflops: Peaks;
  /** Vendor's label, decimal GB. */
  readonly memory_GB: number;
  readonly memoryType: string;
  /** Peak, decimal GB/s. */
  readonly bandwidth_GBps: number;
  readonly l2_MB: number | null;
  readonly smCount: number | null;
  /** Board or module power limit; null where the vendor publishes none. */
  readonly tdp_W: number | null;
  /** Measured with no CUDA context. */
  readonly idle_W: number | null;
  /** Measured with a CUDA context alive and no kernel running. */
  readonly idleWithContext_W: number | null;
  /** Bidirectional scale-up bandwidth per device, GB/s. */
  readonly interconnect_GBps: number | null;
  /** Set by the workspace: how many stand in a machine, and the network between machines. */
  readonly machine?: Machine;
  readonly measuredMaxMatmulTflops: Peaks | null;
  readonly aliases: readonly string[];
  readonly confidence: 'high' | 'medium' | 'low' | 'user';
  /** Cells for which no stored source was read: `tdp_W`, `peak.tf32` … */
  readonly unverified: readonly string[];
  readonly disagreements: readonly string[];
  readonly notes: string;
  readonly sources: readonly AcceleratorSource[];
}

export interface AcceleratorSource {
  readonly text: string;
  /** The cells it covers; absent: all of them. */
  readonly cells?: readonly string[];
}

/** One figure with where it comes from. */
export interface Cell {
  readonly value: number | null;
  readonly verified: boolean;
  readonly sources: readonly string[];
}

export type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

export const defaultAcceleratorId = 'h100-sxm';

const sourceTable: readonly AcceleratorSource[] = table.sourceTable;

type AcceleratorRecord = Omit<Accelerator, 'sources'> & { readonly sources: readonly number[] };

export const accelerators: readonly Accelerator[] = (table.accelerators as unknown as AcceleratorRecord[]).map(
  (record) => ({
    ...record,
    sources: record.sources.map((index) => sourceTable[index]),
  }),
);

/** How a name is compared: case, spaces, underscores and the vendor's prefix do not count. */
function normalise(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
    .replace(/^(nvidia|amd|google|aws|intel)-/, '')
    .replace(/^(geforce|instinct|tesla)-/, '');
}

function namesOf(accelerator: Accelerator): string[] {
  return [accelerator.id, accelerator.name, ...accelerator.aliases].map(normalise);
}

function indexOf(list: readonly Accelerator[]): ReadonlyMap<string, Accelerator> {
  const index = new Map<string, Accelerator>();
  for (const one of list) for (const name of namesOf(one)) if (!index.has(name)) index.set(name, one);
  for (const one of list) index.set(normalise(one.id), one);
  return index;
}

const builtIn = indexOf(accelerators);

/**
 * The accelerator of a name: an id (`h100-sxm`), an alias (`H100`) or a full name.
 * A name that is not known answers with the nearest ones.
 */
export function findAccelerator(
  name: string,
  extra: readonly Accelerator[] = workspaceTables().accelerators,
): Found<Accelerator> {
  const wanted = normalise(name);
  const found = (extra.length > 0 ? indexOf(extra).get(wanted) : undefined) ?? builtIn.get(wanted);
  if (found) return { ok: true, value: found };
  const ids = [...new Set([...extra, ...accelerators].map((one) => one.id))];
  const near = nearest(wanted, ids, 4);
  return {
    ok: false,
    message: `Unknown hardware "${name}". ${near.length > 0 ? `Did you mean ${near.join(', ')}? ` : ''}"ecocompute hardware" lists all ${ids.length}.`,
  };
}

/** The table as the workspace has it: its own first, entries that it changes replaced. */
export function allAccelerators(): readonly Accelerator[] {
  const own = workspaceTables().accelerators;
  return own.length === 0 ? accelerators : [...own, ...accelerators.filter((one) => !own.some((o) => o.id === one.id))];
}

/** The one that is used when nobody chose. */
export function defaultAccelerator(): Accelerator {
  return (
    workspaceTables().accelerators.find((one) => one.id === defaultAcceleratorId) ?? builtIn.get(defaultAcceleratorId)!
  );
}

/** A figure with its sources: `bandwidth_GBps`, `tdp_W`, `peak.bf16` … Unknown fields give `value: null`. */
export function cellOf(accelerator: Accelerator, field: string): Cell {
  const raw = field.startsWith('peak.')
    ? accelerator.peakDenseTflops[field.slice('peak.'.length)]
    : (accelerator as unknown as Record<string, unknown>)[field];
  const value = typeof raw === 'number' ? raw : null;
  const verified = value !== null && !accelerator.unverified.includes(field);
  const covers = (source: AcceleratorSource) =>
    !source.cells || source.cells.some((cell) => cell === field || (cell === 'peak' && field.startsWith('peak.')));
  return { value, verified, sources: verified ? accelerator.sources.filter(covers).map((s) => s.text) : [] };
}

/** True when no figure that the energy model reads is unverified. */
export function isVerified(accelerator: Accelerator): boolean {
  return !accelerator.unverified.some(isCore);
}

function isCore(field: string): boolean {
  return field.startsWith('peak.') || field === 'memory_GB' || field === 'bandwidth_GBps' || field === 'tdp_W';
}

/** What shells show of an accelerator; `tdp_W` null: not published. */
export interface AcceleratorSummary {
  readonly id: string;
  readonly name: string;
  readonly peak_dense_tflops: Readonly<Record<string, number>>;
  readonly memory_GB: number;
  readonly bandwidth_GBps: number;
  readonly tdp_W: number | null;
  readonly verified: boolean;
  readonly source: readonly string[];
}

export function summarise(accelerator: Accelerator): AcceleratorSummary {
  const { id, name, peakDenseTflops, memory_GB, bandwidth_GBps, tdp_W } = accelerator;
  const peak_dense_tflops = Object.fromEntries(
    Object.entries(peakDenseTflops).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
  return {
    id,
    name,
    peak_dense_tflops,
    memory_GB,
    bandwidth_GBps,
    tdp_W,
    verified: isVerified(accelerator),
    source: accelerator.sources.map((source) => source.text),
  };
}
