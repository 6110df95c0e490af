/**
 * Calls of models that a file makes itself: `model = Net(3); y = model(torch.randn(2, 3, 32, 32))` in the
 * script, under the main guard, in a function or a test, and what tracers and summaries are given
 * (`torch.onnx.export(model, dummy)`, `summary(model, (3, 32, 32))`). Found in the tree, nothing runs here.
 */
import type { Assign, Call, Expr, FunctionDef, ModuleTree, Stmt, TopStatement } from '../syntax/ast.js';

/** One block on the way from the module down to a statement. */
export interface Level {
  readonly body: readonly Stmt[];
  /** The statement of `body` on the way. */
  readonly index: number;
  /** What `body` is the body of; null for the module. */
  readonly owner: Stmt | null;
}

export interface CallSite {
  /** Class or function whose result is called. */
  readonly made: string;
  /** The expression that makes the model. */
  readonly construction: Call;
  readonly constructionPath: readonly Level[];
  /** What the model is given; null for a model that is made and never called. */
  readonly args: readonly Expr[] | null;
  readonly keywords: readonly { readonly name: string | null; readonly value: Expr }[];
  /** `size`: the argument is a shape without its batch; `shape`: with it. */
  readonly form: 'values' | 'size' | 'shape';
  readonly path: readonly Level[];
  readonly top: TopStatement;
  /** Offset of the call, relative to `top`. */
  readonly start: number;
}

const wrappers =
  /^(to|cuda|cpu|eval|train|half|bfloat16|float|requires_grad_|compile|script|DataParallel|DistributedDataParallel|DDP|FSDP|prepare|fuse|apply|share_memory)$/;
const tracers =
  /^(trace|export|dynamo_export|draft_export|FlopCountAnalysis|ActivationCountAnalysis|make_fx|explain|get_model_complexity_info|summary|profile|flop_count|ptflops|symbolic_trace|count_ops|profile_macs|draw_graph|add_graph|capture_pre_autograd_graph|prepare_fx|clever_format)$/;

const known = new WeakMap<ModuleTree, readonly CallSite[]>();

/** Calls in the order in which they stand. */
export function callSites(tree: ModuleTree): readonly CallSite[] {
  let sites = known.get(tree);
  if (sites === undefined) {
    sites = find(tree);
    known.set(tree, sites);
  }
  return sites;
}

/** A call that may be one of a model, and the way to it inside the statement that it is kept with. */
interface Candidate {
  readonly call: Call;
  readonly inside: readonly Level[];
  /** Whether a block on the way may give what it calls its value; false: only the blocks around do. */
  readonly isLocal: boolean;
}

const candidatesKnown = new WeakMap<Stmt, readonly Candidate[]>();

/** Those of a statement that an edit left alone are known: of a top-level statement, or of a method. */
function candidatesIn(root: Stmt): readonly Candidate[] {
  const known = candidatesKnown.get(root);
  if (known !== undefined) return known;
  const out: Candidate[] = [];
  const statement = (s: Stmt, inside: readonly Level[]): void => {
    for (const call of callsOf(s)) if (mayBeSite(call)) out.push({ call, inside, isLocal: mayBeLocal(call, inside) });
    for (const body of blocksOf(s))
      for (const [index, inner] of body.entries()) part(inner, [...inside, { body, index, owner: s }]);
  };
  const part = (s: Stmt, inside: readonly Level[]): void => {
    if (s.type !== 'FunctionDef') statement(s, inside);
    else
      for (const one of candidatesIn(s))
        out.push({ ...one, inside: [...inside, ...one.inside], isLocal: one.isLocal || mayBeLocal(one.call, inside) });
  };
  statement(root, []);
  candidatesKnown.set(root, out);
  return out;
}

function mayBeSite({ func }: Call): boolean {
  return func.type !== 'Attribute' || func.attr === 'forward' || tracers.test(func.attr);
}

/** Only of a plain name that nothing else is known of it can be said that its blocks give it no value. */
function mayBeLocal({ func }: Call, inside: readonly Level[]): boolean {
  return func.type !== 'Name' || tracers.test(func.id) || inside.some(({ body }) => assignedNames(body).has(func.id));
}

