/** Reading flags: `node:util`'s parser, with messages that name the flag and the nearest one there is. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Target } from '../analysis/engine.js';
import { findAccelerator } from '../hardware/accelerators.js';
import { findRegion } from '../hardware/carbon.js';
import { nearest } from '../hardware/nearest.js';
import { UsageError } from './io.js';

export type FlagSpecs = NonNullable<ParseArgsConfig['options']>;
export type Flags = Record<string, string | boolean | (string | boolean)[] | undefined>;

export const helpFlag = { help: { type: 'boolean', short: 'h' } } as const satisfies FlagSpecs;

export const targetFlags = {
  hardware: { type: 'string' },
  region: { type: 'string' },
  dtype: { type: 'string' },
  phase: { type: 'string' },
  batch: { type: 'string' },
  compiled: { type: 'boolean' },
  'train-mode': { type: 'boolean' },
  torch: { type: 'string' },
  'python-path': { type: 'string', multiple: true },
} as const satisfies FlagSpecs;

/** Flags and operands of a command. @throws UsageError naming the flag. */
export function readFlags(
  args: readonly string[],
  specs: FlagSpecs,
  command: string,
): { flags: Flags; operands: string[] } {
  // `--input -1x3` and `--entry --x` are values, whatever they begin with
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: specs,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const spec = specs[token.name];
    if (spec === undefined) {
      const near = nearest(token.name, Object.keys(specs), 1)[0];
      throw new UsageError(
        `Unknown flag ${token.rawName}.${near === undefined ? '' : ` Did you mean --${near}?`} "ecocompute ${command} --help" lists the flags.`,
      );
    }
    if (spec.type === 'string' && (token.value === undefined || token.value === ''))
      throw new UsageError(`${token.rawName} needs a value.`);
    if (spec.type === 'boolean' && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`);
  }
  return { flags: values as Flags, operands: positionals };
}

export function oneOf<const T extends string>(
  flags: Flags,
  name: string,
  values: readonly T[],
  byDefault: NoInfer<T>,
): T {
  const value = flags[name];
  if (value === undefined) return byDefault;
  if (values.includes(value as T)) return value as T;
  throw new UsageError(`--${name} ${String(value)}: not one of ${values.join(', ')}.`);
}

export function textFlag(flags: Flags, name: string): string | null {
  const value = flags[name];
  return typeof value === 'string' ? value : null;
}

export function listFlag(flags: Flags, name: string): string[] {
  const value = flags[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export function numberFlag(flags: Flags, name: string, what: string): number | null {
  const text = textFlag(flags, name);
  if (text === null) return null;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new UsageError(`--${name} ${text}: not ${what}.`);
  return value;
}

const dtypes = ['float64', 'float32', 'float16', 'bfloat16', 'float8_e4m3fn', 'float8_e5m2', 'int8'];
const dtypeAliases: Record<string, string> = {
  fp64: 'float64',
  double: 'float64',
  fp32: 'float32',
  float: 'float32',
  fp16: 'float16',
  half: 'float16',
  bf16: 'bfloat16',
  fp8: 'float8_e4m3fn',
};

/** The target that the flags describe. @throws UsageError */
export function targetOf(flags: Flags): Target {
  const hardware = textFlag(flags, 'hardware');
  const region = textFlag(flags, 'region');
  return {
    hardware: hardware === null ? 'h100-sxm' : found(findAccelerator(hardware), '--hardware').id,
    region: region === null ? null : found(findRegion(region), '--region').id,
    dtype: dtypeOf(textFlag(flags, 'dtype')),
    phase: flags['phase'] === undefined ? null : oneOf(flags, 'phase', ['inference', 'training'], 'inference'),
    batch: batchOf(textFlag(flags, 'batch')),
    compiled: flags['compiled'] === true,
    trainMode: flags['train-mode'] === true,
    torchVersion: torchOf(textFlag(flags, 'torch')),
  };
}

function found<T>(answer: { ok: true; value: T } | { ok: false; message: string }, flag: string): T {
  if (answer.ok) return answer.value;
  throw new UsageError(`${flag}: ${answer.message}`);
}

function dtypeOf(name: string | null): string | null {
  if (name === null) return null;
  const plain = name.replace(/^torch\./, '');
  const dtype = dtypeAliases[plain] ?? plain;
  if (dtypes.includes(dtype)) return dtype;
  throw new UsageError(`--dtype ${name}: not one of ${dtypes.join(', ')}.`);
}

function batchOf(text: string | null): number | null {
  if (text === null) return null;
  const batch = Number(text);
  if (Number.isInteger(batch) && batch >= 1 && batch <= 1_000_000) return batch;
  throw new UsageError(`--batch ${text}: not a whole number from 1 to 1,000,000.`);
}

function torchOf(text: string | null): string | null {
  if (text === null || /^\d+\.\d+(\.\d+)?$/.test(text)) return text;
  throw new UsageError(`--torch ${text}: not a version such as 2.13.`);
}
