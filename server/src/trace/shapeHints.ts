/**
 * What code says about the shapes of a parameter without annotations: docstrings such as
 * "x: (B, T, C)" and unpackings such as `b, t, c = x.shape`.
 */

import type { PyFunction } from '../python/objects.js';
import type { ClassDef, Expr, FunctionDef, Stmt } from '../syntax/ast.js';
import { splitTopLevel } from './shapeAnnotations.js';

/** Names of the dimensions in order, as written: `B`, `3`, `T + right_context`. */
export type DimNames = readonly string[];

const dimension = /^(?:[A-Za-z_]\w*|\d+|max of \w+|[-+*/() ])+$/;

/** Lists in round or square brackets, with brackets inside of them. */
function bracketed(text: string): string[][] {
  const out: string[][] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '(' && text[i] !== '[') continue;
    let depth = 0;
    for (let j = i; j < text.length; j++) {
      if ('(['.includes(text[j]!)) depth++;
      else if (')]'.includes(text[j]!)) depth--;
      if (depth > 0) continue;
      out.push(splitTopLevel(text.slice(i + 1, j)).map((d) => d.trim()));
      break;
    }
  }
  return out;
}

/** Dimensions that a docstring gives for a parameter. */
export function docstringDims(docstring: string, param: string): DimNames | null {
  // from the parameter's own line to the next entry
  const start = new RegExp(`^[ \\t]*(?::param\\s+(?:[\\w.]+\\s+)?)?[*\`]{0,2}${param}\\b[^\\n]*`, 'm').exec(docstring);
  if (start === null) return null;
  const rest = docstring.slice(start.index + start[0].length);
  const next = /\n\s*(?:\w+\s*(?:\([^)]*\))?\s*:|Returns?\b|Args\b|Shape:?\s*\n|:param|:return|Example|\n)/.exec(rest);
  const entry =
    start[0].replace(/^\s*\*{0,2}\w+\s*(?:\((?:torch\.)?(?:Tensor|LongTensor|FloatTensor)[^)]*\))?/, '') +
    rest.slice(0, next?.index ?? 200);
  for (const names of bracketed(entry)) {
    const looks = names.length > 1 || /\b(shape|size|dim(ension)?s?)\b/i.test(entry);
    if (looks && names.length <= 6 && names.every((d) => d.length < 50 && dimension.test(d))) return names;
  }
  return null;
}

/** The definition that a function's code was compiled from. */
export function definitionOf(f: PyFunction): FunctionDef | null {
  const { code } = f;
  const search = (body: readonly Stmt[]): FunctionDef | null => {
    for (const s of body) {
      if (s.type === 'FunctionDef' && s.start === code.start && s.name === code.name) return s;
      if ((s.type === 'ClassDef' || s.type === 'FunctionDef') && s.start <= code.start && s.end >= code.end)
        return search(s.body);
      if (s.type === 'If' || s.type === 'Try') {
        const inner = search([...s.body, ...s.orelse]);
        if (inner !== null) return inner;
      }
    }
    return null;
  };
  return search([code.unit.top.node]);
}

/** Dimensions that a comment inside the function gives: `# x: (B, T, C)`, `# x is [batch, seq]`. */
export function commentDims(f: PyFunction, param: string): DimNames | null {
  const { tree } = f.globals;
  const start = f.code.unit.start + f.code.start;
  const end = f.code.unit.start + f.code.end;
  for (const c of tree?.comments ?? []) {
    if (c.start < start - 200 || c.start > end) continue;
    const text = c.text.replace(/^#+\s*/, '');
    const found = new RegExp(`^${param}\\b[^(\\[]{0,24}[(\\[]`).test(text) ? docstringDims(text, param) : null;
    if (found !== null && found.length > 1) return found;
  }
  return null;
}

/** `b, t, c = x.shape`, `b, t, c = x.size()`, `n = x.shape[0]` does not say the rank. */
export function unpackedDims(node: FunctionDef | ClassDef, param: string): DimNames | null {
  const isShape = (e: Expr): boolean =>
    (e.type === 'Attribute' && e.attr === 'shape' && e.value.type === 'Name' && e.value.id === param) ||
    (e.type === 'Call' &&
      e.args.length === 0 &&
      e.func.type === 'Attribute' &&
      e.func.attr === 'size' &&
      e.func.value.type === 'Name' &&
      e.func.value.id === param);
  for (const s of node.body) {
    if (s.type !== 'Assign') continue;
    // the parameter may be another tensor from here on
    const target = s.targets[0]!;
    if (
      isShape(s.value) &&
      (target.type === 'Tuple' || target.type === 'List') &&
      target.elts.every((e) => e.type === 'Name')
    ) {
      return target.elts.map((e) => (e.type === 'Name' ? e.id : '_'));
    }
    if (target.type === 'Name' && target.id === param) return null;
  }
  return null;
}
