/** Facts for one file from the traces of its entries. */

import type { Accelerator } from '../hardware/accelerators.js';
import { absoluteRange, type Place } from '../python/place.js';
import type { Kernel } from '../torch/kernel.js';
import type { TensorValue } from '../torch/tensor.js';
import type { ScopeBody, Trace, TraceBranch, TraceNode } from '../trace/trace.js';
import type { FactSource, FailureFact, KernelFact, MemoryFact, ModuleFact, TensorFact } from './facts.js';
import { bytesOf } from './patterns/factSizes.js';

export interface FactOptions {
  readonly torchVersion: readonly [number, number] | null;
  readonly accelerator: Accelerator | null;
}

/** Traces that did not get to run a single operator say nothing: `available` is then false. */
export function factsFromTraces(traces: readonly Trace[], file: string, options: FactOptions): FactSource {
  let failures: FailureFact[] | null = null;
  let facts: { kernels: KernelFact[]; modules: ModuleFact[] } | null = null;
  const all = (): { kernels: KernelFact[]; modules: ModuleFact[] } => {
    if (facts === null) {
      const own = traces.map((trace) => factsOf(trace, file));
      const byStart = (a: { start: number }, b: { start: number }): number => a.start - b.start;
      facts = {
        kernels: own.flatMap((one) => one.kernels).sort(byStart),
        modules: own.flatMap((one) => one.modules).sort(byStart),
      };
    }
    return facts;
  };
  const { accelerator } = options;
  return {
    available: traces.some((trace) => trace.root !== null && trace.error === null),
    torchVersion: options.torchVersion,
    hardware:
      accelerator === null ? null : { vendor: accelerator.vendor, computeCapability: computeCapability(accelerator) },
    kernelsIn: (start, end) => within(all().kernels, start, end),
    modulesIn: (start, end) => within(all().modules, start, end),
    memory: () => (accelerator === null ? null : memoryOf(traces, accelerator.memory_GB * 1e9)),
    failures: () => {
      failures ??= failuresOf(traces);
      return failures;
    },
  };
}

/** What the largest entry would keep if every result were kept: more than autograd does. */
function memoryOf(traces: readonly Trace[], capacityBytes: number): MemoryFact | null {
  let largest: MemoryFact | null = null;
  for (const trace of traces) {
    if (trace.root === null || trace.error !== null) return null;
    let activationBytes = 0;
    for (const [body, count] of bodyCounts(trace.root.body)) {
      for (const child of nodesOf(body.children)) {
        if (child.kind !== 'op') continue;
        const { outputs, savedBytes } = child.kernel;
        const made = outputs.reduce((sum, one) => sum + bytesOf(tensorFact(one)), 0);
        activationBytes += count * Math.max(made, savedBytes);
      }
    }
    const inputsGiven = trace.inputs.every(
      ({ source }) => source === 'flag' || source === 'pragma' || source === 'call',
    );
    const fact = { parameters: trace.root.body.params, activationBytes, capacityBytes, inputsGiven };
    if (Number.isNaN(activationBytes)) return null;
    if (largest === null || fact.activationBytes > largest.activationBytes) largest = fact;
  }
  return largest;
}

/** Machine steps for the proofs of one file: a second on a large model. */
const provingSteps = 1_000_000;
const attemptsPerPlace = 2;

/** Shape errors of the entries. */
function failuresOf(traces: readonly Trace[]): FailureFact[] {
  const found: FailureFact[] = [];
  const budget = { steps: provingSteps };
  const tried = new Map<number, number>();
  for (const trace of traces) {
    if (trace.failure === undefined || budget.steps <= 0) continue;
    // many models of a file fail at the same line: a few speak for all
    const likely = absoluteRange(trace.failure.place).start;
    const before = tried.get(likely) ?? 0;
    if (before >= attemptsPerPlace) continue;
    tried.set(likely, before + 1);
    const failure = trace.failure.prove(budget);
    if (failure === null) continue;
    const { start, end } = absoluteRange(failure.place);
    found.push({
      rejection: failure.rejection,
      type: failure.type,
      message: failure.message,
      operands: failure.operands.map(({ role, shape, dtype, origin }) => ({
        role,
        shape,
        dtype,
        origin:
          origin === null
            ? null
            : {
                kind: origin.kind,
                name: origin.name,
                at: origin.place === null ? null : absoluteRange(origin.place),
              },
      })),
      start,
      end,
      entry: failure.entry,
      whileBuilding: failure.whileBuilding,
      fromCall: failure.basis === 'call in the file',
    });
  }
  return found;
}

/** The facts of a sorted list that stand inside a range. */
function within<T extends { start: number; end: number }>(list: readonly T[], start: number, end: number): T[] {
  const found: T[] = [];
  for (let at = firstAtOrAfter(list, start); at < list.length; at++) {
    const fact = list[at] as T;
    if (fact.start >= end) break;
    if (fact.end <= end) found.push(fact);
  }
  return found;
}

