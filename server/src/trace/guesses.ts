/**
 * Inputs guessed from the model: what annotations, docstrings and the code of `forward` say of each
 * parameter, else what the first layers ask for. Several lists, likeliest first; the model decides.
 */
import { lookup } from '../python/classes.js';
import { PyFunction } from '../python/objects.js';
import type { PyInstance } from '../python/values.js';
import type { DTypeName } from '../torch/dtype.js';
import { type DimensionContext, resolveDims } from './dimensions.js';
import type { ChosenInput, Param } from './inputs.js';
import {
  attributeNumber,
  firstHint,
  floatDtype,
  type Hint,
  imageSizes,
  layerHints,
  sequenceBound,
  statedChannels,
} from './modelHints.js';
import { annotatedShape } from './shapeAnnotations.js';
import { commentDims, type DimNames, definitionOf, docstringDims, unpackedDims } from './shapeHints.js';
import type { InputSource } from './trace.js';
import { usageOf } from './usage.js';
import { blank, expanded, mergeDims, type Usage } from './usageFlow.js';

const tokenNames =
  /^(idx|ids|tokens?|input_ids|token_ids|src|tgt|seq|sequence|sentence|text|words?|inp(ut)?_?tokens?|decoder_input_ids|labels?|targets?|positions?)$/;
const maskNames = /mask/;
const timeNames = /^(t|ts|times?|timesteps?|time_?steps?|sigmas?|noise_levels?|time_cond)$/;
const imageNames = /^(pixel_values|images?|imgs?)$/;
const integerAnnotation = /\b(LongTensor|IntTensor|Int(eger)?(32|64)?)\b/;

const single =
  /(^|_)(users?|items?|movies?|products?|labels?|class(es)?|categor(y|ies)|nodes?|entit(y|ies)|relations?|authors?)(_?(ids?|idx|index|indices))?$/;
/** Graphs: as many rows of features as the adjacency has. */
const graphNames = /^(adj(acency)?(_mat(rix)?)?|a_hat|edge_index|edges)$/;

/** What is known of one parameter before anything runs. */
interface Known {
  readonly dims: DimNames | null;
  readonly dtype: DTypeName | null;
  readonly source: InputSource;
  readonly why: string;
  readonly usage: Usage;
  /** Names as people wrote them. */
  readonly written: DimNames | null;
}

/** What one attempt takes for granted. */
interface Attempt {
  readonly length: number;
  readonly image: readonly [number, number];
  /** For layers that take any rank: dimensions beside the one they ask for. */
  readonly open: number;
  readonly hint: Hint;
  readonly fallback: Guess;
}

interface Guess {
  readonly shape: readonly number[];
  readonly dtype: DTypeName;
  readonly why: string;
}

const fromLayers = "guessed from the model's first layers";

/** The text that a module-level name was assigned: `Image = Float[Tensor, "b 3 h w"]`. */
function aliasOf(f: PyFunction): (name: string) => string | null {
  return (name) => {
    for (const top of f.globals.tree?.statements ?? []) {
      if (top.defines !== null) continue;
      const s = top.node;
      const target =
        s.type === 'Assign'
          ? s.targets[0]!
          : s.type === 'AnnAssign'
            ? s.target
            : s.type === 'TypeAlias'
              ? s.name
              : null;
      const value = s.type === 'Assign' || s.type === 'AnnAssign' || s.type === 'TypeAlias' ? s.value : null;
      const targetName = typeof target === 'string' ? target : target?.type === 'Name' ? target.id : null;
      if (targetName === name && value !== null) return top.text.slice(value.start, value.end);
    }
    return null;
  };
}

