/**
 * What the trace knows about a range of source, as rules ask for it. A rule must work
 * without any of it: `available` false means that no guard on shapes can be decided.
 */

/** NaN = unknown extent; `shape` null = unknown rank. */
export interface TensorFact {
  readonly shape: readonly number[] | null;
  readonly dtype: string;
}

/** One operator call seen at a place, with everything that ran there with equal shapes added up. */
export interface KernelFact {
  /** ATen name: `bmm`, `_softmax`, `scaled_dot_product_attention` … */
  readonly name: string;
  readonly inputs: readonly TensorFact[];
  readonly outputs: readonly TensorFact[];
  /** Absolute UTF-16 offsets of the source that made the call. */
  readonly start: number;
  readonly end: number;
  /** Times per call of the entry. */
  readonly calls: number;
  readonly phase: 'inference' | 'training';
  /** True when autograd recorded it. */
  readonly recorded: boolean;
  readonly entry: string;
}

/** One call of a module, with the shapes that went in and came out: what its forward did inside is not needed for them. */
export interface ModuleFact {
  /** Class name: `Linear`. */
  readonly typeName: string;
  readonly inputs: readonly TensorFact[];
  readonly outputs: readonly TensorFact[];
  readonly start: number;
  readonly end: number;
  readonly calls: number;
  readonly entry: string;
}

export interface FactSource {
  /** At least one entry of the file was traced. */
  readonly available: boolean;
  /** [major, minor] of the PyTorch that is followed; null when nobody said. */
  readonly torchVersion: readonly [number, number] | null;
  /** The accelerator priced for; null when nobody said. */
  readonly hardware: { readonly vendor: string; readonly computeCapability: number | null } | null;
  /** Kernels whose call stands inside the range (absolute offsets, end exclusive). */
  kernelsIn(start: number, end: number): readonly KernelFact[];
  /** Module calls that stand inside the range. */
  modulesIn(start: number, end: number): readonly ModuleFact[];
}

export const noFacts: FactSource = {
  available: false,
  torchVersion: null,
  hardware: null,
  kernelsIn: () => [],
  modulesIn: () => [],
};
