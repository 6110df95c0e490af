/** Inputs nobody wrote down: from the specification, the pragma, or guessed from the model's first layers and tried. */
import { lookup } from '../python/classes.js';
import { PyFunction } from '../python/objects.js';
import { BoundMethod, PyDict, PyInstance, PyTuple, type Value } from '../python/values.js';
import type { DTypeName } from '../torch/dtype.js';
import { isModule } from '../torch/moduleClass.js';
import type { InputSpec } from './inputSpec.js';
import type { Program } from './program.js';
import { children, collectTensors } from './recorder.js';
import type { RunRequest } from './run.js';
import { type DimNames, definitionOf, docstringDims, unpackedDims } from './shapeHints.js';
import type { InputSource } from './trace.js';

export interface ChosenInput {
  readonly name: string;
  readonly spec: InputSpec;
  readonly dtype: DTypeName;
  readonly source: InputSource;
  readonly byKeyword: boolean;
  readonly assumption: string | null;
}

interface Param {
  readonly name: string;
  readonly required: boolean;
  readonly annotation: string | null;
}

/** The Python function that a call of `callee` runs, and how many leading arguments are bound. */
function targetOf(p: Program, callee: Value): { f: PyFunction | null; skip: number } {
  let f: Value | undefined = callee;
  if (callee instanceof PyInstance) f = p.machine.tryGetAttr(callee, 'forward') ?? lookup(callee.cls, '__call__');
  let skip = 0;
  for (let guard = 0; guard < 8; guard++) {
    if (f instanceof BoundMethod) {
      skip = 1;
      f = f.func;
    } else if (f instanceof PyFunction && f.attrs?.get('__wrapped__') !== undefined) f = f.attrs.get('__wrapped__');
    else break;
  }
  if (callee instanceof PyInstance && skip === 0) skip = 1;
  return { f: f instanceof PyFunction ? f : null, skip };
}

function forwardOf(p: Program, callee: Value): PyFunction | null {
  return targetOf(p, callee).f;
}

/** Parameters of what will be called, `self` left out. */
export function parametersOf(p: Program, callee: Value): readonly Param[] {
  const { f, skip } = targetOf(p, callee);
  if (f === null) return [];
  const { code } = f;
  const firstDefault = code.argcount - f.defaults.length;
  const out: Param[] = [];
  for (let i = skip; i < code.argcount; i++) {
    const name = code.varnames[i]!;
    const annotation = f.annotations?.get(name);
    out.push({ name, required: i < firstDefault, annotation: typeof annotation === 'string' ? annotation : null });
  }
  return out;
}

export function chooseInputs(
  p: Program,
  callee: Value,
  module: PyInstance | null,
  request: RunRequest,
): ChosenInput[][] {
  const params = parametersOf(p, callee);
  if (request.inputs.length > 0) return [fromSpecs(params, request)];
  const guesses = candidates(module, params, request, forwardOf(p, callee));
  return guesses.length > 0 ? guesses : [[]];
}

function fromSpecs(params: readonly Param[], request: RunRequest): ChosenInput[] {
  let position = 0;
  return request.inputs.map((spec) => {
    const byKeyword = spec.name !== null && request.inputSource === 'flag';
    const name = spec.name ?? params[position++]?.name ?? `input${position}`;
    return {
      name,
      spec,
      dtype: 'float32',
      source: request.inputSource,
      byKeyword: byKeyword || spec.name !== null,
      assumption: null,
    };
  });
}

const tokenNames =
  /^(idx|ids|tokens?|input_ids|token_ids|src|tgt|seq|sequence|sentence|text|words?|inp(ut)?_?tokens?|decoder_input_ids|labels?|targets?|positions?)$/;
const maskNames = /mask/;

/** What the first layers with weights ask of an input. */
interface Hint {
  readonly kind: 'image' | 'signal' | 'volume' | 'tokens' | 'features' | 'sequence';
  readonly channels: number;
}

