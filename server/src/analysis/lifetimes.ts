/**
 * How many bytes of activations are alive at the worst moment of a trace: every storage from the kernel that makes it to
 * its last use, arguments as long as the call they were given to (its frame holds them), what autograd keeps until its
 * backward has run, parameter gradients from there on.
 */
import { type Kernel, onAccelerator, reachedOnAccelerator } from '../torch/kernel.js';
import type { TensorValue } from '../torch/tensor.js';
import { collectTensors, modulesOf } from '../trace/modelParts.js';
import type { Trace, TraceNode, TraceScope } from '../trace/trace.js';

/** More operator calls than this are not walked one by one. */
const mostOps = 100_000;

export interface Lifetimes {
  /** Worst moment of what the forward pass makes, arguments held by the calls they were given to. */
  readonly live_bytes: number;
  /** The same when every tensor goes with its last use. */
  readonly least_bytes: number;
  /** Worst moment with what autograd keeps and the gradients of parameters; equals `live_bytes` when nothing is recorded. */
  readonly withBackward_bytes: number;
  /** Kept for backward at most at one time; gradients of all parameters reached. */
  readonly saved_bytes: number;
  readonly gradients_bytes: number;
  /** Largest tensors of one kernel: what it reads and makes. */
  readonly working_bytes: number;
}

interface Instance {
  readonly nbytes: number;
  readonly born: number;
  lastUse: number;
  /** Last use, or the end of the innermost call that it was given to. */
  held: number;
}

interface Open {
  readonly first: number;
  readonly used: Set<Instance>;
}

/**
 * A call answered from memory names the storages of the call it repeats. `outer` says what they are in the call
 * around it: arguments, results and parameters; every other storage is one of its own.
 */
interface Replay {
  readonly outer: ReadonlyMap<number, number>;
  readonly instances: Map<number, Instance>;
}

/** One kernel of the forward pass and what backward needs to know of it. */
interface Step {
  readonly kernel: Kernel;
  readonly saved: readonly { readonly key: unknown; readonly nbytes: number }[];
  readonly parameters: readonly { readonly key: unknown; readonly nbytes: number }[];
}

/** @returns null where the trace is too long to walk, or an extent in it is not known. */
export function lifetimesOf(trace: Trace): Lifetimes | null {
  if (trace.root === null) return null;
  const walk = new Walk(trace.phase === 'training' && trace.step === undefined);
  if (!walk.scope(trace.root)) return null;
  return walk.result();
}

class Walk {
  private time = 0;
  private readonly instances: Instance[] = [];
  /** The calls from memory that are open, outermost first; the first stands for the trace itself. */
  private readonly replays: Replay[] = [{ outer: new Map(), instances: new Map() }];
  private readonly open: Open[] = [];
  private readonly forward: Step[] = [];
  private working = 0;
  private worstBackward = 0;
  private saved = 0;
  private gradients = 0;
  private hasReplays = false;

  constructor(private readonly trains: boolean) {}

  scope({ body, replay }: TraceScope): boolean {
    if (replay !== undefined) {
      this.hasReplays = true;
      this.replays.push({ outer: namesOutside(replay, this.trains), instances: new Map() });
    }
    this.open.push({ first: this.time, used: new Set() });
    const done = this.nodes(body.children);
    const { first, used } = this.open.pop()!;
    for (const one of used) {
      // what came from outside is held by the caller's frame until the call ends
      if (one.born < first) one.held = Math.max(one.held, this.time);
      this.open.at(-1)?.used.add(one);
    }
    if (replay !== undefined) this.replays.pop();
    return done;
  }

  private nodes(nodes: readonly TraceNode[]): boolean {
    for (const n of nodes) {
      if (n.kind === 'op') {
        for (const kernel of onAccelerator(n.kernel)) {
          if (++this.time > mostOps) return false;
          this.kernel(kernel);
        }
      } else if (n.kind === 'branch') {
        if (!this.nodes(n.alternatives.at(-1) ?? [])) return false;
      } else if ((n.kind === 'module' || n.kind === 'function') && !this.scope(n)) return false;
    }
    return true;
  }

  private kernel(k: Kernel): void {
    if (k.step?.kind === 'backward') {
      const parts = reachedOnAccelerator(k.step.parts).map((part) => stepOf(part, (t) => t.storage.id));
      this.backward(parts, this.hasReplays);
      return;
    }
    if (k.step?.kind === 'optimizer') return;
    let here = 0;
    const own = new Set<number>();
    for (const t of k.inputs) {
      own.add(t.storage.id);
      if (t.isParameter) continue;
      const one = this.find(t.storage.id);
      if (one === undefined) continue;
      one.lastUse = this.time;
      one.held = Math.max(one.held, this.time);
      this.open.at(-1)?.used.add(one);
      if (!k.isView) here += one.nbytes;
    }
    for (const t of k.outputs) {
      // views and in-place results live in storage that is there
      if (k.isView || own.has(t.storage.id)) continue;
      own.add(t.storage.id);
      const one: Instance = { nbytes: t.storage.nbytes, born: this.time, lastUse: this.time, held: this.time };
      this.instances.push(one);
      this.bear(t.storage.id, one);
      here += one.nbytes;
    }
    if (!(here <= this.working)) this.working = here;
    if (!k.isView && this.trains) this.forward.push(stepOf(k, (t) => this.find(t.storage.id) ?? this.nameOf(t)));
  }

