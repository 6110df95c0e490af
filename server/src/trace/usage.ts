/**
 * What a model's own code demands of a parameter of `forward`: the parameter is followed through the
 * statements into the layer, function or sub-module that takes it first, across permutations, views and
 * einops patterns. Layers are those of the built model, so their sizes are known numbers.
 */
import { lookup } from '../python/classes.js';
import { PyFunction } from '../python/objects.js';
import { PyInstance, PyList } from '../python/values.js';
import type { Call, Expr, Stmt } from '../syntax/ast.js';
import { isModule } from '../torch/moduleClass.js';
import {
  type Demand,
  einopsDims,
  flattened,
  functionDemand,
  keepsLeading,
  layerDemand,
  layoutOf,
  passesThrough,
  secondDemand,
} from './layerDemands.js';
import { LiveNames } from './liveNames.js';
import { children } from './modelParts.js';
import { definitionOf } from './shapeHints.js';
import {
  blank,
  constants,
  expanded,
  type Flow,
  functionOf,
  mergeDims,
  rankOf,
  removed,
  shapeOf,
  start,
  step,
  swapped,
  type Usage,
  unwrapped,
} from './usageFlow.js';

/** Follows one parameter through a function. `self` is the live module that runs it. */
export function usageOf(f: PyFunction, self: PyInstance | null, param: string, depth = 0): Usage {
  const usage = blank();
  const node = f.code.file.internal ? null : definitionOf(f);
  if (node === null || depth > 6) return usage;
  new Walk(f, self, param, usage, depth).block(node.body);
  return usage;
}

/** Tensors of a higher rank are a slip of the keyboard. */
const mostRank = 16;

const keepsLayout =
  /^(float|half|bfloat16|double|contiguous|cuda|cpu|to|clone|detach|type|type_as|long|int|requires_grad_|relu|relu_|tanh|sigmoid|abs|clamp|clamp_min|log|exp|sqrt|softmax|masked_fill|masked_fill_|fill_diagonal_)$/;

class Walk {
  private readonly live: LiveNames;
  private readonly flows = new Map<string, Flow>();

  constructor(
    f: PyFunction,
    self: PyInstance | null,
    param: string,
    usage: Usage,
    private readonly depth: number,
  ) {
    this.flows.set(param, start(usage));
    this.live = new LiveNames(f, self, (name) => this.flows.has(name));
  }

  block(body: readonly Stmt[]): void {
    for (const s of body) this.statement(s);
  }

  private statement(s: Stmt): void {
    switch (s.type) {
      case 'Assign': {
        const flow = this.flow(s.value);
        this.unpackedInto = [];
        this.unpacked(s.targets[0]!, s.value);
        for (const t of s.targets)
          if (t.type === 'Name') this.bind(t.id, flow);
          else if (t.type === 'Tuple')
            t.elts.forEach((e, i) => {
              if (e.type === 'Name') this.bind(e.id, this.unpackedInto[i] ?? null);
            });
        return;
      }
      case 'AnnAssign':
        if (s.value !== null && s.target.type === 'Name') this.bind(s.target.id, this.flow(s.value));
        return;
      case 'AugAssign':
        this.flow(s.value);
        if (s.target.type === 'Name' && this.flows.has(s.target.id)) this.operand('+', s.target, s.value);
        return;
      case 'Expr':
        this.flow(s.value);
        return;
      case 'Return':
        if (s.value !== null) this.flow(s.value);
        return;
      case 'Assert':
        this.condition(s.test);
        return;
      case 'If':
        this.condition(s.test);
        this.block(s.body);
        this.block(s.orelse);
        return;
      case 'For':
        this.loop(s.iter, s.target, s.body);
        return;
      case 'While':
      case 'With':
        this.block(s.body);
        return;
      case 'Try':
        this.block(s.body);
        return;
      default:
    }
  }

  /** `for layer in self.layers: x = layer(x)`: the first of them is asked. */
  private loop(iter: Expr, target: Expr, body: readonly Stmt[]): void {
    const over =
      iter.type === 'Call' && iter.args.length > 0 && !iter.args.some((a) => this.flow(a)) ? iter.args[0]! : iter;
    const holder = this.live.value(over);
    const first =
      holder instanceof PyInstance && isModule(holder)
        ? children(holder)[0]?.[1]
        : holder instanceof PyList
          ? holder.items[0]
          : undefined;
    const names = target.type === 'Name' ? [target] : target.type === 'Tuple' ? target.elts : [];
    const count = this.live.count(iter);
    if (count !== null && names[0]?.type === 'Name') this.live.counters.set(names[0].id, count);
    for (const n of names) if (n.type === 'Name' && first !== undefined) this.live.locals.set(n.id, first);
    this.block(body);
  }

