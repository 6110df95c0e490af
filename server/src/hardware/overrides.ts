/**
 * What a workspace adds to or changes in the tables: `ecocompute.hardware.json`. Every entry
 * is checked; one that is wrong is named with its place and left out, the others hold.
 */
import * as z from 'zod';
import { type Accelerator, accelerators, findAccelerator } from './accelerators.js';
import type { Region } from './carbon.js';
import { machineOf, usualPerMachine } from './machines.js';
import { nearest } from './nearest.js';
import { type Embodied, emptyTables, type WorkspaceTables } from './workspaceTables.js';

export const overridesFileName = 'ecocompute.hardware.json';

const positive = z.number().positive();
/** Offered by completion; a name or alias does as well. */
const ids = accelerators.map((one) => one.id);
const accelerator = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and hyphens'),
    basedOn: z
      .string()
      .optional()
      .describe('An accelerator whose figures hold where none is given here')
      .meta({ examples: ids }),
    name: z.string().optional(),
    vendor: z.string().optional(),
    architecture: z.string().optional(),
    peak_dense_tflops: z
      .record(z.string(), positive)
      .optional()
      .describe(
        'Dense TFLOP/s (integers: TOPS) by precision: fp32, tf32, bf16, fp16, fp8, int8 …; never the 2:4-sparse figure',
      ),
    memory_GB: positive.optional(),
    bandwidth_GBps: positive.optional(),
    l2_MB: positive.optional(),
    sm_count: positive.optional(),
    tdp_W: positive.optional(),
    idle_W: positive.optional(),
    idle_with_context_W: positive.optional(),
    interconnect_GBps: positive.optional().describe('Both directions together, per device'),
    per_machine: positive.int().optional().describe('Accelerators that the fast links of one machine join'),
    network_GBps: positive.optional().describe('Network between machines, one way, per accelerator'),
    embodied_kgCO2e: positive.optional().describe('Carbon that making one device set free'),
    lifetime_years: positive.optional().describe('Years over which the embodied carbon is spread; 4 where not given'),
    source: z.string().optional().describe('Where the figures come from; without one they are shown as unverified'),
  })
  .describe('An accelerator of your own, or changed figures of a listed one (same id)');

const price = z.strictObject({
  accelerator: z.string().describe('Id or name of an accelerator').meta({ examples: ids }),
  usd_per_hour: positive.describe('Per accelerator-hour'),
  provider: z.string().optional(),
  date: z.string().optional(),
});
const region = z.strictObject({
  id: z.string().min(1),
  name: z.string().optional(),
  gCO2e_per_kWh: z.number().nonnegative(),
  pue: z.number().min(1).max(4).optional(),
  source: z.string().optional(),
});

const schema = z.strictObject({
  $schema: z.string().optional(),
  accelerators: z.array(accelerator).optional(),
  prices: z.array(price).optional(),
  regions: z.array(region).optional(),
});

export interface Overrides extends WorkspaceTables {
  /** One clear line each, with the place in the file. */
  readonly problems: readonly string[];
}

export const noOverrides: Overrides = { ...emptyTables, problems: [] };

/** JSON Schema of the file, for completion in editors. */
export function overridesSchema(): object {
  return z.toJSONSchema(schema);
}

/** Reads the file's text. Wrong entries become problems, never exceptions. */
export function parseOverrides(text: string): Overrides {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return {
      ...noOverrides,
      problems: [
        `${overridesFileName}${lineIn(text, (error as Error).message)} is not JSON: ${(error as Error).message}`,
      ],
    };
  }
  const problems: string[] = [];
  const whole = schema.safeParse(data);
  if (!whole.success) {
    for (const issue of whole.error.issues) {
      const place =
        issue.path.length === 0
          ? 'top level'
          : issue.path
              .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
              .join('')
              .replace(/^\./, '');
      problems.push(`${overridesFileName}, ${place}: ${issue.message}${remedy(issue)} That entry is left out.`);
    }
  }
  const lists = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  const valid = <T>(list: unknown, one: z.ZodType<T>): T[] =>
    Array.isArray(list)
      ? list.flatMap((item) => {
          const r = one.safeParse(item);
          return r.success ? [r.data] : [];
        })
      : [];
  const own: Accelerator[] = [];
  const embodied = new Map<string, Embodied>();
  for (const entry of valid(lists.accelerators, accelerator)) {
    const made = accelerate(entry, own, problems);
    if (!made) continue;
    own.push(made);
    if (entry.embodied_kgCO2e !== undefined)
      embodied.set(made.id, {
        kgCO2e: entry.embodied_kgCO2e,
        lifetimeYears: entry.lifetime_years ?? 4,
        source: entry.source ?? `set in ${overridesFileName}, no source named`,
      });
  }
  const prices = new Map<string, number>();
  for (const entry of valid(lists.prices, price)) {
    const found = findAccelerator(entry.accelerator, own);
    if (found.ok) prices.set(found.value.id, entry.usd_per_hour);
    else problems.push(`${overridesFileName}, prices: ${found.message}`);
  }
  const regionEntries = valid(lists.regions, region);
  const regions = regionEntries.map(
    (entry): Region => ({
      id: entry.id,
      name: entry.name ?? entry.id,
      gCO2ePerKWh: entry.gCO2e_per_kWh,
      source: entry.source ?? `set in ${overridesFileName}`,
      proxiedFrom: null,
      provider: null,
      year: null,
    }),
  );
  const pue = new Map(
    regionEntries.flatMap((entry) => (entry.pue === undefined ? [] : [[entry.id, entry.pue] as const])),
  );
  return { accelerators: own, prices, regions, pue, embodied, problems };
}