function knownOf(f: PyFunction | null, module: PyInstance, w: Param): Known {
  const image = imageNames.test(w.name) ? firstHint(module, 'image') : null;
  const nothing: Known = {
    dims: null,
    dtype: null,
    source: 'inferred',
    why: fromLayers,
    usage: blank(),
    written: null,
  };
  if (f === null) return nothing;
  const usage = usageOf(f, module, w.name);
  if (usage.hint === null && usage.dims === null) usage.hint = image;
  const annotated = w.annotation === null ? null : annotatedShape(w.annotation, aliasOf(f));
  if (annotated !== null) {
    return {
      dims: mergeDims(annotated.dims, annotated.dims.includes('...') ? null : usage.dims),
      dtype: annotated.dtype ?? usage.dtype,
      source: 'annotation',
      why: `annotated ${w.annotation!.replaceAll(/\s+/g, ' ')}`,
      usage,
      written: annotated.dims,
    };
  }
  const doc = f.code.docstring;
  const own = doc === null ? null : docstringDims(doc, w.name);
  const node = f.code.file.internal ? null : definitionOf(f);
  const said = own ?? (f.code.file.internal ? null : commentDims(f, w.name));
  const unpacked = node === null ? null : unpackedDims(node, w.name);
  const written =
    said !== null && said.length < Math.max(usage.leastRank, unpacked?.length ?? 0) ? unpacked : (said ?? unpacked);
  const integer = w.annotation !== null && integerAnnotation.test(w.annotation) ? 'int64' : null;
  const size = written === null && usage.dims === null && usage.hint === null ? sizeOf(module, w.name) : null;
  if (size !== null)
    return {
      dims: ['B', String(size)],
      dtype: null,
      source: 'inferred',
      why: `the constructor says how wide ${w.name} is`,
      usage,
      written: null,
    };
  return {
    dims: mergeDims(written, usage.dims),
    dtype: integer ?? usage.dtype,
    source: 'inferred',
    why:
      written !== null
        ? `dimensions (${written.join(', ')}) are named in the code`
        : `from how the code uses ${w.name}`,
    usage,
    written,
  };
}

/** `state_dim` for `state`: an attribute of the model, or the default of the constructor's parameter. */
function sizeOf(module: PyInstance, name: string): number | null {
  const init = lookup(module.cls, '__init__');
  for (const n of [`${name}_dim`, `${name}_size`, `${name}_channels`, `dim_${name}`, `n_${name}s`, `num_${name}s`]) {
    const own = attributeNumber(module, n);
    if (own !== null) return own;
    if (!(init instanceof PyFunction)) continue;
    const v = init.defaults[init.code.varnames.indexOf(n) - (init.code.argcount - init.defaults.length)];
    if (typeof v === 'number' && v > 0) return v;
  }
  return null;
}

/** Detectors take a list of images of any size. */
function isTensorList(w: Param, forward: PyFunction | null): boolean {
  const list = /^(typing\.)?(List|list)\[(torch\.)?Tensor\]$/;
  if (list.test(w.annotation ?? '')) return true;
  const doc = forward?.code.docstring ?? '';
  return new RegExp(`^\\s*${w.name} \\((List|list)\\[(torch\\.)?Tensor\\]\\)`, 'm').test(doc);
}

/** Optional inputs of multi-part models: an encoder's with its decoder's, a text's with its image's. */
const partners: readonly (readonly [RegExp, string])[] = [
  [/^(input_ids|input_features|input_values|pixel_values|src|source)$/, 'decoder_input_ids'],
  [/^input_ids$/, 'pixel_values'],
  [/^pixel_values$/, 'input_ids'],
  [/^./, 'context'],
  [/^./, 'encoder_hidden_states'],
  [/^./, 'memory'],
];

/** Lists of inputs to try, likeliest first, each made when it is asked for: most models take the first. */
export function* guessInputs(
  module: PyInstance,
  params: readonly Param[],
  batch: number,
  forward: PyFunction | null,
): Generator<ChosenInput[]> {
  const required = params.filter((x) => x.required);
  const wanted = required.length > 0 ? required : params.slice(0, 1);
  if (wanted.length === 0) {
    yield [];
    return;
  }
  const own = guessesFor(module, wanted, batch, forward);
  const likeliest = own.next();
  if (likeliest.done !== true) yield likeliest.value;
  for (const [first, name] of partners) {
    const partner = params.find((x) => x.name === name);
    if (partner === undefined || wanted.includes(partner) || !first.test(wanted[0]!.name)) continue;
    const both = [...wanted, { ...partner, keywordOnly: true }];
    const isAttended = !/_ids$|^pixel/.test(name);
    for (const guess of guessesFor(module, both, batch, forward)) {
      const { spec } = guess[guess.length - 1]!;
      // what is attended to is a sequence
      if (isAttended && (spec.kind !== 'tensor' || spec.shape.length !== 3)) continue;
      yield guess;
      break;
    }
  }
  yield* own;
}

