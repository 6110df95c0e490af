/** What a built model says of its inputs: first layers with weights, bounds, image sizes, the dtype it computes in. */
import { PyDict, PyInstance, PyList, PyTuple, type Value } from '../python/values.js';
import type { DTypeName } from '../torch/dtype.js';
import { isModule } from '../torch/moduleClass.js';
import { TensorValue } from '../torch/tensor.js';
import { children } from './modelParts.js';

/** What a layer with weights asks of its input. */
export interface Hint {
  readonly kind: 'image' | 'signal' | 'volume' | 'tokens' | 'features' | 'sequence';
  readonly channels: number;
  /** Transposed convolutions come first in generators, which grow an image from a point. */
  readonly isTransposed?: boolean;
}

/** What one layer of PyTorch asks of its input; null for modules that say nothing. */
export function layerHint(m: PyInstance): Hint | null {
  const kind = m.cls.mro.map((c) => c.name);
  const n = (name: string): number => {
    const v = m.attrs?.get(name);
    return typeof v === 'number' ? v : Number.NaN;
  };
  const has = (name: string): boolean => kind.includes(name);
  if (has('ConvTranspose2d')) return { kind: 'image', channels: n('in_channels'), isTransposed: true };
  if (has('Conv2d')) return { kind: 'image', channels: n('in_channels') };
  if (has('Conv1d') || has('ConvTranspose1d')) return { kind: 'signal', channels: n('in_channels') };
  if (has('Conv3d') || has('ConvTranspose3d')) return { kind: 'volume', channels: n('in_channels') };
  if (has('Embedding') || has('EmbeddingBag')) return { kind: 'tokens', channels: n('num_embeddings') };
  if (has('RNNBase')) return { kind: 'sequence', channels: n('input_size') };
  if (has('Linear')) return { kind: 'features', channels: n('in_features') };
  if (has('TransformerEncoderLayer') || has('TransformerDecoderLayer') || has('MultiheadAttention')) {
    const w = modelWidth(m);
    return Number.isNaN(w) ? null : { kind: 'sequence', channels: w };
  }
  if (has('BatchNorm2d')) return { kind: 'image', channels: n('num_features') };
  if (has('LayerNorm')) {
    const s = m.attrs?.get('normalized_shape');
    if (s instanceof PyTuple && typeof s.items[0] === 'number')
      return { kind: 'sequence', channels: s.items[s.items.length - 1] as number };
  }
  return null;
}

/** The first eight layers that say something, in order of registration. */
export function layerHints(module: PyInstance): Hint[] {
  const out: Hint[] = [];
  const walk = (m: PyInstance): void => {
    if (out.length >= 8) return;
    const own = layerHint(m);
    if (own !== null) out.push(own);
    for (const [, c] of children(m)) walk(c);
  };
  walk(module);
  return out;
}

/** The first layer, wherever it is, that asks for an input of that kind. */
export function firstHint(module: PyInstance, kind: Hint['kind']): Hint | null {
  const own = layerHint(module);
  if (own?.kind === kind) return own;
  for (const [, c] of children(module)) {
    const found = firstHint(c, kind);
    if (found !== null) return found;
  }
  return null;
}

function modelWidth(m: PyInstance): number {
  for (const name of ['embed_dim', 'd_model']) {
    const v = m.attrs?.get(name);
    if (typeof v === 'number') return v;
  }
  for (const [, c] of children(m)) {
    const v = modelWidth(c);
    if (!Number.isNaN(v)) return v;
  }
  return Number.NaN;
}

/** A member of an object, a dict or a module; undefined when it has none of that name. */
export function member(holder: Value | undefined, name: string): Value | undefined {
  if (holder instanceof PyDict) return holder.entries.get(name)?.[1];
  return holder instanceof PyInstance ? holder.attrs?.get(name) : undefined;
}

/** The module and what it holds as configuration: instances and dicts that are not modules. */
function holders(module: PyInstance): (PyInstance | PyDict)[] {
  return [
    module,
    ...[...(module.attrs?.values() ?? [])].filter(
      (v): v is PyInstance | PyDict => (v instanceof PyInstance && !isModule(v)) || v instanceof PyDict,
    ),
  ];
}

/** A positive number that the module, or its configuration, has under that name. */
export function attributeNumber(module: PyInstance, name: string): number | null {
  for (const holder of holders(module)) {
    const v = member(holder, name) ?? member(holder, `_${name}`);
    if (typeof v === 'number' && v > 0) return v;
  }
  return null;
}

