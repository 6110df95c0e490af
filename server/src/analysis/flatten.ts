/** Sums over a trace: the whole, every module, every place in the source. */
import { CostSum, type Target } from '../energy/price.js';
import type { Place } from '../python/place.js';
import type { Kernel } from '../torch/kernel.js';
import type { Gap, TensorSummary, Trace, TraceNode, TraceScope } from '../trace/trace.js';

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
  /** Largest bytes that one operator's tensors take. */
  largestWorkingSet: number;
}

export function newFlows(target: Target): Flows {
  return { sum: new CostSum(target), flopsForward: 0, flopsBackward: 0, elementwise: 0, bytesForward: 0, bytesBackward: 0, ops: 0, unknownOps: 0, savedBytes: 0, largestWorkingSet: 0 };
}

function addKernel(f: Flows, k: Kernel): void {
  if (k.isView) return;
  f.sum.add(k);
  f.flopsForward += k.flops;
  f.elementwise += k.elementwise;
  f.bytesForward += k.bytesRead + k.bytesWritten;
  if (k.backward !== null) {
    f.flopsBackward += k.backward.flops;
    f.bytesBackward += k.backward.bytes;
  }
  f.ops++;
  f.savedBytes += k.savedBytes;
  const here = k.bytesRead + k.bytesWritten;
  if (!(here <= f.largestWorkingSet)) f.largestWorkingSet = here;
}

export interface ModuleFlows {
  readonly scope: TraceScope;
  readonly path: string;
  readonly flows: Flows;
  calls: number;
}

export interface PlaceFlows {
  readonly place: Place;
  readonly flows: Flows;
  readonly kernels: Map<string, number>;
  calls: number;
  inputs: readonly TensorSummary[];
  outputs: readonly TensorSummary[];
  scope: TraceScope | null;
  readonly kind: 'call' | 'constructor';
}

export interface Flat {
  readonly total: Flows;
  /** The cheaper side of every undecided branch; null when there was none. */
  readonly cheap: Flows | null;
  /** In call order. */
  readonly modules: Map<string, ModuleFlows>;
  readonly gaps: readonly Gap[];
  readonly loops: boolean;
}

interface Walker {
  readonly kernel: (k: Kernel, place: Place | null, callers: readonly Place[] | null) => void;
  readonly gap: (g: Gap) => void;
  readonly enter: (s: TraceScope) => void;
  readonly leave: (s: TraceScope) => void;
}

/** `dear`: which side of a branch is walked. */
function walk(nodes: readonly TraceNode[], w: Walker, dear: boolean, target: Target, sawBranch: { value: boolean }): void {
  for (const n of nodes) {
    switch (n.kind) {
      case 'op':
        w.kernel(n.kernel, n.place, n.callers);
        break;
      case 'gap':
        w.gap(n);
        break;
      case 'branch': {
        sawBranch.value = true;
        const costs = n.alternatives.map((a) => timeOf(a, target));
        let pick = 0;
        for (let i = 1; i < costs.length; i++) if (dear ? !(costs[i]! <= costs[pick]!) : costs[i]! < costs[pick]!) pick = i;
        walk(n.alternatives[pick]!, w, dear, target, sawBranch);
        break;
      }
      default:
        w.enter(n);
        walk(n.body.children, w, dear, target, sawBranch);
        w.leave(n);
    }
  }
}

function timeOf(nodes: readonly TraceNode[], target: Target): number {
  const sum = new CostSum(target);
  walk(nodes, { kernel: (k) => void (k.isView || sum.add(k)), gap: () => {}, enter: () => {}, leave: () => {} }, true, target, { value: false });
  return sum.time_s;
}

