/** Recurrent layers' kernels, counted as the products and element-wise steps they stand for: `torch.lstm`, `gru`, `rnn_tanh`, cells. */
import { raise } from '../../python/errors.js';
import { PyTuple, type Value } from '../../python/values.js';
import { memoryWork, type OpCall } from '../opcall.js';
import { type Bound, type OperatorDeclaration, op } from '../operator.js';
import { shapeText } from '../promote.js';
import type { TensorValue } from '../tensor.js';
import { dropout } from './activation.js';
import { binary, unary } from './elementwise.js';
import { cat, stack } from './join.js';
import { linear } from './matmul.js';
import { add, mul, rules, sub, unaryOp, unaryRules } from './pointwise.js';
import { transpose, unbind } from './views.js';

type Cell = 'lstm' | 'gru' | 'rnn_tanh' | 'rnn_relu';

const inplace = (c: OpCall, name: string, t: TensorValue): TensorValue =>
  unary(c, name, unaryRules[name]!, t, { inplace: true });
const addInto = (c: OpCall, a: TensorValue, b: TensorValue): TensorValue =>
  binary(c, 'add', { rule: 'promote' }, a, b, { inplace: true });
const mulInto = (c: OpCall, a: TensorValue, b: TensorValue): TensorValue =>
  binary(c, 'mul', rules['mul']!, a, b, { inplace: true });

function chunks(c: OpCall, t: TensorValue, n: number): TensorValue[] {
  const size = t.shape[t.ndim - 1]! / n;
  const parts = Array.from({ length: n }, () => c.make([...t.shape.slice(0, -1), size], t.dtype, t.device));
  c.emit('unsafe_split', [t], parts, { elementwise: 0, work: memoryWork('copy', 1, t.numel) });
  return parts;
}

interface Weights {
  wi: TensorValue;
  wh: TensorValue;
  bi: TensorValue | null;
  bh: TensorValue | null;
  wp: TensorValue | null;
}

/** One step; `gates` is the input's projection. */
function lstmStep(
  c: OpCall,
  gates: TensorValue,
  h: TensorValue,
  cell: TensorValue,
  w: Weights,
): [TensorValue, TensorValue] {
  const sum = addInto(c, linear(c, h, w.wh, w.bh), gates);
  const [i, f, g, o] = chunks(c, sum, 4) as [TensorValue, TensorValue, TensorValue, TensorValue];
  inplace(c, 'sigmoid', i);
  inplace(c, 'sigmoid', f);
  inplace(c, 'tanh', g);
  inplace(c, 'sigmoid', o);
  const next = addInto(c, mul(c, f, cell), mul(c, i, g));
  let out = mul(c, o, unaryOp(c, 'tanh', next));
  if (w.wp !== null) out = linear(c, out, w.wp, null);
  return [out, next];
}

function gruStep(c: OpCall, gates: TensorValue, h: TensorValue, w: Weights): TensorValue {
  const [ir, iz, inn] = chunks(c, gates, 3) as [TensorValue, TensorValue, TensorValue];
  const [hr, hz, hn] = chunks(c, linear(c, h, w.wh, w.bh), 3) as [TensorValue, TensorValue, TensorValue];
  const reset = inplace(c, 'sigmoid', addInto(c, hr, ir));
  const update = inplace(c, 'sigmoid', addInto(c, hz, iz));
  const fresh = inplace(c, 'tanh', add(c, inn, mulInto(c, hn, reset)));
  return addInto(c, mulInto(c, sub(c, h, fresh), update), fresh);
}

function rnnStep(c: OpCall, gates: TensorValue, h: TensorValue, w: Weights, kind: Cell): TensorValue {
  const sum = addInto(c, linear(c, h, w.wh, w.bh), gates);
  return kind === 'rnn_relu' ? unary(c, 'relu', { rule: 'same', saves: 'out' }, sum) : unaryOp(c, 'tanh', sum);
}

