/** `torch.utils.data.DataLoader` calls and what the file shows about their use. */
import type { Call, Expr, Stmt } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import { qualifiedName } from '../semantic/names.js';
import type { Scope } from '../semantic/parts.js';
import { literalNumber } from '../semantic/torchOps.js';
import { walk } from '../semantic/walk.js';
import { standsFor } from './inline.js';
import { enclosingLoop, type Loop } from './places.js';
import { aboutText } from './policy.js';
import { isTensor } from './tensors.js';

export interface LoaderCall {
  readonly call: Call;
  readonly scope: Scope;
  /** Arguments by name, positional ones included. */
  readonly args: ReadonlyMap<string, Expr>;
}

const positions = [
  'dataset',
  'batch_size',
  'shuffle',
  'sampler',
  'batch_sampler',
  'num_workers',
  'collate_fn',
  'pin_memory',
];

/** Every loader whose arguments can all be seen. */
export function loaderCalls(index: ModuleIndex): LoaderCall[] {
  const found: LoaderCall[] = [];
  for (const scope of [...index.functions, index.top]) {
    for (const call of scope.calls) {
      const name = qualifiedName(call.func, index, scope);
      if (name !== 'torch.utils.data.DataLoader' && name !== 'torch.utils.data.dataloader.DataLoader') continue;
      if (call.args.some((arg) => arg.type === 'Starred') || call.keywords.some((keyword) => keyword.arg === null))
        continue;
      const args = new Map<string, Expr>();
      call.args.forEach((arg, at) => {
        args.set(positions[at] ?? `#${at}`, arg);
      });
      for (const keyword of call.keywords) args.set(keyword.arg as string, keyword.value);
      found.push({ call, scope, args });
    }
  }
  return found;
}

/** The file moves data to an accelerator. */
export const usesAccelerator = aboutText(
  /\.cuda\(|["']cuda|\.to\(\s*(device|self\.device|args\.device|dev)\b|accelerator\.|cuda\.is_available|accelerator\s*=\s*["'](gpu|cuda|auto)|LightningModule/,
);

/**
 * What the samples cost to get: `heavy` reads files, `cheap` picks from what lies in memory, `memory` is tensors that may
 * lie on the device already, `unknown` cannot be seen.
 */
export type DatasetKind = 'heavy' | 'cheap' | 'memory' | 'unknown';

export function datasetKind(loader: LoaderCall, index: ModuleIndex): DatasetKind {
  const dataset = loader.args.get('dataset');
  const values = dataset === undefined ? [] : waysMade(dataset, loader.scope);
  const [value] = values;
  if (dataset !== undefined && !loader.args.has('collate_fn') && isOfRows(dataset, value ?? null, index, loader.scope))
    return 'cheap';
  if (value?.type !== 'Call') return 'unknown';
  // made in each branch of a condition, with other arguments
  if (values.some((one) => one?.type !== 'Call' || index.source(one.func) !== index.source(value.func)))
    return 'unknown';
  const name = qualifiedName(value.func, index, loader.scope) ?? '';
  if (name === 'torch.utils.data.TensorDataset') return 'memory';
  if (
    /^torchvision\.datasets\.(ImageFolder|DatasetFolder|ImageNet|CocoDetection|CocoCaptions|VOC\w+|Places365|Kinetics|UCF101|HMDB51|Cityscapes|CelebA)$/.test(
      name,
    )
  )
    return 'heavy';
  const here = value.func.type === 'Name' ? index.classNamed(value.func.id) : null;
  if (here === null) return 'unknown';
  const item = here.body.find((stmt) => stmt.type === 'FunctionDef' && stmt.name === '__getitem__');
  if (item === undefined) return 'unknown';
  return /Image\.open|imread|np\.load|numpy\.load|torch\.load|torchaudio\.load|librosa\.load|read_image|decode_image|\bopen\(|h5py/.test(
    index.source(item),
  )
    ? 'heavy'
    : pickedBy(item, index);
}

/** A tensor, or numbers of nodes and rows by its name: samples are picked from memory. */
function isOfRows(dataset: Expr, value: Expr | null, index: ModuleIndex, scope: Scope): boolean {
  const name = dataset.type === 'Name' ? dataset.id : dataset.type === 'Attribute' ? dataset.attr : '';
  if (/(^|_)(n?ids?|idx|indices|index)$/i.test(name)) return true;
  return isTensor(dataset, index, scope) === true || (value !== null && isTensor(value, index, scope) === true);
}

/** Neither workers nor pinned memory are for its batches. */
export function isBeyondHelp(loader: LoaderCall, index: ModuleIndex): boolean {
  return isCollatedOnDevice(loader, index) || isHardlyRead(loader, index);
}

/** Batches that `collate_fn` puts on the device itself: workers cannot, and there is nothing left to pin. */
function isCollatedOnDevice(loader: LoaderCall, index: ModuleIndex): boolean {
  const collate = loader.args.get('collate_fn');
  if (collate === undefined) return false;
  const value = standsFor(collate, loader.scope);
  if (value.type === 'Lambda') return puts(value);
  // batcher(device) makes the function
  const name = value.type === 'Call' ? value.func : value;
  const made = name.type === 'Name' ? index.functionNamed(name.id) : null;
  return made !== null && puts(made);
}

function puts(node: Expr | Stmt): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type !== 'Call' || inner.func.type !== 'Attribute') return;
    const [first] = inner.args;
    if (inner.func.attr === 'cuda') found = true;
    if (inner.func.attr === 'to' && first !== undefined)
      found ||=
        (first.type === 'Name' && /device|^dev$/.test(first.id)) ||
        (first.type === 'Attribute' && first.attr === 'device') ||
        (first.type === 'Constant' && /^cuda/.test(String(first.value)));
  });
  return found;
}

