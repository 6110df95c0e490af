/** Activation records. Frames live on the machine's own stack, so generators pause and Python recursion never meets the host's. */
import type { Code } from './bytecode.js';
import type { Cell, PyModule } from './objects.js';
import type { PyInstance, Value } from './values.js';

export interface Block {
  /** Instruction to continue at with the exception on the stack. */
  readonly handler: number;
  readonly sp: number;
}

export class Frame {
  pc = 0;
  sp = 0;
  readonly stack: Value[] = [];
  locals: (Value | undefined)[];
  cells: Cell[];
  blocks: Block[] = [];
  /** Exceptions being handled, innermost last (for bare `raise`). */
  handled: PyInstance[] = [];
  /** Namespace of a class body or module statement; null in functions. */
  names: Map<string, Value> | null = null;
  /** For top-level statements: their index; names bound by later statements are not visible. */
  topIndex = Number.POSITIVE_INFINITY;
  /** Applied to the result when the frame returns normally. */
  exit: ((result: Value) => Value) | null = null;
  /** Called when an exception leaves the frame. */
  unwind: (() => void) | null = null;
  /** Unknown-condition loops already taken once, by pc. */
  loopsTaken: Set<number> | null = null;
  /** Set while this frame belongs to a generator. */
  isGeneratorFrame = false;
  constructor(
    readonly code: Code,
    readonly globals: PyModule,
    locals: (Value | undefined)[],
    cells: Cell[],
  ) {
    this.locals = locals;
    this.cells = cells;
  }

  /** Adds what is to happen after this frame's own endings. */
  whenDone(exit: ((result: Value) => Value) | null, unwind: (() => void) | null): this {
    const { exit: inner, unwind: innerUnwind } = this;
    if (exit !== null) this.exit = inner === null ? exit : (r) => exit(inner(r));
    if (unwind !== null) {
      this.unwind =
        innerUnwind === null
          ? unwind
          : () => {
              innerUnwind();
              unwind();
            };
    }
    return this;
  }
}
