/**
 * A decoder-only model as serving sees it, from the kernels of one traced forward pass over (sequences x positions):
 * every kernel is brought to another number of sequences and positions, attention to a KV cache. Serving engines fuse
 * attention and compute logits of the last position only, whatever the traced code does.
 */
import type { Kernel } from '../torch/kernel.js';
import type { CountedLoad, DecoderStep } from './decoder.js';
import type { ServedModel } from './serving.js';

export interface TracedPass {
  readonly kernels: readonly { readonly kernel: Kernel; readonly count: number }[];
  readonly sequences: number;
  readonly positions: number;
  readonly params: number;
}

export type Served =
  | { readonly ok: true; readonly model: ServedModel; readonly notes: readonly string[] }
  | { readonly ok: false; readonly why: string };

interface AttentionShape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly d: number;
  readonly dv: number;
}

type Part =
  /** Rows are (row share x tokens): a product with weights of n x k. */
  | {
      readonly kind: 'weights';
      readonly perToken: number;
      readonly isHead: boolean;
      readonly n: number;
      readonly k: number;
      readonly count: number;
    }
  | { readonly kind: 'attention'; readonly shape: AttentionShape; readonly count: number }
  /** Anything else, by the elements and bytes of one token, one position, or the pass. */
  | {
      readonly kind: 'other';
      readonly per: 'token' | 'position' | 'pass';
      readonly kernel: Kernel;
      readonly count: number;
    };

const usesParameter = (k: Kernel): boolean => k.inputs.some((t) => t.isParameter || (t.base?.isParameter ?? false));

/** @returns why not, where the pass is not that of a decoder over several positions */
export function tracedDecoder(pass: TracedPass): Served {
  const { sequences, positions } = pass;
  const rows = sequences * positions;
  if (!(positions > 1)) return { ok: false, why: 'trace it on a prompt of at least two tokens (--input 1x128:int64)' };
  const parts: Part[] = [];
  const notes = new Set<string>();
  let layers = 0;
  let kvElements = 0;
  let hidden = 0;
  const attend = (shape: AttentionShape, count: number): void => {
    parts.push({ kind: 'attention', shape, count });
    layers += count;
    kvElements += shape.kvHeads * (shape.d + shape.dv) * count;
  };
  for (const { kernel, count } of pass.kernels) {
    const { work } = kernel;
    if (kernel.isView || work.kind === 'view') continue;
    if (work.kind === 'attention') {
      if (work.s !== positions) notes.add(`attention over ${work.s} positions is priced as over the sequence`);
      const shape = { heads: work.heads / sequences, kvHeads: work.kvHeads / sequences, d: work.d, dv: work.dv };
      attend(shape, count);
    } else if (work.kind === 'gemm' && usesParameter(kernel)) {
      const m = work.m * work.batch;
      parts.push({ kind: 'weights', perToken: m / rows, isHead: false, n: work.n, k: work.k, count });
    } else if (work.kind === 'gemm' && work.batch > 1 && work.m === positions && work.n === positions) {
      // scores of attention that is written out: with a cache it is one fused kernel
      const heads = work.batch / sequences;
      attend({ heads, kvHeads: heads, d: work.k, dv: work.k }, count);
      notes.add('attention is written out in the code: priced fused, with as many key heads as query heads');
    } else if (work.kind === 'gemm' && work.batch > 1 && work.k === positions) {
      // values of the same attention: in it already
    } else if (isSquare(kernel, positions)) {
      // scores, masks and their softmax: inside the fused kernel
    } else if (work.kind === 'conv') {
      return { ok: false, why: 'it convolves: only decoder-only language models are served token by token' };
    } else {
      const numel = kernel.outputs.reduce((n, t) => Math.max(n, t.numel), 0);
      const per =
        numel % rows === 0 && numel > 0 ? 'token' : numel % positions === 0 && numel > 0 ? 'position' : 'pass';
      parts.push({ kind: 'other', per, kernel, count });
    }
  }
  if (layers === 0)
    return {
      ok: false,
      why: 'no attention was found in it: only decoder-only language models are served token by token',
    };
  // the last product with weights makes the logits
  const head = parts.findLastIndex((one) => one.kind === 'weights');
  const products = parts.flatMap((one) => (one.kind === 'weights' ? [one] : []));
  if (products.length === 0) return { ok: false, why: 'no linear layer was found in it' };
  hidden = products.at(-1)!.k;
  parts[head] = { ...products.at(-1)!, isHead: true };
  return {
    ok: true,
    notes: [...notes],
    model: { layers, hidden, params: pass.params, kvElements, loads: (step) => loadsOf(parts, step, pass) },
  };
}

function isSquare(kernel: Kernel, positions: number): boolean {
  return kernel.outputs.some((t) => {
    const [a, b] = t.shape.slice(-2);
    return a === positions && b === positions;
  });
}

/** Bytes of an activation element: serving runs in 16 bits whatever the trace's dtype. */
const size = 2;

function loadsOf(parts: readonly Part[], step: DecoderStep, pass: TracedPass): CountedLoad[] {
  const { dtype, share, weightBytes, kvBytes, batch, tokens, context } = step;
  const rows = batch * tokens;
  return parts.map((part): CountedLoad => {
    if (part.kind === 'weights') {
      const { n, k, count } = part;
      const m = part.isHead ? batch : rows * part.perToken;
      const wide = n * share;
      const work = { kind: 'gemm', batch: 1, m, n: wide, k } as const;
      const bytes = wide * k * weightBytes + size * m * (wide + k);
      return { load: { work, flops: 2 * m * wide * k, elementwise: 0, bytes, dtype }, count };
    }
    if (part.kind === 'attention') {
      const { heads, kvHeads, d, dv } = part.shape;
      const keys = batch * context * kvHeads * share * (d + dv);
      const queries = rows * heads * share * (d + dv);
      const work = {
        kind: 'attention',
        heads: batch * heads * share,
        kvHeads: batch * kvHeads * share,
        s: tokens,
        t: context,
        d,
        dv,
        causal: true,
        masked: false,
      } as const;
      const flops = 2 * rows * context * heads * share * (d + dv);
      return {
        load: { work, flops, elementwise: 0, bytes: keys * kvBytes + queries * size, dtype },
        count: part.count,
      };
    }
    const { kernel, per, count } = part;
    const by =
      per === 'token' ? rows / (pass.sequences * pass.positions) : per === 'position' ? tokens / pass.positions : 1;
    const work = kernel.work.kind === 'memory' ? { ...kernel.work, rows: kernel.work.rows * by } : kernel.work;
    const narrow = kernel.dtype.kind === 'float' ? size / kernel.dtype.itemsize : 1;
    // a gather touches what it returns, not the whole table
    const read =
      work.kind === 'memory' && work.pattern === 'gather'
        ? Math.min(kernel.bytesRead, 2 * kernel.bytesWritten)
        : kernel.bytesRead;
    const bytes = (read + kernel.bytesWritten) * by * narrow;
    return { load: { work, flops: kernel.flops * by, elementwise: kernel.elementwise * by, bytes, dtype }, count };
  });
}