const boundNames = [
  'block_size',
  'max_seq_len',
  'max_seq_length',
  'seq_len',
  'max_position_embeddings',
  'context_length',
  'n_positions',
  'n_ctx',
  'max_len',
  'seq_length',
  'max_sequence_length',
  'max_length',
  'context_size',
  'ctx_len',
  'max_seqlen',
  'sequence_length',
];

/** A bound on sequence length that the model itself states, or a part of it. */
export function sequenceBound(module: PyInstance): number | null {
  const look = (v: Value | undefined): number | null => {
    for (const n of boundNames) {
      const x = member(v, n);
      if (typeof x === 'number' && x > 0) return x;
    }
    const text = member(v, 'text_config');
    return text instanceof PyInstance ? look(text) : null;
  };
  const own = look(module);
  if (own !== null) return own;
  for (const v of module.attrs?.values() ?? []) {
    const found = look(v);
    if (found !== null) return found;
  }
  for (const [, c] of children(module)) {
    const found = look(c);
    if (found !== null) return found;
  }
  return null;
}

const sizeNames = ['image_size', 'img_size', 'input_size', 'input_resolution', 'resolution', 'im_size', 'crop_size'];

function pair(v: Value | undefined): readonly [number, number] | null {
  if (typeof v === 'number' && v > 1) return [v, v];
  const items = v instanceof PyTuple || v instanceof PyList ? v.items : [];
  const numbers = items.filter((x): x is number => typeof x === 'number');
  if (numbers.length !== items.length || numbers.length < 2 || numbers.length > 3) return null;
  // (channels, height, width), as timm writes it
  return [numbers[numbers.length - 2]!, numbers[numbers.length - 1]!];
}

/** Height and width that the model states: a part that checks them before a configuration that mentions them. */
export function statedImageSize(module: PyInstance): readonly [number, number] | null {
  const look = (v: Value | undefined): readonly [number, number] | null => {
    for (const n of sizeNames) {
      const found = pair(member(v, n));
      if (found !== null) return found;
    }
    return null;
  };
  const parts = [...children(module)].map(([, c]) => c);
  const checking = ['img_size', 'image_size', 'input_resolution'];
  for (const c of parts) {
    for (const n of checking) {
      const found = pair(member(c, n));
      if (found !== null) return found;
    }
  }
  for (const holder of holders(module)) {
    const found = look(holder) ?? look(member(holder, 'vision_config'));
    if (found !== null) return found;
  }
  for (const c of parts) {
    for (const [, inner] of children(c)) {
      for (const n of checking) {
        const found = pair(member(inner, n));
        if (found !== null) return found;
      }
    }
  }
  return null;
}

/** Channels of an `input_size = (channels, height, width)` that the model's configuration states, as timm's do. */
export function statedChannels(module: PyInstance): number | null {
  for (const holder of holders(module)) {
    const size = member(holder, 'input_size');
    const items = size instanceof PyTuple || size instanceof PyList ? size.items : [];
    if (items.length === 3 && items.every((x) => typeof x === 'number')) return items[0] as number;
  }
  return null;
}

/** Heights and widths to try: what the model states, else sizes that data sets use. */
export function imageSizes(module: PyInstance, hint?: Hint): readonly (readonly [number, number])[] {
  if (hint?.isTransposed === true && hint.channels > 4) return [1, 4, 7, 8, 16, 32].map((s) => [s, s] as const);
  const stated = statedImageSize(module);
  const common = [224, 256, 32, 64, 28, 96, 128, 384, 512, 299, 448, 416, 640].map((s) => [s, s] as const);
  return stated === null ? common : [stated, ...common.filter(([s]) => s !== stated[0] || s !== stated[1])];
}

function firstFloat(module: PyInstance, seen: Set<PyInstance>): DTypeName | null {
  if (seen.has(module)) return null;
  seen.add(module);
  const own = module.attrs?.get('_parameters');
  if (own instanceof PyDict)
    for (const [, t] of own.entries.values())
      if (t instanceof TensorValue && t.dtype.kind === 'float') return t.dtype.name;
  for (const [, child] of children(module)) {
    const found = firstFloat(child, seen);
    if (found !== null) return found;
  }
  return null;
}

/** The float type the model computes in: that of its first floating parameter. */
export function floatDtype(module: PyInstance): DTypeName {
  return firstFloat(module, new Set()) ?? 'float32';
}