function* guessesFor(
  module: PyInstance,
  wanted: readonly Param[],
  items: number,
  forward: PyFunction | null,
): Generator<ChosenInput[]> {
  const batch = wanted.some((w) => graphNames.test(w.name)) ? 128 : items;
  const float = floatDtype(module);
  const bound = sequenceBound(module);
  const length = bound === null ? 128 : Math.min(bound, 2048);
  const found = layerHints(module);
  const first: Hint = found[0] ?? { kind: 'features', channels: 64 };
  const known = new Map(wanted.map((w) => [w.name, knownOf(forward, module, w)]));
  const lead = known.get(wanted[0]!.name)!;
  const attempts: [Attempt, boolean][] = [];
  const add = (a: Attempt, useCode: boolean): void => {
    attempts.push([a, useCode]);
  };
  const sizes = imageSizes(module);
  const channels = statedChannels(module);
  if (channels !== null && lead.source !== 'annotation') {
    const [h, w] = sizes[0]!;
    add(
      {
        length,
        image: sizes[0]!,
        open: 0,
        hint: first,
        fallback: { shape: [batch, channels, h, w], dtype: float, why: 'the model states its input size' },
      },
      false,
    );
  }
  const hint = lead.usage.hint ?? first;
  const spots = imageSizes(module, hint);
  const spatial = [...known.values()].some(
    (k) => k.usage.hint?.kind === 'image' || k.dims?.some((d) => /^(h|w|height|width)$/i.test(d)),
  );
  if (
    [...known.values()].some(
      (k) => k.dims !== null || k.usage.hint !== null || k.usage.items.length > 0 || k.usage.keys.size > 0,
    )
  ) {
    const lengths = lengthsFor(hint, bound === null ? null : length, lead.written !== null);
    const own = shapesFor(hint, module, batch)[0]!;
    const fallback = { shape: own.shape, dtype: own.dtype === 'float32' ? float : own.dtype, why: fromLayers };
    for (const open of [0, 1]) {
      if (spatial) for (const image of spots.slice(0, 7)) add({ length, image, open, hint, fallback }, true);
      else for (const l of lengths) add({ length: l, image: sizes[0]!, open, hint, fallback }, true);
    }
  }
  const kinds = [first, ...found.filter((h, i) => i > 0 && h.kind !== first.kind)].slice(0, 3);
  if (wanted.some((w) => tokenNames.test(w.name)) && found.some((h) => h.kind === 'tokens'))
    kinds.sort((a, b) => (a.kind === 'tokens' ? -1 : b.kind === 'tokens' ? 1 : 0));
  if (lead.dims !== null)
    for (const l of bound !== null ? [length] : [128, 16000, 44100])
      add(
        {
          length: l,
          image: sizes[0]!,
          open: 0,
          hint: first,
          fallback: { shape: [batch, l, first.channels], dtype: float, why: fromLayers },
        },
        true,
      );
  for (const h of kinds)
    for (const s of shapesFor(h, module, batch))
      add(
        {
          length,
          image: sizes[0]!,
          open: 0,
          hint: h,
          fallback: { shape: s.shape, dtype: s.dtype === 'float32' ? float : s.dtype, why: fromLayers },
        },
        false,
      );
  const seen = new Set<string>();
  for (const [a, useCode] of attempts) {
    const bound = new Map<string, number>();
    const list = wanted.map((w, i) =>
      inputFor(w, i, a, {
        module,
        forward,
        batch,
        float,
        first,
        known: known.get(w.name)!,
        bound,
        useCode,
        hasTokens: wanted.some((x) => x !== w && known.get(x.name)!.dtype === 'int64'),
      }),
    );
    const key = JSON.stringify(list.map((c) => c.spec));
    if (seen.has(key)) continue;
    seen.add(key);
    yield list;
  }
}

