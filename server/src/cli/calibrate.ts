/** `ecocompute calibrate`: measures the GPU at hand through the user's Python and writes what the engine then prefers. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quantity } from '../audit/figures.js';
import { calibrationFileName, parseCalibration } from '../energy/calibrationFile.js';
import { fitDevice, readRows } from '../energy/calibrationFit.js';
import { type Accelerator, findAccelerator } from '../hardware/accelerators.js';
import { type Flags, helpFlag, numberFlag, readFlags, textFlag } from './flags.js';
import { exit, type Io, UsageError } from './io.js';
import { absolute } from './session.js';
import { table } from './terminal.js';

const flagSpecs = {
  ...helpFlag,
  python: { type: 'string' },
  device: { type: 'string' },
  hardware: { type: 'string' },
  window: { type: 'string' },
  repeats: { type: 'string' },
  seconds: { type: 'string' },
  rows: { type: 'string' },
  'save-rows': { type: 'string' },
  output: { type: 'string' },
  'allow-busy': { type: 'boolean' },
} as const;

export async function calibrate(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, flagSpecs, 'calibrate');
  if (operands.length > 0) throw new UsageError(`calibrate: takes no operand; "${operands[0]}" is one too many.`);
  const window = numberFlag(flags, 'window', 'a number of seconds') ?? 2;
  if (window < 2)
    throw new UsageError(
      `--window ${window}: at least 2 s; the energy counter is updated too rarely for shorter ones.`,
    );
  const known = textFlag(flags, 'hardware');
  const named = known === null ? null : findAccelerator(known);
  if (named !== null && !named.ok) throw new UsageError(`--hardware: ${named.message}`);
  const from = textFlag(flags, 'rows');
  const text = from === null ? await measured(flags, window, io) : readText(from, io);
  const rows = readRows(text);
  if (!rows.ok) throw new UsageError(`calibrate: ${from === null ? '' : `${from}: `}${rows.why}.`);
  const save = textFlag(flags, 'save-rows');
  if (save !== null) write(save, text, io);
  const found = named ?? findAccelerator(rows.device.name);
  if (!found.ok)
    throw new UsageError(
      `calibrate: "${rows.device.name}" is not in the table; say which entry it is with --hardware ID, or add it to ecocompute.hardware.json.`,
    );
  if (rows.cases.length === 0) throw new UsageError('calibrate: no case could be measured; nothing was written.');
  const one = fitDevice(found.value, rows.device, rows.cases, new Date().toISOString().slice(0, 10));
  const output = textFlag(flags, 'output') ?? calibrationFileName;
  const before = existsSync(absolute(output, io)) ? parseCalibration(readText(output, io)) : null;
  for (const problem of before?.problems ?? []) io.err(`ecocompute: ${problem}\n`);
  const others = [...(before?.devices.values() ?? [])].filter((each) => each.accelerator !== one.accelerator);
  const file = {
    about: 'Measured by "ecocompute calibrate"; the engine prefers it to its own constants.',
    schemaVersion: 1,
    devices: [...others, one],
  };
  write(output, `${JSON.stringify(file, null, 2)}\n`, io);
  report(one, found.value, rows.skipped, output, io);
  return exit.fine;
}

function report(
  one: ReturnType<typeof fitDevice>,
  accelerator: Accelerator,
  skipped: readonly string[],
  output: string,
  io: Io,
): void {
  const lines = table([
    ['Device', `${one.measured_on}, priced as ${accelerator.id}`],
    ['Rows', String(one.rows)],
    [
      'Idle',
      `${quantity(one.idle_W, 'W', 3)} without a CUDA context, ${quantity(one.idle_with_context_W, 'W', 3)} with one`,
    ],
    ['Host per kernel', quantity(one.eager_s, 's', 3)],
    ...Object.entries(one.ceiling).map(([key, value]) => [`Share of ${key} peak`, value.toFixed(3)]),
    ['Bandwidth against the model', one.elementwise === null ? '–' : one.elementwise.toFixed(3)],
    ['Power against the model', one.power === null ? '–' : one.power.toFixed(3)],
  ]);
  io.out(
    `${lines.join('\n')}\n\nWritten to ${output}; estimates on ${accelerator.id} in this folder use it from now on.\n`,
  );
  for (const why of skipped) io.err(`left out: ${why}\n`);
}

/** Runs the measuring script in the user's Python; its standard output. */
async function measured(flags: Flags, window: number, io: Io): Promise<string> {
  const python = textFlag(flags, 'python') ?? io.env['ECOCOMPUTE_PYTHON'] ?? 'python3';
  const script = ['measure.py', join('calibration', 'measure', 'measure.py')]
    .map((name) => join(io.folder, name))
    .find((path) => existsSync(path));
  if (script === undefined)
    throw new UsageError('calibrate: measure.py is missing beside the program; install it again.');
  const given = (name: string): string[] => {
    const value = textFlag(flags, name);
    return value === null ? [] : [`--${name}`, value];
  };
  const args = [script, '--window', String(window), ...given('device'), ...given('repeats'), ...given('seconds')];
  if (flags['allow-busy'] === true) args.push('--allow-busy');
  io.err(`measuring with ${python}; this takes about ten minutes, and the GPU must be free\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (data: Buffer) => {
      const part = data.toString();
      out += part;
      for (const line of part.split('\n')) {
        const name = /"name": "([^"]+)"/.exec(line)?.[1];
        if (name !== undefined && io.isTerminal) io.err(`  ${name}\n`);
      }
    });
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString();
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        new UsageError(
          `calibrate: ${python} cannot be started (${error.code ?? error.message}); name a Python with PyTorch with --python.`,
        ),
      ),
    );
    child.on('close', (code) => {
      // what went wrong is told on standard output; a traceback is not
      if (code === 0 || out.includes('"error"')) resolve(out);
      else
        reject(
          new UsageError(`calibrate: ${python} ended with ${code}: ${err.trim().split('\n').at(-1) ?? 'no message'}.`),
        );
    });
  });
}

function readText(path: string, io: Io): string {
  try {
    return readFileSync(absolute(path, io), 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`);
  }
}

function write(path: string, text: string, io: Io): void {
  try {
    writeFileSync(absolute(path, io), text);
  } catch (error) {
    throw new UsageError(`${path}: cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`);
  }
}