function find(tree: ModuleTree): CallSite[] {
  const out: CallSite[] = [];
  const module = tree.statements.map((s) => s.node);
  const classes = new Set(module.flatMap((s) => (s.type === 'ClassDef' ? [s.name] : [])));
  const assigned = assignedNames(module);
  tree.statements.forEach((top, index) => {
    for (const { call, inside, isLocal } of candidatesIn(top.node)) {
      const { func } = call;
      const isClass = func.type === 'Name' && classes.has(func.id);
      if (!isLocal && !isClass && func.type === 'Name' && !assigned.has(func.id)) continue;
      const path: Level[] = [{ body: module, index, owner: null }, ...inside];
      const site = siteOf(call, path, top);
      if (site !== null) out.push(site);
      // a model that is made and called elsewhere
      else if (isClass && call.args.length + call.keywords.length > 0)
        out.push({
          made: func.id,
          construction: call,
          constructionPath: path,
          args: null,
          keywords: [],
          form: 'values',
          path,
          top,
          start: call.start,
        });
    }
  });
  return out;
}

/** Blocks inside a statement. */
export function blocksOf(s: Stmt): (readonly Stmt[])[] {
  switch (s.type) {
    case 'If':
    case 'For':
    case 'While':
      return [s.body, s.orelse];
    case 'With':
    case 'FunctionDef':
    case 'ClassDef':
      return [s.body];
    case 'Try':
      return [s.body, ...s.handlers.map((h) => h.body), s.orelse, s.finalbody];
    default:
      return [];
  }
}

/** Calls in the expressions of a statement itself, not in blocks inside it. */
function callsOf(s: Stmt): Call[] {
  const out: Call[] = [];
  const inside = new Set<unknown>(blocksOf(s));
  const visit = (node: object): void => {
    if (Array.isArray(node)) {
      if (!inside.has(node)) for (const n of node) if (typeof n === 'object' && n !== null) visit(n as object);
      return;
    }
    if ((node as { type?: string }).type === 'Call') out.push(node as Call);
    for (const key in node) {
      const value = (node as Record<string, unknown>)[key];
      if (typeof value === 'object' && value !== null) visit(value);
    }
  };
  if (s.type !== 'ClassDef' && s.type !== 'FunctionDef' && s.type !== 'Import' && s.type !== 'ImportFrom') visit(s);
  return out;
}

/** The last part of what is called. */
export function calleeName(c: Call): string {
  return c.func.type === 'Name' ? c.func.id : c.func.type === 'Attribute' ? c.func.attr : '';
}

function siteOf(call: Call, path: readonly Level[], top: TopStatement): CallSite | null {
  const name = calleeName(call);
  const rest = { path, top, start: call.start };
  const keywords = (): CallSite['keywords'] => call.keywords.map((k) => ({ name: k.arg, value: k.value }));
  if (
    call.func.type === 'Name' ||
    call.func.type === 'Call' ||
    (call.func.type === 'Attribute' && call.func.attr === 'forward')
  ) {
    const on = call.func.type === 'Attribute' ? call.func.value : call.func;
    const made = construction(on, path);
    if (made !== null && call.args.length + call.keywords.length > 0)
      return { ...made, ...rest, args: call.args, keywords: keywords(), form: 'values' };
  }
  if (tracers.test(name)) {
    const named = (n: RegExp): Expr | undefined => call.keywords.find((k) => k.arg !== null && n.test(k.arg))?.value;
    const model = call.args[0] ?? named(/^(model|module|net)$/);
    const made = model === undefined ? null : construction(model, path);
    if (made === null) return null;
    const given =
      named(/^(input_data|inputs|args|example_inputs|example_inputs_args|input_to_model|sample_inputs)$/) ??
      (named(/^(input_size|input_res|input_shape)$/) === undefined ? call.args[1] : undefined);
    const size = named(/^(input_size|input_res|input_shape)$/) ?? given;
    if (size === undefined) return null;
    if (
      named(/^(input_size|input_res|input_shape)$/) !== undefined ||
      /^(summary|get_model_complexity_info)$/.test(name)
    )
      if (numbersOnly(size))
        return {
          ...made,
          ...rest,
          args: [size],
          keywords: [],
          form: name === 'get_model_complexity_info' ? 'size' : 'shape',
        };
    const args = size.type === 'Tuple' || size.type === 'List' ? size.elts : [size];
    return { ...made, ...rest, args, keywords: [], form: 'values' };
  }
  return null;
}

function numbersOnly(e: Expr): boolean {
  return (
    (e.type === 'Tuple' || e.type === 'List') &&
    e.elts.length > 0 &&
    e.elts.every(
      (x) =>
        (x.type === 'Constant' && x.kind === 'int') || x.type === 'Name' || x.type === 'Attribute' || numbersOnly(x),
    )
  );
}

type Construction = Pick<CallSite, 'made' | 'construction' | 'constructionPath'>;

