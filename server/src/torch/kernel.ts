/**
 * One operator call as the device sees it: what `torch/` hands to the trace and what
 * `energy/` prices. Figures that are not known are NaN, never 0.
 */
import type { Keywords, PyInstance, Value } from '../python/values.js';
import type { DType } from './dtype.js';
import type { TensorValue } from './tensor.js';

/** The geometry that decides how well hardware does it. */
export type Work =
  /** batch x (m,k)·(k,n). Linear layers are m = rows, n = out_features, k = in_features. */
  | { readonly kind: 'gemm'; readonly batch: number; readonly m: number; readonly n: number; readonly k: number }
  /** As implicit GEMM per group: m = output positions x batch, n = out channels / groups, k = in channels / groups x kernel positions. */
  | {
      readonly kind: 'conv';
      readonly groups: number;
      readonly m: number;
      readonly n: number;
      readonly k: number;
      readonly spatialDims: number;
      readonly kernelPositions: number;
      readonly transposed: boolean;
      readonly depthwise: boolean;
    }
  /** Fused attention. heads = batch x query heads; kvHeads = batch x key/value heads; s queries over t keys. */
  | {
      readonly kind: 'attention';
      readonly heads: number;
      readonly kvHeads: number;
      readonly s: number;
      readonly t: number;
      readonly d: number;
      readonly dv: number;
      readonly causal: boolean;
      readonly masked: boolean;
    }
  /** Bound by memory. rows x cols is the reduced/normalised geometry where there is one (cols = normalised extent). */
  | {
      readonly kind: 'memory';
      readonly pattern:
        | 'elementwise'
        | 'softmax'
        | 'norm'
        | 'reduction'
        | 'scan'
        | 'sort'
        | 'gather'
        | 'scatter'
        | 'copy'
        | 'pool'
        | 'interpolate'
        | 'fft'
        | 'random'
        | 'factory'
        | 'other';
      readonly rows: number;
      readonly cols: number;
    }
  /** Metadata only: no device work. */
  | { readonly kind: 'view' };

/** Backward of one kernel, as autograd would run it for the inputs that need a gradient. */
export interface BackwardCost {
  /** As FlopCounterMode counts. */
  readonly flops: number;
  readonly bytes: number;
  readonly kernels: number;
}

export interface Kernel {
  /** ATen name without namespace or overload: `addmm`, `convolution`, `_softmax`. */
  readonly name: string;
  readonly inputs: readonly TensorValue[];
  readonly outputs: readonly TensorValue[];
  /** 2 per multiply-add for mm, addmm, bmm, baddbmm, convolution, attention; 0 for all else (torch.utils.flop_counter.FlopCounterMode). */
  readonly flops: number;
  /** Element-wise arithmetic operations outside `flops`. */
  readonly elementwise: number;
  /** Attention work that causality leaves useful; equals `flops` elsewhere. */
  readonly usefulFlops: number;
  /** Device-memory traffic, eager: tensor inputs (logical numel x itemsize) and outputs. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Precision in which the arithmetic runs. */
  readonly dtype: DType;
  readonly work: Work;
  /** What autograd keeps because of this call: one tensor may be kept by several calls, its storage counts once. */
  readonly saved: readonly TensorValue[];
  /** Bytes of activations that autograd keeps because of this call (0 when no input needs a gradient). */
  readonly savedBytes: number;
  /** null when nothing flows back through it. */
  readonly backward: BackwardCost | null;
  /** True for views and allocations: not an operator of `coverage.ops`. */
  readonly isView: boolean;
  /** The host waits here until the device has done all that was asked of it: no work, and no operator of PyTorch's. */
  readonly waits?: true;
  /** Device kernels that share the work, launched one after the other: 1 unless given. */
  readonly launches?: number;
  /** Where gradients go: the kernels that made the inputs as they were, or leaves. Absent when nothing flows back. */
  readonly next?: readonly (Kernel | TensorValue)[];
  /**
   * Set on each step of a composite that accelerators run as fused kernels (`OpCall.composite`): PyTorch's CPU runs the
   * steps, so they are what is counted; an accelerator runs `kernels` once, in the place of the `last` step. The array is
   * the same object on all steps.
   */
  readonly fused?: { readonly kernels: readonly Kernel[]; readonly last: boolean };
  /** What runs again in backward together with this call (activation checkpointing). */
  readonly recomputed?: readonly Kernel[];
  /** Explicit parts of a training step: the backward of `parts`, or an optimiser's update. */
  readonly step?:
    | { readonly kind: 'backward'; readonly parts: readonly Kernel[]; readonly gradBytes: number }
    | {
        readonly kind: 'optimizer';
        readonly name: string;
        readonly stateBytes: number;
        /** The parameters it updates: each state counts once however often it steps. */
        readonly params: readonly TensorValue[];
        /** Kernels that share the work. */
        readonly launches: number;
      };
}

/** What an accelerator runs where the trace has `kernel`: itself, or of a composite the fused kernels, once. */
export function onAccelerator(kernel: Kernel): readonly Kernel[] {
  if (kernel.fused === undefined) return [kernel];
  return kernel.fused.last ? kernel.fused.kernels.flatMap(onAccelerator) : [];
}

/** The same of calls that a backward pass reaches: of a composite perhaps some steps only, which are one call all the same. */
export function reachedOnAccelerator(parts: readonly Kernel[]): Kernel[] {
  const seen = new Set<readonly Kernel[]>();
  return parts.flatMap((part) => {
    if (part.fused === undefined) return [part];
    if (seen.has(part.fused.kernels)) return [];
    seen.add(part.fused.kernels);
    return part.fused.kernels.flatMap(onAccelerator);
  });
}

/** Where kernels go. The trace room implements it. */
export interface KernelSink {
  kernel(kernel: Kernel): void;
  /** A backward pass was asked for, whether or not anything is known to flow back. */
  backward?(): void;
  /** An optimiser was asked to step. */
  optimizerStep?(): void;
  /** A data loader begins to give `count` batches; null when that is not known. */
  loader?(count: number | null): void;
}

/** PyTorch's global and thread-local state that changes what operators do. */
export interface TorchState {
  gradEnabled: boolean;
  inferenceMode: boolean;
  /** Autocast dtype by device type while enabled. */
  autocast: Map<string, DType>;
  defaultDtype: DType;
  defaultDevice: string;
  /** Default devices outside the `with torch.device(…)` blocks that are open, innermost last. */
  outerDevices: string[];
  /** [major, minor] of the PyTorch that is followed, e.g. [2, 13]. */
  version: readonly [number, number];
  sink: KernelSink;
  /** Told about module calls; null outside a recorded run. */
  scopes: ModuleScopes | null;
}

/** Who records module calls. `result` answers a call from memory; else `exit`/`unwind` end its scope. */
export interface ModuleScopes {
  enter(
    module: PyInstance,
    args: readonly Value[],
    kwargs: Keywords,
  ): { readonly result: Value } | { readonly exit: (result: Value) => Value; readonly unwind: () => void };
}