/** Sequence lengths to try: raw audio is long, and no bound on positions is one on samples. */
function lengthsFor(hint: Hint, bound: number | null, isWritten: boolean): readonly number[] {
  if (hint.kind === 'signal' && !isWritten) return hint.channels <= 2 ? [16000, 1024, 128] : [1024, 128, 16000];
  return bound !== null ? [bound] : [128, 16000, 44100];
}

interface ParamContext {
  readonly module: PyInstance;
  readonly forward: PyFunction | null;
  readonly batch: number;
  readonly float: DTypeName;
  readonly first: Hint;
  readonly known: Known;
  readonly bound: Map<string, number>;
  /** Another parameter is known to take whole numbers. */
  readonly hasTokens: boolean;
  /** False: only what is written counts, not where the code leads the parameter. */
  readonly useCode: boolean;
}

function inputFor(w: Param, i: number, a: Attempt, c: ParamContext): ChosenInput {
  const { batch, known } = c;
  const annotation = w.annotation ?? '';
  const isUnknown = known.dims === null && known.usage.hint === null;
  if (/(^|_)(lengths?|lens)$/.test(w.name)) return expression(w, `torch.full((${batch},), ${a.length})`);
  if (
    /^(int|"int"|Optional\[int\]|int \| None)$/.test(annotation) ||
    (i > 0 && isUnknown && /(^|_)(pos|start_pos|offset|step)$/.test(w.name))
  )
    return expression(w, i === 0 ? String(a.length) : '0');
  if (/^(float|"float")$/.test(annotation)) return expression(w, '1.0');
  if (/^(bool|"bool")$/.test(annotation)) return expression(w, 'False');
  if (i > 0 && isUnknown && graphNames.test(w.name)) {
    const edges = w.name.startsWith('edge');
    const shape = edges ? [2, 4 * batch] : [batch, batch];
    return tensorInput(w, { shape, dtype: edges ? 'int64' : c.float, why: `${batch} nodes` }, 'inferred');
  }
  if (maskNames.test(w.name) && known.source !== 'annotation') return expression(w, 'None');
  if (c.first.kind === 'image' && isTensorList(w, c.forward))
    return expression(w, `[torch.empty(${c.first.channels}, 800, 800)]`);
  if (c.useCode && known.usage.keys.size > 0) {
    const items = [...known.usage.keys].map(
      ([k, u]) => `${JSON.stringify(k)}: ${tensorText(guessOf(k, u.dims, u.dtype, u, a, c))}`,
    );
    return expression(w, `{${items.join(', ')}}`);
  }
  if (c.useCode && known.usage.items.length > 0) {
    const items = known.usage.items.map((u, k) => tensorText(guessOf(`${w.name}[${k}]`, u.dims, u.dtype, u, a, c)));
    return expression(w, `(${items.join(', ')},)`);
  }
  const written = known.source === 'annotation' || c.useCode;
  const g = written ? guessOf(w.name, known.dims, known.dtype, known.usage, a, c) : plainGuess(w, i, a);
  return tensorInput(w, g, written ? known.source : 'inferred');
}

/** The tensor that an attempt takes when only the model's layers speak. */
function plainGuess(w: Param, i: number, a: Attempt): Guess {
  if (i === 0) return a.fallback;
  const token = tokenNames.test(w.name);
  return token && a.hint.kind === 'tokens' ? { ...a.fallback, dtype: 'int64' } : a.fallback;
}

