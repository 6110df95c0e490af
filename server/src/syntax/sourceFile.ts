/**
 * A file as a list of lowered chunks. An edit re-splits the text (a fast scan), keeps
 * every chunk whose text is unchanged and parses the others; unchanged statements keep
 * their identity.
 */
import type { Comment, ModuleTree, SyntaxProblem, TopStatement } from './ast.js';
import { chunkStarts, definitionIn } from './chunks.js';
import { LazyDefinition } from './lazyDefinition.js';
import type { LoweredChunk } from './lower/chunk.js';
import type { ParsedFile, TextEdit } from './parser.js';
import { Pieces } from './pieces.js';

export type Reuse = (text: string) => TopStatement | undefined;

/** Lowers a chunk; with `pieces`, from those of it that are kept there. */
export type ChunkParser = (text: string, reuse: Reuse, pieces?: Pieces) => LoweredChunk;

interface Chunk {
  readonly start: number;
  readonly text: string;
  readonly lowered: LoweredChunk;
}

const none = () => undefined;

/**
 * A chunk that defines a class or a function waits to be parsed; any other is parsed at once.
 * @param pieces kept from the text before, as long as this one is the last
 */
function lower(text: string, parse: ChunkParser, reuse: Reuse, pieces: () => Pieces | undefined): LoweredChunk {
  const found = definitionIn(text);
  if (found === null) return parse(text, reuse, pieces());
  const own = text.slice(found.start, found.end);
  const statement = reuse(own) ?? new LazyDefinition(own, found, (whole) => parse(whole, none, pieces()));
  return {
    statements: [{ offset: found.start, statement }],
    comments: found.comments.map(({ start, end }) => ({ start, end, text: text.slice(start, end) })),
    get problems() {
      return statement instanceof LazyDefinition ? moved(statement.problems, found.start) : [];
    },
    hasError: false,
  };
}

/** Comments and problems are put together on first use: most keystrokes never ask for them. */
class Tree implements ModuleTree {
  readonly statements: TopStatement[] = [];
  private allComments: Comment[] | undefined;
  private allProblems: SyntaxProblem[] | undefined;
  constructor(
    private readonly chunks: readonly Chunk[],
    readonly length: number,
  ) {
    for (const { start, lowered } of chunks) {
      for (const { offset, statement } of lowered.statements) {
        statement.start = start + offset;
        this.statements.push(statement);
      }
    }
  }
  get comments(): readonly Comment[] {
    this.allComments ??= this.chunks.flatMap((chunk) => moved(chunk.lowered.comments, chunk.start));
    return this.allComments;
  }
  get problems(): readonly SyntaxProblem[] {
    this.allProblems ??= this.chunks.flatMap((chunk) => moved(chunk.lowered.problems, chunk.start));
    return this.allProblems;
  }
}

function moved<T extends { readonly start: number; readonly end: number }>(items: readonly T[], by: number): T[] {
  return items.map((item) => ({ ...item, start: item.start + by, end: item.end + by }));
}

interface Piece {
  readonly start: number;
  readonly text: string;
}

function split(text: string): Piece[] {
  return sliced(text, chunkStarts(text));
}

function sliced(text: string, starts: readonly number[]): Piece[] {
  return starts.map((start, i) => ({ start, text: text.slice(start, starts[i + 1] ?? text.length) }));
}

/**
 * Splits a text that one edit made of another. The scan begins at the chunk before the edited one, whose first
 * line the edit cannot reach, and ends at the first chunk behind the edit that began a chunk before.
 */
function splitAgain(text: string, old: readonly Piece[], { start, oldEnd, newText }: TextEdit): Piece[] {
  const shift = newText.length - (oldEnd - start);
  let at = old.length - 1;
  while (at > 0 && old[at].start >= start) at--;
  const first = Math.max(0, at - 1);
  let same = first;
  const behind = (found: number): boolean => {
    if (found < start + newText.length) return false;
    while (same < old.length && old[same].start + shift < found) same++;
    return same < old.length && old[same].start >= oldEnd && old[same].start + shift === found;
  };
  const starts = chunkStarts(text, { from: old[first].start, until: behind });
  const isCut = starts.length > 1 && behind(starts[starts.length - 1]);
  const rest = isCut ? old.slice(same + 1).map((chunk) => chunk.start + shift) : [];
  return sliced(text, [...old.slice(0, first).map((chunk) => chunk.start), ...starts, ...rest]);
}

