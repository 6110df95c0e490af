/**
 * Splits a file into chunks that parse on their own: each begins where a top-level
 * statement may begin. A chunk may hold several statements; it must never end inside one.
 * The statements inside a class or a function are told apart in the same way (`bodyOf`).
 *
 * Why: a bracket or a block left open while typing then breaks its own chunk and not
 * the rest of the file, a keystroke re-parses one chunk, and the tree of a file depends
 * on its text alone (tree-sitter's incremental error recovery depends on history).
 */

const NEWLINE = 10;
const BACKSLASH = 92;
const HASH = 35;
const AT = 64;

/** Words that continue the compound statement above them. */
const continues = /(?:else|elif|except|finally)\b/y;
/** Starts that no line inside brackets can have, so an open bracket above was left unclosed. */
const neverInBrackets =
  /(?:(?:def|class|import|with|while|return|raise|assert|del|try|pass|global|nonlocal|async[ \t]+(?:def|with))\b|from[ \t]+[\w.]+[ \t]+import\b|@[A-Za-z_]\w*(?:\.\w+)*[ \t]*(?:\([^\n]*\))?[ \t]*\r?\n[ \t]*(?:@|def\b|class\b|async\b))/y;

/** Where a scan begins, and when it may stop. */
interface Scan {
  /** Offset of a line that begins a statement; default 0. */
  readonly from?: number;
  /** Whether nothing beyond a start that was found needs to be looked at. */
  readonly until?: (start: number) => boolean;
}

/** Offsets where chunks begin, from `from` on; the first is `from` itself. */
export function chunkStarts(text: string, { from = 0, until }: Scan = {}): number[] {
  return statementStarts(text, from, '', until) as number[];
}

/**
 * Offsets of the lines that begin a statement indented by exactly `indent`, the first being `from`.
 * null when a line of code is indented by less, or by other white space.
 */
function statementStarts(
  text: string,
  from: number,
  indent: string,
  until?: (start: number) => boolean,
): number[] | null {
  const starts = [from];
  const length = text.length;
  const line: Line = { depth: 0, joined: false };
  let decorated = false;
  let seenStatement = false;
  let i = from;
  while (i < length) {
    // At the start of a line. A byte order mark or a form feed does not indent.
    const start = i;
    let c = text.charCodeAt(i);
    while (c === 0xfeff || c === 12) c = text.charCodeAt(++i);
    let blank = isBlank(c) || i >= length;
    if (indent !== '' && !line.joined) {
      const code = skipWhite(text, i);
      const first = text.charCodeAt(code);
      blank = isBlank(first) || code >= length;
      if (!blank) {
        if (text.startsWith(indent, i)) {
          blank = code > i + indent.length;
          i = code;
          c = first;
        } else if (line.depth === 0) return null;
        else blank = true;
      }
    }
    if (!line.joined && !blank) {
      if (line.depth > 0) {
        neverInBrackets.lastIndex = i;
        if (neverInBrackets.test(text)) line.depth = 0;
      }
      if (line.depth === 0 && c !== 41 && c !== 93 && c !== 125) {
        continues.lastIndex = i;
        const starting = !decorated && !((c === 101 || c === 102) && continues.test(text));
        if (starting && seenStatement) {
          starts.push(start);
          if (until?.(start)) return starts;
        }
        decorated = c === AT;
        seenStatement = true;
      }
    }
    i = lineEnd(text, i, line) + 1;
  }
  return starts;
}

/** Brackets that are open, and whether a backslash joins the next line to this one. */
interface Line {
  depth: number;
  joined: boolean;
}

const isBlank = (c: number): boolean => c === 32 || c === 9 || c === NEWLINE || c === 13 || c === HASH;

function skipWhite(text: string, i: number): number {
  for (;;) {
    const c = text.charCodeAt(i);
    if (c !== 32 && c !== 9 && c !== 12) return i;
    i++;
  }
}

/** Offset of the line feed that ends the line at `i`, and the lines that a string literal runs over. */
function lineEnd(text: string, i: number, line: Line): number {
  const length = text.length;
  line.joined = false;
  while (i < length) {
    const c = text.charCodeAt(i);
    if (c === NEWLINE) break;
    if (c === 34 || c === 39) {
      i = stringEnd(text, i, c);
      continue;
    }
    if (c === HASH) {
      i = text.indexOf('\n', i);
      return i < 0 ? length : i;
    }
    if (c === 40 || c === 91 || c === 123) line.depth++;
    else if (c === 41 || c === 93 || c === 125) {
      if (line.depth > 0) line.depth--;
    } else if (c === BACKSLASH) {
      const after = text.charCodeAt(i + 1) === 13 ? i + 2 : i + 1;
      if (text.charCodeAt(after) === NEWLINE) {
        line.joined = true;
        return after;
      }
    }
    i++;
  }
  return i;
}