function guessOf(
  name: string,
  dims: DimNames | null,
  dtype: DTypeName | null,
  usage: Usage,
  a: Attempt,
  c: ParamContext,
): Guess {
  const { module, batch, float, known } = c;
  const hint = usage.hint ?? a.hint;
  const token = tokenNames.test(name) && (dims === null || dims.length <= 2 || dtype === 'int64');
  const at: DimensionContext = {
    module,
    batch,
    length: a.length,
    image: a.image,
    hint,
    bound: c.bound,
    written: known.written ?? [],
  };
  let full = dims ?? (usage.dtype === 'int64' && usage.hint?.kind !== 'image' ? ['*'] : null);
  if (full?.[0] === '*') {
    // an open rank: the batch, then as many as the attempt takes
    const tail = full.length - 1;
    // whole numbers beside an image, or that name one thing, are one per item
    const one = single.test(name) || ((a.hint.kind === 'image' || a.hint.kind === 'volume') && !tokenNames.test(name));
    const rank = Math.max(usage.leastRank, tail === 0 ? 1 + ((one ? 0 : 1) ^ a.open) : tail + 1 + a.open);
    full = expanded(full, rank);
  } else if (full === null && usage.leastRank > 0 && usage.hint === null) {
    full = Array.from({ length: usage.leastRank }, (_v, i) =>
      i === 0 ? 'B' : i === usage.leastRank - 1 && usage.leastRank > 2 ? 'd' : 'length',
    );
  } else if (full === null && usage.hint === null && (usage.isVector || timeNames.test(name))) full = ['B'];
  else if (full === null && dtype === 'int64') full = ['B', 'length'];
  const kind: DTypeName = dtype ?? (token ? 'int64' : float);
  if (full !== null) {
    const shape = resolveDims(full, at);
    // names that nothing explains: the last is a width, others are lengths
    const filled = shape.map((d, i) =>
      !Number.isNaN(d) ? d : i > 0 && i === shape.length - 1 ? hint.channels : a.length,
    );
    if (!filled.some(Number.isNaN)) return { shape: filled, dtype: kind, why: known.why };
  }
  if (usage.hint !== null) {
    const own = shapesFor(usage.hint, module, batch);
    const s = own[Math.min(a.open, own.length - 1)]!;
    return { shape: s.shape, dtype: s.dtype === 'float32' ? kind : s.dtype, why: fromLayers };
  }
  if (token && a.hint.kind === 'tokens') return { ...a.fallback, dtype: 'int64' };
  // beside the parameter that takes the tokens: numbers as wide as the first layer that is not a table
  const wide =
    a.hint.kind === 'tokens' && !token && dtype === null && c.hasTokens ? firstHint(module, 'features') : null;
  if (wide !== null) return { shape: [batch, wide.channels], dtype: float, why: fromLayers };
  return dtype === null ? a.fallback : { ...a.fallback, dtype };
}

function shapesFor(h: Hint, module: PyInstance, batch: number): { shape: number[]; dtype: DTypeName }[] {
  const c = h.channels;
  const bound = sequenceBound(module);
  const length = bound === null ? 128 : Math.min(bound, 2048);
  switch (h.kind) {
    case 'image':
      return imageSizes(module, h).map(([y, x]) => ({ shape: [batch, c, y, x], dtype: 'float32' }));
    case 'signal':
      return [16000, 1024, 128].map((s) => ({ shape: [batch, c, s], dtype: 'float32' }));
    case 'volume':
      return [
        [16, 112, 112],
        [16, 224, 224],
        [32, 64, 64],
      ].map((s) => ({ shape: [batch, c, ...s], dtype: 'float32' }));
    case 'tokens':
      return [
        { shape: [batch, length], dtype: 'int64' },
        { shape: [length, batch], dtype: 'int64' },
        { shape: [batch], dtype: 'int64' },
      ];
    case 'sequence':
      return [
        { shape: [batch, length, c], dtype: 'float32' },
        { shape: [batch, c], dtype: 'float32' },
      ];
    default:
      return [
        { shape: [batch, c], dtype: 'float32' },
        { shape: [batch, length, c], dtype: 'float32' },
      ];
  }
}

function tensorText(g: Guess): string {
  return `torch.zeros((${g.shape.join(', ')},), dtype=torch.${g.dtype})`;
}

function tensorInput(w: Param, g: Guess, source: InputSource): ChosenInput {
  return {
    name: w.name,
    spec: { kind: 'tensor', name: w.name, shape: g.shape, dtype: g.dtype },
    dtype: g.dtype,
    source,
    byKeyword: w.keywordOnly,
    assumption: `${w.name} = ${g.shape.join('×')} ${g.dtype}: ${g.why}`,
  };
}

function expression(w: Param, text: string): ChosenInput {
  return {
    name: w.name,
    // the file may not import torch under that name
    spec: { kind: 'expression', name: w.name, text: text.replaceAll('torch.', "__import__('torch').") },
    dtype: 'float32',
    source: 'inferred',
    byKeyword: w.keywordOnly,
    assumption: `${w.name} = ${text}`,
  };
}