function firstAtOrAfter(list: readonly { start: number }[], start: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as { start: number }).start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The nodes of a body with those of both sides of undecided conditions. */
function* nodesOf(children: readonly TraceNode[]): Generator<Exclude<TraceNode, TraceBranch>> {
  for (const child of children) {
    if (child.kind === 'branch') for (const side of child.alternatives) yield* nodesOf(side);
    else yield child;
  }
}

/** How often each shared body runs in one call of the root: a body's callers come before it in the order used. */
function bodyCounts(root: ScopeBody): Map<ScopeBody, number> {
  const order: ScopeBody[] = [];
  const seen = new Set<ScopeBody>();
  const visit = (body: ScopeBody): void => {
    if (seen.has(body)) return;
    seen.add(body);
    for (const child of nodesOf(body.children)) if ('body' in child) visit(child.body);
    order.push(body);
  };
  visit(root);
  const counts = new Map<ScopeBody, number>([[root, 1]]);
  for (const body of order.reverse()) {
    const own = counts.get(body) ?? 0;
    for (const child of nodesOf(body.children)) {
      if ('body' in child) counts.set(child.body, (counts.get(child.body) ?? 0) + own);
    }
  }
  return counts;
}

function factsOf(trace: Trace, file: string): { kernels: KernelFact[]; modules: ModuleFact[] } {
  if (trace.root === null) return { kernels: [], modules: [] };
  const kernels = new Merged<KernelFact>();
  const modules = new Merged<ModuleFact>();
  for (const [body, count] of bodyCounts(trace.root.body)) {
    for (const child of nodesOf(body.children)) {
      if (child.kind === 'op') {
        // Work that a library does for a line of this file belongs to that line
        const place = [child.place, ...(child.callers ?? [])].find((one) => one !== null && one.file.path === file);
        if (place === undefined || place === null) continue;
        const fact = factOf(child.kernel, place, trace);
        kernels.add(
          `${fact.start} ${fact.end} ${fact.name} ${fact.inputs.map(textOf).join()} ${fact.recorded}`,
          fact,
          count,
        );
      } else if (child.kind === 'module' && child.callPlace !== null && child.callPlace.file.path === file) {
        const { inputs, outputs } = child.body;
        const fact = {
          typeName: child.typeName,
          inputs,
          outputs,
          ...absoluteRange(child.callPlace),
          calls: 1,
          entry: trace.entry,
        };
        modules.add(`${fact.start} ${fact.end} ${fact.typeName} ${inputs.map(textOf).join()}`, fact, count);
      }
    }
  }
  return { kernels: kernels.facts(), modules: modules.facts() };
}

/** Equal facts once, with their calls added up. */
class Merged<T extends { readonly calls: number }> {
  private readonly byKey = new Map<string, { fact: T; calls: number }>();

  add(key: string, fact: T, calls: number): void {
    const known = this.byKey.get(key);
    if (known === undefined) this.byKey.set(key, { fact, calls });
    else known.calls += calls;
  }

  facts(): T[] {
    return [...this.byKey.values()].map(({ fact, calls }) => ({ ...fact, calls }));
  }
}

function factOf(kernel: Kernel, place: Place, trace: Trace): KernelFact {
  const { start, end } = absoluteRange(place);
  return {
    name: kernel.name,
    inputs: kernel.inputs.map(tensorFact),
    outputs: kernel.outputs.map(tensorFact),
    start,
    end,
    calls: 1,
    phase: trace.phase,
    recorded: isRecorded(kernel),
    entry: trace.entry,
  };
}

function isRecorded(kernel: Kernel): boolean {
  return kernel.backward !== null || kernel.savedBytes > 0;
}

function tensorFact(tensor: TensorValue): TensorFact {
  return { shape: tensor.shape, dtype: tensor.dtype.name };
}

function textOf(tensor: TensorFact): string {
  return `${tensor.dtype}[${tensor.shape?.join('x') ?? '?'}]`;
}

/** NVIDIA's compute capability by architecture name (CUDA C++ programming guide, table of compute capabilities). */
export function computeCapability(accelerator: Accelerator): number | null {
  const name = accelerator.architecture;
  if (/Volta/.test(name)) return 7;
  if (/Turing/.test(name)) return 7.5;
  if (/GA100/.test(name)) return 8;
  if (/Ampere/.test(name)) return 8.6;
  if (/Ada/.test(name)) return 8.9;
  if (/Hopper/.test(name)) return 9;
  if (/GB20\d/.test(name)) return 12;
  return /Blackwell|Rubin/.test(name) ? 10 : null;
}
