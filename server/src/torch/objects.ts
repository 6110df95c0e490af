/** Host representations of PyTorch's small objects: `torch.device`, `torch.Size`, named results, enumerations, `finfo`. */
import { PyObject, PyTuple, type Value } from '../python/values.js';
import type { DType } from './dtype.js';

/** `torch.device`: `String(device)` is what `TensorValue.device` holds. */
export class TorchDevice extends PyObject {
  private static readonly made = new Map<string, TorchDevice>();
  private constructor(
    readonly type: string,
    readonly index: number | null,
  ) {
    super();
  }
  /** One object per device: equal devices are identical, and find each other as keys. */
  static of(type: string, index: number | null): TorchDevice {
    const key = index === null ? type : `${type}:${index}`;
    let device = TorchDevice.made.get(key);
    if (device === undefined) {
      device = new TorchDevice(type, index);
      TorchDevice.made.set(key, device);
    }
    return device;
  }
  override toString(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`;
  }
}

const deviceTypes = [
  'cpu',
  'cuda',
  'meta',
  'mps',
  'xpu',
  'xla',
  'hpu',
  'npu',
  'mtia',
  'ipu',
  'vulkan',
  'privateuseone',
];

/** Parses `cuda:1`; null when PyTorch would not accept it. */
export function parseDevice(text: string): TorchDevice | null {
  const m = /^([a-z]+)(?::(\d+))?$/.exec(text);
  if (m === null || !deviceTypes.includes(m[1]!)) return null;
  return TorchDevice.of(m[1]!, m[2] === undefined ? null : Number(m[2]));
}

/** `torch.Size`: a tuple of ints. An extent that is not known is an `Unknown` of kind int. */
export class TorchSize extends PyTuple {}

/** `torch.return_types.max` and its kin: a tuple whose elements also have names. */
export class StructSequence extends PyTuple {
  constructor(
    readonly typeName: string,
    readonly fields: readonly string[],
    items: readonly Value[],
  ) {
    super(items);
  }
}

/** Layouts, memory formats, quantisation schemes: `repr` is `torch.<name>`. */
export class TorchEnum extends PyObject {
  constructor(
    readonly kind: 'layout' | 'memory_format' | 'qscheme',
    readonly name: string,
  ) {
    super();
  }
}

export const layouts = {
  strided: new TorchEnum('layout', 'strided'),
  sparse_coo: new TorchEnum('layout', 'sparse_coo'),
  sparse_csr: new TorchEnum('layout', 'sparse_csr'),
  jagged: new TorchEnum('layout', 'jagged'),
} as const;

export const memoryFormats = {
  contiguous_format: new TorchEnum('memory_format', 'contiguous_format'),
  channels_last: new TorchEnum('memory_format', 'channels_last'),
  channels_last_3d: new TorchEnum('memory_format', 'channels_last_3d'),
  preserve_format: new TorchEnum('memory_format', 'preserve_format'),
} as const;

/** `torch.Generator`: its state never matters here. */
export class TorchGenerator extends PyObject {
  constructor(readonly device: string) {
    super();
  }
}

/** `torch.finfo(dtype)` / `torch.iinfo(dtype)`. */
export class TypeInfo extends PyObject {
  constructor(
    readonly dtype: DType,
    readonly fields: ReadonlyMap<string, Value>,
  ) {
    super();
  }
}
