/** What a class assigns to `self`: sub-modules, buffers and plain numbers. */
import type { Call, ClassDef, Expr, FunctionDef, Stmt } from '../../syntax/ast.js';
import { isStatement, type ModuleIndex } from './moduleIndex.js';
import { basesOf } from './names.js';
import type { Scope } from './parts.js';
import { walk } from './walk.js';

export interface SelfAttribute {
  readonly value: Expr;
  /** The method that assigns it. */
  readonly scope: Scope;
  /** `self.register_buffer('mask', value)`. */
  readonly isBuffer: boolean;
  readonly stmt: Stmt;
}

const tables = new WeakMap<ClassDef, Map<string, SelfAttribute[]>>();

/** Every assignment to `self.<name>` in the class itself. */
function tableOf(node: ClassDef, index: ModuleIndex): Map<string, SelfAttribute[]> {
  const known = tables.get(node);
  if (known !== undefined) return known;
  const table = new Map<string, SelfAttribute[]>();
  const add = (name: string, attribute: SelfAttribute): void => {
    const list = table.get(name);
    if (list === undefined) table.set(name, [attribute]);
    else list.push(attribute);
  };
  for (const method of node.body) {
    if (method.type !== 'FunctionDef') continue;
    const scope = index.functionScope(method);
    const self = (method.args.posonlyargs[0] ?? method.args.args[0])?.arg;
    if (scope === null || self === undefined) continue;
    walk(method, (inner) => {
      if (inner.type === 'Assign' || (inner.type === 'AnnAssign' && inner.value !== null)) {
        const targets = inner.type === 'Assign' ? inner.targets : [inner.target];
        for (const target of targets) {
          if (target.type === 'Attribute' && target.value.type === 'Name' && target.value.id === self) {
            add(target.attr, { value: inner.value as Expr, scope, isBuffer: false, stmt: inner });
          }
        }
      } else if (inner.type === 'Expr' && inner.value.type === 'Call') {
        const buffer = registeredBuffer(inner.value, self);
        if (buffer !== null) add(buffer.name, { value: buffer.value, scope, isBuffer: true, stmt: inner });
      }
      // no expression holds a statement
      return isStatement(inner);
    });
  }
  tables.set(node, table);
  return table;
}

function registeredBuffer(call: Call, self: string): { name: string; value: Expr } | null {
  const { func } = call;
  if (
    func.type !== 'Attribute' ||
    func.attr !== 'register_buffer' ||
    func.value.type !== 'Name' ||
    func.value.id !== self
  )
    return null;
  const name = call.args[0];
  const value = call.args[1] ?? call.keywords.find((keyword) => keyword.arg === 'tensor')?.value;
  if (name?.type !== 'Constant' || typeof name.value !== 'string' || value === undefined) return null;
  return { name: name.value, value };
}

/** The one assignment of `self.<name>` in a class or its bases of this file; null when there is none or more than one. */
export function selfAttribute(
  node: ClassDef | null,
  name: string,
  index: ModuleIndex,
  depth = 0,
): SelfAttribute | null {
  if (node === null || depth > 8) return null;
  const own = tableOf(node, index).get(name);
  if (own !== undefined) return own.length === 1 ? (own[0] as SelfAttribute) : null;
  for (const base of basesOf(node, index).local) {
    const found = selfAttribute(base, name, index, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

export function methodNamed(node: ClassDef, name: string, index: ModuleIndex, depth = 0): FunctionDef | null {
  for (const stmt of node.body) if (stmt.type === 'FunctionDef' && stmt.name === name) return stmt;
  if (depth > 8) return null;
  for (const base of basesOf(node, index).local) {
    const found = methodNamed(base, name, index, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