const fields = {
  memory_GB: 'memory_GB',
  bandwidth_GBps: 'bandwidth_GBps',
  l2_MB: 'l2_MB',
  sm_count: 'smCount',
  tdp_W: 'tdp_W',
  idle_W: 'idle_W',
  idle_with_context_W: 'idleWithContext_W',
  interconnect_GBps: 'interconnect_GBps',
} as const;

function accelerate(
  entry: z.infer<typeof accelerator>,
  own: readonly Accelerator[],
  problems: string[],
): Accelerator | null {
  const listed = accelerators.find((one) => one.id === entry.id);
  let base: Accelerator | undefined = listed;
  if (entry.basedOn !== undefined) {
    const found = findAccelerator(entry.basedOn, own);
    if (!found.ok) {
      problems.push(`${overridesFileName}, accelerator ${entry.id}: basedOn: ${found.message}`);
      return null;
    }
    base = found.value;
  }
  const missing = ['peak_dense_tflops', 'memory_GB', 'bandwidth_GBps'].filter(
    (name) => entry[name as 'memory_GB'] === undefined,
  );
  if (!base && missing.length > 0) {
    problems.push(
      `${overridesFileName}, accelerator ${entry.id}: needs ${missing.join(', ')}, or "basedOn" with a listed accelerator.`,
    );
    return null;
  }
  const changed = Object.entries(fields).flatMap(([from, to]) =>
    entry[from as keyof typeof fields] === undefined ? [] : [[to, entry[from as keyof typeof fields]!] as const],
  );
  const peaks = entry.peak_dense_tflops ?? {};
  const touched = [...changed.map(([to]) => to as string), ...Object.keys(peaks).map((key) => `peak.${key}`)];
  const untouched = (base?.unverified ?? []).filter((field) => !touched.includes(field));
  return {
    id: entry.id,
    name: entry.name ?? base?.name ?? entry.id,
    vendor: entry.vendor ?? base?.vendor ?? 'user',
    architecture: entry.architecture ?? base?.architecture ?? '',
    formFactor: base?.formFactor ?? '',
    releaseYear: base?.releaseYear ?? null,
    memoryType: base?.memoryType ?? '',
    memory_GB: base?.memory_GB ?? 0,
    bandwidth_GBps: base?.bandwidth_GBps ?? 0,
    l2_MB: base?.l2_MB ?? null,
    smCount: base?.smCount ?? null,
    tdp_W: base?.tdp_W ?? null,
    idle_W: base?.idle_W ?? null,
    idleWithContext_W: base?.idleWithContext_W ?? null,
    interconnect_GBps: base?.interconnect_GBps ?? null,
    ...Object.fromEntries(changed),
    ...machineFrom(entry, base),
    peakDenseTflops: { ...base?.peakDenseTflops, ...peaks },
    measuredMaxMatmulTflops: null,
    aliases: [],
    confidence: 'user',
    unverified: entry.source === undefined ? [...untouched, ...touched] : untouched,
    disagreements: [],
    notes: `from ${overridesFileName}`,
    sources: [
      ...(entry.source === undefined ? [] : [{ text: entry.source, cells: touched }]),
      ...(base?.sources ?? []),
    ],
  };
}

/** A network that is given makes a machine of the usual size, unless that is given or listed too. */
function machineFrom(
  { per_machine, network_GBps, source }: z.infer<typeof accelerator>,
  base: Accelerator | undefined,
): Pick<Accelerator, 'machine'> {
  const listed = base === undefined ? null : machineOf(base);
  const network = network_GBps ?? listed?.network_GBps;
  if (network === undefined) return {};
  const changes = per_machine !== undefined || network_GBps !== undefined;
  return {
    machine: {
      perMachine: per_machine ?? listed?.perMachine ?? usualPerMachine,
      network_GBps: network,
      source: changes ? (source ?? `set in ${overridesFileName}`) : listed!.source,
    },
  };
}

/** `, line 3`, from the position that the engine's message names. */
function lineIn(text: string, message: string): string {
  const at = /position (\d+)/.exec(message);
  return at === null ? '' : `, line ${text.slice(0, Number(at[1])).split('\n').length}`;
}

/** What to write instead, where the check itself does not say. */
function remedy(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return '.';
  const known =
    issue.path[0] === 'accelerators'
      ? accelerator.shape
      : issue.path[0] === 'prices'
        ? price.shape
        : issue.path[0] === 'regions'
          ? region.shape
          : schema.shape;
  const near = issue.keys.flatMap((key) => nearest(key, Object.keys(known), 1));
  return near.length > 0 ? `. Did you mean ${near.join(', ')}?` : `. Known: ${Object.keys(known).join(', ')}.`;
}
