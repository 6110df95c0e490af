/** What is to be run, and a trace in which nothing has run yet. */
import type { DTypeName } from '../torch/dtype.js';
import type { InputSpec } from './inputSpec.js';
import type { Trace } from './trace.js';

export interface RunRequest {
  readonly entry: string;
  /** Empty: inferred. */
  readonly inputs: readonly InputSpec[];
  readonly inputSource: 'flag' | 'pragma';
  readonly phase: 'inference' | 'training';
  readonly trainMode: boolean;
  readonly dtype: DTypeName | null;
  readonly batch: number | null;
  /** Under autocast to this type. */
  readonly autocast?: DTypeName;
}

export type BeforeRun = Omit<Trace, 'missing' | 'error'>;

/** A trace in which nothing has run yet. */
export function emptyTrace({ entry, phase }: Pick<RunRequest, 'entry' | 'phase'>): BeforeRun {
  return {
    entry,
    place: null,
    phase,
    inputs: [],
    outputs: [],
    params: null,
    root: null,
    containers: new Map(),
    assumptions: [],
    gaps: [],
  };
}

/** `last`: machine steps of the program after which no other guess of the inputs is tried. */