/** The call that made the object an expression stands for, through wrappers that give the same model back. */
function construction(e: Expr, path: readonly Level[], depth = 0): Construction | null {
  if (depth > 8) return null;
  if (e.type === 'Name') {
    const found = assignment(e.id, path);
    return found === null ? null : construction(found.value, found.path, depth + 1);
  }
  if (e.type === 'IfExp') return construction(e.body, path, depth + 1) ?? construction(e.orelse, path, depth + 1);
  if (e.type !== 'Call') return null;
  const name = calleeName(e);
  if (wrappers.test(name)) {
    const inner = e.func.type === 'Attribute' ? construction(e.func.value, path, depth + 1) : null;
    return inner ?? (e.args[0] === undefined ? null : construction(e.args[0], path, depth + 1));
  }
  // `Net(...)` or `models.Net(...)`; the results of a model are no models
  const made = e.func.type === 'Name' && construction(e.func, path, depth + 1) !== null ? '' : name;
  return made === '' ? null : { made, construction: e, constructionPath: path };
}

/** The assignment that a name has at the end of a path, looking outward and up. */
function assignment(name: string, path: readonly Level[]): { value: Expr; path: readonly Level[] } | null {
  for (let k = path.length - 1; k >= 0; k--) {
    const { body, index } = path[k]!;
    if (!assignedNames(body).has(name)) continue;
    for (let i = index - 1; i >= 0; i--) {
      const s = body[i]!;
      const found = assignedIn(s, name, [...path.slice(0, k), { ...path[k]!, index: i }]);
      if (found !== null) return found;
    }
  }
  return null;
}

const namesKnown = new WeakMap<readonly Stmt[], ReadonlySet<string>>();

/** Names that `assignedIn` finds in the statements of a block. */
function assignedNames(body: readonly Stmt[]): ReadonlySet<string> {
  const known = namesKnown.get(body);
  if (known !== undefined) return known;
  const names = new Set<string>();
  for (const s of body) {
    if (s.type === 'Assign') for (const t of s.targets) if (t.type === 'Name') names.add(t.id);
    if (s.type === 'AnnAssign' && s.target.type === 'Name') names.add(s.target.id);
    if (s.type === 'If' || s.type === 'With' || s.type === 'Try')
      for (const inner of blocksOf(s)) for (const n of assignedNames(inner)) names.add(n);
  }
  namesKnown.set(body, names);
  return names;
}

function assignedIn(s: Stmt, name: string, path: readonly Level[]): { value: Expr; path: readonly Level[] } | null {
  if (s.type === 'Assign' && s.targets.some((t) => t.type === 'Name' && t.id === name)) return { value: s.value, path };
  if (s.type === 'AnnAssign' && s.value !== null && s.target.type === 'Name' && s.target.id === name)
    return { value: s.value, path };
  if (s.type === 'If' || s.type === 'With' || s.type === 'Try') {
    for (const body of blocksOf(s)) {
      for (let i = body.length - 1; i >= 0; i--) {
        const found = assignedIn(body[i]!, name, [...path, { body, index: i, owner: s }]);
        if (found !== null) return found;
      }
    }
  }
  return null;
}

// ------------------------------------------------------------- slices

/** Every name in a piece of the tree. */
export function namesIn(node: unknown, out = new Set<string>()): Set<string> {
  if (node === null || typeof node !== 'object') return out;
  if (Array.isArray(node)) {
    for (const n of node) namesIn(n, out);
    return out;
  }
  const n = node as { type?: string; id?: string };
  if (n.type === 'Name') out.add(n.id!);
  else for (const key in node) namesIn((node as Record<string, unknown>)[key], out);
  return out;
}

/** Names that a statement gives a value, and those whose objects it changes. */
function writes(s: Stmt): { bound: Set<string>; changed: Set<string> } {
  const bound = new Set<string>();
  const changed = new Set<string>();
  const target = (t: Expr): void => {
    if (t.type === 'Name') bound.add(t.id);
    else if (t.type === 'Tuple' || t.type === 'List') for (const e of t.elts) target(e);
    else if (t.type === 'Starred') target(t.value);
    else if (t.type === 'Subscript' || t.type === 'Attribute') {
      let base: Expr = t;
      while (base.type === 'Subscript' || base.type === 'Attribute') base = base.value;
      if (base.type === 'Name') changed.add(base.id);
    }
  };
  if (s.type === 'Assign') for (const t of s.targets) target(t);
  else if (s.type === 'AnnAssign' && s.value !== null) target(s.target);
  else if (s.type === 'AugAssign') {
    target(s.target);
    if (s.target.type === 'Name') changed.add(s.target.id);
  } else if (s.type === 'Expr' && s.value.type === 'Call' && s.value.func.type === 'Attribute') {
    const on = s.value.func.value;
    if (
      on.type === 'Name' &&
      /^(append|extend|update|add_argument|set_defaults|setdefault|insert|add|pop|fill_|normal_|random_|uniform_|zero_)$/.test(
        s.value.func.attr,
      )
    )
      changed.add(on.id);
  } else if (s.type === 'If' || s.type === 'With' || s.type === 'Try') {
    for (const body of blocksOf(s))
      for (const inner of body) {
        const w = writes(inner);
        for (const n of w.bound) changed.add(n);
        for (const n of w.changed) changed.add(n);
      }
  }
  return { bound, changed };
}

