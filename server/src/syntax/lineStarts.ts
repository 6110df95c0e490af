/** Where the lines of a text begin. */
import { LatestTexts } from './latestTexts.js';

const known = new LatestTexts<Int32Array>(8, find);

/** UTF-16 offsets; the first is 0, and a text that ends with a line feed has an empty last line. */
export function lineStarts(text: string): Int32Array {
  return known.of(text);
}

let scratch = new Int32Array(1 << 10);

function find(text: string): Int32Array {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (count === scratch.length) {
      const larger = new Int32Array(2 * count);
      larger.set(scratch);
      scratch = larger;
    }
    scratch[count++] = at + 1;
  }
  return scratch.slice(0, count);
}

/** The line, from 0, that an offset stands in. */
export function lineAt(starts: Int32Array, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