  /** What a storage that `replays[level]` names stands for now. */
  private find(id: number, level = this.replays.length - 1): Instance | undefined {
    const { outer, instances } = this.replays[level]!;
    const own = instances.get(id);
    if (own !== undefined || level === 0) return own;
    const name = outer.get(id);
    return name === undefined ? undefined : this.find(name, level - 1);
  }

  private bear(id: number, one: Instance, level = this.replays.length - 1): void {
    const { outer, instances } = this.replays[level]!;
    instances.set(id, one);
    const name = outer.get(id);
    if (name !== undefined && level > 0) this.bear(name, one, level - 1);
  }

  /** A storage that no kernel of the trace made: its name in the outermost call that knows it. */
  private nameOf(t: TensorValue): number {
    let id = t.storage.id;
    for (let level = this.replays.length - 1; level > 0; level--) id = this.replays[level]!.outer.get(id) ?? id;
    return id;
  }

  /**
   * Backward from the last kernel to the first: what is kept goes, gradients of parameters come. `shares`: parts that
   * came from memory stand several times under one name, and each keeps its own.
   */
  private backward(parts: readonly Step[], shares: boolean): void {
    const holders = new Map<unknown, number>();
    let kept = 0;
    for (const { saved } of parts) {
      for (const { key, nbytes } of saved) {
        if (!holders.has(key)) kept += nbytes;
        holders.set(key, (holders.get(key) ?? 0) + 1);
      }
    }
    const sum = parts.reduce((n, { kernel }) => n + kernel.savedBytes, 0);
    const scale = shares && kept > 0 && sum > kept * 1.5 ? sum / kept : 1;
    let now = kept * scale;
    if (!(now <= this.saved)) this.saved = now;
    const reached = new Set<unknown>();
    let gradients = 0;
    for (let i = parts.length - 1; i >= 0; i--) {
      const { kernel, saved, parameters } = parts[i]!;
      let flowing = 0;
      for (const t of kernel.outputs) flowing += t.nbytes;
      for (const t of kernel.inputs) if (!t.isParameter) flowing += t.nbytes;
      for (const { key, nbytes } of parameters) {
        if (reached.has(key)) continue;
        reached.add(key);
        gradients += nbytes;
      }
      const here = now + gradients + flowing;
      if (!(here <= this.worstBackward)) this.worstBackward = here;
      for (const { key, nbytes } of saved) {
        const left = (holders.get(key) ?? 0) - 1;
        holders.set(key, left);
        if (left === 0) now -= nbytes * scale;
      }
    }
    this.gradients = Math.max(this.gradients, gradients);
  }

  private peak(end: (one: Instance) => number): number {
    const change = new Float64Array(this.time + 3);
    for (const one of this.instances) {
      change[one.born] += one.nbytes;
      change[end(one) + 1] -= one.nbytes;
    }
    let now = 0;
    let worst = 0;
    for (const delta of change) {
      now += delta;
      if (!(now <= worst)) worst = now;
    }
    return worst;
  }

  result(): Lifetimes | null {
    const live = this.peak((one) => one.held);
    const least = this.peak((one) => one.lastUse);
    if (this.trains) {
      const parts = this.forward.filter(({ kernel }) => kernel.backward !== null || kernel.savedBytes > 0);
      this.backward(parts, false);
    }
    const withBackward = Math.max(live, this.worstBackward);
    if (Number.isNaN(live + least + withBackward + this.working)) return null;
    return {
      live_bytes: live,
      least_bytes: least,
      withBackward_bytes: withBackward,
      saved_bytes: this.saved,
      gradients_bytes: this.gradients,
      working_bytes: this.working,
    };
  }
}

function stepOf(kernel: Kernel, keyOf: (t: TensorValue) => unknown): Step {
  const saved = kernel.saved.filter((t) => !t.isParameter);
  const parameters = kernel.inputs.filter((t) => t.isParameter && t.requiresGrad);
  return {
    kernel,
    saved: saved.map((t) => ({ key: keyOf(t), nbytes: Math.min(t.nbytes, t.storage.nbytes) })),
    parameters: parameters.map((t) => ({ key: keyOf(t), nbytes: t.nbytes })),
  };
}

/** Storages of a remembered call by what they are in the call that it answers. */
function namesOutside({ from, to }: NonNullable<TraceScope['replay']>, trains: boolean): ReadonlyMap<number, number> {
  const names = new Map<number, number>();
  from.given.forEach((s, i) => {
    names.set(s.id, to.given[i]!.id);
  });
  from.made.forEach((s, i) => {
    if (!names.has(s.id)) names.set(s.id, to.made[i]!.id);
  });
  // weights are there all the time: only their gradients and what backward keeps ask which is which
  for (const table of trains ? (['_parameters', '_buffers'] as const) : []) {
    const there = [...collectTensors(modulesOf(from.module), table)];
    const here = [...collectTensors(modulesOf(to.module), table)];
    there.forEach((t, i) => {
      if (here[i] !== undefined) names.set(t.storage.id, here[i].storage.id);
    });
  }
  return names;
}