const definition = /(?:async[ \t]+)?(def|class)\b/y;
/** What follows says that the name ends there: of `def a.b():` the parser takes `b` for the name. */
const definedName = /[ \t]+([A-Za-z_]\w*)(?=[ \t]*[([:\\])/y;
const codeFollows = /:[ \t]*[^\s#]/y;

/** A chunk that is the definition of one class or function, told without parsing it. */
export interface DefinitionChunk {
  readonly kind: 'class' | 'function';
  readonly name: string;
  /** From the first decorator, or the definition itself, to the end of its code. */
  readonly start: number;
  readonly end: number;
  readonly comments: readonly { readonly start: number; readonly end: number }[];
}

/** null for a chunk that is anything else, or whose header is still being typed. */
export function definitionIn(chunk: string): DefinitionChunk | null {
  const first = firstCode(chunk);
  if (first < 0) return null;
  const header = pastDecorators(chunk, first);
  if (header < 0) return null;
  definition.lastIndex = header;
  const keyword = definition.exec(chunk)?.[1];
  if (keyword === undefined) return null;
  definedName.lastIndex = definition.lastIndex;
  const name = definedName.exec(chunk)?.[1];
  if (name === undefined) return null;
  const colon = headerEnd(chunk, definedName.lastIndex);
  const { start, end, comments } = codeOf(chunk);
  if (colon < 0 || end <= colon + 1) return null;
  return { kind: keyword === 'def' ? 'function' : 'class', name, start, end, comments };
}

/** Where the code of a text begins and ends, and the comments. */
function codeOf(text: string): Pick<DefinitionChunk, 'start' | 'end' | 'comments'> {
  const comments: { start: number; end: number }[] = [];
  let start = -1;
  let end = 0;
  for (let i = 0; i < text.length; ) {
    const c = text.charCodeAt(i);
    if (c === HASH) {
      let stop = text.indexOf('\n', i);
      if (stop < 0) stop = text.length;
      comments.push({ start: i, end: text.charCodeAt(stop - 1) === 13 ? stop - 1 : stop });
      i = stop;
    } else if (c === 32 || c === NEWLINE || c === 9 || c === 13 || c === 12 || c === 0xfeff) i++;
    else {
      if (start < 0) start = i;
      i = c === 34 || c === 39 ? stringEnd(text, i, c) : i + 1;
      end = i;
    }
  }
  return { start, end, comments };
}

/** Offset of the first character that is code; negative when there is none. */
function firstCode(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === HASH) {
      i = text.indexOf('\n', i);
      if (i < 0) return -1;
    } else if (c !== NEWLINE && c !== 13 && c !== 32 && c !== 9 && c !== 12 && c !== 0xfeff) return i;
  }
  return -1;
}

/** Offset behind the decorators at `at`, and the lines between them that say nothing; negative at the end of the text. */
function pastDecorators(text: string, at: number): number {
  const line: Line = { depth: 0, joined: false };
  while (isBlank(text.charCodeAt(at)) || text.charCodeAt(at) === AT) {
    do at = lineEnd(text, at, line) + 1;
    while ((line.depth > 0 || line.joined) && at < text.length);
    if (at >= text.length) return -1;
    at = skipWhite(text, at);
  }
  return at;
}

/** The statements in the body of a class or a function. */
export interface Body {
  readonly indent: string;
  /** Offsets of the lines that they begin with: at least one. */
  readonly starts: readonly number[];
}

/** The body of the definition, perhaps decorated, that `text` is; null when it is none or its body cannot be told apart. */
export function bodyOf(text: string): Body | null {
  const begin = skipWhite(text, 0);
  const outer = text.slice(0, begin);
  const at = pastDecorators(text, begin);
  if (at < 0) return null;
  definition.lastIndex = at;
  if (!definition.test(text)) return null;
  let end = headerEnd(text, definition.lastIndex);
  if (end < 0) return null;
  codeFollows.lastIndex = end;
  if (codeFollows.test(text)) return null;
  end = lineEnd(text, end, { depth: 0, joined: false });
  // the first line of the body that says something
  for (let start = end + 1; start < text.length; start = text.indexOf('\n', start) + 1) {
    const code = skipWhite(text, start);
    if (!isBlank(text.charCodeAt(code)) && code < text.length) {
      const indent = text.slice(start, code);
      if (!indent.startsWith(outer) || indent.length <= outer.length || indent.includes('\f')) return null;
      const starts = statementStarts(text, start, indent);
      return starts === null ? null : { indent, starts };
    }
    if (text.indexOf('\n', start) < 0) return null;
  }
  return null;
}

/** Offset of the colon that ends a header; negative when there is none. */
function headerEnd(text: string, i: number): number {
  let depth = 0;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === 34 || c === 39) {
      i = stringEnd(text, i, c);
      continue;
    }
    if (c === HASH) {
      i = text.indexOf('\n', i);
      if (i < 0) return -1;
    }
    if (c === 40 || c === 91 || c === 123) depth++;
    else if (c === 41 || c === 93 || c === 125) depth--;
    else if (c === 58 && depth === 0) return i;
    else if (c === NEWLINE && depth <= 0 && text.charCodeAt(i - 1) !== BACKSLASH) return -1;
    i++;
  }
  return -1;
}

/** Offset just past the literal whose opening quote is at `i`; a one-line literal ends at its line's end at the latest. */
function stringEnd(text: string, i: number, quote: number): number {
  const length = text.length;
  if (text.charCodeAt(i + 1) === quote && text.charCodeAt(i + 2) === quote) {
    i += 3;
    while (i < length) {
      const c = text.charCodeAt(i);
      if (c === BACKSLASH) i += 2;
      else if (c === quote && text.charCodeAt(i + 1) === quote && text.charCodeAt(i + 2) === quote) return i + 3;
      else i++;
    }
    return length;
  }
  i++;
  while (i < length) {
    const c = text.charCodeAt(i);
    if (c === quote) return i + 1;
    if (c === NEWLINE) return i;
    if (c === BACKSLASH) i += text.charCodeAt(i + 1) === 13 && text.charCodeAt(i + 2) === NEWLINE ? 3 : 2;
    else i++;
  }
  return length;
}