function hints(module: PyInstance): Hint[] {
  const out: Hint[] = [];
  const walk = (m: PyInstance): void => {
    if (out.length >= 8) return;
    const kind = m.cls.mro.map((c) => c.name);
    const n = (name: string): number => {
      const v = m.attrs?.get(name);
      return typeof v === 'number' ? v : Number.NaN;
    };
    const has = (name: string): boolean => kind.includes(name);
    if (has('Conv2d') || has('ConvTranspose2d')) out.push({ kind: 'image', channels: n('in_channels') });
    else if (has('Conv1d') || has('ConvTranspose1d')) out.push({ kind: 'signal', channels: n('in_channels') });
    else if (has('Conv3d') || has('ConvTranspose3d')) out.push({ kind: 'volume', channels: n('in_channels') });
    else if (has('Embedding') || has('EmbeddingBag')) out.push({ kind: 'tokens', channels: n('num_embeddings') });
    else if (has('RNNBase')) out.push({ kind: 'sequence', channels: n('input_size') });
    else if (has('Linear')) out.push({ kind: 'features', channels: n('in_features') });
    else if (has('TransformerEncoderLayer') || has('TransformerDecoderLayer') || has('MultiheadAttention')) {
      const w = p0(m);
      if (!Number.isNaN(w)) out.push({ kind: 'sequence', channels: w });
    } else if (has('BatchNorm2d')) out.push({ kind: 'image', channels: n('num_features') });
    else if (has('LayerNorm')) {
      const s = m.attrs?.get('normalized_shape');
      if (s instanceof PyTuple && typeof s.items[0] === 'number')
        out.push({ kind: 'sequence', channels: s.items[s.items.length - 1] as number });
    }
    for (const [, c] of children(m)) walk(c);
  };
  walk(module);
  return out;
}

function p0(m: PyInstance): number {
  for (const name of ['embed_dim', 'd_model']) {
    const v = m.attrs?.get(name);
    if (typeof v === 'number') return v;
  }
  for (const [, c] of children(m)) {
    const v = p0(c);
    if (!Number.isNaN(v)) return v;
  }
  return Number.NaN;
}

/** A bound on sequence length that the model itself states. */
function sequenceBound(module: PyInstance): number | null {
  const names = [
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
  ];
  const look = (v: Value | undefined): number | null => {
    if (v instanceof PyInstance || v instanceof PyDict) {
      for (const n of names) {
        const x = v instanceof PyDict ? v.entries.get(n)?.[1] : v.attrs?.get(n);
        if (typeof x === 'number' && x > 0) return x;
      }
    }
    return null;
  };
  const own = look(module);
  if (own !== null) return own;
  for (const v of module.attrs?.values() ?? []) {
    const found = look(v);
    if (found !== null) return found;
  }
  return null;
}

function imageSizes(module: PyInstance): number[] {
  for (const n of ['image_size', 'img_size', 'input_size', 'resolution']) {
    const v = module.attrs?.get(n);
    if (typeof v === 'number') return [v];
    if (v instanceof PyTuple && typeof v.items[0] === 'number') return [v.items[0]];
  }
  return [224, 256, 32, 64, 28, 96, 128, 384, 512];
}

