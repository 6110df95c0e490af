/**
 * Several accelerators: what each does, what goes over the links, what waits. Collectives are priced by their volume
 * (ring all-reduce 2(n-1)/n, all-gather and reduce-scatter (n-1)/n of the bytes [Patarasuk and Yuan 2009]) over the
 * share of the link bandwidth that measured all-reduces reach (`serving.link`). Over several machines a ring runs at the
 * pace of its slowest link, the network; the same share of it is taken as reached.
 */
import { cellOf } from '../hardware/accelerators.js';
import { machineOf, usualPerMachine } from '../hardware/machines.js';
import { idlePower } from './power.js';
import type { Interval, Target } from './price.js';

export type ParallelMode = 'data' | 'fsdp' | 'tensor' | 'pipeline';

export interface ParallelSpec {
  readonly mode: ParallelMode;
  readonly devices: number;
}

/** One call or step on one accelerator, and the sizes that go over links. */
export interface SingleDevice {
  readonly time_s: Interval;
  readonly energy_J: Interval;
  readonly training: boolean;
  /** Share of the time that backward takes: data parallelism hides its all-reduce behind it. */
  readonly backwardShare: number;
  readonly weights_bytes: number;
  readonly gradients_bytes: number;
  /** Bytes that every tensor-parallel layer reduces, in sum over one forward pass; null: not known. */
  readonly reduced_bytes: number | null;
  /** Bytes that pass from one pipeline stage to the next; null: not known. */
  readonly boundary_bytes: number | null;
  readonly peakMemory_bytes: Interval | null;
  readonly optimiser_bytes: number;
}

export interface ParallelEstimate {
  readonly mode: ParallelMode;
  readonly devices: number;
  /** Samples of one step against one accelerator: `devices` with data parallelism, 1 where they share one batch. */
  readonly samplesFactor: number;
  /** Bytes that one accelerator sends in one call or step. */
  readonly link_bytes: number;
  readonly link_GBps: number;
  readonly linkSource: string;
  /** More than one where the accelerators do not fit into one. */
  readonly machines: number;
  readonly link_s: number;
  /** Link time that no arithmetic hides. */
  readonly exposed_s: number;
  readonly time_s: Interval;
  /** All accelerators together. */
  readonly energy_J: Interval;
  readonly peakMemory_bytes: Interval | null;
  readonly notes: readonly string[];
}

/** PCIe 4.0 x16, both directions: what there is where no scale-up link is published. */
const pcie_GBps = 64;