/**
 * A loader that no loop takes batches from: only its length is asked, or its first batch is looked at. One that leaves the
 * function may be used anywhere.
 */
function isHardlyRead(loader: LoaderCall, index: ModuleIndex): boolean {
  const stmt = index.parent(loader.call);
  const target = stmt?.type === 'Assign' && stmt.targets.length === 1 ? stmt.targets[0] : undefined;
  if (target?.type !== 'Name' || stmt?.type !== 'Assign') return false;
  const definitions = loader.scope.flow.definitionsOf(target.id).filter((one) => one.value === loader.call);
  const uses = definitions.flatMap((one) => [...one.uses]);
  if (uses.length === 0 || definitions.some((one) => one.captured)) return false;
  return uses.every((use) => {
    const call = index.parent(use);
    if (call?.type !== 'Call' || call.args[0] !== use || enclosingLoop(call, loader.scope, index) !== null)
      return false;
    const called = call.func.type === 'Name' ? call.func.id : call.func.type === 'Attribute' ? call.func.attr : '';
    if (called === 'len' || called === 'first') return true;
    const outer = called === 'iter' ? index.parent(call) : null;
    return outer?.type === 'Call' && outer.func.type === 'Name' && outer.func.id === 'next';
  });
}

/** What a name may hold at this place; the expression itself when it is none. */
function waysMade(node: Expr, scope: Scope): (Expr | null)[] {
  const value = standsFor(node, scope);
  if (value.type !== 'Name') return [value];
  return scope.flow.reaching(value).map((one) => (one.kind === 'assign' ? one.value : null));
}

/** What may stand in a `__getitem__` that only picks from what lies in memory. */
const picks = new Set(
  `len int float str bool dict tuple list range min max tensor as_tensor from_numpy FloatTensor LongTensor Tensor randint
  randrange long clone copy type astype item unsqueeze squeeze view reshape size numel ones zeros arange get`.split(
    /\s+/,
  ),
);
const moves = /^(cuda|to)$/;

/**
 * A `__getitem__` that only indexes and converts: a worker would do no more than copy between processes. One that hands
 * out tensors of the device cannot run in a worker at all.
 */
function pickedBy(item: Stmt, index: ModuleIndex): DatasetKind {
  let plain = true;
  let onDevice = false;
  walk(item, (node) => {
    if (node.type === 'For' || node.type === 'While' || node.type === 'Lambda') plain = false;
    if (node.type !== 'Call') return;
    const name = node.func.type === 'Attribute' ? node.func.attr : node.func.type === 'Name' ? node.func.id : '';
    if (moves.test(name) && (name === 'cuda' || /cuda|device/.test(index.source(node)))) onDevice = true;
    else if (!picks.has(name)) plain = false;
  });
  return onDevice ? 'memory' : plain ? 'cheap' : 'unknown';
}

/** The number of workers: null when it is not a literal. */
export function workers(loader: LoaderCall): number | null {
  const value = loader.args.get('num_workers');
  return value === undefined ? 0 : literalNumber(standsFor(value, loader.scope));
}

export function isTrue(node: Expr | undefined): boolean {
  return node?.type === 'Constant' && node.value === true;
}

/** The loader whose batches a loop takes: `for batch in loader`, also through `enumerate` and `tqdm`; null when it cannot be seen. */
export function loaderOf(
  loop: Loop,
  scope: Scope,
  index: ModuleIndex,
  loaders: readonly LoaderCall[],
): LoaderCall | null {
  if (loop.type !== 'For') return null;
  let source: Expr = loop.iter;
  for (let step = 0; step < 4 && source.type === 'Call' && source.args[0] !== undefined; step++) {
    if (loaders.some(({ call }) => call === source)) break;
    const called =
      source.func.type === 'Name' ? source.func.id : source.func.type === 'Attribute' ? source.func.attr : '';
    if (!['enumerate', 'tqdm', 'iter', 'track', 'trange'].includes(called)) return null;
    source = source.args[0];
  }
  if (source.type !== 'Name') return loaders.find(({ call }) => call === source) ?? null;
  const own = scope.flow.single(source);
  const top = scope.flow.binds(source.id) ? [] : index.topDefinitions(source.id);
  const definition = own ?? (top.length === 1 ? top[0] : undefined);
  return definition?.kind === 'assign' ? (loaders.find(({ call }) => call === definition.value) ?? null) : null;
}
