/** Few small edits that turn a document into another text, line by line: cursors and folds elsewhere stay. */
import type { TextEdit } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** Beyond this many differing lines on either side one edit covers them all: the table below grows with their product. */
const MAX_LINES = 2_000;

export function minimalEdits(document: TextDocument, after: string): TextEdit[] {
  const before = document.getText();
  if (before === after) return [];
  const a = splitLines(before);
  const b = splitLines(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const left = a.slice(head, a.length - tail);
  const right = b.slice(head, b.length - tail);
  const blocks =
    left.length > MAX_LINES || right.length > MAX_LINES
      ? [[0, left.length, 0, right.length]]
      : changedBlocks(left, right);

  const offsets = [0];
  for (const line of a) offsets.push(offsets[offsets.length - 1] + line.length);
  return blocks.map(([fromA, toA, fromB, toB]) => ({
    range: { start: document.positionAt(offsets[head + fromA]), end: document.positionAt(offsets[head + toA]) },
    newText: right.slice(fromB, toB).join(''),
  }));
}

/** Lines with their ends, so that they join to the text. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** `[fromA, toA, fromB, toB]` of each run of differing lines, by longest common subsequence. */
function changedBlocks(a: readonly string[], b: readonly string[]): number[][] {
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1] + 1
          : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const blocks: number[][] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const [startA, startB] = [i, j];
    while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
      if (j >= b.length || (i < a.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) i += 1;
      else j += 1;
    }
    blocks.push([startA, i, startB, j]);
  }
  return blocks;
}