/** One direction of one layer over all steps. */
function layer(
  c: OpCall,
  kind: Cell,
  input: TensorValue,
  h0: TensorValue,
  c0: TensorValue | null,
  w: Weights,
  reverse: boolean,
): { out: TensorValue; h: TensorValue; c: TensorValue | null } {
  const features = input.shape[input.ndim - 1]!;
  if (features !== w.wi.shape[1] && !Number.isNaN(features))
    raise('RuntimeError', `input.size(-1) must be equal to input_size. Expected ${w.wi.shape[1]}, got ${features}`);
  const steps = unbind(c, linear(c, input, w.wi, w.bi), 0);
  let h = h0;
  let cell = c0;
  const outs: TensorValue[] = [];
  for (const gates of reverse ? steps.slice().reverse() : steps) {
    if (kind === 'lstm') [h, cell] = lstmStep(c, gates, h, cell!, w);
    else if (kind === 'gru') h = gruStep(c, gates, h, w);
    else h = rnnStep(c, gates, h, w, kind);
    outs.push(h);
  }
  if (reverse) outs.reverse();
  if (outs.length === 0) {
    // an unknown number of steps: extents stay unknown, figures too
    const out = c.make([input.shape[0]!, ...h.shape], h.dtype, h.device);
    c.emit('rnn', [input, w.wi, w.wh], [out], { flops: Number.NaN, elementwise: Number.NaN });
    return { out, h, c: cell };
  }
  return { out: stack(c, outs, 0), h, c: cell };
}

function takeWeights(
  params: readonly TensorValue[],
  at: number,
  biases: boolean,
  projection: boolean,
): { w: Weights; next: number } {
  const w: Weights = {
    wi: params[at]!,
    wh: params[at + 1]!,
    bi: biases ? params[at + 2]! : null,
    bh: biases ? params[at + 3]! : null,
    wp: projection ? params[at + (biases ? 4 : 2)]! : null,
  };
  return { w, next: at + 2 + (biases ? 2 : 0) + (projection ? 1 : 0) };
}

/** A recurrent network: single steps as PyTorch's CPU composes them, cuDNN's call on an accelerator. */
function recurrent(c: OpCall, kind: Cell, a: Bound): Value {
  const given = networkOf(kind, a);
  const sizes: readonly number[] | null = a.batch_sizes?.values ?? null;
  const input: TensorValue = a.input;
  const time = a.batch_first ? input.shape[1]! : input.shape[0]!;
  const steps = a.batch_sizes == null ? time : (sizes?.length ?? Number.NaN);
  const composed = () => (a.batch_sizes == null ? paddedRecurrent(c, given) : packedRecurrent(c, given));
  // how many steps there are decides what either costs
  if (!(steps > 0)) return new PyTuple(composed());
  return new PyTuple([...c.composite<TensorValue[]>(input, composed, () => cudnn(c, given, steps))]);
}

interface Network {
  readonly kind: Cell;
  readonly a: Bound;
  readonly params: readonly TensorValue[];
  readonly states: readonly TensorValue[];
  readonly directions: number;
  readonly projection: boolean;
}

function networkOf(kind: Cell, a: Bound): Network {
  const params: TensorValue[] = a.params;
  const directions = a.bidirectional ? 2 : 1;
  const perLayer = params.length / (a.num_layers * directions);
  const projection = kind === 'lstm' && perLayer === (a.has_biases ? 5 : 3);
  return { kind, a, params, states: Array.isArray(a.hx) ? a.hx : [a.hx], directions, projection };
}

/** Element-wise operations of one cell, per element of its state. */
const cellWork: Readonly<Record<Cell, number>> = { lstm: 30, gru: 25, rnn_tanh: 8, rnn_relu: 2 };

/**
 * `_cudnn_rnn`: of each layer the input's projection in one product, then one kernel a step and direction that
 * multiplies the state and applies the cell. Its launches follow each other without PyTorch between them; they are
 * priced as launches of PyTorch's, which is an upper bound for small states.
 */
