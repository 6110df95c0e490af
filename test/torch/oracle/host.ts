/** A host for operators without the Python VM: just enough of `Interp` for direct calls. */

import { raise } from '../../../server/src/python/errors.js';
import type { Place } from '../../../server/src/python/place.js';
import {
  type Interp,
  type Keywords,
  PyClass,
  PyList,
  PyRange,
  PyTuple,
  Unknown,
  type Value,
} from '../../../server/src/python/values.js';
import { dtypes } from '../../../server/src/torch/dtype.js';
import type { Kernel, TorchState } from '../../../server/src/torch/kernel.js';

export class Host implements Interp {
  spend(): void {}

  readonly kernels: Kernel[] = [];
  readonly gaps: string[] = [];
  readonly torch: TorchState;
  constructor(version: readonly [number, number] = [2, 13]) {
    this.torch = {
      gradEnabled: true,
      inferenceMode: false,
      autocast: new Map(),
      defaultDtype: dtypes.float32,
      defaultDevice: 'cpu',
      outerDevices: [],
      version,
      sink: { kernel: (k) => this.kernels.push(k) },
      scopes: null,
    };
  }
  call(): Value {
    throw new Error('calls of Python functions need the VM');
  }
  getAttr(_object: Value, name: string): Value {
    return raise('AttributeError', name);
  }
  tryGetAttr(): Value | undefined {
    return undefined;
  }
  setAttr(): void {}
  iterate(value: Value): Iterable<Value> {
    if (value instanceof PyList || value instanceof PyTuple) return value.items;
    if (value instanceof PyRange) return Array.from({ length: value.length }, (_, i) => value.start + i * value.step);
    return raise('TypeError', 'object is not iterable');
  }
  truthy(value: Value): boolean {
    return value !== null && value !== false && value !== 0;
  }
  equal(a: Value, b: Value): boolean {
    return a === b;
  }
  str(value: Value): string {
    return String(value);
  }
  repr(value: Value): string {
    return String(value);
  }
  isInstance(): boolean {
    return false;
  }
  classOf(): PyClass {
    return new PyClass('object', [], new Map(), 'builtins');
  }
  place(): Place | null {
    return null;
  }
  gap(what: string, why: string, kind: Unknown['kind'] = 'any'): Unknown {
    this.gaps.push(`${what}: ${why}`);
    return new Unknown(why, null, kind);
  }
}
export type { Keywords };