function shapesFor(h: Hint, module: PyInstance, batch: number): { shape: number[]; dtype: DTypeName; text: string }[] {
  const c = h.channels;
  const bound = sequenceBound(module);
  const length = bound === null ? 128 : Math.min(bound, 2048);
  switch (h.kind) {
    case 'image':
      return imageSizes(module).map((s) => ({
        shape: [batch, c, s, s],
        dtype: 'float32',
        text: `an image batch ${batch}x${c}x${s}x${s}`,
      }));
    case 'signal':
      return [16000, 1024, 128].map((s) => ({
        shape: [batch, c, s],
        dtype: 'float32',
        text: `a signal ${batch}x${c}x${s}`,
      }));
    case 'volume':
      return [
        [16, 112, 112],
        [16, 224, 224],
        [32, 64, 64],
      ].map((s) => ({
        shape: [batch, c, ...s],
        dtype: 'float32',
        text: `a volume or clip ${[batch, c, ...s].join('x')}`,
      }));
    case 'tokens':
      return [
        {
          shape: [batch, length],
          dtype: 'int64',
          text: `${length} tokens${bound === null ? '' : ' (the model states its sequence length)'}`,
        },
        { shape: [length, batch], dtype: 'int64', text: `${length} tokens` },
        { shape: [batch], dtype: 'int64', text: 'indices' },
      ];
    case 'sequence':
      return [
        { shape: [batch, length, c], dtype: 'float32', text: `a sequence ${batch}x${length}x${c}` },
        { shape: [batch, c], dtype: 'float32', text: `features ${batch}x${c}` },
      ];
    default:
      return [
        { shape: [batch, c], dtype: 'float32', text: `features ${batch}x${c}` },
        { shape: [batch, length, c], dtype: 'float32', text: `a sequence ${batch}x${length}x${c}` },
      ];
  }
}

/** The float type the model computes in: that of its first floating parameter. */
function floatDtype(module: PyInstance): DTypeName {
  for (const t of collectTensors(module, '_parameters', new Set())) if (t.dtype.kind === 'float') return t.dtype.name;
  return 'float32';
}

interface Guess {
  readonly shape: readonly number[];
  readonly dtype: DTypeName;
  readonly why: string;
}

/** A number that the module, or its configuration, has under that name. */
function attributeNumber(module: PyInstance, name: string): number | null {
  for (const holder of [
    module,
    ...[...(module.attrs?.values() ?? [])].filter((v): v is PyInstance => v instanceof PyInstance && !isModule(v)),
  ]) {
    const v = holder.attrs?.get(name) ?? holder.attrs?.get(`_${name}`);
    if (typeof v === 'number' && v > 0) return v;
  }
  return null;
}

/** One written dimension to a number; NaN when nothing says it. */
function resolveDim(
  text: string,
  at: { module: PyInstance; batch: number; length: number; hint: Hint; names: DimNames },
): number {
  const { module, batch, length, hint } = at;
  const sum = text.split('+').map((t) => t.trim());
  if (sum.length > 1) return sum.reduce((n, t) => n + resolveDim(t, at), 0);
  if (/^\d+$/.test(text)) return Number(text);
  const name = text.toLowerCase();
  if (/^(b|n|bs|bsz|nbatch|n_batch|batch|batch_size|num_batch(es)?)$/.test(name)) return batch;
  const own = attributeNumber(module, text) ?? attributeNumber(module, name);
  if (own !== null) return own;
  if (/^(h|w|height|width|img_size|image_size)$/.test(name)) return imageSizes(module)[0]!;
  if (/(time|frame|length|seq|max of)|^(t|l|s|u|tgt|src|num_tokens|n_tokens)$/.test(name)) return length;
  if (/^(c|ch|channels?|in_channels|num_channels)$/.test(name)) {
    if (at.names.some((d) => /feature|freq|mel/i.test(d))) return 1;
    return attributeNumber(module, 'audio_channels') ?? attributeNumber(module, 'in_channels') ?? hint.channels;
  }
  if (/feature|freq|dim|embed|hidden|mel|^(d|e|f)$/.test(name)) return hint.channels;
  return Number.NaN;
}

/** What the code says of a parameter: its docstring, or how it takes the shape apart. */
function writtenDims(f: PyFunction | null, param: string): DimNames | null {
  if (f === null) return null;
  const doc = f.code.docstring;
  const fromDoc = doc === null ? null : docstringDims(doc, param);
  if (fromDoc !== null) return fromDoc;
  const node = f.code.file.internal ? null : definitionOf(f);
  return node === null ? null : unpackedDims(node, param);
}

/** Detectors take a list of images of any size. */
function isTensorList(w: Param, forward: PyFunction | null): boolean {
  const list = /^(typing\.)?(List|list)\[(torch\.)?Tensor\]$/;
  if (list.test(w.annotation ?? '')) return true;
  const doc = forward?.code.docstring ?? '';
  return new RegExp(`^\\s*${w.name} \\((List|list)\\[(torch\\.)?Tensor\\]\\)`, 'm').test(doc);
}