export function flatten(trace: Trace, target: Target): Flat {
  const total = newFlows(target);
  const modules = new Map<string, ModuleFlows>();
  const gaps: Gap[] = [];
  const stack: ModuleFlows[] = [];
  const levels: number[] = [];
  const containersAbove = (path: string, t: Trace): ModuleFlows[] => {
    const out: ModuleFlows[] = [];
    for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
      const prefix = path.slice(0, dot);
      const c = t.containers.get(prefix);
      if (c === undefined) continue;
      let m = modules.get(prefix);
      if (m === undefined) {
        const scope: TraceScope = {
          kind: 'module', name: prefix, typeName: c.typeName, callPlace: null, definedAt: c.definedAt, body: { children: [], params: c.params, inputs: [], outputs: [] },
        };
        m = { scope, path: prefix, flows: newFlows(target), calls: 0 };
        modules.set(prefix, m);
      }
      out.unshift(m);
    }
    return out;
  };
  let loops = false;
  const saw = { value: false };
  if (trace.root === null) return { total, cheap: null, modules, gaps: trace.gaps, loops };
  walk(
    trace.root.kind === 'module' ? [trace.root] : trace.root.body.children,
    {
      kernel: (k) => {
        addKernel(total, k);
        for (const m of stack) addKernel(m.flows, k);
      },
      gap: (g) => {
        gaps.push(g);
        if (g.what === 'loop') loops = true;
        if (!g.isOperator) return;
        total.unknownOps++;
        total.sum.addGap();
        for (const m of stack) {
          m.flows.unknownOps++;
          m.flows.sum.addGap();
        }
      },
      enter: (s) => {
        const key = s.name;
        let m = modules.get(key);
        if (m === undefined) {
          m = { scope: s, path: s.name, flows: newFlows(target), calls: 0 };
          modules.set(key, m);
        }
        m.calls++;
        // a container is credited with what runs in its children, once
        const level = containersAbove(s.name, trace).filter((c) => !stack.includes(c) && modules.get(c.path) === c);
        stack.push(...level, m);
        levels.push(level.length + 1);
      },
      leave: () => {
        stack.length -= levels.pop()!;
      },
    },
    true,
    target,
    saw,
  );
  let cheap: Flows | null = null;
  if (saw.value) {
    const low = newFlows(target);
    walk([trace.root], { kernel: (k) => addKernel(low, k), gap: () => {}, enter: () => {}, leave: () => {} }, false, target, { value: false });
    cheap = low;
  }
  return { total, cheap, modules, gaps, loops };
}

/** Costs by place in one file: what hovers and rules read. */
export function byPlace(trace: Trace, file: string, target: Target): PlaceFlows[] {
  const found = new Map<string, PlaceFlows>();
  const at = (place: Place, kind: PlaceFlows['kind']): PlaceFlows => {
    const start = place.unit.start + place.start;
    const key = `${kind}:${start}:${place.unit.start + place.end}`;
    let p = found.get(key);
    if (p === undefined) {
      p = { place, flows: newFlows(target), kernels: new Map(), calls: 0, inputs: [], outputs: [], scope: null, kind };
      found.set(key, p);
    }
    return p;
  };
  const inFile = (place: Place | null): place is Place => place !== null && place.file.path === file;
  const open: PlaceFlows[][] = [];
  if (trace.root === null) return [];
  walk(
    [trace.root],
    {
      kernel: (k, place, callers) => {
        if (inFile(place)) {
          const p = at(place, 'call');
          addKernel(p.flows, k);
          if (!k.isView) {
            p.calls++;
            p.kernels.set(k.name, (p.kernels.get(k.name) ?? 0) + 1);
            if (p.scope === null) {
              if (p.inputs.length === 0) p.inputs = k.inputs.map((t) => ({ shape: t.shape, dtype: t.dtype.name }));
              p.outputs = k.outputs.map((t) => ({ shape: t.shape, dtype: t.dtype.name }));
            }
          }
        }
        for (const c of callers ?? []) if (inFile(c)) addKernel(at(c, 'call').flows, k);
        for (const level of open) for (const p of level) addKernel(p.flows, k);
      },
      gap: (g) => {
        if (!g.isOperator) return;
        for (const level of open) {
          for (const p of level) {
            p.flows.unknownOps++;
            p.flows.sum.addGap();
          }
        }
        if (inFile(g.place)) {
          const p = at(g.place, 'call');
          p.flows.unknownOps++;
          p.flows.sum.addGap();
        }
      },
      enter: (s) => {
        const level: PlaceFlows[] = [];
        for (const [place, kind] of [
          [s.callPlace, 'call'],
          [s.definedAt, 'constructor'],
        ] as const) {
          if (!inFile(place)) continue;
          const p = at(place, kind);
          // a module called again inside itself must not count twice
          if (open.some((l) => l.includes(p))) continue;
          p.scope ??= s;
          p.calls++;
          p.inputs = p.scope.body.inputs;
          p.outputs = p.scope.body.outputs;
          level.push(p);
        }
        open.push(level);
      },
      leave: () => {
        open.pop();
      },
    },
    true,
    target,
    { value: false },
  );
  return [...found.values()];
}