  private bind(name: string, flow: Flow | null): void {
    if (flow === null) this.flows.delete(name);
    else this.flows.set(name, flow);
  }

  private demand(flow: Flow, d: Demand): void {
    const usage = flow.into;
    if (d.dtype !== null && usage.dtype === null) usage.dtype = d.dtype;
    usage.hint ??= d.hint;
    const dims = flow.back(d.dims);
    if (dims !== null && !(dims.length === 1 && dims[0] === '*')) usage.dims = mergeDims(usage.dims, dims);
  }

  /** `b, t, c = x.shape`, `b, t, c = x.size()`, `_, _, h, w = *x.shape`. */
  private unpacked(target: Expr, value: Expr): void {
    if (target.type !== 'Tuple' && target.type !== 'List') return;
    const of = shapeOf(value);
    const flow = of === null ? null : this.quiet(of);
    if (flow === null) {
      this.items(target.elts, value);
      return;
    }
    if (target.elts.every((e) => e.type === 'Name')) {
      const names = target.elts.map((e) => (e.type === 'Name' ? e.id : '_'));
      const dims = flow.back(names);
      if (dims !== null) flow.into.dims = mergeDims(flow.into.dims, dims);
    } else {
      const n = target.elts.filter((e) => e.type === 'Name').length;
      flow.into.leastRank = Math.max(flow.into.leastRank, n);
    }
  }

  /** `x, t = inputs`: the parameter is a tuple. */
  private items(targets: readonly Expr[], value: Expr): void {
    const flow = this.quiet(value);
    if (flow?.whole !== true || targets.some((t) => t.type !== 'Name')) return;
    const { into } = flow;
    if (into.items.length === 0) into.items = targets.map(blank);
    this.unpackedInto = into.items.map(start);
  }

  private unpackedInto: readonly Flow[] = [];

  /** `x.dim() == 4`, `x.ndim == 4`, `len(x.shape) == 4`. */
  private condition(e: Expr): void {
    if (e.type === 'BoolOp') {
      for (const v of e.values) this.condition(v);
      return;
    }
    if (e.type !== 'Compare') return;
    const left = e.left;
    const right = e.comparators[0]!;
    const of = rankOf(left);
    const flow = of === null ? null : this.quiet(of);
    if (
      flow !== null &&
      e.ops[0] === '==' &&
      right.type === 'Constant' &&
      typeof right.value === 'number' &&
      right.value <= mostRank
    ) {
      const dims = flow.back(Array.from({ length: right.value }, (_v, i) => (i === 0 ? 'B' : '_')));
      if (dims !== null) flow.into.leastRank = Math.max(flow.into.leastRank, dims.length);
    }
    this.flow(left);
  }

  /** The flow of an expression without following what it calls. */
  private quiet(e: Expr): Flow | null {
    return e.type === 'Name' ? (this.flows.get(e.id) ?? null) : null;
  }

  /** How the value of an expression comes from the parameter; null when it does not, or no longer says its shape. */
  private flow(e: Expr): Flow | null {
    switch (e.type) {
      case 'Name':
        return this.flows.get(e.id) ?? null;
      case 'Call':
        return this.call(e);
      case 'BinOp':
        return this.operand(e.op, e.left, e.right);
      case 'Subscript':
        return this.subscript(e.value, e.slice);
      case 'Attribute': {
        const flow = this.flow(e.value);
        if (flow === null) return null;
        if (e.attr === 'T' || e.attr === 'mT') return swapped(flow, -2, -1);
        return null;
      }
      case 'IfExp':
        return this.flow(e.body) ?? this.flow(e.orelse);
      case 'Tuple':
      case 'List':
        for (const x of e.elts) this.flow(x);
        return null;
      case 'UnaryOp':
        return this.flow(e.operand);
      case 'Compare':
        this.condition(e);
        return null;
      case 'Starred':
        return this.flow(e.value);
      default:
        return null;
    }
  }

  private operand(op: string, left: Expr, right: Expr): Flow | null {
    const a = this.flow(left);
    const b = this.flow(right);
    const flow = a ?? b;
    if (flow === null) return null;
    const other = this.live.value(a !== null ? right : left);
    const d = functionDemand(op === '@' ? (a !== null ? 'matmul' : '') : 'added', other);
    if (d !== null) this.demand(flow, d);
    return op === '@' ? null : flow;
  }

