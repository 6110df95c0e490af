/** Sums over a trace: the whole, every module, every place in the source. Bodies shared by remembered calls are summed once. */
import { asCalled, CostSum, type Target } from '../energy/price.js';
import type { Place } from '../python/place.js';
import { type Kernel, onAccelerator } from '../torch/kernel.js';
import {
  type Gap,
  isOpenEnded,
  type ScopeBody,
  type TensorSummary,
  type Trace,
  type TraceNode,
  type TraceScope,
} from '../trace/trace.js';

export interface Flows {
  readonly sum: CostSum;
  flopsForward: number;
  flopsBackward: number;
  elementwise: number;
  bytesForward: number;
  bytesBackward: number;
  /** Calls of operators that are not views. */
  ops: number;
  unknownOps: number;
  savedBytes: number;
  /** What optimisers read and write. */
  bytesOptimizer: number;
  /** Largest bytes that one operator's tensors take. */
  largestWorkingSet: number;
  loops: boolean;
  branches: boolean;
}

export function newFlows(target: Target): Flows {
  return {
    sum: new CostSum(target),
    flopsForward: 0,
    flopsBackward: 0,
    elementwise: 0,
    bytesForward: 0,
    bytesBackward: 0,
    ops: 0,
    unknownOps: 0,
    savedBytes: 0,
    bytesOptimizer: 0,
    largestWorkingSet: 0,
    loops: false,
    branches: false,
  };
}

function addKernel(f: Flows, k: Kernel): void {
  if (k.isView) {
    if (k.waits === true) f.sum.add(k);
    return;
  }
  f.sum.add(k);
  if (k.step?.kind === 'backward') {
    f.flopsBackward += k.flops;
    f.bytesBackward += k.bytesRead + k.bytesWritten;
    return;
  }
  if (k.step?.kind === 'optimizer') {
    // its few products are counted beside those of the models
    f.flopsForward += k.flops;
    f.elementwise += k.elementwise;
    f.bytesOptimizer += k.bytesRead + k.bytesWritten;
    return;
  }
  f.flopsForward += k.flops;
  f.elementwise += k.elementwise;
  f.bytesForward += k.bytesRead + k.bytesWritten;
  if (k.backward !== null && f.sum.target.phase === 'training') {
    f.flopsBackward += k.backward.flops;
    f.bytesBackward += k.backward.bytes;
  }
  f.ops++;
  for (const one of onAccelerator(k)) f.savedBytes += one.savedBytes;
  const here = k.bytesRead + k.bytesWritten;
  if (!(here <= f.largestWorkingSet)) f.largestWorkingSet = here;
}

export function addFlows(f: Flows, g: Flows): void {
  f.sum.merge(g.sum);
  f.flopsForward += g.flopsForward;
  f.elementwise += g.elementwise;
  f.bytesForward += g.bytesForward;
  f.flopsBackward += g.flopsBackward;
  f.bytesBackward += g.bytesBackward;
  f.ops += g.ops;
  f.unknownOps += g.unknownOps;
  f.savedBytes += g.savedBytes;
  f.bytesOptimizer += g.bytesOptimizer;
  if (!(g.largestWorkingSet <= f.largestWorkingSet)) f.largestWorkingSet = g.largestWorkingSet;
  f.loops ||= g.loops;
  f.branches ||= g.branches;
}

function addGap(f: Flows, g: Gap): void {
  if (isOpenEnded(g)) f.loops = true;
  if (!g.isOperator) return;
  f.unknownOps++;
  f.sum.addGap();
}

/** `dear`: of undecided branches the costlier side counts, else the cheaper. */
type Side = 'dear' | 'cheap';
type Cache = Map<Side, WeakMap<ScopeBody, Flows>>;
const caches = new WeakMap<Target, Cache>();

function cacheOf(target: Target, side: Side): WeakMap<ScopeBody, Flows> {
  let c = caches.get(target);
  if (c === undefined) {
    c = new Map([
      ['dear', new WeakMap()],
      ['cheap', new WeakMap()],
    ]);
    caches.set(target, c);
  }
  return c.get(side)!;
}