function cudnn(c: OpCall, { kind, a, params, states, directions, projection }: Network, steps: number): TensorValue[] {
  let x: TensorValue = a.input;
  const rows = x.shape.slice(0, -1).reduce((n, extent) => n * extent, 1);
  const finals = states.map((s) => c.like(s));
  let at = 0;
  for (let l = 0; l < a.num_layers; l++) {
    const weights: Weights[] = [];
    const gates: TensorValue[] = [];
    for (let d = 0; d < directions; d++) {
      const { w, next } = takeWeights(params, at, a.has_biases, projection);
      at = next;
      weights.push(w);
      gates.push(linear(c, x, w.wi, w.bi));
    }
    const [{ wh, wp }] = weights as [Weights];
    const hidden = wh.shape[0]! / (kind === 'lstm' ? 4 : kind === 'gru' ? 3 : 1);
    const width = wp === null ? hidden : wp.shape[0]!;
    const out = c.make([...x.shape.slice(0, -1), width * directions], x.dtype, x.device);
    const flops = 2 * rows * (wh.numel + (wp?.numel ?? 0)) * directions;
    const isLast = l === a.num_layers - 1;
    // what backward needs of every step beside its output: gates and cell states
    const reserve = c.make([rows, wh.shape[0]! * directions], x.dtype, x.device);
    c.emit(
      '_cudnn_rnn',
      [...gates, ...states, ...weights.flatMap((w) => [w.wh, w.bh, w.wp])],
      [out, ...(isLast ? finals : []), ...(c.gradMode ? [reserve] : [])],
      {
        flops,
        elementwise: cellWork[kind] * rows * hidden * directions,
        work: { kind: 'gemm', batch: steps * directions, m: rows / steps, n: wh.shape[0]!, k: wh.shape[1]! },
        launches: steps * directions,
        saved: [out, reserve, ...weights.map((w) => w.wh)],
        backwardFlops: 2 * flops,
        backwardKernels: steps * directions,
      },
    );
    x = a.dropout > 0 && a.train && !isLast ? dropout(c, out, a.dropout, true) : out;
  }
  return [x, ...finals];
}

function paddedRecurrent(c: OpCall, { kind, a, params, states, directions, projection }: Network): TensorValue[] {
  let x: TensorValue = a.input;
  if (a.batch_first) x = transpose(c, x, 0, 1);
  const hs = unbind(c, states[0]!, 0);
  const cs = kind === 'lstm' ? unbind(c, states[1]!, 0) : [];
  const finalH: TensorValue[] = [];
  const finalC: TensorValue[] = [];
  let at = 0;
  for (let l = 0; l < a.num_layers; l++) {
    const outs: TensorValue[] = [];
    for (let d = 0; d < directions; d++) {
      const k = l * directions + d;
      const { w, next } = takeWeights(params, at, a.has_biases, projection);
      at = next;
      const r = layer(c, kind, x, hs[k]!, cs[k] ?? null, w, d === 1);
      outs.push(r.out);
      finalH.push(r.h);
      if (r.c !== null) finalC.push(r.c);
    }
    x = outs.length === 1 ? outs[0]! : cat(c, outs, -1);
    if (a.dropout > 0 && a.train && l < a.num_layers - 1) x = dropout(c, x, a.dropout, true);
  }
  const h = stack(c, finalH, 0);
  const cell = kind === 'lstm' ? stack(c, finalC, 0) : null;
  if (a.batch_first) x = transpose(c, x, 0, 1);
  return cell === null ? [x, h] : [x, h, cell];
}

