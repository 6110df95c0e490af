/** A run that PyTorch would have ended as well: what clashed, where, and where the operands came from. */
import type { Place } from '../python/place.js';
import type { Rejection } from '../torch/rejections.js';

export interface OperandOrigin {
  readonly kind: 'input' | 'parameter' | 'made';
  /** `x`, `layer1.0.fc.weight`, the source text that made it. */
  readonly name: string;
  /** In the file under analysis; null when it has no place there. */
  readonly place: Place | null;
}

export interface OperandReport {
  /** Parameter of the operator: `input`, `weight`. */
  readonly role: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly origin: OperandOrigin | null;
}

export interface ShapeFailure {
  readonly rejection: Rejection;
  /** `torch.nn.functional.linear`; null when one of torch's own Python functions raised. */
  readonly operator: string | null;
  readonly type: string;
  readonly message: string;
  /** The innermost line of the file under analysis. */
  readonly place: Place;
  readonly operands: readonly OperandReport[];
  /** The expression that fails to be built or to run: `Net()`. */
  readonly entry: string;
  /** True: building the model fails; false: calling it does. */
  readonly whileBuilding: boolean;
  /** How it is known that other inputs fail as well. */
  readonly basis: 'no inputs' | 'inputs stated' | 'call in the file' | 'other inputs tried';
}

/** Machine steps that proofs may still take together. */
export interface ProofBudget {
  steps: number;
}

/** A run that one of PyTorch's errors ended on the inputs that were tried. */
export interface LikelyFailure {
  /** In the file under analysis. */
  readonly place: Place;
  /** Whether it ends so whatever the inputs, worked out when first asked for. */
  prove(budget: ProofBudget): ShapeFailure | null;
}
