/** What a file offers to estimate: model classes that can be built, factories that give one, and training loops. */
import { lookup } from '../python/classes.js';
import { Aborted, PyRaise } from '../python/errors.js';
import { PyFunction } from '../python/objects.js';
import { PyClass, type Value } from '../python/values.js';
import type { Call, ClassDef, Expr, FunctionDef, Stmt } from '../syntax/ast.js';
import { constructionsOf } from './callInputs.js';
import { argumentsFor } from './constructorArguments.js';
import { type InputSpec, parsePragma } from './inputSpec.js';
import type { Program } from './program.js';
import { rootsOf } from './training.js';

export interface EntryPoint {
  /** Python expression; for models that cannot be built the bare name. */
  readonly entry: string;
  readonly name: string;
  /** Absolute offsets of the class or function name. */
  readonly nameStart: number;
  readonly nameEnd: number;
  /** Absolute offsets of the whole definition. */
  readonly start: number;
  readonly end: number;
  readonly kind: 'class' | 'factory' | 'training';
  /** Why it cannot be built. */
  readonly missing: string | null;
  /** From a pragma comment inside or just above the definition. */
  readonly inputs: readonly InputSpec[];
}

export function entryPoints(p: Program): EntryPoint[] {
  const { main } = p;
  if (main === null || main.tree === null) return [];
  const { statements, comments } = main.tree;
  const pragmas = comments.map(parsePragma).filter((x) => x !== null);
  const models = new Set<string>();
  const out: EntryPoint[] = [];
  const calls = collectCalls(statements.map((s) => s.node));
  for (const top of statements) {
    const node = definition(top.node);
    if (node === null) continue;
    const value = global(p, node.name);
    const nameStart = top.start + node.nameStart;
    const start = top.start;
    const end = top.start + top.length;
    const inputs = pragmas
      .filter((x) => x.start >= start - 120 && x.end <= end && above(x.start, start, statements))
      .flatMap((x) => x.inputs);
    const base = { name: node.name, nameStart, nameEnd: nameStart + node.name.length, start, end, inputs };
    if (node.type === 'ClassDef') {
      if (!(value instanceof PyClass) || lookup(value, '__is_nn_module__') !== true) continue;
      models.add(node.name);
      const how = buildExpression(p, value, node, calls, top.node);
      // parts of another model of the file are seen inside it
      const isPart = (c: FoundCall): boolean =>
        c.name === node.name && c.within !== top.node && c.within.type === 'ClassDef';
      if (how.entry === null && calls.some(isPart)) continue;
      out.push({ ...base, kind: 'class', entry: how.entry ?? node.name, missing: how.missing });
    } else if (isFactory(node, value, models)) {
      models.add(node.name);
      out.push({ ...base, kind: 'factory', entry: `${node.name}()`, missing: null });
    }
  }
  for (const root of rootsOf(p)) {
    const top = statements[root.top]!;
    out.push({
      entry: root.entry,
      name: root.name,
      nameStart: top.start + root.start,
      nameEnd: top.start + root.end,
      start: top.start,
      end: top.start + top.length,
      kind: 'training',
      missing: root.missing,
      inputs: [],
    });
  }
  return out;
}

/** A pragma belongs to the definition it stands in, or to the one right below it. */
function above(at: number, start: number, statements: readonly { start: number; length: number }[]): boolean {
  if (at >= start) return true;
  return !statements.some((s) => s.start + s.length > at && s.start < start);
}

function definition(s: Stmt): ClassDef | FunctionDef | null {
  return s.type === 'ClassDef' || s.type === 'FunctionDef' ? s : null;
}

function global(p: Program, name: string): Value | undefined {
  try {
    return p.machine.imports.global(p.main!, name, Number.POSITIVE_INFINITY);
  } catch (e) {
    if (e instanceof PyRaise) return undefined;
    if (!(e instanceof Aborted) || e.reason === 'cancelled') throw e;
    // the next definition is not to pay for it
    p.refuel();
    return undefined;
  }
}

