/**
 * Finds the training step in a run: the loop in whose turns gradients are computed and an optimiser steps.
 * Such loops run until one step is whole; the turns that are left out are multiplied by whoever reads the result.
 *
 * A step is what runs from the beginning of the loop's first turn to the end of the turn in which an optimiser
 * stepped: with gradient accumulation several turns.
 */
import type { Frame } from '../python/frame.js';
import type { LoopWatch, Machine } from '../python/machine.js';
import type { Place } from '../python/place.js';
import { type PyIterator, PyList, PyRange, PyTuple, type Value } from '../python/values.js';
import type { TraceNode } from './trace.js';

/** Where in the recorded trace something begins or ends. */
interface Mark {
  readonly list: TraceNode[];
  readonly at: number;
}

interface Loop {
  readonly frame: Frame;
  readonly start: number;
  readonly end: number;
  /** Turns in all, when the code says. */
  length: number | null;
  /** Batches come from a loader. */
  fromLoader: boolean;
  readonly parent: Loop | null;
  readonly place: Place | null;
  readonly isWhile: boolean;
  /** The beginning of each turn, and the end of the last. */
  readonly marks: Mark[];
  /** Backward passes and optimiser steps so far, those of inner training loops left out. */
  backwards: number;
  steps: number;
  /** The same at each mark. */
  readonly stepsAt: number[];
  /** A loop inside is a training loop of its own. */
  hasInner: boolean;
  stopped: boolean;
}

/** The training step of a run. */
export interface FoundStep {
  readonly nodes: readonly TraceNode[];
  /** The loop statement. */
  readonly place: Place | null;
  /** Turns of the loop that make one step. */
  readonly turns: number;
  /** Turns of the loop in all; null when not known. */
  readonly length: number | null;
  /** Turns of the loops around it, multiplied: epochs. Null when there is none, or one is not known. */
  readonly epochs: number | null;
}

/** Of our own models of libraries, those whose loops train. */
const trainers = /^lightning\//;
/** Loops of at most this many turns run as written. */
const shortLoop = 8;
/** Turns of an evaluation that are run when nothing says how it goes on. */
const evaluationTurns = 8;
/** Turns in which gradients accumulate and no optimiser steps, before the loop is given up. */
const accumulationLimit = 256;

export class StepFinder implements LoopWatch {
  private readonly stack: Loop[] = [];
  private readonly finished: Loop[] = [];
  private readonly lengths = new WeakMap<object, number>();
  backwards = 0;
  steps = 0;

  constructor(
    private readonly vm: Machine,
    private readonly here: () => TraceNode[],
    /** Whether gradients are recorded just now. */
    private readonly gradients: () => boolean,
  ) {}

  opened(it: PyIterator, iterable: Value): void {
    if (iterable instanceof PyRange) this.lengths.set(it, iterable.length);
    else if (iterable instanceof PyList || iterable instanceof PyTuple) this.lengths.set(it, iterable.items.length);
  }

  /** A loader begins to give `count` batches (null: not known). */
  loader(count: number | null): void {
    this.settle();
    const loop = this.stack[this.stack.length - 1];
    if (loop === undefined) return;
    // a range counts its own turns, whatever it fetches
    if (loop.length !== null && !loop.fromLoader) return;
    loop.fromLoader = true;
    // of several loaders side by side the shortest ends the loop
    if (count !== null && !loop.isWhile) loop.length = loop.length === null ? count : Math.min(loop.length, count);
  }

  backward(): void {
    this.settle();
    this.backwards++;
    const loop = this.stack[this.stack.length - 1];
    if (loop !== undefined) loop.backwards++;
  }

  step(): void {
    this.settle();
    this.steps++;
    const loop = this.stack[this.stack.length - 1];
    if (loop !== undefined) loop.steps++;
  }