export function bodyFlows(body: ScopeBody, target: Target, side: Side = 'dear'): Flows {
  const cache = cacheOf(target, side);
  let f = cache.get(body);
  if (f === undefined) {
    f = nodeFlows(body.children, target, side);
    cache.set(body, f);
  }
  return f;
}

function nodeFlows(nodes: readonly TraceNode[], target: Target, side: Side): Flows {
  const f = newFlows(target);
  for (const n of nodes) {
    if (n.kind === 'op') addKernel(f, n.kernel);
    else if (n.kind === 'gap') addGap(f, n);
    else if (n.kind === 'branch') {
      addFlows(f, chosen(n.alternatives, target, side).flows);
      f.branches = true;
    } else if (n.kind !== 'assumption') addFlows(f, bodyFlows(n.body, target, side));
  }
  return f;
}

/** Whether `a` counts rather than `b`: what is not known is dearer than anything, and cheaper than nothing. */
function outdoes(a: number, b: number, side: Side): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(side === 'dear' ? a : b);
  return side === 'dear' ? a > b : a < b;
}

/** The side of a branch that counts. */
function chosen(
  alternatives: readonly (readonly TraceNode[])[],
  target: Target,
  side: Side,
): { nodes: readonly TraceNode[]; flows: Flows } {
  let best: { nodes: readonly TraceNode[]; flows: Flows } | null = null;
  for (const nodes of alternatives) {
    const flows = nodeFlows(nodes, target, side);
    if (best === null || outdoes(flows.sum.time_s, best.flows.sum.time_s, side)) best = { nodes, flows };
  }
  return best!;
}

export interface ModuleFlows {
  readonly scope: TraceScope;
  readonly path: string;
  readonly flows: Flows;
  calls: number;
}

export interface Flat {
  readonly total: Flows;
  /** The cheaper side of every undecided branch; null when there was none. */
  readonly cheap: Flows | null;
  readonly gaps: readonly Gap[];
  /** In call order, every depth; worked out when first read. */
  readonly modules: () => ReadonlyMap<string, ModuleFlows>;
}

/** A training step found in code holds its backward passes: they are not added again. */
const targetOf = (trace: Trace, target: Target): Target => (trace.step === undefined ? target : asCalled(target));

export function flatten(trace: Trace, phaseTarget: Target): Flat {
  const { root } = trace;
  const target = targetOf(trace, phaseTarget);
  if (root === null) return { total: newFlows(target), cheap: null, gaps: trace.gaps, modules: () => new Map() };
  const total = bodyFlows(root.body, target);
  return {
    total,
    cheap: total.branches ? bodyFlows(root.body, target, 'cheap') : null,
    gaps: trace.gaps,
    modules: () => moduleFlows(trace, root, target),
  };
}

function moduleFlows(trace: Trace, root: TraceScope, target: Target): ReadonlyMap<string, ModuleFlows> {
  const modules = new Map<string, ModuleFlows>();
  const open = new Set<string>();
  const credit = (path: string, scope: TraceScope, flows: Flows): void => {
    let m = modules.get(path);
    if (m === undefined) {
      m = { scope, path, flows: newFlows(target), calls: 0 };
      modules.set(path, m);
    }
    m.calls++;
    addFlows(m.flows, flows);
  };
  const containers = (path: string, flows: Flows): string[] => {
    const opened: string[] = [];
    for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
      const prefix = path.slice(0, dot);
      const c = trace.containers.get(prefix);
      // a container is credited with what runs in its children, once
      if (c === undefined || open.has(prefix)) continue;
      const scope: TraceScope = {
        kind: 'module',
        name: prefix,
        typeName: c.typeName,
        callPlace: null,
        definedAt: c.definedAt,
        body: { children: [], params: c.params, inputs: [], outputs: [] },
      };
      credit(prefix, scope, flows);
      opened.push(prefix);
    }
    return opened;
  };
  const visit = (nodes: readonly TraceNode[], parent: string): void => {
    for (const n of nodes) {
      if (n.kind === 'branch') visit(chosen(n.alternatives, target, 'dear').nodes, parent);
      if (n.kind !== 'module' && n.kind !== 'function') continue;
      const path = n.name.startsWith('/')
        ? n.name.slice(1)
        : parent === '' || n.name === ''
          ? n.name
          : `${parent}.${n.name}`;
      const flows = bodyFlows(n.body, target);
      const opened = containers(path, flows);
      const first = !open.has(path);
      if (path !== '' && first) credit(path, n, flows);
      for (const o of opened) open.add(o);
      open.add(path);
      visit(n.body.children, path);
      if (first) open.delete(path);
      for (const o of opened) open.delete(o);
    }
  };
  visit(root.kind === 'module' && root.name === '' ? root.body.children : [root], '');
  return modules;
}

