/** Records what a run does: kernels, module scopes, gaps and assumptions, as a tree. */

import type { Code } from '../python/bytecode.js';
import { lookup } from '../python/classes.js';
import type { Ground, NameSource } from '../python/dependencies.js';
import type { BranchRecorder, Construction, Machine, MachineListener, Progress } from '../python/machine.js';
import { PyFunction } from '../python/objects.js';
import type { Place } from '../python/place.js';
import { placeOf } from '../python/traceback.js';
import {
  heap,
  type Keywords,
  type PyClass,
  PyDict,
  PyInstance,
  PyList,
  PyTuple,
  type Value,
} from '../python/values.js';
import type { Kernel, KernelSink, ModuleScopes, TorchState } from '../torch/kernel.js';
import { isModule } from '../torch/moduleClass.js';
import { type Storage, TensorValue } from '../torch/tensor.js';
import { ConstructorMemory } from './constructors.js';
import type { StepFinder } from './loops.js';
import { CallMemory, canRepeat, repeat } from './memo.js';
import { children, parameterCount } from './modelParts.js';
import type { ContainerModule, Gap, ScopeBody, TensorSummary, TraceNode } from './trace.js';

interface OpenScope {
  readonly node: TraceNode[];
  /** Machine depth at entry: frames above it belong to the scope. */
  readonly depth: number;
  readonly module: PyInstance | null;
}

/** Gaps that put what was built in doubt, though nothing of it is called yet (python/unknownClasses.ts). */
const inDoubt: ReadonlySet<string> = new Set(['class', 'decorator']);

export class Recorder implements KernelSink, ModuleScopes, MachineListener {
  machine: Machine | null = null;
  /** False while models are built: what construction computes is not part of a call. */
  recording = false;
  gaps: Gap[] = [];
  /** While a model is built: the user code that runs. */
  building: Set<Ground> | null = null;
  private open: OpenScope[] = [{ node: [], depth: 0, module: null }];
  private paths = new Map<PyInstance, string>();
  containers = new Map<string, ContainerModule>();
  /** Names of the modules below a root, while its structure stays. */
  private readonly named = new WeakMap<
    PyInstance,
    { epoch: number; paths: Map<PyInstance, string>; containers: Map<string, ContainerModule> }
  >();
  readonly memory = new CallMemory();
  readonly constructors = new ConstructorMemory();
  /** Off: every call runs (the test that both give the same). */
  memoise = true;
  /** Kernel calls so far. */
  kernels = 0;
  /** Told about training while a script runs; modules are then named when they are first called. */
  steps: StepFinder | null = null;
  /** The models that a script calls, in order. */
  roots: PyInstance[] = [];

  get top(): TraceNode[] {
    return this.open[this.open.length - 1]!.node;
  }

  /** Starts a run: names of sub-modules are relative to `root`. */
  begin(root: PyInstance | null): void {
    this.recording = true;
    this.roots = [];
    this.open = [{ node: [], depth: this.machine!.frames.length, module: null }];
    const named = root === null ? undefined : this.named.get(root);
    if (named !== undefined && named.epoch === this.memory.structureEpoch) {
      this.paths = named.paths;
      this.containers = named.containers;
    } else {
      this.paths = new Map();
      this.containers = new Map();
      if (root !== null) {
        this.nameModules(root, '');
        this.named.set(root, { epoch: this.memory.structureEpoch, paths: this.paths, containers: this.containers });
      }
    }
    this.memory.beginRun();
  }

  backward(): void {
    this.steps?.backward();
  }

  optimizerStep(): void {
    this.steps?.step();
  }

  loader(count: number | null): void {
    this.steps?.loader(count);
  }

  /** A model that a script calls: its parts are named below its class. */
  private nameRoot(m: PyInstance): void {
    if (this.paths.has(m)) return;
    const same = this.roots.filter((r) => r.cls === m.cls).length;
    this.roots.push(m);
    this.nameModules(m, same === 0 ? m.cls.name : `${m.cls.name}#${same + 1}`);
  }

  end(): TraceNode[] {
    this.recording = false;
    this.memory.endRun();
    return this.open[0]!.node;
  }

