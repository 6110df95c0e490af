/** Our AST in the normal form that dump_ast.py prints CPython's in: canonical JSON text per top-level statement. */
import type { ModuleTree } from '../../server/src/syntax/ast.js';

const left = new Set(['start', 'end', 'nameStart', 'attrStart']);

/** JSON with sorted keys and ASCII escapes, as Python's `json.dumps(…, sort_keys=True)` writes it. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `"${key}":${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function hexOfDouble(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

function normal(value: unknown, base: number, inside: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => normal(item, base, inside));
  if (value === null || typeof value !== 'object') return value;
  const node = value as Record<string, unknown>;
  const inner = inside || node.type === 'JoinedStr';
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(node)) {
    if (!left.has(key)) out[key] = normal(item, base, inner);
  }
  if (node.type === 'Constant') {
    if (node.kind === 'int') out.value = String(node.value);
    if (node.kind === 'float' || node.kind === 'imaginary') out.value = hexOfDouble(node.value as number);
  }
  if (!inside && typeof node.start === 'number' && node.type !== 'FormattedValue') {
    out['@'] = [node.start + base, (node.end as number) + base];
  }
  return out;
}

/** One canonical line per top-level statement. */
export function normalStatements(tree: ModuleTree): string[] {
  return tree.statements.map((statement) => canonical(normal(statement.node, statement.start, false)));
}

/** The whole of what a tree says, to compare trees of ours with each other. */
export function wholeTree(tree: ModuleTree): unknown {
  return {
    statements: tree.statements.map(({ start, length, node, text }) => ({ start, length, node, text })),
    comments: tree.comments,
    problems: tree.problems,
    length: tree.length,
  };
}