export interface PlaceFlows {
  readonly place: Place;
  readonly flows: Flows;
  calls: number;
  inputs: readonly TensorSummary[];
  outputs: readonly TensorSummary[];
  scope: TraceScope | null;
  readonly kind: 'call' | 'constructor';
}

/** Costs by place in one file: what hovers read. */
export function byPlace(trace: Trace, file: string, phaseTarget: Target): PlaceFlows[] {
  if (trace.root === null) return [];
  const target = targetOf(trace, phaseTarget);
  const cache = new Map<ScopeBody, Map<string, PlaceFlows>>();
  const of = (nodes: readonly TraceNode[]): Map<string, PlaceFlows> => {
    const found = new Map<string, PlaceFlows>();
    const at = (place: Place | null, kind: PlaceFlows['kind']): PlaceFlows | null => {
      if (place === null || place.file.path !== file) return null;
      const key = `${kind}:${place.unit.start + place.start}:${place.unit.start + place.end}`;
      let p = found.get(key);
      if (p === undefined) {
        p = { place, flows: newFlows(target), calls: 0, inputs: [], outputs: [], scope: null, kind };
        found.set(key, p);
      }
      return p;
    };
    for (const n of nodes) {
      if (n.kind === 'op') {
        const p = at(n.place, 'call');
        if (p !== null) {
          addKernel(p.flows, n.kernel);
          if (!n.kernel.isView) p.calls++;
          // backward and the optimiser go over every parameter: their shapes say nothing here
          if (n.kernel.step === undefined) {
            if (p.inputs.length === 0) p.inputs = n.kernel.inputs.map((t) => ({ shape: t.shape, dtype: t.dtype.name }));
            p.outputs = n.kernel.outputs.map((t) => ({ shape: t.shape, dtype: t.dtype.name }));
          }
        }
        for (const c of n.callers ?? []) {
          const q = at(c, 'call');
          if (q !== null) addKernel(q.flows, n.kernel);
        }
      } else if (n.kind === 'gap') {
        const p = at(n.place, 'call');
        if (p !== null) addGap(p.flows, n);
      } else if (n.kind === 'branch') {
        merge(found, of(chosen(n.alternatives, target, 'dear').nodes), target);
      } else if (n.kind !== 'assumption') {
        let inner = cache.get(n.body);
        if (inner === undefined) {
          inner = of(n.body.children);
          cache.set(n.body, inner);
        }
        merge(found, inner, target);
        const flows = bodyFlows(n.body, target);
        for (const [place, kind] of [
          [n.callPlace, 'call'],
          [n.definedAt, 'constructor'],
        ] as const) {
          const p = at(place, kind);
          // a call inside itself is part of the outer one already
          if (
            p === null ||
            inner.has(`${kind}:${p.place.unit.start + p.place.start}:${p.place.unit.start + p.place.end}`)
          )
            continue;
          addFlows(p.flows, flows);
          p.calls++;
          p.scope ??= n;
          p.inputs = n.body.inputs;
          p.outputs = n.body.outputs;
        }
      }
    }
    return found;
  };
  return [...of([trace.root]).values()];
}

function merge(into: Map<string, PlaceFlows>, from: ReadonlyMap<string, PlaceFlows>, target: Target): void {
  for (const [key, p] of from) {
    let q = into.get(key);
    if (q === undefined) {
      q = { ...p, flows: newFlows(target), calls: 0 };
      into.set(key, q);
    }
    addFlows(q.flows, p.flows);
    q.calls += p.calls;
    q.scope ??= p.scope;
  }
}
