/**
 * Inputs and constructor arguments from calls that the file makes itself: the statements that a call
 * needs run on the machine, and what comes out is written down as input specifications and expressions.
 */
import { compileTopStatement } from '../python/compileFunction.js';
import { Aborted, PyRaise } from '../python/errors.js';
import { Frame } from '../python/frame.js';
import { SourceUnit } from '../python/place.js';
import { PyDict, PyFloat, PyInstance, PyList, PyTuple, type Value } from '../python/values.js';
import type { Expr, FunctionDef, Stmt, TopStatement } from '../syntax/ast.js';
import { TensorValue } from '../torch/tensor.js';
import { type CallSite, callSites, type Level, sliceOf } from './callSites.js';
import type { ChosenInput, Param } from './inputs.js';
import type { Program } from './program.js';

/** Machine steps for the statements of one call: they make a few tensors. */
const sliceSteps = 200_000;

/** The values of expressions where they stand, from the statements they need; null when those do not run. */
function valuesAt(
  p: Program,
  exprs: readonly (Expr | null)[],
  path: readonly Level[],
  top: TopStatement,
): readonly Value[] | null {
  const { main, machine, recorder } = p;
  const slice = sliceOf(exprs, path);
  if (main === null || main.file === null || slice === null) return null;
  const at = { start: 0, end: top.length };
  const value: Expr = {
    type: 'Tuple',
    elts: exprs.map((e) => e ?? { type: 'Constant', kind: 'none', value: null, ...at }),
    ...at,
  };
  const body: Stmt[] = [...slice, { type: 'Return', value, ...at }];
  const none = { posonlyargs: [], args: [], vararg: null, kwonlyargs: [], kwarg: null };
  const f: FunctionDef = {
    type: 'FunctionDef',
    name: '<call>',
    nameStart: 0,
    args: none,
    returns: null,
    decorators: [],
    body,
    isAsync: false,
    docstring: null,
    ...at,
  };
  const code = compileTopStatement(
    main.file,
    new SourceUnit({ start: top.start, length: top.length, node: f, defines: null, text: top.text }),
  );
  const frame = new Frame(code, main, new Array(code.varnames.length).fill(undefined), []);
  frame.names = new Map();
  const { fuel } = machine;
  const { gaps } = recorder;
  recorder.gaps = [];
  recorder.begin(null);
  // its own allowance: what is left depends on what ran before
  machine.fuel = Math.min(p.options.fuel, sliceSteps);
  try {
    machine.runFrame(frame);
    const made = frame.names.get('<call>');
    const result = made === undefined ? null : machine.call(made, []);
    return result instanceof PyTuple ? result.items : null;
  } catch (e) {
    if (e instanceof PyRaise || (e instanceof Aborted && e.reason !== 'cancelled')) {
      machine.frames.length = 0;
      return null;
    }
    throw e;
  } finally {
    machine.fuel = fuel;
    recorder.end();
    recorder.gaps = gaps;
  }
}

/** Plain data as a Python expression; null for what cannot be written down. Tensors keep shape and dtype. */
export function expressionOf(v: Value | undefined, depth = 0): string | null {
  if (v === null) return 'None';
  if (v === undefined || depth > 6) return null;
  if (typeof v === 'boolean') return v ? 'True' : 'False';
  if (typeof v === 'number') return Number.isInteger(v) ? String(v) : null;
  if (v instanceof PyFloat)
    return Number.isFinite(v.value) ? (Number.isInteger(v.value) ? `${v.value}.0` : String(v.value)) : null;
  if (typeof v === 'string') return v.length < 400 ? JSON.stringify(v) : null;
  if (v instanceof TensorValue) {
    if (v.shape.some(Number.isNaN)) return null;
    return `__import__('torch').zeros((${v.shape.map((d) => `${d}, `).join('')}), dtype=__import__('torch').${v.dtype.name})`;
  }
  if (v instanceof PyList || v instanceof PyTuple) {
    if (v.items.length > 256) return null;
    const items = v.items.map((x) => expressionOf(x, depth + 1));
    if (items.includes(null)) return null;
    if (v instanceof PyList) return `[${items.join(', ')}]`;
    return v.constructor === PyTuple ? `(${items.join(', ')}${items.length === 1 ? ',' : ''})` : null;
  }
  if (v instanceof PyDict && v.constructor === PyDict) {
    const items = [...v.entries.values()].map(([k, x]) => [expressionOf(k, depth + 1), expressionOf(x, depth + 1)]);
    return items.some(([k, x]) => k === null || x === null)
      ? null
      : `{${items.map(([k, x]) => `${k}: ${x}`).join(', ')}}`;
  }
  // bags of options
  if (v instanceof PyInstance && /^(Namespace|SimpleNamespace)$/.test(v.cls.name)) {
    const items = [...(v.attrs ?? [])].map(([k, x]) => [k, expressionOf(x, depth + 1)] as const);
    return items.some(([, x]) => x === null)
      ? null
      : `__import__('types').SimpleNamespace(${items.map(([k, x]) => `${k}=${x}`).join(', ')})`;
  }
  return null;
}

