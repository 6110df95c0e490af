/**
 * The trace: what one call of an entry point runs, as a call tree with the kernels at its
 * leaves. Calls remembered by memoisation share one `ScopeBody`, so depth costs nothing.
 */
import type { Progress } from '../python/machine.js';
import type { Place } from '../python/place.js';
import type { PyInstance } from '../python/values.js';
import type { Kernel } from '../torch/kernel.js';
import type { Storage, TensorValue } from '../torch/tensor.js';
import type { LikelyFailure } from './shapeFailure.js';

export interface TraceOp {
  readonly kind: 'op';
  readonly kernel: Kernel;
  /** The source that made the call, in the innermost user frame. */
  readonly place: Place | null;
  /** Callers of that frame within the enclosing module scope, innermost first; null when there are none. */
  readonly callers: readonly Place[] | null;
}

/** Both sides of a condition that could not be decided: the cost lies between the cheaper and the dearer. */
export interface TraceBranch {
  readonly kind: 'branch';
  readonly alternatives: readonly (readonly TraceNode[])[];
}

/** Something that was not understood. */
export interface Gap {
  readonly kind: 'gap';
  readonly what: string;
  readonly why: string;
  readonly place: Place | null;
  /** True when an operator (work) is missing, false for a value that did not lead to work. */
  readonly isOperator: boolean;
  /** It arose before the call, so it stands in no scope of the tree. */
  readonly building?: boolean;
  /** How far building had come before it. */
  readonly since?: Progress;
}

/** Loops whose turns, and conditions whose effects, could not be told: what was recorded is not the whole story. */
export function isOpenEnded({ what }: Gap): boolean {
  return what === 'loop' || what === 'condition';
}

/** One call of a module: the storages of the tensors it was given and of those it gave back, in order. */
export interface CallTensors {
  readonly module: PyInstance;
  readonly given: readonly Storage[];
  readonly made: readonly Storage[];
}

export interface TraceScope {
  readonly kind: 'module' | 'function';
  /**
   * For modules the attribute path relative to the enclosing module scope (`layer1.0.conv1`; from the root with a
   * leading slash when it lies outside of that module), else the function's qualified name.
   */
  readonly name: string;
  /** Class name of the module, or '' for functions. */
  readonly typeName: string;
  /** Where the call stands (innermost user frame). */
  readonly callPlace: Place | null;
  /** Where the module was constructed, or the function is defined. */
  readonly definedAt: Place | null;
  readonly body: ScopeBody;
  /** For a call answered from memory: the call that the tensors in `body` belong to, and this one. */
  readonly replay?: { readonly from: CallTensors; readonly to: CallTensors };
}

export interface ScopeBody {
  readonly children: readonly TraceNode[];
  /** Parameters of the module itself and its sub-modules, each tensor once; 0 for functions. */
  readonly params: number;
  /** First tensor argument's and the result's shapes, for people. */
  readonly inputs: readonly TensorSummary[];
  readonly outputs: readonly TensorSummary[];
  /** Whether there is a gap or an assumption in it; absent until somebody looked (`collectNotes`). */
  hasNotes?: boolean;
}

/** Something taken for granted where it happened. */
export interface AssumptionNode extends Assumption {
  readonly kind: 'assumption';
}

export type TraceNode = TraceOp | TraceScope | TraceBranch | Gap | AssumptionNode;

export interface TensorSummary {
  readonly name?: string;
  /** NaN = unknown extent; null = unknown rank. */
  readonly shape: readonly number[] | null;
  readonly dtype: string;
}

export type InputSource = 'flag' | 'pragma' | 'annotation' | 'call' | 'inferred' | 'default';

export interface EntryInput extends TensorSummary {
  readonly name: string;
  readonly source: InputSource;
}

export interface Assumption {
  readonly text: string;
  readonly source: InputSource | 'branch' | 'loop' | 'hardware' | 'environment';
  readonly place: Place | null;
}

export interface ContainerModule {
  readonly typeName: string;
  readonly params: number;
  readonly definedAt: Place | null;
}

/** One step of a training loop that was found in the code. */
export interface TrainingStep {
  /** The loop statement; null when the step stands in no loop. */
  readonly loop: Place | null;
  /** Turns of the loop that make one step: more than one when gradients accumulate. */
  readonly turns: number;
  readonly stepsPerEpoch: number | null;
  readonly epochs: number | null;
}

export interface Trace {
  /** As a Python expression: `resnet50()`. */
  readonly entry: string;
  readonly place: Place | null;
  readonly phase: 'inference' | 'training';
  readonly inputs: readonly EntryInput[];
  readonly outputs: readonly TensorSummary[];
  /** The result's own tensors, as they stand in the kernels: what reaches the output is followed from here. */
  readonly outputTensors?: readonly TensorValue[];
  /** null when the model could not be built. */
  readonly params: {
    readonly total: number;
    readonly trainable: number;
    readonly bytes: number;
    readonly bufferBytes: number;
  } | null;
  readonly root: TraceScope | null;
  /** Modules without a forward of their own (`ModuleList` …) by path: they are never called, their children are. */
  readonly containers: ReadonlyMap<string, ContainerModule>;
  readonly assumptions: readonly Assumption[];
  readonly gaps: readonly Gap[];
  /** The Python exception that ended the run, with its place. */
  readonly error: { readonly type: string; readonly message: string; readonly place: Place | null } | null;
  /** When PyTorch would end the run as well, whatever the inputs: worked out when first asked for. */
  readonly failure?: LikelyFailure;
  /** Why there is no number at all: "needs argument cfg". */
  readonly missing: string | null;
  /** Set when the trace is one step of a loop: backward and the optimiser's work are in it as they were called. */
  readonly step?: TrainingStep;
  /** Set when time was up before every guess of the inputs had been tried. */
  readonly isPartial?: boolean;
}