/** Parses a whole text once. */
export function parseText(text: string, parse: ChunkParser): ModuleTree {
  const chunks = split(text).map((piece) => ({ ...piece, lowered: lower(piece.text, parse, none, none) }));
  return new Tree(chunks, text.length);
}

export class SourceFile implements ParsedFile {
  private chunks: Chunk[];
  private current: Tree;
  /** Of the chunk that was edited last. */
  private readonly pieces = new Pieces();
  private typedIn: LoweredChunk | null = null;
  private edits = 0;
  constructor(
    private content: string,
    private readonly parse: ChunkParser,
  ) {
    this.chunks = split(content).map((piece) => ({ ...piece, lowered: lower(piece.text, parse, none, none) }));
    this.current = new Tree(this.chunks, content.length);
  }
  get text(): string {
    return this.content;
  }
  get tree(): ModuleTree {
    return this.current;
  }

  edit(edits: readonly TextEdit[]): void {
    let text = this.content;
    for (const { start, oldEnd, newText } of edits) text = text.slice(0, start) + newText + text.slice(oldEnd);
    const old = this.chunks;
    const pieces = edits.length === 1 ? splitAgain(text, old, edits[0]) : split(text);
    // Chunks before and after the change are the same objects; compare texts from both ends.
    let head = 0;
    while (head < pieces.length && head < old.length && pieces[head].text === old[head].text) head++;
    let tail = 0;
    const most = Math.min(pieces.length, old.length) - head;
    while (tail < most && pieces[pieces.length - 1 - tail].text === old[old.length - 1 - tail].text) tail++;
    const removed = old.slice(head, old.length - tail);
    const pool = new Pool(removed);
    const isOneForOne = removed.length === 1 && pieces.length - tail - head === 1;
    // the methods of another chunk, which go on there
    if (removed[0]?.lowered !== this.typedIn) this.pieces.members.forget();
    this.edits++;
    const kept = isOneForOne ? this.keptUntilNextEdit() : none;
    this.chunks = pieces.map((piece, i) => {
      if (i < head) return old[i];
      const fromEnd = pieces.length - i;
      if (fromEnd <= tail) return { ...piece, lowered: old[old.length - fromEnd].lowered };
      return {
        ...piece,
        lowered: pool.takeChunk(piece.text) ?? lower(piece.text, this.parse, (t) => pool.takeStatement(t), kept),
      };
    });
    if (isOneForOne) this.typedIn = this.chunks[head].lowered;
    this.content = text;
    this.current = new Tree(this.chunks, text.length);
  }

  /**
   * A text that is asked for after the next edit must not take what belongs to a later one. On its own, for what it
   * closes over lives as long as the chunk.
   */
  private keptUntilNextEdit(): () => Pieces | undefined {
    const edit = this.edits;
    return () => (edit === this.edits ? this.pieces : undefined);
  }

  dispose(): void {
    this.pieces.forget();
  }
}

/** What an edit removed, to be taken back by text (moved or re-split statements). Each object is handed out once. */
class Pool {
  private readonly byText = new Map<string, LoweredChunk[]>();
  private readonly statements = new Map<string, TopStatement[]>();
  constructor(removed: readonly Chunk[]) {
    for (const { text, lowered } of removed) push(this.byText, text, lowered);
    for (const { lowered } of removed) {
      if (lowered.hasError) continue;
      for (const { statement } of lowered.statements) push(this.statements, statement.text, statement);
    }
  }
  takeChunk(text: string): LoweredChunk | undefined {
    const found = this.byText.get(text)?.shift();
    for (const { statement } of found?.statements ?? []) {
      const list = this.statements.get(statement.text);
      const at = list?.indexOf(statement) ?? -1;
      if (list !== undefined && at >= 0) list.splice(at, 1);
    }
    return found;
  }
  takeStatement(text: string): TopStatement | undefined {
    const found = this.statements.get(text)?.shift();
    if (found === undefined) return undefined;
    // A chunk that lost a statement cannot be taken whole any more.
    for (const [key, list] of this.byText) {
      const left = list.filter((chunk) => !chunk.statements.some((entry) => entry.statement === found));
      if (left.length !== list.length) this.byText.set(key, left);
    }
    return found;
  }
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
