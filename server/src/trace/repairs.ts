/**
 * What an exception says about a guessed input. PyTorch's messages and the checks that authors write name both
 * sides ("length 3000, but found 16000", "1x128 and 784x10"), so the extent that was guessed is replaced by the
 * one that was wanted; ranks and dtypes likewise. The model decides whether the repaired guess is taken.
 */
import type { DTypeName } from '../torch/dtype.js';
import type { ChosenInput } from './inputs.js';

interface Raised {
  readonly type: string;
  readonly message: string;
}

const rankMessages: readonly RegExp[] = [
  /not enough values to unpack \(expected (\d+)/,
  /too many values to unpack \(expected (\d+)/,
  /is not equal to len\(dims\) = (\d+)/,
  /Expected \d+D \(unbatched\) or (\d)D/,
  /expected (\d)D or \dD input/i,
  /expected (\d)D input/i,
  /Expected (\d)-?D/i,
  /wrong shape: expected (\d)/i,
];
const wantsIntegers =
  /scalar types?:? .*Long|tensors used as indices must be|expected (tensor for .*)?(scalar type|dtype) (Long|Int)|indices.* must be .*(int|long)/i;
const wantsFloats =
  /same dtype, but got (Long|long)|expected .*(scalar type|dtype) (Float|Half|BFloat16) but found Long|not implemented for 'Long'/i;

/** Other inputs that the error asks for, likeliest first; at most four. `known`: inputs that other guesses give. */
export function repairsOf(
  chosen: readonly ChosenInput[],
  error: Raised,
  known: readonly ChosenInput[] = [],
): ChosenInput[][] {
  const rival = /(?:cannot|can't|can not) (?:specify|pass|provide|use) both `?(\w+)`? and `?(\w+)`?/i.exec(
    error.message,
  );
  if (rival !== null) {
    // the later of the two that nobody wrote
    const given = chosen.filter((c) => [rival[1], rival[2]].includes(c.name) && !isWritten(c));
    if (given.length > 0) return [chosen.filter((c) => c !== given[given.length - 1])];
  }
  // an input by its name that this guess leaves out
  const named = new Set(error.message.match(/\b[a-z]\w*_\w+\b/g) ?? []);
  const lacking = known.find((c) => named.has(c.name) && !chosen.some((other) => other.name === c.name));
  if (lacking !== undefined) return [[...chosen, lacking]];
  // what somebody wrote is not ours to change
  if (chosen.some(isWritten)) return [];
  const { message } = error;
  if (wantsIntegers.test(message)) return changed(chosen, (_s, dtype) => (isFloat(dtype) ? 'int64' : null));
  if (wantsFloats.test(message)) return changed(chosen, (_s, dtype) => (dtype === 'int64' ? 'float32' : null));
  const rank = rankMessages.map((r) => r.exec(message)?.[1]).find((x) => x !== undefined);
  if (rank !== undefined) return changed(chosen, (shape) => ranked(shape, Number(rank)));
  const size = /is out of bounds for dimension \d+ with size (\d+)/.exec(message)?.[1];
  if (size !== undefined)
    return changed(chosen, (shape, dtype) =>
      dtype === 'int64' && shape.some((d) => d > Number(size)) ? shape.map((d) => Math.min(d, Number(size))) : null,
    );
  if (/Dimension out of range|tuple index out of range|too many indices for tensor/.test(message))
    return changed(chosen, (shape) => (shape.length < 5 ? ranked(shape, shape.length + 1) : null));
  return [...folded(chosen, message), ...swapped(chosen, message)];
}

/**
 * A guessed extent that the model folds into channels or features: `expected input[1, 1024, 56, 56] to have 320
 * channels, but got 1024 channels` of 16 frames with 64 features each asks for 5 frames.
 */
function folded(chosen: readonly ChosenInput[], message: string): ChosenInput[][] {
  const channels = /to have (\d+) channels, but got (\d+) channels/.exec(message);
  const features = /\(\d+x(\d+) and (\d+)x\d+\)/.exec(message);
  const [want, got] =
    channels !== null ? [Number(channels[1]), Number(channels[2])] : [Number(features?.[2]), Number(features?.[1])];
  if (Number.isNaN(want + got)) return [];
  const out: ChosenInput[][] = [];
  chosen.forEach((c, i) => {
    if (c.spec.kind !== 'tensor') return;
    const { shape } = c.spec;
    const at = shape.findIndex((d, k) => k > 0 && d > 1 && got % d === 0 && want % (got / d) === 0);
    if (at < 0) return;
    const to = shape.map((d, k) => (k === at ? want / (got / d) : d));
    out.push(chosen.map((x, k) => (k === i ? withTensor(c, to, c.dtype) : x)));
  });
  return out.slice(0, 1);
}

function isWritten({ source }: ChosenInput): boolean {
  return source === 'call' || source === 'flag' || source === 'pragma';
}

function isFloat(d: DTypeName): boolean {
  return /^(b?float)/.test(d);
}

/** Every tensor of the guess changed alone, then the first that can be. */
function changed(
  chosen: readonly ChosenInput[],
  change: (shape: readonly number[], dtype: DTypeName) => readonly number[] | DTypeName | null,
): ChosenInput[][] {
  const out: ChosenInput[][] = [];
  chosen.forEach((c, i) => {
    if (c.spec.kind !== 'tensor') return;
    const to = change(c.spec.shape, c.dtype);
    if (to === null) return;
    const made = typeof to === 'string' ? withTensor(c, c.spec.shape, to) : withTensor(c, to, c.dtype);
    out.push(chosen.map((x, k) => (k === i ? made : x)));
  });
  return out.slice(0, 2);
}

function withTensor(c: ChosenInput, shape: readonly number[], dtype: DTypeName): ChosenInput {
  return {
    ...c,
    dtype,
    spec: { kind: 'tensor', name: c.spec.name, shape, dtype },
    assumption: `${c.name} = ${shape.join('×')} ${dtype}: the model does not take other sizes that were tried`,
  };
}

function ranked(shape: readonly number[], rank: number): readonly number[] | null {
  if (rank < 1 || rank > 6 || rank === shape.length) return null;
  if (rank > shape.length) {
    const length = shape.length > 2 ? shape[shape.length - 2]! : 128;
    const inner = shape.slice(1);
    return [shape[0] ?? 1, ...new Array<number>(rank - Math.max(1, shape.length)).fill(length), ...inner];
  }
  return rank === 1 ? shape.slice(0, 1) : [shape[0]!, ...shape.slice(shape.length - rank + 1)];
}

/** A guessed extent that the message names beside another number. */
function swapped(chosen: readonly ChosenInput[], message: string): ChosenInput[][] {
  const numbers = [...new Set([...message.matchAll(/\d+/g)].map((m) => Number(m[0])))].filter((n) => n > 0 && n <= 1e6);
  const out: ChosenInput[][] = [];
  const extents = new Set(chosen.flatMap((c) => (c.spec.kind === 'tensor' ? c.spec.shape.slice(1) : [])));
  for (const d of numbers) {
    if (!extents.has(d) || d === 1) continue;
    for (const g of numbers) {
      if (g === d || extents.has(g)) continue;
      out.push(
        chosen.map((c) => {
          if (c.spec.kind !== 'tensor' || !c.spec.shape.slice(1).includes(d)) return c;
          return withTensor(
            c,
            c.spec.shape.map((x, i) => (i > 0 && x === d ? g : x)),
            c.dtype,
          );
        }),
      );
    }
  }
  return out.slice(0, 3);
}

/** `mat1 and mat2 shapes cannot be multiplied (1x44944 and 400x120)` behind convolutions: the image is as much smaller as its root. */
export function resized(chosen: readonly ChosenInput[], message: string): ChosenInput[][] {
  const m = /\(\d+x(\d+) and (\d+)x\d+\)/.exec(message) ?? /\(\[(?:\d+, )*(\d+)\] and \[(\d+), \d+\]\)/.exec(message);
  if (m === null) return [];
  const ratio = Number(m[2]) / Number(m[1]);
  const out: ChosenInput[][] = [];
  chosen.forEach((c, i) => {
    if (c.spec.kind !== 'tensor' || c.spec.shape.length < 3) return;
    const { shape } = c.spec;
    const all = shape.map((_d, k) => k).filter((k) => k >= 2);
    // all sides alike, or one of them alone: a spectrogram has so many bands however long it is
    for (const sides of all.length > 1 ? [all, ...all.map((k) => [k])] : [all]) {
      const scale = ratio ** (1 / sides.length);
      const to = shape.map((d, k) => (sides.includes(k) ? Math.max(1, Math.round(d * scale)) : d));
      if (to.some((d, k) => d !== shape[k])) out.push(chosen.map((x, k) => (k === i ? withTensor(c, to, c.dtype) : x)));
    }
  });
  return out;
}