/** Packed sequences: the data of step t has `batch_sizes[t]` rows. */
function packedRecurrent(c: OpCall, { kind, a, params, states, directions, projection }: Network): TensorValue[] {
  const sizes: readonly number[] | null = a.batch_sizes.values;
  let x: TensorValue = a.input;
  let at = 0;
  const hidden = params[1]!.shape[0]! / (kind === 'lstm' ? 4 : kind === 'gru' ? 3 : 1);
  const width = projection ? states[0]!.shape[2]! : hidden;
  for (let l = 0; l < a.num_layers; l++) {
    const outs: TensorValue[] = [];
    for (let d = 0; d < directions; d++) {
      const { w, next } = takeWeights(params, at, a.has_biases, projection);
      at = next;
      linear(c, x, w.wi, w.bi);
      const rows = x.shape[0]!;
      if (sizes === null)
        c.emit('rnn', [x, w.wh], [], {
          flops: 2 * rows * w.wh.numel + (w.wp === null ? 0 : 2 * rows * w.wp.numel),
          elementwise: 8 * rows * hidden,
        });
      else {
        for (const n of sizes) {
          const gates = c.make([n, w.wi.shape[0]!], x.dtype, x.device);
          const h = c.make([n, width], x.dtype, x.device);
          if (kind === 'lstm') lstmStep(c, gates, h, c.make([n, hidden], x.dtype, x.device), w);
          else if (kind === 'gru') gruStep(c, gates, h, w);
          else rnnStep(c, gates, h, w, kind);
        }
      }
      const out = c.make([rows, width], x.dtype, x.device);
      c.emit('cat', [out], [out], { elementwise: 0, work: memoryWork('copy', 1, out.numel), differentiable: false });
      out.requiresGrad = c.gradMode && (x.requiresGrad || w.wi.requiresGrad);
      outs.push(out);
    }
    x = outs.length === 1 ? outs[0]! : cat(c, outs, -1);
  }
  const finals = states.map((s) => c.like(s));
  for (const f of finals) c.emit('stack', [f], [f], { elementwise: 0, differentiable: false });
  return [x, ...finals];
}

function checkCell(x: TensorValue, h: TensorValue, w: TensorValue, wh: TensorValue): void {
  if (x.shape[x.ndim - 1] !== w.shape[1] && !Number.isNaN(x.shape[x.ndim - 1]!))
    raise('RuntimeError', `input has inconsistent input_size: got ${x.shape[x.ndim - 1]} expected ${w.shape[1]}`);
  if (h.shape[h.ndim - 1] !== wh.shape[1] && !Number.isNaN(h.shape[h.ndim - 1]!))
    raise(
      'RuntimeError',
      `hidden has inconsistent hidden_size: got ${h.shape[h.ndim - 1]}, expected ${wh.shape[1]} (${shapeText(h.shape)})`,
    );
}

function cell(kind: Cell) {
  return (c: OpCall, a: Bound): Value => {
    const w: Weights = { wi: a.w_ih, wh: a.w_hh, bi: a.b_ih, bh: a.b_hh, wp: null };
    const states: TensorValue[] = Array.isArray(a.hx) ? a.hx : [a.hx];
    checkCell(a.input, states[0]!, w.wi, w.wh);
    const input: TensorValue = a.input;
    const gates = () => linear(c, input, w.wi, w.bi);
    if (kind === 'lstm')
      return new PyTuple([
        ...c.composite<TensorValue[]>(
          input,
          () => lstmStep(c, gates(), states[0]!, states[1]!, w),
          () => fusedCell(c, kind, input, states, w),
        ),
      ]);
    if (kind !== 'gru') return rnnStep(c, gates(), states[0]!, w, kind);
    return c.composite<TensorValue[]>(
      input,
      () => [gruStep(c, gates(), states[0]!, w)],
      () => fusedCell(c, kind, input, states, w),
    )[0]!;
  };
}

/** `_thnn_fused_lstm_cell`, `_thnn_fused_gru_cell`: two products without biases, then one kernel. */
function fusedCell(
  c: OpCall,
  kind: 'lstm' | 'gru',
  input: TensorValue,
  states: readonly TensorValue[],
  w: Weights,
): TensorValue[] {
  const fromInput = linear(c, input, w.wi, null);
  const fromState = linear(c, states[0]!, w.wh, null);
  const next = states.map((s) => c.like(s));
  const workspace = c.like(fromInput);
  c.emit(`_thnn_fused_${kind}_cell`, [fromInput, fromState, states.at(-1), w.bi, w.bh], [...next, workspace], {
    elementwise: cellWork[kind] * next[0]!.numel,
    saved: [workspace, ...(kind === 'lstm' ? [states[1], next[1]] : [])],
    backwardKernels: 1,
  });
  return next;
}

