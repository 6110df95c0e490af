/** Edits of a call's argument list. */
import type { Call } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { OffsetEdit } from '../types.js';

/** Adds `text` (`need_weights=False`) as the last argument. */
export function appendArgument(call: Call, text: string, index: ModuleIndex): OffsetEdit {
  const { end } = index.range(call);
  const unit = index.unitOf(call);
  const ends = [...call.args.map((arg) => arg.end), ...call.keywords.map((keyword) => keyword.end)];
  if (ends.length === 0) return { start: end - 1, end: end - 1, newText: text };
  const at = unit.start + Math.max(...ends);
  return { start: at, end: at, newText: `, ${text}` };
}
