/**
 * Splits a file into chunks that parse on their own: each begins where a top-level
 * statement may begin. A chunk may hold several statements; it must never end inside one.
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
  /(?:(?:def|class|import|with|while|return|raise|assert|del|try|pass|global|nonlocal|async[ \t]+(?:def|with))\b|from[ \t]+[\w.]+[ \t]+import\b|@[A-Za-z_]\w*(?:\.\w+)*[ \t]*(?:\([^\n]*\))?[ \t]*\r?\n(?:@|def\b|class\b|async\b))/y;

/** Offsets where chunks begin; the first is 0 and the list is never empty. */
export function chunkStarts(text: string): number[] {
  const starts = [0];
  const length = text.length;
  let depth = 0;
  let joined = false;
  let decorated = false;
  let seenStatement = false;
  let i = 0;
  while (i < length) {
    // At the start of a line. A byte order mark or a form feed does not indent.
    const line = i;
    let c = text.charCodeAt(i);
    while (c === 0xfeff || c === 12) c = text.charCodeAt(++i);
    const blank = c === 32 || c === 9 || c === NEWLINE || c === 13 || c === HASH || i >= length;
    if (!joined && !blank) {
      if (depth > 0) {
        neverInBrackets.lastIndex = i;
        if (neverInBrackets.test(text)) depth = 0;
      }
      if (depth === 0 && c !== 41 && c !== 93 && c !== 125) {
        continues.lastIndex = i;
        const starting = !decorated && !((c === 101 || c === 102) && continues.test(text));
        if (starting && seenStatement) starts.push(line);
        decorated = c === AT;
        seenStatement = true;
      }
    }
    joined = false;
    // The rest of the line, and of the lines a string literal runs over.
    while (i < length) {
      c = text.charCodeAt(i);
      if (c === NEWLINE) break;
      if (c === 34 || c === 39) {
        i = stringEnd(text, i, c);
        continue;
      }
      if (c === HASH) {
        i = text.indexOf('\n', i);
        if (i < 0) i = length;
        break;
      }
      if (c === 40 || c === 91 || c === 123) depth++;
      else if (c === 41 || c === 93 || c === 125) {
        if (depth > 0) depth--;
      } else if (c === BACKSLASH) {
        const after = text.charCodeAt(i + 1) === 13 ? i + 2 : i + 1;
        if (text.charCodeAt(after) === NEWLINE) {
          joined = true;
          i = after;
          break;
        }
      }
      i++;
    }
    i++;
  }
  return starts;
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
