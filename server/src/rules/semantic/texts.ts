/** Questions about the whole text of a file, answered statement by statement and kept with the statements. */
import type { ModuleIndex } from './moduleIndex.js';

/** Must be a function of a module: it is the key. It is asked about pieces, so what it looks for stands within a statement or between two. */
export type TextQuestion = (text: string) => boolean;

/** The answer is yes for some statement, or for what stands between them. */
export function anyText(index: ModuleIndex, question: TextQuestion): boolean {
  index.looksAround++;
  for (const { unit, answers } of index.parts) {
    let answer = answers.get(question);
    if (answer === undefined) {
      answer = question(unit.text);
      answers.set(question, answer);
    }
    if (answer) return true;
  }
  return question(index.once(textBetween));
}

/** Comments at the margin, and blank lines. */
function textBetween({ parts, text }: ModuleIndex): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { unit } of parts) {
    if (unit.start > at) pieces.push(text.slice(at, unit.start));
    at = unit.start + unit.text.length;
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}