function lineOf(p: Program, offset: number): number {
  const text = p.options.sources.get(p.file)?.text ?? '';
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

/** The name that an entry expression calls: `Net` of `Net(3)` and `models.Net()`. */
export function entryName(entry: string): string {
  return /([A-Za-z_]\w*)\s*(?:\(|$)/.exec(entry)?.[1] ?? '';
}

/** Inputs of the calls that the file makes of `entry`'s model, first call first. */
export function inputsFromCalls(
  p: Program,
  entry: string,
  className: string | null,
  params: readonly Param[],
  batch: number | null,
): ChosenInput[][] {
  const tree = p.main?.tree;
  if (tree === null || tree === undefined) return [];
  const names = new Set([entryName(entry), className]);
  const out: ChosenInput[][] = [];
  for (const site of callSites(tree)) {
    if (!names.has(site.made) || site.args === null || out.length >= 3) continue;
    const chosen = chosenAt(p, site, params, batch);
    if (chosen !== null) out.push(chosen);
  }
  return out;
}

function chosenAt(p: Program, site: CallSite, params: readonly Param[], batch: number | null): ChosenInput[] | null {
  const exprs = [...site.args!, ...site.keywords.map((k) => k.value)];
  if (exprs.some((e) => e.type === 'Starred') || site.keywords.some((k) => k.name === null)) return null;
  const values = valuesAt(p, exprs, site.path, site.top);
  if (values === null) return null;
  const why = `from the call at line ${lineOf(p, site.top.start + site.start)}`;
  if (site.form !== 'values') return sized(values[0], site.form, params, batch ?? 1, why);
  const first = values.find((v): v is TensorValue => v instanceof TensorValue);
  const out: ChosenInput[] = [];
  for (let i = 0; i < values.length; i++) {
    const keyword = i >= site.args!.length ? site.keywords[i - site.args!.length]!.name : null;
    const name = keyword ?? params[i]?.name ?? `input${i + 1}`;
    const v = values[i];
    const base = { name, byKeyword: keyword !== null, source: 'call' as const };
    if (v instanceof TensorValue) {
      if (v.shape.some(Number.isNaN)) return null;
      const shape =
        batch !== null && first !== undefined && v.shape[0] === first.shape[0] ? [batch, ...v.shape.slice(1)] : v.shape;
      out.push({
        ...base,
        dtype: v.dtype.name,
        spec: { kind: 'tensor', name, shape, dtype: v.dtype.name },
        assumption: `${name} = ${shape.join('×')} ${v.dtype.name}: ${why}`,
      });
    } else {
      const text = expressionOf(v);
      if (text === null) return null;
      out.push({
        ...base,
        dtype: 'float32',
        spec: { kind: 'expression', name, text },
        assumption: `${name} = ${text.replaceAll("__import__('torch')", 'torch')}: ${why}`,
      });
    }
  }
  return out.some((c) => c.spec.kind === 'tensor' || /torch/.test(c.spec.text)) ? out : null;
}

/** `summary(model, (3, 32, 32))` leaves the batch out in one package and states it in another: four numbers of an image are with it. */
function sized(
  v: Value | undefined,
  form: 'size' | 'shape',
  params: readonly Param[],
  batch: number,
  why: string,
): ChosenInput[] | null {
  const items = v instanceof PyTuple || v instanceof PyList ? v.items : [];
  const nested = items.every((x) => x instanceof PyTuple || x instanceof PyList);
  const sizes = nested ? items.map((x) => (x as PyTuple).items) : [items];
  const out: ChosenInput[] = [];
  for (const [i, size] of sizes.entries()) {
    if (size.length === 0 || !size.every((d): d is number => typeof d === 'number' && d > 0)) return null;
    const full = form === 'size' || size.length === 3 || size.length === 1 ? [batch, ...size] : size;
    const name = params[i]?.name ?? `input${i + 1}`;
    out.push({
      name,
      byKeyword: false,
      source: 'call',
      dtype: 'float32',
      spec: { kind: 'tensor', name, shape: full, dtype: 'float32' },
      assumption: `${name} = ${full.join('×')} float32: ${why}`,
    });
  }
  return out.length > 0 ? out : null;
}

/**
 * Entry expressions from the places where the file makes an object of that class with arguments:
 * values where they can be written down, else what was written.
 */
export function constructionsOf(p: Program, name: string): { entry: string; line: number }[] {
  const tree = p.main?.tree;
  if (tree === null || tree === undefined) return [];
  const out: { entry: string; line: number }[] = [];
  const seen = new Set<object>();
  // one that is called says most
  const sites = [...callSites(tree)].sort((a, b) => Number(a.args === null) - Number(b.args === null));
  for (const site of sites) {
    if (site.made !== name || seen.has(site.construction) || out.length > 0) continue;
    seen.add(site.construction);
    const { args, keywords, func } = site.construction;
    if (func.type !== 'Name' || args.some((a) => a.type === 'Starred')) continue;
    const exprs = [...args, ...keywords.map((k) => k.value)];
    const values = valuesAt(p, exprs, site.constructionPath, site.top);
    if (values === null) continue;
    const parts = exprs.map(
      (e, i) => expressionOf(values[i]) ?? inlined(e, sliceOf([e], site.constructionPath) ?? [], site.top, 0),
    );
    if (parts.includes(null)) continue;
    const text = parts.map((t, i) => {
      if (i < args.length) return t;
      const k = keywords[i - args.length]!.arg;
      const v = values[i];
      if (k !== null) return `${k}=${t}`;
      const spread = v instanceof PyDict ? [...v.entries.values()].map(([n, x]) => [n, expressionOf(x)] as const) : [];
      const named =
        spread.length > 0 && spread.every(([n, x]) => typeof n === 'string' && /^[A-Za-z_]\w*$/.test(n) && x !== null);
      return named ? spread.map(([n, x]) => `${String(n)}=${x}`).join(', ') : `**${t}`;
    });
    out.push({ entry: `${name}(${text.join(', ')})`, line: lineOf(p, site.top.start + site.construction.start) });
  }
  return out;
}

/** The source of an expression with the locals it names written out; null when a local is more than one assignment. */
function inlined(e: Expr, slice: readonly Stmt[], top: TopStatement, depth: number): string | null {
  const local = (name: string): Stmt[] =>
    slice.filter((s) => s.type === 'Assign' && s.targets.some((t) => t.type === 'Name' && t.id === name));
  if (depth > 4) return null;
  const text = top.text.slice(e.start, e.end);
  if (e.type === 'Name') {
    const found = local(e.id);
    if (found.length === 0) return slice.length === 0 ? text : null;
    const s = found[0]!;
    return found.length === 1 && s.type === 'Assign' ? inlined(s.value, slice, top, depth + 1) : null;
  }
  if (e.type === 'Call' && e.func.type === 'Name' && local(e.func.id).length === 0) {
    const parts = [
      ...e.args.map((a) => inlined(a, slice, top, depth + 1)),
      ...e.keywords.map((k) => {
        const v = inlined(k.value, slice, top, depth + 1);
        return v === null || k.arg === null ? null : `${k.arg}=${v}`;
      }),
    ];
    return parts.includes(null) ? null : `${e.func.id}(${parts.join(', ')})`;
  }
  if (e.type === 'Constant') return text;
  return slice.length === 0 ? text : null;
}