  turn(frame: Frame, start: number, end: number, iterator: Value): boolean {
    const { file } = frame.code;
    if (frame.isGeneratorFrame || (file.internal && !trainers.test(file.path))) return false;
    this.settle(frame, start);
    let loop = this.stack[this.stack.length - 1];
    if (loop === undefined || loop.frame !== frame || loop.start !== start) {
      loop = {
        frame,
        start,
        end,
        length: (iterator !== null && typeof iterator === 'object' ? this.lengths.get(iterator) : undefined) ?? null,
        fromLoader: false,
        parent: this.stack[this.stack.length - 1] ?? null,
        place: this.vm.place(),
        isWhile: iterator === null,
        marks: [],
        backwards: 0,
        steps: 0,
        stepsAt: [],
        hasInner: false,
        stopped: false,
      };
      this.stack.push(loop);
    }
    this.mark(loop);
    if (loop.marks.length === 1 || !this.isEnough(loop)) return false;
    loop.stopped = true;
    this.stack.pop();
    this.close(loop);
    return true;
  }

  /** Whether each turn so far called a model without gradients. */
  private evaluates(loop: Loop): boolean {
    const { marks } = loop;
    for (let i = 1; i < marks.length; i++) {
      const { list, at } = marks[i]!;
      if (list !== marks[i - 1]!.list) return false;
      if (!list.slice(marks[i - 1]!.at, at).some((n) => n.kind === 'module')) return false;
    }
    return !this.gradients();
  }

  private mark(loop: Loop): void {
    const list = this.here();
    loop.marks.push({ list, at: list.length });
    loop.stepsAt.push(loop.steps);
  }

  /** Whether the turns so far stand for the rest. */
  private isEnough(loop: Loop): boolean {
    const turns = loop.marks.length - 1;
    if (loop.backwards > 0 && loop.steps > 0) return loop.fromLoader || loop.length === null || loop.length > shortLoop;
    if (loop.hasInner) return true;
    if (loop.backwards > 0) return turns >= accumulationLimit;
    // an evaluation that measures a model again and again
    if (turns >= evaluationTurns && this.evaluates(loop)) return true;
    return loop.fromLoader && loop.steps === 0;
  }

  /** Ends the loops that control has left: by `break`, `return` or an exception. */
  private settle(frame: Frame | null = null, pc = -1): void {
    const { frames } = this.vm;
    for (;;) {
      const loop = this.stack[this.stack.length - 1];
      if (loop === undefined) return;
      const at = loop.frame === frame ? pc : loop.frame.pc;
      if (frames.includes(loop.frame) && at >= loop.start && at <= loop.end) return;
      this.stack.pop();
      this.mark(loop);
      this.close(loop);
    }
  }

  private close(loop: Loop): void {
    const { parent } = loop;
    const trains = loop.backwards > 0 && loop.steps > 0;
    if (trains || loop.hasInner || loop.backwards > 0 || loop.steps > 0) this.finished.push(loop);
    if (parent === null) return;
    if (trains || loop.hasInner) parent.hasInner = true;
    if (!trains) {
      parent.backwards += loop.backwards;
      parent.steps += loop.steps;
    }
  }

  /** Ends the run: the steps of all training loops, inner loops of another training loop left out. */
  finish(): FoundStep[] {
    while (this.stack.length > 0) {
      const loop = this.stack.pop()!;
      this.mark(loop);
      this.close(loop);
    }
    const trains = (l: Loop): boolean => l.backwards > 0 && l.steps > 0;
    const found = this.finished.filter(trains);
    // no loop has both: a step without a loop around it, or gradients that nobody understood
    const loops = found.length > 0 ? found : this.finished.filter((l) => l.steps > 0 && l.fromLoader);
    const within = (l: Loop): boolean => {
      for (let p = l.parent; p !== null; p = p.parent) if (loops.includes(p)) return true;
      return false;
    };
    return loops.filter((l) => !within(l)).map(stepOf);
  }
}

function stepOf(loop: Loop): FoundStep {
  const { marks, stepsAt } = loop;
  let last = 1;
  while (last < marks.length - 1 && stepsAt[last] === 0) last++;
  const from = marks[0]!;
  const to = marks[Math.min(last, marks.length - 1)]!;
  const nodes = from.list === to.list ? from.list.slice(from.at, to.at) : from.list.slice(from.at);
  let epochs: number | null = null;
  for (let p = loop.parent; p !== null; p = p.parent) {
    if (p.length === null) {
      epochs = null;
      break;
    }
    epochs = (epochs ?? 1) * p.length;
  }
  return { nodes, place: loop.place, turns: last, length: loop.length, epochs };
}