/** Calls of a function by name, for the values of its parameters. */
function callOf(f: FunctionDef, module: readonly Stmt[]): { call: Call; path: readonly Level[] } | null {
  for (const [index, top] of module.entries())
    for (const { call, inside } of candidatesIn(top))
      if (call.func.type === 'Name' && call.func.id === f.name)
        return { call, path: [{ body: module, index, owner: null }, ...inside] };
  return null;
}

/**
 * The statements that the given expressions need, from the innermost block out to the module. Loops give the
 * first item of what they run over. null when a needed parameter of the enclosing function has no value.
 */
export function sliceOf(exprs: readonly (Expr | null)[], path: readonly Level[], depth = 0): Stmt[] | null {
  const needed = namesIn(exprs);
  const out: Stmt[] = [];
  const take = (s: Stmt, bound: ReadonlySet<string>): void => {
    out.unshift(s);
    for (const n of bound) needed.delete(n);
    namesIn(s.type === 'Assign' ? [s.value, s.targets.filter((t) => t.type !== 'Name')] : s, needed);
    if (s.type === 'Assign')
      for (const t of s.targets)
        if (t.type !== 'Subscript' && t.type !== 'Attribute')
          for (const n of bound) if (!namesIn(s.value).has(n)) needed.delete(n);
  };
  for (let k = path.length - 1; k >= 0; k--) {
    const { body, index, owner } = path[k]!;
    for (let i = index - 1; i >= 0; i--) {
      const s = body[i]!;
      const { bound, changed } = writes(s);
      const gives = [...bound].some((n) => needed.has(n));
      if (gives || [...changed].some((n) => needed.has(n)))
        take(s, s.type === 'Assign' || s.type === 'AnnAssign' ? bound : new Set());
    }
    if (owner === null) continue;
    if (owner.type === 'For') {
      const targets = namesIn(owner.target);
      if ([...targets].some((n) => needed.has(n))) take(firstOf(owner.target, owner.iter), targets);
    } else if (owner.type === 'FunctionDef') {
      const given = parameters(owner, needed, path[0]!.body, depth);
      if (given === null) return null;
      out.unshift(...given);
      // what is left are globals
      return out;
    }
  }
  return out;
}

/** `x, y = next(iter(loader))`. */
function firstOf(target: Expr, iter: Expr): Assign {
  const at = { start: iter.start, end: iter.end };
  const call = (name: string, arg: Expr): Call => ({
    type: 'Call',
    func: { type: 'Name', id: name, ...at },
    args: [arg],
    keywords: [],
    ...at,
  });
  return { type: 'Assign', targets: [target], value: call('next', call('iter', iter)), ...at };
}

function assign(name: string, value: Expr): Assign {
  return {
    type: 'Assign',
    targets: [{ type: 'Name', id: name, start: value.start, end: value.end }],
    value,
    start: value.start,
    end: value.end,
  };
}

/** Values for the parameters of the function that a call stands in: from a call of that function, else its defaults. */
function parameters(
  f: FunctionDef,
  needed: ReadonlySet<string>,
  module: readonly Stmt[],
  depth: number,
): Stmt[] | null {
  const all = [...f.args.posonlyargs, ...f.args.args, ...f.args.kwonlyargs];
  const wanted = all.filter((a) => needed.has(a.arg));
  if (wanted.length === 0) return [];
  const outer = depth < 3 ? callOf(f, module) : null;
  const values: { name: string; value: Expr }[] = [];
  const outside: Expr[] = [];
  for (const a of wanted) {
    const position = all.indexOf(a);
    const given = outer?.call.keywords.find((k) => k.arg === a.arg)?.value ?? outer?.call.args[position];
    if (given !== undefined) outside.push(given);
    const value = given ?? a.default;
    if (value === null || value === undefined) return null;
    values.push({ name: a.arg, value });
  }
  const before = outer === null || outside.length === 0 ? [] : sliceOf(outside, outer.path, depth + 1);
  return before === null ? null : [...before, ...values.map((v) => assign(v.name, v.value))];
}