  private subscript(value: Expr, slice: Expr): Flow | null {
    const index = this.flow(slice);
    // a tensor indexed by the parameter: whole numbers
    if (index !== null && this.flow(value) === null) this.demand(index, { dims: ['*'], dtype: 'int64', hint: null });
    const flow = this.flow(value);
    if (flow?.whole === true && slice.type === 'Constant' && typeof slice.value === 'string') {
      const known = flow.into.keys.get(slice.value) ?? blank();
      flow.into.keys.set(slice.value, known);
      return start(known);
    }
    if (flow === null) {
      const of = shapeOf(value);
      const shaped = of === null ? null : this.quiet(of);
      if (shaped !== null && slice.type === 'Constant' && typeof slice.value === 'number' && slice.value >= 0)
        this.need(shaped, slice.value + 1);
      return null;
    }
    const parts = slice.type === 'Tuple' ? slice.elts : [slice];
    const none = (p: Expr): boolean => p.type === 'Constant' && p.kind === 'none';
    const whole = (p: Expr): boolean => p.type === 'Slice' && p.lower === null && p.upper === null;
    const added = parts.filter(none).length;
    if (parts.some((p) => p.type === 'Constant' && p.kind === 'ellipsis')) return null;
    const counted = parts.map((x) => (x.type === 'Name' ? this.live.counters.get(x.id) : undefined));
    if (flow.whole && counted.some((n) => n !== undefined))
      this.demand(flow, {
        dims: parts.map((_x, i) => String(counted[i] ?? (i === 0 ? 'B' : 'length'))),
        dtype: null,
        hint: null,
      });
    if (added === 0) {
      this.need(flow, parts.length);
      return parts.every((p) => p.type === 'Slice') ? flow : null;
    }
    if (!parts.every((p) => none(p) || whole(p))) return null;
    const places = parts.map(none);
    // `t[:, None]` is how a vector becomes a column
    if (parts.length === 2 && added === 1 && flow.whole && places[0] !== true) flow.into.isVector = true;
    return step(flow, (after) => expanded(after, parts.length).filter((_d, i) => places[i] !== true));
  }

  private need(flow: Flow, rank: number): void {
    if (flow.whole && rank <= mostRank) flow.into.leastRank = Math.max(flow.into.leastRank, rank);
  }

  private call(e: Call): Flow | null {
    const { func, args } = e;
    if (func.type === 'Attribute') {
      const on = this.flow(func.value);
      if (on !== null) return this.method(on, func.attr, e);
    }
    const flows = args.map((a) => this.flow(a));
    const keywords = e.keywords.map((k) => ({ name: k.arg, flow: this.flow(k.value) }));
    const at = flows.findIndex((x) => x !== null);
    const flow = flows[at] ?? keywords.find((k) => k.flow !== null)?.flow ?? null;
    if (flow === null) return null;
    const callee = this.live.value(func);
    const name = func.type === 'Name' ? func.id : func.type === 'Attribute' ? func.attr : '';
    if (callee instanceof PyInstance && isModule(callee)) {
      flows.forEach((other, i) => {
        if (other !== null && i !== at) this.module(callee, other, i);
      });
      const key = at >= 0 ? at : (keywords.find((k) => k.flow !== null)?.name ?? 0);
      return this.module(callee, flow, key);
    }
    if (name === 'rearrange' || name === 'repeat' || name === 'reduce') {
      const pattern = args[1];
      if (at === 0 && pattern?.type === 'Constant' && typeof pattern.value === 'string') {
        const dims = einopsDims(pattern.value);
        if (dims !== null) this.demand(flow, { dims, dtype: null, hint: null });
      }
      return null;
    }
    if (name === 'flatten') return step(flow, flattened);
    if (/^(checkpoint|maybe_checkpoint)$/.test(name) && at === 1) {
      const target = this.live.value(args[0]!);
      if (target instanceof PyInstance && isModule(target)) return this.module(target, flow, 0);
    }
    const f = functionOf(callee);
    if (f !== null && !f.f.code.file.internal) {
      const { code } = f.f;
      const kw = keywords.find((k) => k.flow !== null);
      const param = at >= 0 ? code.varnames[at + f.skip] : kw?.name;
      if (param !== undefined && param !== null) {
        const inner = usageOf(f.f, f.self, param, this.depth + 1);
        this.take(flow, inner);
      }
      return null;
    }
    const d = functionDemand(name, args[1] === undefined ? undefined : this.live.value(args[1]));
    if (d !== null && at === 0) this.demand(flow, d);
    if (name === 'embedding' && at === 0) this.demand(flow, { dims: ['*'], dtype: 'int64', hint: null });
    if (/^(one_hot|bincount)$/.test(name) && at === 0) this.demand(flow, { dims: ['*'], dtype: 'int64', hint: null });
    return /^(relu|dropout|gelu|silu|sigmoid|tanh|pad|normalize|leaky_relu)$/.test(name) ? flow : null;
  }