/** Names of required constructor parameters. */
function requiredOf(cls: PyClass): { name: string; annotation: string | null }[] {
  const init = lookup(cls, '__init__');
  if (!(init instanceof PyFunction)) return [];
  const { code } = init;
  const out: { name: string; annotation: string | null }[] = [];
  const text = (n: string): string | null => {
    const a = init.annotations?.get(n);
    return typeof a === 'string' ? a : null;
  };
  for (let i = 1; i < code.argcount - init.defaults.length; i++)
    out.push({ name: code.varnames[i]!, annotation: text(code.varnames[i]!) });
  for (let i = code.argcount; i < code.argcount + code.kwonly; i++) {
    const n = code.varnames[i]!;
    if (init.kwdefaults?.get(n) === undefined) out.push({ name: n, annotation: text(n) });
  }
  return out;
}

function buildExpression(
  p: Program,
  cls: PyClass,
  node: ClassDef,
  calls: readonly FoundCall[],
  self: Stmt,
): { entry: string | null; missing: string | null } {
  const required = requiredOf(cls);
  if (required.length === 0) return { entry: `${node.name}()`, missing: null };
  // an instantiation with literal arguments elsewhere in the file
  const seen = calls.find((c) => c.name === node.name && c.within !== self && c.literal);
  if (seen !== undefined) return { entry: seen.text, missing: null };
  // one whose arguments are the values of variables there
  const made = constructionsOf(p, node.name)[0];
  if (made !== undefined) return { entry: made.entry, missing: null };
  // configuration objects that build without arguments
  const parts: string[] = [];
  for (const r of required) {
    const bare =
      r.annotation
        ?.replace(/^["']|["']$/g, '')
        .replace(/^Optional\[(.*)\]$/, '$1')
        .replace(/\s*\|\s*None$/, '') ?? (required.length === 1 ? configurationOf(p, r.name) : null);
    const value = bare !== null && /^[A-Za-z_]\w*$/.test(bare) ? global(p, bare) : undefined;
    if (
      value instanceof PyClass &&
      lookup(value, '__is_nn_module__') !== true &&
      value.module !== 'builtins' &&
      requiredOf(value).length === 0
    )
      parts.push(`${r.name}=${bare}()`);
    else {
      const given = argumentsFor(p, node.name, required);
      if (given !== null) return { entry: given, missing: null };
      const names = required.map((x) => x.name);
      return { entry: null, missing: `needs argument${names.length > 1 ? 's' : ''} ${names.join(', ')}` };
    }
  }
  return { entry: `${node.name}(${parts.join(', ')})`, missing: null };
}

/** The file's one configuration class that builds without arguments, for a parameter that is named like a configuration. */
function configurationOf(p: Program, param: string): string | null {
  if (!/^_?(config|cfg|conf|args|hparams|hps|params|opt|options|configs)$/i.test(param)) return null;
  const found = p.main!.tree!.statements.flatMap((s) => {
    if (s.node.type !== 'ClassDef' || !/(config|args|params|hparams|options|cfg)$/i.test(s.node.name)) return [];
    const value = global(p, s.node.name);
    return value instanceof PyClass && lookup(value, '__is_nn_module__') !== true && requiredOf(value).length === 0
      ? [s.node.name]
      : [];
  });
  return found.length === 1 ? found[0]! : null;
}

function isFactory(node: FunctionDef, value: Value | undefined, models: ReadonlySet<string>): boolean {
  if (node.isAsync || !(value !== undefined && value !== null)) return false;
  const a = node.args;
  if ([...a.posonlyargs, ...a.args, ...a.kwonlyargs].some((x) => x.default === null)) return false;
  const returns = node.returns;
  if (returns !== null) {
    if (returns.type === 'Constant' && returns.kind === 'none') return false;
    const name =
      returns.type === 'Name'
        ? returns.id
        : returns.type === 'Constant' && typeof returns.value === 'string'
          ? returns.value
          : returns.type === 'Attribute'
            ? returns.attr
            : '';
    if (models.has(name) || name === 'Module' || name === 'Sequential') return true;
    if (['int', 'str', 'float', 'bool', 'Tensor', 'Dict', 'List', 'Tuple'].includes(name)) return false;
  }
  const returned = collectCalls(node.body).filter((c) => c.returned);
  if (returned.some((c) => models.has(c.name) || c.name === 'Sequential')) return true;
  // `model = Net(...); return model`
  const assigned = new Set<string>();
  walkStatements(node.body, (s) => {
    if (s.type === 'Assign' && s.value.type === 'Call' && models.has(calleeName(s.value)))
      for (const t of s.targets) if (t.type === 'Name') assigned.add(t.id);
  });
  let found = false;
  walkStatements(node.body, (s) => {
    if (s.type === 'Return' && s.value?.type === 'Name' && assigned.has(s.value.id)) found = true;
  });
  return found;
}

interface FoundCall {
  readonly name: string;
  readonly text: string;
  /** All arguments are literals. */
  readonly literal: boolean;
  readonly within: Stmt;
  readonly returned: boolean;
}

function calleeName(c: Call): string {
  return c.func.type === 'Name' ? c.func.id : c.func.type === 'Attribute' ? c.func.attr : '';
}

function walkStatements(body: readonly Stmt[], visit: (s: Stmt) => void): void {
  for (const s of body) {
    visit(s);
    for (const inner of [
      (s as { body?: readonly Stmt[] }).body,
      (s as { orelse?: readonly Stmt[] }).orelse,
      (s as { finalbody?: readonly Stmt[] }).finalbody,
    ]) {
      if (Array.isArray(inner)) walkStatements(inner, visit);
    }
    if (s.type === 'Try') for (const h of s.handlers) walkStatements(h.body, visit);
    if (s.type === 'Match') for (const k of s.cases) walkStatements(k.body, visit);
  }
}

const foundCalls = new WeakMap<Stmt, readonly FoundCall[]>();

/** Every call of a plain name in the statements; literal ones with their text rebuilt. */
function collectCalls(statements: readonly Stmt[]): FoundCall[] {
  return statements.flatMap(callsWithin);
}

/** Statements and methods that an edit left alone are known. */
function callsWithin(top: Stmt): readonly FoundCall[] {
  let own = foundCalls.get(top);
  if (own === undefined) {
    own = callsIn(top);
    foundCalls.set(top, own);
  }
  return own;
}

function callsIn(top: Stmt): FoundCall[] {
  const out: FoundCall[] = [];
  const visit = (node: unknown, returned: boolean): void => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) {
      for (const x of node) visit(x, false);
      return;
    }
    const n = node as { type?: string };
    if (n.type === 'FunctionDef' && node !== top) {
      for (const c of callsWithin(node as Stmt)) out.push({ ...c, within: top });
      return;
    }
    if (n.type === 'Call') {
      const c = node as Call;
      const name = calleeName(c);
      const literals = c.func.type === 'Name' ? literalCall(c) : null;
      if (name !== '') out.push({ name, text: literals ?? '', literal: literals !== null, within: top, returned });
    }
    for (const key in node) {
      const value = (node as Record<string, unknown>)[key];
      if (typeof value === 'object' && value !== null) visit(value, n.type === 'Return' && key === 'value');
    }
  };
  visit(top, false);
  return out;
}

