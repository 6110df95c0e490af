/** Records what a run does: kernels, module scopes, gaps and assumptions, as a tree. */
import { lookup } from '../python/classes.js';
import type { Machine, MachineListener, BranchRecorder } from '../python/machine.js';
import { placeOf } from '../python/machine.js';
import { PyFunction } from '../python/objects.js';
import type { Place } from '../python/place.js';
import { type Keywords, PyDict, PyInstance, PyList, PyTuple, type Value } from '../python/values.js';
import type { Kernel, KernelSink, ModuleScopes } from '../torch/kernel.js';
import { isModule } from '../torch/moduleClass.js';
import { TensorValue } from '../torch/tensor.js';
import type { Assumption, ContainerModule, Gap, TensorSummary, TraceNode, TraceScope } from './trace.js';

interface OpenScope {
  readonly node: TraceNode[];
  /** Machine depth at entry: frames above it belong to the scope. */
  readonly depth: number;
  readonly module: PyInstance | null;
}

export class Recorder implements KernelSink, ModuleScopes, MachineListener {
  machine: Machine | null = null;
  /** False while models are built: what construction computes is not part of a call. */
  recording = false;
  gaps: Gap[] = [];
  assumptions: Assumption[] = [];
  private open: OpenScope[] = [{ node: [], depth: 0, module: null }];
  private paths = new Map<PyInstance, string>();
  containers = new Map<string, ContainerModule>();
  private readonly seen = new Set<string>();
  /** Kernel calls so far. */
  kernels = 0;

  get top(): TraceNode[] {
    return this.open[this.open.length - 1]!.node;
  }

  /** Starts a run: names of sub-modules are relative to `root`. */
  begin(root: PyInstance | null): void {
    this.recording = true;
    this.open = [{ node: [], depth: this.machine!.frames.length, module: null }];
    this.paths = new Map();
    this.containers = new Map();
    if (root !== null) this.nameModules(root, '');
  }

  end(): TraceNode[] {
    this.recording = false;
    return this.open[0]!.node;
  }

  private nameModules(m: PyInstance, path: string): void {
    if (this.paths.has(m)) return;
    this.paths.set(m, path);
    const forward = lookup(m.cls, 'forward');
    if (path !== '' && forward instanceof PyFunction && forward.code.qualname === 'Module.forward') {
      this.containers.set(path, { typeName: m.cls.name, params: parameterCount(m), definedAt: m.createdAt });
    }
    for (const [name, child] of children(m)) this.nameModules(child, path === '' ? name : `${path}.${name}`);
  }

  kernel(kernel: Kernel): void {
    const vm = this.machine!;
    if (!this.recording || vm.imports.running > 0) return;
    this.kernels++;
    const scope = this.open[this.open.length - 1]!;
    let place: Place | null = null;
    let callers: Place[] | null = null;
    for (let i = vm.frames.length - 1; i >= scope.depth; i--) {
      const f = vm.frames[i]!;
      if (f.code.file.internal) continue;
      const p = placeOf(f);
      if (place === null) place = p;
      else {
        callers ??= [];
        callers.push(p);
      }
    }
    this.top.push({ kind: 'op', kernel, place, callers });
  }

  enter(module: PyInstance, args: readonly Value[], kwargs: Keywords): { exit: (r: Value) => Value; unwind: () => void } | { result: Value } {
    const vm = this.machine!;
    if (!this.recording || vm.imports.running > 0) return { exit: (r) => r, unwind: () => {} };
    const callPlace = vm.place();
    const depth = this.open.length;
    const scope: OpenScope = { node: [], depth: vm.frames.length, module };
    this.open.push(scope);
    const close = (result: Value | undefined): void => {
      this.open.length = depth;
      const node: TraceScope = {
        kind: 'module',
        name: this.paths.get(module) ?? module.cls.name,
        typeName: module.cls.name,
        callPlace,
        definedAt: module.createdAt ?? module.cls.place,
        body: {
          children: scope.node,
          params: parameterCount(module),
          inputs: [...args, ...(kwargs?.values() ?? [])].flatMap((a) => summaries(a)).slice(0, 4),
          outputs: result === undefined ? [] : summaries(result).slice(0, 4),
        },
      };
      this.top.push(node);
    };
    return {
      exit: (r) => {
        close(r);
        return r;
      },
      unwind: () => close(undefined),
    };
  }