  private take(flow: Flow, inner: Usage): void {
    if (inner.dims !== null || inner.dtype !== null || inner.hint !== null)
      this.demand(flow, { dims: inner.dims ?? ['*'], dtype: inner.dtype, hint: inner.hint });
    this.need(flow, inner.leastRank);
    if (flow.whole) {
      flow.into.isVector ||= inner.isVector;
      for (const [k, u] of inner.keys) flow.into.keys.set(k, u);
      if (inner.items.length > 0) flow.into.items = inner.items;
    }
  }

  private module(m: PyInstance, flow: Flow, position: number | string): Flow | null {
    if (passesThrough(m)) return flow;
    const layout = layoutOf(m);
    if (layout !== null) {
      const first = layout(['*']);
      if (first !== null) this.demand(flow, { dims: first, dtype: null, hint: null });
      return step(flow, layout);
    }
    const names = m.cls.mro.map((c) => c.name);
    if (names.includes('Sequential')) {
      let at: Flow | null = flow;
      for (const [, c] of children(m)) {
        at = at === null ? null : this.module(c, at, 0);
        if (at === null) return null;
      }
      return at;
    }
    const second = position === 1 ? secondDemand(m) : null;
    if (second !== null) this.demand(flow, second);
    const own = position === 0 || typeof position === 'string' ? layerDemand(m) : null;
    if (own !== null) {
      this.demand(flow, own);
      if (names.includes('LayerNorm')) return flow;
      const back = keepsLeading(m);
      return back === null ? null : step(flow, back);
    }
    const found = lookup(m.cls, 'forward');
    if (found instanceof PyFunction) {
      const forward = unwrapped(found);
      const param = typeof position === 'number' ? forward.code.varnames[position + 1] : position;
      if (param !== undefined) this.take(flow, usageOf(forward, m, param, this.depth + 1));
    }
    return null;
  }

  private method(on: Flow, name: string, e: Call): Flow | null {
    const numbers = constants(
      e.args.length === 1 && (e.args[0]!.type === 'Tuple' || e.args[0]!.type === 'List') ? e.args[0]!.elts : e.args,
    );
    switch (name) {
      case 'permute': {
        if (numbers === null || numbers.some((n) => n < 0 || n >= numbers.length)) return null;
        const next = step(on, (after) => {
          const d = expanded(after, numbers.length);
          if (d.length !== numbers.length) return null;
          const before: string[] = new Array(numbers.length).fill('_');
          numbers.forEach((n, k) => {
            before[n] = d[k]!;
          });
          return before;
        });
        const shape = next.back(numbers.map((_n, k) => (k === 0 ? 'B' : '_')));
        if (shape !== null) on.into.leastRank = Math.max(on.into.leastRank, shape.length);
        return next;
      }
      case 'transpose':
      case 'swapaxes': {
        if (numbers === null || numbers.length !== 2 || numbers.some((n) => Math.abs(n) >= mostRank)) return null;
        this.need(on, Math.max(...numbers) + 1);
        return swapped(on, numbers[0]!, numbers[1]!);
      }
      case 't':
        return swapped(on, -2, -1);
      case 'unsqueeze': {
        const at = numbers?.[0];
        return at === undefined ? null : step(on, (after) => removed(after, at));
      }
      case 'flatten':
        return step(on, flattened);
      case 'view':
      case 'reshape':
        return this.view(on, e);
      case 'size': {
        const n = numbers?.[0];
        if (n !== undefined && n >= 0) this.need(on, n + 1);
        return null;
      }
      case 'get': {
        const key = e.args[0];
        if (on.whole && key?.type === 'Constant' && typeof key.value === 'string') {
          const known = on.into.keys.get(key.value) ?? blank();
          on.into.keys.set(key.value, known);
          return start(known);
        }
        return null;
      }
      case 'dim':
      case 'numel':
        return null;
      default:
        return keepsLayout.test(name) ? on : null;
    }
  }

  /** `x.view(b, -1)` is a flat batch; with the other sizes written as numbers, those are the tensor's. */
  private view(on: Flow, e: Call): Flow | null {
    const sizes = e.args.length === 1 && e.args[0]!.type === 'Tuple' ? e.args[0]!.elts : e.args;
    if (sizes.length === 0) return null;
    const fixed = sizes.slice(1).map((s) => this.live.number(s));
    const rest = fixed.length > 0 && fixed.every((n) => n !== null && n > 0);
    if (rest && on.whole && on.into.dims === null) {
      this.demand(on, { dims: ['B', ...fixed.map(String)], dtype: null, hint: null });
      return on;
    }
    if (sizes.length === 2 && fixed[0] === -1) return step(on, flattened);
    return null;
  }
}
