/** Written dimensions (`B`, `seq`, `dim // 2`, `*batch`) to numbers: from the model's attributes, its first layers, or the request. */
import type { PyInstance } from '../python/values.js';
import { attributeNumber, type Hint } from './modelHints.js';
import type { DimNames } from './shapeHints.js';

export interface DimensionContext {
  readonly module: PyInstance;
  readonly batch: number;
  readonly length: number;
  /** Height and width of images in this attempt. */
  readonly image: readonly [number, number];
  readonly hint: Hint;
  /** Values already given to names, so that one name means one number in all inputs. */
  readonly bound: Map<string, number>;
  /** What people call the dimensions, where numbers have taken the place of names. */
  readonly written?: DimNames;
}

/** Extents in order; NaN where nothing says it. A leading `...` or `*batch` is a batch, and a sequence if only one more dimension follows. */
export function resolveDims(names: DimNames, at: DimensionContext): number[] {
  return names.flatMap((name, i) => {
    if (name !== '...' && !name.startsWith('*')) return [resolveDim(name, names, at)];
    if (i > 0) return [];
    return names.length === 2 && at.hint.kind !== 'features' ? [at.batch, at.length] : [at.batch];
  });
}

function resolveDim(text: string, names: DimNames, at: DimensionContext): number {
  const plain = text.replace(/^\{(.*)\}$/s, '$1').trim();
  if (/^\d+$/.test(plain)) return Number(plain);
  if (/^[\w.\s]*$/.test(plain)) return nameValue(plain, names, at);
  return arithmetic(plain, (name) => nameValue(name, names, at));
}

function nameValue(text: string, names: DimNames, at: DimensionContext): number {
  const known = at.bound.get(text);
  if (known !== undefined) return known;
  const n = guessName(text, names, at);
  if (!Number.isNaN(n)) at.bound.set(text, n);
  return n;
}

const otherNames: Readonly<Record<string, readonly string[]>> = {
  dim: [
    'd_model',
    'embed_dim',
    'hidden_size',
    'n_embd',
    'emb_dim',
    'hidden_dim',
    'embedding_dim',
    'width',
    'model_dim',
  ],
  heads: ['num_heads', 'n_heads', 'n_head', 'nheads', 'nhead', 'num_attention_heads'],
  head_dim: ['dim_head', 'd_head', 'head_size', 'd_k'],
  channels: ['in_channels', 'num_channels', 'in_chans', 'n_channels', 'audio_channels'],
  classes: ['num_classes', 'n_classes'],
  features: ['in_features', 'input_dim', 'input_size', 'in_dim', 'n_features', 'num_features'],
};

function guessName(text: string, names: DimNames, at: DimensionContext): number {
  const { module, batch, length, hint } = at;
  const last = text.slice(text.lastIndexOf('.') + 1);
  const name = last.toLowerCase();
  const spatial = names.some((d) => /^(h|height)$/i.test(d)) && names.some((d) => /^(w|width)$/i.test(d));
  if (/^(b|bs|bsz|nbatch|n_batch|batch|batch_size|batchsize|num_batch(es)?)$/.test(name)) return batch;
  if (name === 'n' && names.indexOf(text) === 0) return batch;
  const own = attributeNumber(module, last) ?? attributeNumber(module, name);
  if (own !== null) return own;
  const size = at.image;
  if (/^(h|height|img_size|image_size|img_h)$/.test(name)) return size[0];
  if (/^(w|width|img_w)$/.test(name)) return size[1];
  // a clip has fewer frames than a sequence has items
  if (spatial && /^(t|f|d|time|depth|frames?|n_frames|num_frames)$/.test(name)) return 16;
  if (
    /(time|frame|length|len$|seq|tok|max of)|^(t|l|s|u|n|m|tgt|src|num_tokens|n_tokens|points?|n_points|num_points)$/.test(
      name,
    )
  )
    return length;
  if (/^(c|ch|channels?|in_channels|num_channels|c_in|chans?|in_chans|rgb)$/.test(name)) {
    if ([...names, ...(at.written ?? [])].some((d) => /feature|freq|mel/i.test(d))) return 1;
    // features of a layer behind patches are not the image's channels
    const behind =
      spatial && names[names.length - 1] !== text && (hint.kind === 'features' || hint.kind === 'sequence');
    return otherName(module, 'channels') ?? (behind ? 3 : hint.channels);
  }
  if (/^(heads?|nh|n_?heads?|num_heads)$/.test(name)) return otherName(module, 'heads') ?? Number.NaN;
  if (/^(hd|dh|head_dim|dim_head|d_head|head_size)$/.test(name)) return otherName(module, 'head_dim') ?? Number.NaN;
  if (/^(features?|in_features|in_dim|input_dim|f|i)$/.test(name))
    return otherName(module, 'features') ?? hint.channels;
  if (/feature|freq|dim|embed|emb|hidden|model|width|mel|^(d|e|f|k|dm)$/.test(name)) {
    if (hint.kind === 'features' || hint.kind === 'sequence') return hint.channels;
    return otherName(module, 'dim') ?? hint.channels;
  }
  return Number.NaN;
}

function otherName(module: PyInstance, key: string): number | null {
  for (const n of otherNames[key]!) {
    const v = attributeNumber(module, n);
    if (v !== null) return v;
  }
  return null;
}

/** `a + b * 2 // c` over whole numbers; NaN when it is not such an expression. */
export function arithmetic(text: string, value: (name: string) => number): number {
  const tokens = text.match(/[A-Za-z_][\w.]*|\d+|\/\/|[-+*/()]|\S/g) ?? [];
  let i = 0;
  const atom = (): number => {
    const t = tokens[i++];
    if (t === undefined) return Number.NaN;
    if (t === '(') {
      const v = sum();
      return tokens[i++] === ')' ? v : Number.NaN;
    }
    if (t === '-') return -atom();
    if (/^\d/.test(t)) return Number(t);
    return /^[A-Za-z_]/.test(t) ? value(t) : Number.NaN;
  };
  const product = (): number => {
    let v = atom();
    while (tokens[i] === '*' || tokens[i] === '/' || tokens[i] === '//') {
      const op = tokens[i++];
      const w = atom();
      v = op === '*' ? v * w : Math.floor(v / w);
    }
    return v;
  };
  const sum = (): number => {
    let v = product();
    while (tokens[i] === '+' || tokens[i] === '-') v = tokens[i++] === '+' ? v + product() : v - product();
    return v;
  };
  const v = sum();
  return i === tokens.length && Number.isInteger(v) && v > 0 ? v : Number.NaN;
}
