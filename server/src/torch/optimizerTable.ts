/**
 * The passes that each optimiser makes over its parameters, as recorded from PyTorch 2.13
 * (torch/optim, `_single_tensor_*` and `_multi_tensor_*`; test/torch/optimizers.test.ts compares
 * them with the recording). A fused form reads parameter, gradient and states once and writes
 * parameter and states.
 */

/** Tensors of the parameter's size read, written, arithmetic operations per element, FLOPs per element that FlopCounterMode counts. */
export type Pass = readonly [read: number, written: number, operations: number, flops?: number];

export interface Passes {
  readonly single: readonly Pass[];
  readonly foreach: readonly Pass[];
  /** State tensors of the parameter's size. */
  readonly states: number;
}

const unary: Pass = [1, 1, 1];
/** `a + alpha * b` and the like. */
const binary: Pass = [2, 1, 2];
const lerp: Pass = [2, 1, 3];
/** addcmul, addcdiv. */
const ternary: Pass = [3, 1, 3];
const norm: Pass = [1, 0, 2];
const maximumOut: Pass = [3, 1, 1];
const maximum: Pass = [2, 1, 1];

const both = (passes: readonly Pass[], states: number): Passes => ({ single: passes, foreach: passes, states });

/** What an optimiser does with the options in force; null for one that is not modelled. */
export function passesOf(kind: string, options: ReadonlySet<string>): Passes | null {
  const has = (name: string): boolean => options.has(name);
  // L2 is added to the gradient, decoupled decay shrinks the parameter
  const decay: readonly Pass[] = has('weight_decay') ? [has('decoupled') ? unary : binary] : [];
  switch (kind) {
    case 'sgd': {
      const momentum: readonly Pass[] = has('momentum') ? [unary, binary, ...(has('nesterov') ? [binary] : [])] : [];
      return both([...decay, ...momentum, binary], has('momentum') ? 1 : 0);
    }
    case 'adam': {
      const moments = [...decay, lerp, unary, ternary];
      const update = [unary, unary, unary, ternary];
      return has('amsgrad')
        ? { single: [...moments, maximumOut, ...update], foreach: [...moments, maximum, ...update], states: 3 }
        : both([...moments, ...update], 2);
    }
    case 'nadam':
      return both([...decay, lerp, unary, ternary, unary, unary, unary, ternary, ternary], 2);
    case 'radam':
      return {
        single: [...decay, lerp, unary, ternary, unary, unary, binary],
        foreach: [...decay, lerp, unary, ternary, unary, unary, unary, unary, unary, ternary],
        states: 2,
      };
    case 'adamax':
      return {
        single: [...decay, lerp, unary, unary, unary, maximumOut, ternary],
        foreach: [...decay, lerp, unary, unary, unary, maximum, ternary],
        states: 2,
      };
    case 'adagrad':
      return {
        single: [...decay, ternary, unary, unary, ternary],
        foreach: [...decay, ternary, unary, unary, unary, ternary],
        states: 1,
      };
    case 'adadelta':
      return both([...decay, unary, ternary, unary, unary, unary, unary, binary, binary, unary, ternary, binary], 2);
    case 'rmsprop': {
      const centered: readonly Pass[] = has('centered') ? [lerp, ternary, unary, unary] : [unary, unary];
      const momentum: readonly Pass[] = has('momentum') ? [unary, ternary, binary] : [ternary];
      return both(
        [...decay, unary, ternary, ...centered, ...momentum],
        1 + (has('centered') ? 1 : 0) + (has('momentum') ? 1 : 0),
      );
    }
    case 'rprop': {
      const pick: readonly Pass[] = [unary, binary, unary, binary, unary, binary];
      return {
        single: [binary, unary, ...pick, binary, unary, unary, unary, binary, unary, ternary, binary],
        foreach: [binary, binary, unary, ...pick, binary, unary, unary, binary, binary, unary, ternary],
        states: 2,
      };
    }
    case 'asgd':
      return {
        single: [...decay, unary, binary, binary],
        foreach: [...decay, binary, binary, binary, binary],
        states: 1,
      };
    case 'lbfgs':
      return both([binary, [2, 0, 2], binary, binary], 2);
    case 'adafactor': {
      // the second moment is the outer product of row and column means
      const outer: Pass = [0, 1, 0, 2];
      return {
        single: [...decay, norm, norm, norm, outer, unary, unary, unary, binary, norm, binary],
        foreach: [...decay, norm, norm, norm, outer, unary, unary, unary, binary, norm, unary, binary],
        states: 0,
      };
    }
    case 'muon':
      // momentum and update; the Newton-Schulz products are run as the code of the optimiser runs them
      return both([...decay, lerp, lerp, binary], 1);
    default:
      return null;
  }
}