/** @returns a reason where the code does not show what goes over the links */
export function parallelEstimate(
  one: SingleDevice,
  { mode, devices: n }: ParallelSpec,
  target: Target,
): ParallelEstimate | string {
  const { accelerator, constants } = target;
  const machine = machineOf(accelerator);
  const machines = Math.ceil(n / (machine?.perMachine ?? usualPerMachine));
  if (machines > 1 && machine === null)
    return `the network between machines of ${accelerator.name} is not known: give "per_machine" and "network_GBps" for it in ecocompute.hardware.json`;
  const cell = cellOf(accelerator, 'interconnect_GBps');
  const inside_GBps = accelerator.interconnect_GBps ?? pcie_GBps;
  const isNetwork = machines > 1 && 2 * machine!.network_GBps < inside_GBps;
  const link_GBps = isNetwork ? 2 * machine!.network_GBps : inside_GBps;
  const linkSource = isNetwork
    ? `network between ${machines} machines: ${machine!.source}`
    : accelerator.interconnect_GBps === null
      ? 'no scale-up link is published: PCIe 4.0 x16 assumed'
      : (cell.sources[0] ?? 'hardware table, no source read');
  const rate = link_GBps * 0.5e9 * constants.serving.link;
  const idle = idlePower(accelerator, constants);
  const ring = (n - 1) / n;
  const notes: string[] = [];
  let bytes: number;
  let messages: number;
  let exposedLow: number;
  let exposed: number;
  let computeShare = 1;
  let samplesFactor = 1;
  let memory = one.peakMemory_bytes;
  const behind = one.time_s.value * one.backwardShare;
  const shard = (x: Interval, bytesGone: number): Interval => ({
    value: x.value - bytesGone,
    low: x.low - bytesGone,
    high: x.high - bytesGone,
  });
  const seconds = (b: number, count: number): number => b / rate + count * constants.serving.allReduce_s;
  if (mode === 'data') {
    samplesFactor = n;
    bytes = one.training ? 2 * ring * one.gradients_bytes : 0;
    // PyTorch reduces in buckets of 25 MB as backward makes them; the last one has nothing to hide behind
    messages = one.training ? Math.ceil(one.gradients_bytes / 25e6) : 0;
    const all = seconds(bytes, messages);
    const last = seconds(Math.min(bytes, 2 * ring * 25e6), messages === 0 ? 0 : 1);
    exposedLow = 0;
    exposed = Math.max(all - behind, last);
    if (one.training)
      notes.push('gradients are reduced while backward runs (DistributedDataParallel, buckets of 25 MB)');
    else notes.push('replicas share nothing: no link traffic');
  } else if (mode === 'fsdp') {
    samplesFactor = n;
    bytes = ring * (one.weights_bytes * (one.training ? 2 : 1) + (one.training ? one.gradients_bytes : 0));
    messages = 0;
    const all = seconds(bytes, 0);
    exposedLow = 0;
    exposed = Math.max(0, all - one.time_s.value);
    if (memory !== null)
      memory = shard(
        memory,
        ring * (one.weights_bytes + (one.training ? one.gradients_bytes : 0) + one.optimiser_bytes),
      );
    notes.push(
      'weights are gathered layer by layer, in backward again; gradients are reduced and scattered (FSDP, full shard)',
    );
  } else if (mode === 'tensor') {
    if (one.reduced_bytes === null) return 'tensor parallelism needs layers with attention: none were found';
    computeShare = 1 / n;
    bytes = 2 * ring * one.reduced_bytes * (one.training ? 2 : 1);
    messages = 0;
    exposed = seconds(bytes, messages);
    exposedLow = exposed;
    if (memory !== null)
      memory = shard(
        memory,
        ring * (one.weights_bytes + (one.training ? one.gradients_bytes : 0) + one.optimiser_bytes),
      );
    notes.push('two all-reduces of the activations per layer, in backward again (Megatron-LM); nothing hides them');
  } else {
    if (one.boundary_bytes === null) return 'what passes between pipeline stages is not known';
    bytes = one.boundary_bytes * (one.training ? 2 : 1);
    messages = 0;
    // hops between machines, and those inside them
    const inside = inside_GBps * 0.5e9 * constants.serving.link;
    exposed = seconds(bytes * (machines - 1), 0) + (bytes * (n - machines)) / inside;
    exposedLow = exposed;
    if (memory !== null)
      memory = shard(
        memory,
        ring * (one.weights_bytes + (one.training ? one.gradients_bytes : 0) + one.optimiser_bytes),
      );
    notes.push('one stage works at a time and the others wait (device_map, no micro-batches)');
  }
  const link_s = seconds(bytes, messages);
  const time = {
    value: one.time_s.value * computeShare + exposed,
    low: one.time_s.low * computeShare + exposedLow,
    high: one.time_s.high * computeShare + Math.max(exposed, mode === 'data' || mode === 'fsdp' ? link_s : exposed),
  };
  // replicas each do the whole work; where they share it the work is done once; who waits draws idle power
  const work = mode === 'data' || mode === 'fsdp' ? n : 1;
  const waiting = (t: number, busy: number): number => Math.max(0, n * t - busy) * idle;
  const energy = {
    value: one.energy_J.value * work + waiting(time.value, one.time_s.value * work),
    low: one.energy_J.low * work + waiting(time.low, one.time_s.low * work),
    high: one.energy_J.high * work + waiting(time.high, one.time_s.high * work),
  };
  if (machines > 1 && mode === 'tensor')
    notes.push(`tensor parallelism over ${machines} machines waits for the network in every layer`);
  return {
    mode,
    devices: n,
    samplesFactor,
    link_bytes: bytes,
    link_GBps,
    linkSource,
    machines,
    link_s,
    exposed_s: exposed,
    time_s: time,
    energy_J: energy,
    peakMemory_bytes: memory,
    notes,
  };
}
