/**
 * Methods that an edit left as they were keep their nodes, moved in place to where they stand now: what was worked
 * out about them, and is kept with the nodes, holds for the next text.
 */
import type { Stmt } from './ast.js';

/** Anything in a tree that says where it stands. The tree is ours alone here: nobody else moves it. */
interface Placed {
  start: number;
  end: number;
  nameStart?: number;
  attrStart?: number;
}

/** What a tree holds that has a place. */
function placesIn(tree: object): Placed[] {
  const found: Placed[] = [];
  const visit = (value: object): void => {
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object' && item !== null) visit(item);
      return;
    }
    if (typeof (value as Partial<Placed>).start === 'number') found.push(value as Placed);
    for (const key in value) {
      const part = (value as Record<string, unknown>)[key];
      if (typeof part === 'object' && part !== null) visit(part);
    }
  };
  visit(tree);
  return found;
}

/** Moves places by a number of characters. */
function move(places: readonly Placed[], by: number): void {
  for (const place of places) {
    place.start += by;
    place.end += by;
    if (place.attrStart !== undefined) place.attrStart += by;
    else if (place.nameStart !== undefined) place.nameStart += by;
  }
}

/** Moves a tree that nobody else holds. */
export function moveTree(tree: Stmt, by: number): void {
  if (by !== 0) move(placesIn(tree), by);
}

class Member {
  private places: readonly Placed[] | null = null;
  /** Between the beginning of its source, where decorators are, and the definition itself. */
  private readonly lead: number;
  constructor(
    readonly node: Stmt,
    at: number,
  ) {
    this.lead = node.start - at;
  }

  moveTo(start: number): void {
    const by = start + this.lead - this.node.start;
    if (by === 0) return;
    this.places ??= placesIn(this.node);
    move(this.places, by);
  }
}

/** The methods of the chunk that was last lowered with it, by their source. */
export class Members {
  private kept = new Map<string, Member>();
  private used = new Map<string, Member>();

  /** Lowers a chunk; what it takes of the one before is no longer in that one's tree. */
  lower<T>(work: () => T): T {
    this.used = new Map();
    try {
      return work();
    } finally {
      this.kept = this.used;
    }
  }

  /** The method that had this source before, moved to `start`. Of several that are alike one is kept. */
  take(source: string, start: number): Stmt | null {
    const known = this.used.has(source) ? undefined : this.kept.get(source);
    if (known === undefined) return null;
    known.moveTo(start);
    this.used.set(source, known);
    return known.node;
  }

  /** Keeps a method for the next text: its tree must be a function of its source. */
  keep(source: string, start: number, node: Stmt): void {
    if (!this.used.has(source)) this.used.set(source, new Member(node, start));
  }

  forget(): void {
    this.kept = new Map();
  }
}