const tail = 'Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional';

export const recurrentOperators: OperatorDeclaration[] = [
  op(
    (c, a) => recurrent(c, 'lstm', a),
    `torch.lstm, torch._VF.lstm(Tensor input, Tensor[] hx, ${tail}, bool batch_first)`,
    `torch.lstm, torch._VF.lstm(Tensor input, Tensor batch_sizes, Tensor[] hx, ${tail})`,
  ),
  ...(['gru', 'rnn_tanh', 'rnn_relu'] as const).map((kind) =>
    op(
      (c, a) => recurrent(c, kind, a),
      `torch.${kind}, torch._VF.${kind}(Tensor input, Tensor hx, ${tail}, bool batch_first)`,
      `torch.${kind}, torch._VF.${kind}(Tensor input, Tensor batch_sizes, Tensor hx, ${tail})`,
    ),
  ),
  op(
    cell('lstm'),
    'torch.lstm_cell, torch._VF.lstm_cell(Tensor input, Tensor[] hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None)',
  ),
  op(
    cell('gru'),
    'torch.gru_cell, torch._VF.gru_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None)',
  ),
  op(
    cell('rnn_tanh'),
    'torch.rnn_tanh_cell, torch._VF.rnn_tanh_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None)',
  ),
  op(
    cell('rnn_relu'),
    'torch.rnn_relu_cell, torch._VF.rnn_relu_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None)',
  ),
  op((c, a) => {
    const lengths: readonly number[] | null = a.lengths.values;
    const x: TensorValue = a.input;
    const [b, t] = a.batch_first ? [x.shape[0]!, x.shape[1]!] : [x.shape[1]!, x.shape[0]!];
    if (a.lengths.shape[0] !== b && !Number.isNaN(b))
      raise(
        'RuntimeError',
        `Expected \`len(lengths)\` to be equal to batch_size, but got ${a.lengths.shape[0]} (batch_size=${b})`,
      );
    const total = lengths === null ? Number.NaN : lengths.reduce((p, q) => p + q, 0);
    const longest = lengths === null ? t : Math.max(...lengths);
    const data = c.make([total, ...x.shape.slice(2)], x.dtype, x.device);
    const sizes =
      lengths === null ? null : Array.from({ length: longest }, (_, i) => lengths.filter((n) => n > i).length);
    const batchSizes = c.make([lengths === null ? Number.NaN : longest], a.lengths.dtype, 'cpu', sizes);
    c.emit('_pack_padded_sequence', [x, a.lengths], [data, batchSizes], {
      elementwise: 0,
      work: memoryWork('copy', 1, data.numel),
    });
    return new PyTuple([data, batchSizes]);
  }, 'torch._pack_padded_sequence, torch._VF._pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first)'),
  op((c, a) => {
    const sizes: readonly number[] | null = a.batch_sizes.values;
    const steps = a.total_length > 0 ? a.total_length : a.batch_sizes.shape[0];
    const batch = sizes === null ? Number.NaN : (sizes[0] ?? 0);
    const rest = a.data.shape.slice(1);
    const out = c.make(a.batch_first ? [batch, steps, ...rest] : [steps, batch, ...rest], a.data.dtype, a.data.device);
    const lengths = sizes === null ? null : Array.from({ length: batch }, (_, i) => sizes.filter((n) => n > i).length);
    c.emit('_pad_packed_sequence', [a.data, a.batch_sizes], [out], {
      elementwise: 0,
      work: memoryWork('copy', 1, out.numel),
    });
    return new PyTuple([out, c.make([batch], a.batch_sizes.dtype, 'cpu', lengths)]);
  }, 'torch._pad_packed_sequence, torch._VF._pad_packed_sequence(Tensor data, Tensor batch_sizes, bool batch_first, float~ padding_value, int total_length)'),
];
