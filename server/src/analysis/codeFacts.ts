/**
 * What a file says about running its models, read from the tree: `generate()` calls, loops of known length around a model
 * call (denoising steps), how many accelerators and how they share the work. Only literals, and names that are given one
 * literal and no other, count as known.
 */

import type { ParallelMode } from '../energy/parallel.js';
import type { Call, ClassDef, Expr, For, ModuleTree, Stmt } from '../syntax/ast.js';

export interface LoopFact {
  readonly kind: 'loop' | 'generate';
  /** Offset in the file of the loop or call. */
  readonly start: number;
  /** Class of the model that is called; null: its class is not seen in the file. */
  readonly model: string | null;
  /** Turns, or new tokens. */
  readonly turns: number;
  /** Calls of the model in one turn. */
  readonly calls: number;
}

export interface ParallelFact {
  readonly mode: ParallelMode;
  /** null: the code does not say. */
  readonly devices: number | null;
  readonly start: number;
  readonly what: string;
}

export interface CodeFacts {
  readonly loops: readonly LoopFact[];
  readonly parallel: ParallelFact | null;
}

type Node = { readonly type: string; readonly start: number; readonly end: number };

/** Every node below, with the statement's offset in the file and the loops around it. */
function walk(
  node: unknown,
  at: number,
  around: readonly For[],
  see: (node: Node, at: number, around: readonly For[]) => void,
): void {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const one of node) walk(one, at, around, see);
    return;
  }
  const one = node as Node & Record<string, unknown>;
  if (typeof one.type === 'string') see(one, at, around);
  const inner = one.type === 'For' ? [...around, node as For] : around;
  for (const key in one) {
    const value = one[key];
    if (typeof value === 'object' && value !== null) walk(value, at, key === 'body' ? inner : around, see);
  }
}

const last = (e: Expr): string => (e.type === 'Name' ? e.id : e.type === 'Attribute' ? e.attr : '');

const modes: Readonly<Record<string, ParallelMode>> = {
  DistributedDataParallel: 'data',
  DDP: 'data',
  DataParallel: 'data',
  FullyShardedDataParallel: 'fsdp',
  FSDP: 'fsdp',
  fully_shard: 'fsdp',
  parallelize_module: 'tensor',
  tensor_parallel: 'tensor',
};

/** Names of arguments that say how many processes there are. */
const worldNames = new Set(['world_size', 'nprocs', 'devices', 'num_gpus', 'gpus', 'nproc_per_node', 'n_gpus']);
const stepNames = new Set([
  'num_inference_steps',
  'num_sampling_steps',
  'inference_steps',
  'sampling_steps',
  'ddim_steps',
]);
const tokenNames = new Set(['max_new_tokens', 'max_tokens']);

const known = new WeakMap<ModuleTree, CodeFacts>();

export function codeFacts(tree: ModuleTree): CodeFacts {
  let facts = known.get(tree);
  if (facts === undefined) {
    facts = read(tree);
    known.set(tree, facts);
  }
  return facts;
}

function read(tree: ModuleTree): CodeFacts {
  const constants = new Map<string, number | null>();
  const classes = new Map<string, string | null>();
  const once = <T>(map: Map<string, T | null>, name: string, value: T): void => {
    map.set(name, !map.has(name) || map.get(name) === value ? value : null);
  };
  const statements = tree.statements.map((s) => ({ node: s.node as Stmt, at: s.start }));
  for (const { node, at } of statements) {
    walk(node, at, [], (n) => {
      if (n.type === 'Assign' || n.type === 'AnnAssign') {
        const assign = n as unknown as { targets?: readonly Expr[]; target?: Expr; value: Expr | null };
        const targets = assign.targets ?? (assign.target === undefined ? [] : [assign.target]);
        for (const target of targets) {
          const name = last(target);
          if (name === '' || assign.value === null) continue;
          const int = literal(assign.value);
          if (int !== null) once(constants, name, int);
          else if (constants.has(name)) constants.set(name, null);
          const made = classOf(assign.value);
          if (made !== null) once(classes, name, made);
        }
      }
      if (n.type === 'Call') argumentDefaults(n as Call, (name, value) => once(constants, name, value));
    });
  }
  const value = (e: Expr): number | null => literal(e) ?? constants.get(last(e)) ?? null;
  const scheduled = stepsOf(statements, value);
  const loops: LoopFact[] = [];
  let parallel: ParallelFact | null = null;
  let world: number | null = null;
  const seen = new Map<For, { at: number; models: Map<string, number>; owner: ClassDef | null; trains: boolean }>();
  for (const { node, at } of statements) {
    const owner = node.type === 'ClassDef' ? node : null;
    walk(node, at, [], (n, _at, around) => {
      if (n.type !== 'Call') return;
      const call = n as Call;
      const name = last(call.func);
      const mode = modes[name] ?? deviceMap(call);
      // the innermost wrapper of a script decides; a map of devices only where nothing else does
      if (mode !== null && (parallel === null || parallel.mode === 'pipeline'))
        parallel = { mode, devices: null, start: at + call.start, what: mode === 'pipeline' ? 'device_map' : name };
      for (const { arg, value: given } of call.keywords)
        if (arg !== null && worldNames.has(arg)) world = Math.max(world ?? 0, value(given) ?? 0) || world;
      if (name === 'generate' && call.func.type === 'Attribute') {
        const tokens = call.keywords.find(({ arg }) => arg !== null && tokenNames.has(arg));
        const count = tokens === undefined ? null : value(tokens.value);
        if (count !== null && count > 0)
          loops.push({
            kind: 'generate',
            start: at + call.start,
            model: classes.get(last(call.func.value)) ?? null,
            turns: count,
            calls: 1,
          });
      }
      const loop = around.at(-1);
      if (loop === undefined) return;
      const entry = seen.get(loop) ?? { at, models: new Map(), owner, trains: false };
      seen.set(loop, entry);
      if (name === 'backward') entry.trains = true;
      const model = classes.get(name);
      if (model !== undefined && model !== null) entry.models.set(model, (entry.models.get(model) ?? 0) + 1);
    });
  }
  for (const [loop, { at, models, owner, trains }] of seen) {
    const turns = trains ? null : turnsOf(loop.iter, value, scheduled);
    if (turns === null || turns < 2) continue;
    for (const [model, calls] of models)
      if (owner?.name !== model) loops.push({ kind: 'loop', start: at + loop.start, model, turns, calls });
  }
  const found = parallel as ParallelFact | null;
  return { loops, parallel: found === null ? null : { ...found, devices: world } };
}

