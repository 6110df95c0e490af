/** `ecocompute hardware`. */
import { allAccelerators, isVerified, summarise } from '../hardware/accelerators.js';
import { priceOf } from '../hardware/prices.js';
import { helpFlag, oneOf, readFlags } from './flags.js';
import { exit, type Io, UsageError } from './io.js';
import { makeStyle, table } from './terminal.js';

export function hardware(args: readonly string[], io: Io): number {
  const { flags, operands } = readFlags(args, { ...helpFlag, format: { type: 'string' } }, 'hardware');
  if (operands.length > 0) throw new UsageError(`hardware: takes no operand; "${operands[0]}" is one too many.`);
  if (oneOf(flags, 'format', ['text', 'json'], 'text') === 'json') {
    io.out(`${JSON.stringify({ accelerators: allAccelerators().map(summarise) }, null, 2)}\n`);
    return exit.fine;
  }
  const style = makeStyle(io.colour);
  const number = (value: number | null | undefined): string =>
    value === null || value === undefined ? '–' : String(value);
  const rows = allAccelerators().map((one) => {
    const peaks = one.peakDenseTflops;
    const price = priceOf(one);
    return [
      `${style.bold(one.id)}${isVerified(one) ? '' : style.yellow(' *')}`,
      one.name,
      number(peaks['bf16'] ?? peaks['fp16']),
      number(peaks['tf32']),
      number(peaks['fp32']),
      number(peaks['fp8']),
      number(one.memory_GB),
      number(one.bandwidth_GBps),
      number(one.tdp_W),
      price === null ? '–' : `$${price.value.toFixed(2)}`,
    ];
  });
  const head = ['id', 'name', 'bf16', 'tf32', 'fp32', 'fp8', 'GB', 'GB/s', 'TDP W', '$/h'].map(style.dim);
  io.out(
    `${table([head, ...rows], ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right']).join('\n')}\n`,
  );
  io.out(
    style.dim(
      '\nPeaks are dense, in TFLOP/s. * some figures are unverified. --format json names the source of each.\n',
    ),
  );
  return exit.fine;
}