  rest(): void {
    this.recording = false;
    this.steps = null;
    this.building = null;
    this.constructors.end();
    this.open = [{ node: [], depth: 0, module: null }];
    this.memory.endRun();
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
    // an operator is worth several steps: an endless loop of them ends in bounded memory
    vm.spend(8);
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

  enter(
    module: PyInstance,
    args: readonly Value[],
    kwargs: Keywords,
  ): { exit: (r: Value) => Value; unwind: () => void } | { result: Value } {
    const vm = this.machine!;
    if (!this.recording || vm.imports.running > 0) return { exit: (r) => r, unwind: () => {} };
    const callPlace = vm.place();
    const { memory } = this;
    if (this.steps !== null && !this.open.some((o) => o.module !== null)) this.nameRoot(module);
    const name = this.relativeName(module);
    const definedAt = module.createdAt ?? module.cls.place;
    // inside an undecided branch the journal stands between us and the heap: nothing is remembered there
    // what autograd records of a training step links calls to each other: only calls without gradients repeat
    const repeats = this.memoise && (this.steps === null || !(vm.torch as TorchState).gradEnabled);
    const key = repeats && vm.branchDepth === 0 ? memory.key(module, args, kwargs, vm.torch as TorchState) : null;
    if (key !== null) {
      const known = memory.find(key);
      if (known !== null) {
        const given = storagesIn(args, kwargs);
        const from = known.tensors;
        const storages = new Map(from.given.map((s, i) => [s, given[i]!] as const));
        const result = repeat(known.result, known.passedThrough, args, storages);
        const to = { module, given, made: tensorsIn(result).map((t) => t.storage) };
        const { body } = known;
        const typeName = module.cls.name;
        this.top.push({ kind: 'module', name, typeName, callPlace, definedAt, body, replay: { from, to } });
        for (const o of memory.open) for (const on of known.rests) o.rests.add(on);
        return { result };
      }
    }
    const depth = this.open.length;
    const scope: OpenScope = { node: [], depth: vm.frames.length, module };
    this.open.push(scope);
    const call = { start: heap.now, impure: !this.paths.has(module), rests: new Set<Ground>() };
    memory.open.push(call);
    const level = memory.open.length;
    const close = (result: Value | undefined): ScopeBody => {
      this.open.length = depth;
      const inputs = inputSummaries(module, args, kwargs);
      const body: ScopeBody = {
        children: scope.node,
        params: parameterCount(module),
        inputs,
        outputs: result === undefined ? [] : summaries(result).slice(0, 4),
      };
      this.top.push({ kind: 'module', name, typeName: module.cls.name, callPlace, definedAt, body });
      memory.open.length = level - 1;
      const outer = memory.open[level - 2];
      if (outer !== undefined) for (const on of call.rests) outer.rests.add(on);
      return body;
    };
    return {
      exit: (r) => {
        const body = close(r);
        if (key !== null && !call.impure && canRepeat(r)) {
          const passedThrough = new Map<TensorValue, number>();
          args.forEach((a, i) => {
            if (a instanceof TensorValue) passedThrough.set(a, i);
          });
          // something older that is no argument came back: its identity matters
          const strange = tensorsIn(r).some((t) => t.serial < call.start && !passedThrough.has(t));
          const given = storagesIn(args, kwargs);
          if (!strange)
            memory.store(key, {
              body,
              result: repeatable(r, passedThrough, given),
              passedThrough,
              tensors: { module, given, made: tensorsIn(r).map((t) => t.storage) },
              epoch: memory.epoch,
              rests: call.rests,
            });
        }
        return r;
      },
      unwind: () => void close(undefined),
    };
  }

  /** Notes that user code runs inside the open calls. */
  ran(code: Code): void {
    this.restOn(code);
  }

  reads(source: NameSource): void {
    this.restOn(source);
  }

  /** What is being built or called rests on it. */
  private restOn(on: Ground): void {
    this.building?.add(on);
    this.constructors.rest(on);
    const { open } = this.memory;
    if (open.length > 0) open[open.length - 1]!.rests.add(on);
  }

  /** A registry may hold other things now: what was remembered before may have read it. */
  rewrote(): void {
    this.forgetAll();
    this.constructors.spoil();
    for (const o of this.memory.open) o.impure = true;
  }

  /** Nothing that rests on code of the user is remembered. */
  forgetAll(): void {
    this.memory.clear();
    this.constructors.forgetUsers();
  }

  /** Path of a module from the enclosing module scope; from the root, with a slash, when it lies outside of it. */
  private relativeName(module: PyInstance): string {
    const path = this.paths.get(module);
    if (path === undefined) return module.cls.name;
    for (let i = this.open.length - 1; i > 0; i--) {
      const parent = this.open[i]!.module;
      if (parent === null) continue;
      const above = this.paths.get(parent);
      if (above === undefined) break;
      if (above === '') return path;
      if (path.startsWith(`${above}.`)) return path.slice(above.length + 1);
      for (const o of this.memory.open) o.impure = true;
      return `/${path}`;
    }
    return path;
  }

  construct(cls: PyClass, args: readonly Value[], kwargs: Keywords): Construction | null {
    const vm = this.machine!;
    if (!this.memoise || vm.imports.running > 0 || vm.branchDepth > 0) return null;
    return this.constructors.enter(cls, args, kwargs, vm.torch as TorchState, vm.imports.settled, this.building);
  }

  gap(what: string, why: string, place: Place | null, isOperator: boolean, since?: Progress): void {
    this.constructors.spoil();
    const muted = this.machine !== null && this.machine.imports.running > 0;
    if (muted && !isOperator) {
      // what a script builds in a loop of unknown length is used by its training step
      if (this.steps !== null && what === 'loop') this.gaps.push({ kind: 'gap', what, why, place, isOperator: false });
      return;
    }
    // work of the building itself is not counted; what a class in doubt built is
    const counts = isOperator && (this.recording || inDoubt.has(what));
    const gap: Gap = {
      kind: 'gap',
      what,
      why,
      place,
      isOperator: counts,
      building: !this.recording,
      since: since ?? { objects: heap.now, parts: heap.parts },
    };
    if (this.recording) this.top.push(gap);
    else this.gaps.push(gap);
  }

  assumption(text: string, kind: 'branch' | 'loop' | 'environment', place: Place | null): void {
    if (!this.recording) this.machine?.imports.dependencies.doubt();
    this.constructors.spoil();
    if (this.recording) this.top.push({ kind: 'assumption', text, source: kind, place });
    if (kind === 'loop') this.gap('loop', text, place, false);
  }

  branch(): BranchRecorder {
    this.constructors.spoil();
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

/** Storages of the tensors among the arguments of a call, in order. */
function storagesIn(args: readonly Value[], kwargs: Keywords): Storage[] {
  return [...args, ...(kwargs?.values() ?? [])].flatMap((v) => tensorsIn(v)).map((t) => t.storage);
}

/** Tensor arguments of a call with the names that `forward` gives them. */
function inputSummaries(module: PyInstance, args: readonly Value[], kwargs: Keywords): TensorSummary[] {
  const forward = lookup(module.cls, 'forward');
  const names = forward instanceof PyFunction ? forward.code.varnames.slice(1, forward.code.argcount) : [];
  const given: [string | undefined, Value][] = [
    ...args.map((a, i): [string | undefined, Value] => [names[i], a]),
    ...(kwargs ?? []),
  ];
  return given.flatMap(([name, v]) => summaries(v).map((t) => (name === undefined ? t : { ...t, name }))).slice(0, 4);
}

/** A copy to keep: what the code later does to the result must not reach the memory. */
function repeatable(r: Value, passed: ReadonlyMap<TensorValue, number>, given: readonly Storage[]): Value {
  const keep = new Map<TensorValue, number>();
  const args: Value[] = [];
  for (const [t, i] of passed) {
    keep.set(t, i);
    args[i] = t;
  }
  return repeat(r, keep, args, new Map(given.map((s) => [s, s])));
}

/**
 * Tensors in a value, nested containers and dataclasses included, in order. The attributes of
 * another object count only when it is itself the result (a cache inside a result is state, not output).
 */
export function tensorsIn(v: Value, out: TensorValue[] = [], depth = 0): TensorValue[] {
  if (v instanceof TensorValue) out.push(v);
  else if (depth < 6) {
    if (v instanceof PyTuple || v instanceof PyList) for (const x of v.items) tensorsIn(x, out, depth + 1);
    else if (v instanceof PyDict) for (const [, x] of v.entries.values()) tensorsIn(x, out, depth + 1);
    else if (
      v instanceof PyInstance &&
      !isModule(v) &&
      (depth === 0 || lookup((v as PyInstance).cls, '__dataclass_fields__') !== undefined)
    ) {
      for (const x of (v as PyInstance).attrs?.values() ?? []) tensorsIn(x, out, depth + 1);
    }
  }
  return out;
}

export function summary(t: TensorValue): TensorSummary {
  return { shape: t.shape, dtype: t.dtype.name };
}

export function summaries(v: Value): TensorSummary[] {
  return tensorsIn(v).map(summary);
}
