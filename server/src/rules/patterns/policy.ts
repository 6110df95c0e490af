/**
 * What a file decides as a whole: precision, compilation, who runs the training loop.
 * Words are enough here.
 */
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { anyText } from '../semantic/texts.js';
import { saysNear } from './reach.js';

/** A question about a whole file. */
export interface Question {
  (index: ModuleIndex): boolean;
  /** The same about the code that runs with a function. */
  near(scope: Scope, index: ModuleIndex): boolean;
}

export function aboutText(words: RegExp): Question {
  const isSaid = (text: string): boolean => words.test(text);
  const ask = (index: ModuleIndex): boolean => anyText(index, isSaid);
  return Object.assign(ask, {
    near: (scope: Scope, index: ModuleIndex): boolean => ask(index) && saysNear(words, scope, index),
  });
}

/** Some precision below float32 is chosen somewhere, or asked for by a flag. */
export const choosesPrecision = aboutText(
  /autocast|bfloat16|float16|\.half\(|torch\.half|["']half|\bfp16|\bbf16|GradScaler|mixed_precision|precision\s*=|torch_dtype|\bamp\b|use_amp|float8|\bint8|load_in_|quantiz/i,
);

/** The file compiles something, by any of the usual compilers. */
export const compiles = aboutText(
  /torch\.compile|\.compile\(|torch\.jit\.|torch_tensorrt|torch_xla|openxla|onnxruntime|inductor|dynamo|thunder\.jit/,
);

/** A framework owns loop, devices and precision; what it does cannot be seen here. */
export const isManaged = aboutText(
  /pytorch_lightning|lightning|LightningModule|accelerate|Accelerator\b|deepspeed|TrainingArguments|\bTrainer\(|fabric\.|ignite|composer|catalyst|fastai|skorch|horovod/,
);

/** Arithmetic whose digits matter: solvers, physics, gradient checks. */
export const needsDigits = aboutText(
  /gradcheck|float64|\.double\(|complex64|complex128|\bPINN|physics|solver|odeint|finance|set_default_dtype|hessian/i,
);

/** Small networks between steps of a simulator: launches and the host decide, not arithmetic. */
export const isReinforcement = aboutText(
  /\bimport gym|gymnasium|envpool|procgen|pettingzoo|isaacgym|stable_baselines|envs?\.step\(/,
);

/** The file times or profiles what it runs. */
export const measuresTime = aboutText(/perf_counter|time\.time\(|cuda\.Event\(|Timer\(|benchmark|profiler/);
