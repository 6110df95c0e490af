/**
 * Runs a compiled regular expression with backtracking that never tries the same instruction at the same place
 * twice (the method of RE2's BitState): first match as in Perl and Python, at most program × text steps.
 */
import type { Program } from './regexProgram.js';

/** Places of the text that take part: [2 × group] start, [2 × group + 1] end; -1 for groups that took no part. */
export type Slots = number[];

export interface Bounds {
  /** The text ends here: `endpos`. */
  readonly end: number;
  readonly whole: boolean;
  /** Called now and then with the steps taken since. */
  readonly spend: (steps: number) => void;
}

class Visited {
  private readonly bits: Uint32Array;
  constructor(
    private readonly width: number,
    private readonly from: number,
    to: number,
  ) {
    this.bits = new Uint32Array(Math.ceil(((to - from + 1) * width) / 32));
  }
  /** Marks; false when it was marked before. */
  mark(pc: number, at: number): boolean {
    const i = (at - this.from) * this.width + pc;
    const bit = 1 << (i & 31);
    if ((this.bits[i >>> 5]! & bit) !== 0) return false;
    this.bits[i >>> 5]! |= bit;
    return true;
  }
}

function attempt(
  p: Program,
  text: string,
  from: number,
  slots: Slots,
  b: Bounds,
  visited: Visited,
  mustEnd: number | null,
): number {
  // pairs of (instruction, place); an instruction below 0 restores slot ~instruction to the place
  const stack: number[] = [0, from];
  let steps = 0;
  while (stack.length > 0) {
    let at = stack.pop()!;
    let pc = stack.pop()!;
    if (pc < 0) {
      slots[~pc] = at;
      continue;
    }
    for (;;) {
      if (++steps >= 256) {
        b.spend(steps);
        steps = 0;
      }
      if (!visited.mark(pc, at)) break;
      const i = p.code[pc]!;
      if (i.op === 'char') {
        if (at >= b.end) break;
        const c = text.codePointAt(at)!;
        if (!i.test(c)) break;
        at += c > 0xffff ? 2 : 1;
        pc++;
      } else if (i.op === 'split') {
        stack.push(i.second, at);
        pc = i.first;
      } else if (i.op === 'jump') pc = i.to;
      else if (i.op === 'save') {
        stack.push(~i.slot, slots[i.slot]!);
        slots[i.slot] = at;
        pc++;
      } else if (i.op === 'look') {
        if (look(i.program, text, at, slots, b, i.behind, i.reach) === i.negated) break;
        pc++;
      } else {
        if (mustEnd !== null && at !== mustEnd) break;
        return at;
      }
    }
  }
  return -1;
}

function look(
  p: Program,
  text: string,
  at: number,
  slots: Slots,
  b: Bounds,
  behind: number | null,
  reach: number,
): boolean {
  let from = at;
  for (let i = 0; i < (behind ?? 0); i++) {
    if (from === 0) return false;
    from--;
    const low = text.charCodeAt(from);
    if (low >= 0xdc00 && low < 0xe000 && from > 0) from--;
  }
  // a character may be two units long
  const visited = new Visited(p.code.length, from, Math.min(b.end, from + 2 * reach));
  b.spend(1);
  return attempt(p, text, from, slots, b, visited, behind === null ? null : at) >= 0;
}

/** Spans of the first match at or after `from` (`search`), or at `from` only; null without one. */
export function runProgram(p: Program, text: string, from: number, search: boolean, b: Bounds): Slots | null {
  const visited = new Visited(p.code.length, from, b.end);
  for (let at = from; at <= b.end; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
    const slots: Slots = new Array(2 * (p.groups + 1)).fill(-1);
    const end = attempt(p, text, at, slots, b, visited, b.whole ? b.end : null);
    if (end >= 0) {
      slots[0] = at;
      slots[1] = end;
      return slots;
    }
    if (!search) return null;
    b.spend(1);
  }
  return null;
}