function literal(e: Expr): string | null {
  switch (e.type) {
    case 'Constant':
      if (e.kind === 'none') return 'None';
      if (e.kind === 'bool') return e.value === true ? 'True' : 'False';
      if (e.kind === 'str') return JSON.stringify(e.value);
      if (e.kind === 'int') return String(e.value);
      if (e.kind === 'float') return Number.isInteger(e.value as number) ? `${String(e.value)}.0` : String(e.value);
      return null;
    case 'UnaryOp': {
      const v = literal(e.operand);
      return v === null || e.op === 'not' ? null : `${e.op}${v}`;
    }
    case 'List':
    case 'Tuple': {
      const items = e.elts.map(literal);
      if (items.some((x) => x === null)) return null;
      return e.type === 'List' ? `[${items.join(', ')}]` : `(${items.join(', ')}${items.length === 1 ? ',' : ''})`;
    }
    default:
      return null;
  }
}

function literalCall(c: Call): string | null {
  const parts: string[] = [];
  for (const a of c.args) {
    const t = literal(a);
    if (t === null) return null;
    parts.push(t);
  }
  for (const k of c.keywords) {
    const t = literal(k.value);
    if (t === null || k.arg === null) return null;
    parts.push(`${k.arg}=${t}`);
  }
  return `${calleeName(c)}(${parts.join(', ')})`;
}