  gap(what: string, why: string, place: Place | null, isOperator: boolean): void {
    if (this.machine !== null && this.machine.imports.running > 0 && !isOperator) return;
    const counts = isOperator && this.recording;
    const gap: Gap = { kind: 'gap', what, why, place, isOperator: counts };
    if (this.recording) this.top.push(gap);
    const key = `${what}|${why}|${place?.file.path}|${place?.unit.start}|${place?.start}|${counts}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.gaps.push(gap);
  }

  assumption(text: string, kind: 'branch' | 'loop', place: Place | null): void {
    const key = `${kind}|${text}|${place?.file.path}|${place?.unit.start}|${place?.start}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.assumptions.push({ text, source: kind, place });
    if (kind === 'loop' && this.recording) this.gap('loop', text, place, false);
  }

  branch(): BranchRecorder {
    const depth = this.open.length;
    const outer = this.open[depth - 1]!;
    const sides: TraceNode[][] = [];
    const fresh = (): void => {
      this.open.length = depth - 1;
      this.open.push({ node: [], depth: outer.depth, module: outer.module });
    };
    fresh();
    return {
      side: () => {
        sides.push(this.open[depth - 1]!.node);
        fresh();
      },
      end: (keep) => {
        this.open.length = depth - 1;
        this.open.push(outer);
        if (keep === 'first') outer.node.push(...sides[0]!);
        else if (keep === 'second') outer.node.push(...sides[1]!);
        else if (sides[0]!.length > 0 || sides[1]!.length > 0) outer.node.push({ kind: 'branch', alternatives: sides });
      },
    };
  }
}

export function children(m: PyInstance): [string, PyInstance][] {
  const d = m.attrs?.get('_modules');
  if (!(d instanceof PyDict)) return [];
  const out: [string, PyInstance][] = [];
  for (const [k, v] of d.entries.values()) if (isModule(v)) out.push([String(k), v]);
  return out;
}

/** Parameters of a module and everything below it, each tensor once. */
export function collectTensors(m: PyInstance, table: '_parameters' | '_buffers', seen: Set<TensorValue>, modules = new Set<PyInstance>()): Set<TensorValue> {
  if (modules.has(m)) return seen;
  modules.add(m);
  const d = m.attrs?.get(table);
  if (d instanceof PyDict) for (const [, v] of d.entries.values()) if (v instanceof TensorValue) seen.add(v);
  for (const [, c] of children(m)) collectTensors(c, table, seen, modules);
  return seen;
}

const counts = new WeakMap<PyInstance, number>();
export function parameterCount(m: PyInstance): number {
  let n = counts.get(m);
  if (n === undefined) {
    n = 0;
    for (const p of collectTensors(m, '_parameters', new Set())) n += p.numel;
    counts.set(m, n);
  }
  return n;
}

/** Tensors in a value, nested containers included, in order. */
export function tensorsIn(v: Value, out: TensorValue[] = [], depth = 0): TensorValue[] {
  if (v instanceof TensorValue) out.push(v);
  else if (depth < 6) {
    if (v instanceof PyTuple || v instanceof PyList) for (const x of v.items) tensorsIn(x, out, depth + 1);
    else if (v instanceof PyDict) for (const [, x] of v.entries.values()) tensorsIn(x, out, depth + 1);
    else if (v instanceof PyInstance && !isModule(v)) for (const x of (v as PyInstance).attrs?.values() ?? []) tensorsIn(x, out, depth + 1);
  }
  return out;
}

export function summary(t: TensorValue): TensorSummary {
  return { shape: t.shape, dtype: t.dtype.name };
}

export function summaries(v: Value): TensorSummary[] {
  return tensorsIn(v).map(summary);
}
