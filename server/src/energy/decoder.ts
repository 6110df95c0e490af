/**
 * The kernels of a decoder-only language model from its widths: what serving estimates and
 * `generate()` loops are priced with when there is no trace of each step.
 */
import type { Work } from '../torch/kernel.js';
import type { KernelLoad } from './time.js';

/** Widths as in a model's configuration file. */
export interface DecoderShape {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Inner width of the MLP (of one expert in a mixture). */
  readonly ffn: number;
  /** Two up projections (SwiGLU and kin). */
  readonly gated: boolean;
  readonly vocab: number;
  /** A mixture of experts in `layers` of the layers; the others have a dense MLP of width `denseFfn`. */
  readonly experts?: {
    readonly count: number;
    readonly perToken: number;
    readonly shared: number;
    readonly layers: number;
    readonly denseFfn: number;
  };
  /** Parameters, all experts included. */
  readonly params: number;
}

export interface CountedLoad {
  readonly load: KernelLoad;
  readonly count: number;
  /** Grouped GEMMs over experts. */
  readonly expert?: boolean;
}

export interface DecoderStep {
  /** Sequences. */
  readonly batch: number;
  /** New tokens per sequence: 1 when decoding, the prompt when prefilling. */
  readonly tokens: number;
  /** Keys each new token attends to, on average. */
  readonly context: number;
  /** PyTorch dtype the arithmetic runs in. */
  readonly dtype: string;
  /** Bytes per weight and per KV-cache element. */
  readonly weightBytes: number;
  readonly kvBytes: number;
  /** Tensor-parallel share: 1 / GPUs. */
  readonly share: number;
  /** Positions per sequence for which logits are computed. */
  readonly logits: number;
  /** Exponent on the tokens that choose experts: tokens of a batch favour the same ones. 1 (absent): routing is even. */
  readonly routing?: number;
}

/** Bytes of keys and values that one token adds to the cache. */
export function kvBytesPerToken(shape: DecoderShape, kvBytes: number): number {
  return 2 * shape.layers * shape.kvHeads * shape.headDim * kvBytes;
}

/** Loads of one forward pass (flops: 2 per multiply-add). */
export function decoderLoads(shape: DecoderShape, step: DecoderStep): CountedLoad[] {
  const { hidden, heads, kvHeads, headDim, layers, ffn } = shape;
  const { dtype, share, weightBytes, kvBytes } = step;
  const rows = step.batch * step.tokens;
  const size = 2;
  const out: CountedLoad[] = [];
  const gemm: AddGemm = (m, n, k, count, weights = n * k, expert = false) => {
    const work: Work = { kind: 'gemm', batch: 1, m, n, k };
    out.push({
      load: { work, flops: 2 * m * n * k, elementwise: 0, bytes: weights * weightBytes + size * m * (n + k), dtype },
      count,
      expert,
    });
  };
  const memory = (pattern: 'elementwise' | 'norm', elements: number, passes: number, count: number) => {
    const cols = pattern === 'norm' ? hidden : elements;
    const work: Work = { kind: 'memory', pattern, rows: elements / cols, cols };
    out.push({ load: { work, flops: 0, elementwise: elements, bytes: elements * passes * size, dtype }, count });
  };
  memory('norm', rows * hidden, 2, 2 * layers + 1);
  gemm(rows, (heads + 2 * kvHeads) * headDim * share, hidden, layers);
  memory('elementwise', rows * (heads + kvHeads) * headDim * share, 2, layers);
  const attention: Work = {
    kind: 'attention',
    heads: step.batch * heads * share,
    kvHeads: step.batch * kvHeads * share,
    s: step.tokens,
    t: step.context,
    d: headDim,
    dv: headDim,
    causal: true,
    masked: false,
  };
  const keys = step.batch * step.context * kvHeads * headDim * share;
  const queries = rows * heads * headDim * share;
  const flops = 4 * rows * step.context * heads * headDim * share;
  out.push({
    load: { work: attention, flops, elementwise: 0, bytes: 2 * keys * kvBytes + 2 * queries * size, dtype },
    count: layers,
  });
  gemm(rows, hidden, heads * headDim * share, layers);
  const up = shape.gated ? 2 : 1;
  const dense = shape.experts ? layers - shape.experts.layers : layers;
  const denseFfn = shape.experts?.denseFfn ?? ffn;
  if (dense > 0) {
    gemm(rows, up * denseFfn * share, hidden, dense);
    memory('elementwise', rows * denseFfn * share, up + 1, dense);
    gemm(rows, hidden, denseFfn * share, dense);
  }
  if (shape.experts) mixture(shape, shape.experts, rows, step.routing ?? 1, share, gemm, memory);
  memory('elementwise', rows * hidden, 3, 2 * layers);
  gemm(step.batch * step.logits, shape.vocab * share, hidden, 1);
  return out;
}

type AddGemm = (m: number, n: number, k: number, count: number, weights?: number, expert?: boolean) => void;

function mixture(
  shape: DecoderShape,
  experts: NonNullable<DecoderShape['experts']>,
  rows: number,
  routing: number,
  share: number,
  gemm: AddGemm,
  memory: (pattern: 'elementwise' | 'norm', elements: number, passes: number, count: number) => void,
): void {
  const { hidden, ffn } = shape;
  const { count, perToken, shared, layers } = experts;
  const up = shape.gated ? 2 : 1;
  // Experts that at least one of the rows is routed to: their weights are read once. Even routing is the exponent 1.
  const touched = count * (1 - (1 - perToken / count) ** (rows > 1 ? rows ** routing : rows)) + shared;
  const active = perToken + shared;
  gemm(rows * active, up * ffn * share, hidden, layers, touched * up * ffn * hidden * share, true);
  memory('elementwise', rows * active * ffn * share, up + 1, layers);
  gemm(rows * active, hidden, ffn * share, layers, touched * hidden * ffn * share, true);
}

/** Parameters that one token uses: all of a dense model. */
export function activeParams(shape: DecoderShape): number {
  if (!shape.experts) return shape.params;
  const up = shape.gated ? 3 : 2;
  const idle = (shape.experts.count - shape.experts.perToken) * up * shape.ffn * shape.hidden * shape.experts.layers;
  return shape.params - idle;
}
