/** What a layer of PyTorch, found alive in a built model, demands of the tensor it is given. */
import { type PyInstance, PyTuple, type Value } from '../python/values.js';
import type { DTypeName } from '../torch/dtype.js';
import { TensorValue } from '../torch/tensor.js';
import { type Hint, layerHint } from './modelHints.js';
import { children } from './modelParts.js';
import type { DimNames } from './shapeHints.js';

export interface Demand {
  /** A leading `*` stands for any number of dimensions. */
  readonly dims: DimNames;
  readonly dtype: DTypeName | null;
  readonly hint: Hint | null;
}

/** How a shape before a step follows from the shape after it; null when it does not. */
export type Back = (after: DimNames) => DimNames | null;

const passing =
  /^(Dropout\w*|Identity|ReLU6?|GELU|SiLU|Sigmoid|Tanh|LeakyReLU|ELU|SELU|Hardswish|Mish|Softmax|LogSoftmax|QuantStub|DropPath|GaussianNoise)$/;

/** True when the layer gives a tensor of the shape it is given, without weights. */
export function passesThrough(m: PyInstance): boolean {
  return m.cls.mro.some((c) => passing.test(c.name));
}

export const flattened: Back = (after) => (after.length === 2 ? after : null);

/** A layer that only reorders, undone. */
export function layoutOf(m: PyInstance): Back | null {
  const names = m.cls.mro.map((c) => c.name);
  if (names.includes('Flatten')) return flattened;
  const pattern = m.attrs?.get('pattern');
  if (names.some((n) => /^(Rearrange|Reduce)$/.test(n)) && typeof pattern === 'string')
    return () => einopsDims(pattern);
  return null;
}

/** The left side of an einops pattern as dimensions; groups become heights and widths. */
export function einopsDims(pattern: string): DimNames | null {
  const left = pattern.split('->')[0]!.trim();
  const parts: readonly string[] = left.match(/\([^)]*\)|\S+/g) ?? [];
  if (parts.length === 0 || parts.includes('...')) return null;
  return parts.map((p, i) => {
    if (!p.startsWith('(')) return p;
    const first = p.slice(1).trim().split(/\s+/)[0] ?? '';
    if (/^(h|height|w|width)\d*$/.test(first)) return first.startsWith('h') ? 'H' : 'W';
    return i === parts.length - 1 ? 'W' : 'H';
  });
}

export function layerDemand(m: PyInstance): Demand | null {
  const names = m.cls.mro.map((c) => c.name);
  const has = (n: string): boolean => names.includes(n);
  const hint = layerHint(m);
  const batchFirst = m.attrs?.get('batch_first') === true;
  if (has('LayerNorm') || has('RMSNorm')) {
    const s = m.attrs?.get('normalized_shape');
    const items = s instanceof PyTuple ? s.items : [];
    return items.length === 0 ? null : { dims: ['*', ...items.map(String)], dtype: null, hint };
  }
  if (has('GroupNorm')) return { dims: ['B', String(m.attrs?.get('num_channels'))], dtype: null, hint: null };
  if (has('BatchNorm1d')) return { dims: ['B', String(m.attrs?.get('num_features'))], dtype: null, hint: null };
  if (hint === null || Number.isNaN(hint.channels)) return null;
  const c = String(hint.channels);
  switch (hint.kind) {
    case 'image':
      return { dims: ['B', c, 'H', 'W'], dtype: null, hint };
    case 'volume':
      return { dims: ['B', c, 'depth', 'H', 'W'], dtype: null, hint };
    case 'signal':
      return { dims: ['B', c, 'length'], dtype: null, hint };
    case 'tokens':
      return { dims: ['*'], dtype: 'int64', hint };
    case 'features':
      return { dims: ['*', c], dtype: null, hint };
    default: {
      const inner = has('TransformerEncoderLayer') || has('TransformerDecoderLayer');
      const first = inner ? children(m).some(([, x]) => x.attrs?.get('batch_first') === true) : batchFirst;
      return { dims: first ? ['B', 'length', c] : ['length', 'B', c], dtype: null, hint };
    }
  }
}

/** What layers ask of their second argument: offsets of bags, the state of a recurrent layer. */
export function secondDemand(m: PyInstance): Demand | null {
  const names = m.cls.mro.map((c) => c.name);
  if (names.includes('EmbeddingBag')) return { dims: ['B'], dtype: 'int64', hint: null };
  const n = (key: string): number => {
    const v = m.attrs?.get(key);
    return typeof v === 'number' ? v : Number.NaN;
  };
  if (!names.includes('RNNBase') || names.includes('LSTM')) return null;
  const states = n('num_layers') * (m.attrs?.get('bidirectional') === true ? 2 : 1);
  return { dims: [String(states), 'B', String(n('hidden_size'))], dtype: null, hint: null };
}

/** How the shape before a layer follows from the one behind it, for layers that keep the leading dimensions. */
export function keepsLeading(m: PyInstance): Back | null {
  const hint = layerHint(m);
  const names = m.cls.mro.map((c) => c.name);
  if (names.includes('Embedding')) return (after) => (after.length > 1 ? after.slice(0, -1) : null);
  if (!names.includes('Linear') || hint === null) return null;
  return (after) => (after.length > 0 ? [...after.slice(0, -1), String(hint.channels)] : null);
}

const weightIn: Readonly<Record<string, (w: readonly number[]) => Demand>> = {
  conv1d: (w) => ({ dims: ['B', String(w[1]), 'length'], dtype: null, hint: { kind: 'signal', channels: w[1]! } }),
  conv2d: (w) => ({ dims: ['B', String(w[1]), 'H', 'W'], dtype: null, hint: { kind: 'image', channels: w[1]! } }),
  conv3d: (w) => ({
    dims: ['B', String(w[1]), 'depth', 'H', 'W'],
    dtype: null,
    hint: { kind: 'volume', channels: w[1]! },
  }),
  linear: (w) => ({ dims: ['*', String(w[1])], dtype: null, hint: { kind: 'features', channels: w[1]! } }),
  matmul: (w) => ({
    dims: ['*', String(w[w.length - 2])],
    dtype: null,
    hint: { kind: 'features', channels: w[w.length - 2]! },
  }),
  embedding: (w) => ({ dims: ['*'], dtype: 'int64', hint: { kind: 'tokens', channels: w[0]! } }),
  added: (w) => ({
    dims: [w[0] === 1 ? 'B' : '*', ...(w[0] === 1 ? w.slice(1) : w).map((d) => (d === 1 ? '_' : String(d)))],
    dtype: null,
    hint: null,
  }),
};

/** What `F.conv2d(x, w)`, `x @ w`, `x + w` demand of x, for a tensor that the model holds. */
export function functionDemand(name: string, weight: Value | undefined): Demand | null {
  const rule = weightIn[name === 'mm' || name === 'bmm' ? 'matmul' : name];
  if (rule === undefined || !(weight instanceof TensorValue) || weight.shape.length < 2) return null;
  return weight.shape.some(Number.isNaN) ? null : rule(weight.shape);
}
