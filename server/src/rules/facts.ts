/**
 * What the trace knows about a range of source, as rules ask for it. A rule must work
 * without any of it: `available` false means that no guard on shapes can be decided.
 */
import type { Rejection } from '../torch/rejections.js';

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

/** An operand of a failed operator and where it came from. */
export interface OperandFact extends TensorFact {
  readonly role: string;
  readonly origin: {
    readonly kind: 'input' | 'parameter' | 'made';
    readonly name: string;
    /** Absolute UTF-16 offsets in the file; null when it has no place there. */
    readonly at: { readonly start: number; readonly end: number } | null;
  } | null;
}

/** A run that PyTorch would certainly have ended with an error about shapes or dtypes. */
export interface FailureFact {
  readonly rejection: Rejection;
  /** Exception class: `RuntimeError`. */
  readonly type: string;
  readonly message: string;
  readonly operands: readonly OperandFact[];
  /** Absolute UTF-16 offsets of the innermost expression of the file. */
  readonly start: number;
  readonly end: number;
  readonly entry: string;
  readonly whileBuilding: boolean;
  /** The inputs are those of a call that the file makes, whichever object it calls. */
  readonly fromCall: boolean;
}

/** Memory of the largest entry, in bytes; an upper bound of what its activations could take without checkpointing. */
export interface MemoryFact {
  readonly parameters: number;
  readonly activationBytes: number;
  readonly capacityBytes: number;
  /** The caller, a flag or a pragma gave the inputs: nothing about the batch was guessed. */
  readonly inputsGiven: boolean;
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
  /** Absent: the accelerator or an extent is not known. */
  memory?(): MemoryFact | null;
  /** Certain shape errors, a place for each of a few entries that fail there; absent: none are known. */
  failures?(): readonly FailureFact[];
}

/** The same facts; `asked` is told of every question. */
export function watchedFacts(facts: FactSource, asked: () => void): FactSource {
  const told = <T>(answer: T): T => {
    asked();
    return answer;
  };
  return {
    get available() {
      return told(facts.available);
    },
    get torchVersion() {
      return told(facts.torchVersion);
    },
    get hardware() {
      return told(facts.hardware);
    },
    kernelsIn: (start, end) => told(facts.kernelsIn(start, end)),
    modulesIn: (start, end) => told(facts.modulesIn(start, end)),
    memory: () => told(facts.memory?.() ?? null),
    failures: () => told(facts.failures?.() ?? []),
  };
}

export const noFacts: FactSource = {
  available: false,
  torchVersion: null,
  hardware: null,
  kernelsIn: () => [],
  modulesIn: () => [],
};