/** Lists of inputs to try, likeliest first. */
function candidates(
  module: PyInstance | null,
  params: readonly Param[],
  request: RunRequest,
  forward: PyFunction | null,
): ChosenInput[][] {
  const required = params.filter((x) => x.required);
  if (module === null) return [];
  const batch = request.batch ?? 1;
  const found = hints(module);
  const first: Hint = found[0] ?? { kind: 'features', channels: 64 };
  const wanted = required.length > 0 ? required : params.slice(0, 1);
  if (wanted.length === 0) return [[]];
  const float = floatDtype(module);
  const kinds = [first, ...found.filter((h, i) => i > 0 && h.kind !== first.kind)].slice(0, 3);
  if (wanted.some((w) => tokenNames.test(w.name)) && found.some((h) => h.kind === 'tokens')) {
    kinds.sort((a, b) => (a.kind === 'tokens' ? -1 : b.kind === 'tokens' ? 1 : 0));
  }
  const dims = new Map(wanted.map((w) => [w.name, writtenDims(forward, w.name)]));
  const out: ChosenInput[][] = [];
  const choose = (length: number, hint: Hint, fallback: Guess): void => {
    out.push(
      wanted.map((w, i): ChosenInput => {
        if (/(^|_)(lengths?|lens)$/.test(w.name)) return scalar(w.name, `torch.full((${batch},), ${length})`);
        if (i > 0 && (/\bint\b/.test(w.annotation ?? '') || /(^|_)(pos|start_pos|offset|step)$/.test(w.name)))
          return scalar(w.name, '0');
        if (maskNames.test(w.name)) return scalar(w.name, 'None');
        if (first.kind === 'image' && isTensorList(w, forward)) {
          return scalar(w.name, `[torch.empty(${first.channels}, 800, 800)]`);
        }
        const written = dims.get(w.name) ?? null;
        const shape = written?.map((d) => resolveDim(d, { module, batch, length, hint, names: written }));
        const token = tokenNames.test(w.name) && (written === null || written.length <= 2);
        if (shape !== undefined && !shape.some((d) => Number.isNaN(d))) {
          const dtype = token ? 'int64' : float;
          return tensorInput(w.name, {
            shape,
            dtype,
            why: `dimensions (${written!.join(', ')}) are named in the code`,
          });
        }
        return tensorInput(
          w.name,
          i > 0 && token && hint.kind === 'tokens' ? { ...fallback, dtype: 'int64' } : fallback,
        );
      }),
    );
  };
  const bound = sequenceBound(module);
  if ([...dims.values()].some((d) => d !== null)) {
    const lengths = bound !== null ? [Math.min(bound, 2048)] : [128, 16000, 44100];
    for (const length of lengths)
      choose(length, first, {
        shape: [batch, length, first.channels],
        dtype: float,
        why: "guessed from the model's first layers",
      });
  }
  for (const h of kinds) {
    for (const s of shapesFor(h, module, batch)) {
      const dtype = s.dtype === 'float32' ? float : s.dtype;
      choose(bound === null ? 128 : Math.min(bound, 2048), h, {
        shape: s.shape,
        dtype,
        why: "guessed from the model's first layers",
      });
    }
  }
  return out;
}

function tensorInput(name: string, g: Guess): ChosenInput {
  return {
    name,
    spec: { kind: 'tensor', name, shape: g.shape, dtype: g.dtype },
    dtype: g.dtype,
    source: 'inferred',
    byKeyword: false,
    assumption: `${name} = ${g.shape.join('×')} ${g.dtype}: ${g.why}`,
  };
}

function scalar(name: string, text: string): ChosenInput {
  return {
    name,
    spec: { kind: 'expression', name, text },
    dtype: 'float32',
    source: 'inferred',
    byKeyword: false,
    assumption: `${name} = ${text}`,
  };
}
