/** `eval` and `exec` of text that is known: compiled as any code is, run in the namespaces that CPython gives it. */
import { dictSet } from './builtins/hash.js';
import { compileExpression, compileTopStatement } from './compileFunction.js';
import { raise } from './errors.js';
import { Frame } from './frame.js';
import type { Machine } from './machine.js';
import { PyModule } from './objects.js';
import { SourceUnit } from './place.js';
import { NativeFunction, PyDict, Unknown, type Value } from './values.js';

const file = { path: '<string>', moduleName: '<string>', internal: true };

/** A dict that stands for a module's names: `globals()`, `module.__dict__`. */
export interface ModuleNames {
  readonly module: PyModule;
}

interface Namespace {
  readonly globals: PyModule;
  /** Names beside the module's; null: the code stands at module level. */
  readonly names: Map<string, Value> | null;
  /** Gives dicts that were passed what the code has bound. */
  readonly writeBack: () => void;
}

/** `eval(source, globals=None, locals=None)` or `exec`, which gives `None`. */
export function evaluator(name: 'eval' | 'exec'): NativeFunction {
  return new NativeFunction(name, (m, args, kwargs) => {
    const vm = m as Machine;
    const [source] = args;
    const globals = args[1] ?? kwargs?.get('globals') ?? null;
    const locals = args[2] ?? kwargs?.get('locals') ?? null;
    if (typeof source !== 'string' || globals instanceof Unknown || locals instanceof Unknown)
      return vm.gap(`${name}()`, source instanceof Unknown ? source.why : `${name}() of this is not run`);
    const tree = vm.imports.parse(name === 'eval' ? source.trim() : source);
    if (tree === null) return vm.gap(`${name}()`, `${name}() is not run`);
    const [first] = tree.statements;
    if (tree.problems.length > 0) raise('SyntaxError', 'invalid syntax (<string>, line 1)');
    const space = namespace(vm, globals, locals);
    if (name === 'eval') {
      if (first?.node.type !== 'Expr' || tree.statements.length !== 1)
        return raise('SyntaxError', 'invalid syntax (<string>, line 1)');
      return run(vm, space, compileExpression(file, new SourceUnit(first), first.node.value));
    }
    for (const top of tree.statements) run(vm, space, compileTopStatement(file, new SourceUnit(top)));
    space.writeBack();
    return null;
  });
}

function run(vm: Machine, { globals, names }: Namespace, code: Frame['code']): Value {
  const frame = new Frame(code, globals, new Array(code.varnames.length).fill(undefined), []);
  frame.names = names;
  return vm.runFrame(frame);
}

function namespace(vm: Machine, globals: Value, locals: Value): Namespace {
  const caller = vm.frames[vm.frames.length - 1]!;
  if (globals === null && locals === null)
    return { globals: caller.globals, names: namesAround(vm), writeBack: () => undefined };
  const [module, giveGlobals] = globals === null ? [caller.globals, () => undefined] : moduleOf(vm, globals);
  if (locals === null || locals === globals) return { globals: module, names: null, writeBack: giveGlobals };
  const names = new Map<string, Value>();
  if (locals instanceof PyDict)
    for (const [key, v] of locals.entries.values()) if (typeof key === 'string') names.set(key, v);
  const writeBack = (): void => {
    giveGlobals();
    if (locals instanceof PyDict) for (const [key, v] of names) dictSet(vm, locals, key, v);
  };
  return { globals: module, names, writeBack };
}

/** The module behind `globals()`; for any other dict one that holds its names, and gives them back after. */
function moduleOf(vm: Machine, globals: Value): [PyModule, () => void] {
  const { module } = globals as Partial<ModuleNames>;
  if (module instanceof PyModule) return [module, () => undefined];
  if (!(globals instanceof PyDict)) raise('TypeError', 'globals must be a dict');
  const made = new PyModule('<string>', null);
  for (const [key, v] of globals.entries.values()) if (typeof key === 'string') made.ns.set(key, v);
  const giveBack = (): void => {
    for (const [key, v] of made.ns) dictSet(vm, globals, key, v);
  };
  return [made, giveBack];
}

/** The names of the function that calls; a comprehension sees those around it. Null at module level. */
function namesAround(vm: Machine): Map<string, Value> | null {
  const names = new Map<string, Value>();
  for (let i = vm.frames.length - 1; i >= 0; i--) {
    const f = vm.frames[i]!;
    const add = (name: string, v: Value | undefined): void => {
      if (v !== undefined && !names.has(name) && !name.startsWith('.')) names.set(name, v);
    };
    for (const [k, name] of f.code.varnames.entries()) add(name, f.locals[k]);
    for (const [k, name] of [...f.code.cellvars, ...f.code.freevars].entries()) add(name, f.cells[k]?.value);
    // what a class body binds stays bound
    if (f.names !== null && names.size === 0) return f.names;
    for (const [name, v] of f.names ?? []) add(name, v);
    if (!/^<(list|set|dict)comp>$/.test(f.code.name)) {
      return names.size === 0 && f.code.name === '<module>' ? null : names;
    }
  }
  return names;
}