function literal(e: Expr): number | null {
  return e.type === 'Constant' && e.kind === 'int' && typeof e.value === 'number' ? e.value : null;
}

/** `Unet(...)`, `Unet(...).to(device).eval()`, `DDP(Unet(...))`: the class that is built. */
function classOf(e: Expr): string | null {
  if (e.type !== 'Call') return null;
  if (e.func.type === 'Attribute' && e.func.value.type === 'Call') return classOf(e.func.value);
  const name = last(e.func);
  if ((name in modes || name === 'compile') && e.args[0] !== undefined) return classOf(e.args[0]);
  return /^[A-Z]/.test(name) ? name : null;
}

/** `parser.add_argument('--steps', type=int, default=50)`. */
function argumentDefaults(call: Call, take: (name: string, value: number) => void): void {
  if (last(call.func) !== 'add_argument') return;
  const given = call.keywords.find(({ arg }) => arg === 'default');
  const int = given === undefined ? null : literal(given.value);
  if (int === null) return;
  for (const arg of call.args)
    if (arg.type === 'Constant' && typeof arg.value === 'string')
      take(arg.value.replace(/^-+/, '').replaceAll('-', '_'), int);
}

/** `device_map="auto"` spreads layers over accelerators. */
function deviceMap(call: Call): ParallelMode | null {
  const map = call.keywords.find(({ arg }) => arg === 'device_map')?.value;
  const spreads =
    map?.type === 'Constant' &&
    typeof map.value === 'string' &&
    /^(auto|balanced|balanced_low_0|sequential)$/.test(map.value);
  return spreads ? 'pipeline' : null;
}

/** Steps of a scheduler: `set_timesteps(50)` or an argument named so. */
function stepsOf(statements: readonly { node: Stmt; at: number }[], value: (e: Expr) => number | null): number | null {
  let steps: number | null = null;
  for (const { node, at } of statements) {
    walk(node, at, [], (n) => {
      if (n.type !== 'Call') return;
      const call = n as Call;
      const first = last(call.func) === 'set_timesteps' ? call.args[0] : undefined;
      const given = first ?? call.keywords.find(({ arg }) => arg !== null && stepNames.has(arg))?.value;
      if (given !== undefined) steps = value(given) ?? steps;
    });
  }
  return steps;
}

function turnsOf(iter: Expr, value: (e: Expr) => number | null, scheduled: number | null): number | null {
  if (iter.type === 'Attribute' || iter.type === 'Name') return last(iter) === 'timesteps' ? scheduled : null;
  if (iter.type !== 'Call') return null;
  const name = last(iter.func);
  const [a, b, c] = iter.args;
  if (name === 'range') {
    if (a === undefined || c !== undefined) {
      const [from, to, by] = [a, b, c].map((e) => (e === undefined ? null : signed(e, value)));
      if (from === null || to === null || by === null || by === 0) return null;
      return Math.max(0, Math.ceil((to! - from!) / by!));
    }
    const from = b === undefined ? 0 : value(a);
    const to = value(b ?? a);
    return from === null || to === null ? null : Math.max(0, to - from);
  }
  // tqdm(…), enumerate(…), reversed(…), progress_bar(…)
  if (/^(tqdm|trange|enumerate|reversed|progress_bar|list)$/.test(name) && a !== undefined)
    return name === 'trange' ? value(a) : turnsOf(a, value, scheduled);
  return null;
}

function signed(e: Expr, value: (e: Expr) => number | null): number | null {
  if (e.type === 'UnaryOp' && e.op === '-') {
    const inner = value(e.operand);
    return inner === null ? null : -inner;
  }
  return value(e);
}
