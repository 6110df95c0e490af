/** Inputs nobody wrote down: from the specification, the pragma, a call in the file, or guessed from the model and tried. */
import { lookup } from '../python/classes.js';
import { PyFunction } from '../python/objects.js';
import { BoundMethod, PyInstance, type Value } from '../python/values.js';
import type { DTypeName } from '../torch/dtype.js';
import { inputsFromCalls } from './callInputs.js';
import { guessInputs } from './guesses.js';
import type { InputSpec } from './inputSpec.js';
import type { Program } from './program.js';
import type { RunRequest } from './runRequest.js';
import type { InputSource } from './trace.js';

export interface ChosenInput {
  readonly name: string;
  readonly spec: InputSpec;
  readonly dtype: DTypeName;
  readonly source: InputSource;
  readonly byKeyword: boolean;
  readonly assumption: string | null;
}

export interface Param {
  readonly name: string;
  readonly required: boolean;
  /** As text. */
  readonly annotation: string | null;
  readonly keywordOnly: boolean;
}

/** The Python function that a call of `callee` runs, and how many leading arguments are bound. */
function targetOf(p: Program, callee: Value): { f: PyFunction | null; skip: number } {
  let f: Value | undefined = callee;
  if (callee instanceof PyInstance) f = p.machine.tryGetAttr(callee, 'forward') ?? lookup(callee.cls, '__call__');
  let skip = 0;
  for (let guard = 0; guard < 8; guard++) {
    if (f instanceof BoundMethod) {
      skip = 1;
      f = f.func;
    } else if (f instanceof PyFunction && f.attrs?.get('__wrapped__') !== undefined) f = f.attrs.get('__wrapped__');
    else break;
  }
  if (callee instanceof PyInstance && skip === 0) skip = 1;
  return { f: f instanceof PyFunction ? f : null, skip };
}

/** Parameters of what will be called, `self` left out. */
export function parametersOf(p: Program, callee: Value): readonly Param[] {
  const { f, skip } = targetOf(p, callee);
  if (f === null) return [];
  const { code } = f;
  const firstDefault = code.argcount - f.defaults.length;
  const out: Param[] = [];
  const add = (i: number, required: boolean, keywordOnly: boolean): void => {
    const name = code.varnames[i]!;
    const annotation = f.annotations?.get(name);
    out.push({ name, required, annotation: typeof annotation === 'string' ? annotation : null, keywordOnly });
  };
  for (let i = skip; i < code.argcount; i++) add(i, i < firstDefault, false);
  // `forward(self, *args, flag=False)` hands on what another function takes first
  if (code.hasVarargs && code.argcount <= skip) add(code.argcount + code.kwonly, true, false);
  for (let i = code.argcount; i < code.argcount + code.kwonly; i++)
    add(i, f.kwdefaults?.get(code.varnames[i]!) === undefined, true);
  return out;
}

/** Lists of inputs to try, likeliest first; those behind the first are made when they are asked for. */
export class Attempts {
  private readonly made: ChosenInput[][];
  constructor(
    given: readonly ChosenInput[][],
    private readonly guesses: Iterator<ChosenInput[]> = [][Symbol.iterator](),
  ) {
    this.made = [...given];
    const first = this.made.length === 0 ? guesses.next() : null;
    if (first?.done === false) this.made.push(first.value);
  }
  /** Those that need no more to be made. */
  get first(): readonly ChosenInput[][] {
    return this.made;
  }
  all(): readonly ChosenInput[][] {
    for (let next = this.guesses.next(); next.done !== true; next = this.guesses.next()) this.made.push(next.value);
    return this.made;
  }
}

export function chooseInputs(p: Program, callee: Value, module: PyInstance | null, request: RunRequest): Attempts {
  const params = parametersOf(p, callee);
  if (request.inputs.length > 0) return new Attempts([fromSpecs(params, request)]);
  const calls = inputsFromCalls(p, request.entry, module?.cls.name ?? null, params, request.batch);
  if (module === null) return new Attempts(calls.length > 0 ? calls : [[]]);
  const attempts = new Attempts(calls, guessInputs(module, params, request.batch ?? 1, targetOf(p, callee).f));
  return attempts.first.length > 0 ? attempts : new Attempts([[]]);
}

function fromSpecs(params: readonly Param[], request: RunRequest): ChosenInput[] {
  let position = 0;
  return request.inputs.map((spec) => {
    const byKeyword = spec.name !== null && request.inputSource === 'flag';
    const name = spec.name ?? params[position++]?.name ?? `input${position}`;
    return {
      name,
      spec,
      dtype: 'float32',
      source: request.inputSource,
      byKeyword: byKeyword || spec.name !== null,
      assumption: null,
    };
  });
}

const treeNumbers = new WeakMap<object, number>();
let trees = 0;

/** What guesses depend on: the request, and the text of the file. */
export function guessKey(p: Program, request: RunRequest): string {
  const tree = p.main?.tree ?? p;
  let n = treeNumbers.get(tree);
  if (n === undefined) {
    n = ++trees;
    treeNumbers.set(tree, n);
  }
  return `${requestKey(request)}#${n}`;
}

export function requestKey(request: RunRequest): string {
  return JSON.stringify([request.inputs, request.inputSource, request.batch]);
}
