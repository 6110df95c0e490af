/** Emission of instructions for one code object: jumps, constants, names, source ranges. */
import type { ClassDef, NodeBase } from '../syntax/ast.js';
import { type BranchInfo, Code, Op } from './bytecode.js';
import type { SourceFile, SourceUnit } from './place.js';
import type { Scope, SymbolTable } from './symbols.js';
import type { Value } from './values.js';

/** A control-flow construct that `break`, `continue` and `return` must leave properly. */
export type FlowBlock =
  | { readonly kind: 'loop'; readonly continueTo: Label; readonly breakTo: Label; readonly popsIterator: boolean }
  | { readonly kind: 'try' }
  | { readonly kind: 'finally'; readonly emitBody: () => void }
  | { readonly kind: 'with' }
  | { readonly kind: 'handler'; readonly name: string | null };

export class Label {
  at = -1;
  readonly uses: number[] = [];
}

/** What every code object of one top-level statement shares. */
export interface Unit {
  readonly file: SourceFile;
  readonly unit: SourceUnit;
  readonly symbols: SymbolTable;
}

const constKey = (v: Value): string | null => {
  if (v === null) return 'n';
  if (typeof v === 'object') return null;
  return `${typeof v}:${String(v)}`;
};

export class Emitter {
  readonly code: Code;
  readonly flow: FlowBlock[] = [];
  private readonly ops: number[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly constIndex = new Map<string, number>();
  private readonly nameIndex = new Map<string, number>();
  private readonly fastIndex = new Map<string, number>();
  private readonly derefIndex = new Map<string, number>();
  private readonly branchLabels: { at: number; join: Label; loop: boolean }[] = [];
  private at: NodeBase = { start: 0, end: 0 };

  constructor(
    readonly u: Unit,
    readonly scope: Scope,
    name: string,
    qualname: string,
    node: NodeBase,
  ) {
    this.code = new Code(name, qualname, u.file, u.unit, node.start, node.end);
    this.at = node;
    if (scope.kind === 'function' || scope.kind === 'comprehension') {
      for (const p of scope.params) this.fast(p);
      for (const n of scope.bound) if (!scope.cells.has(n)) this.fast(n);
    }
    for (const n of scope.cells) {
      this.derefIndex.set(n, this.code.cellvars.length);
      this.code.cellvars.push(n);
      this.code.cellParams.push(scope.params.indexOf(n));
    }
    for (const n of scope.free) {
      this.derefIndex.set(n, this.code.cellvars.length + this.code.freevars.length);
      this.code.freevars.push(n);
    }
  }

  /** Following instructions belong to `node`. Returns the previous node. */
  mark(node: NodeBase): NodeBase {
    const before = this.at;
    this.at = node;
    return before;
  }

  op(op: Op, arg = 0): number {
    const pc = this.ops.length;
    this.ops.push(op, arg);
    this.starts.push(this.at.start);
    this.ends.push(this.at.end);
    return pc;
  }

  jump(op: Op, label: Label): number {
    const pc = this.op(op, 0);
    label.uses.push(pc + 1);
    return pc;
  }

  label(label: Label): void {
    label.at = this.ops.length;
  }

  /** Notes that the conditional jump at `pc` has both sides meeting at `join`. */
  branch(pc: number, join: Label, loop = false): void {
    this.branchLabels.push({ at: pc, join, loop });
    join.uses.push(-1);
  }

  constant(value: Value): number {
    const key = constKey(value);
    if (key !== null) {
      const known = this.constIndex.get(key);
      if (known !== undefined) return known;
      this.constIndex.set(key, this.code.consts.length);
    }
    this.code.consts.push(value);
    return this.code.consts.length - 1;
  }

  name(name: string): number {
    let i = this.nameIndex.get(name);
    if (i === undefined) {
      i = this.code.names.length;
      this.code.names.push(name);
      this.nameIndex.set(name, i);
    }
    return i;
  }

  fast(name: string): number {
    let i = this.fastIndex.get(name);
    if (i === undefined) {
      i = this.code.varnames.length;
      this.code.varnames.push(name);
      this.fastIndex.set(name, i);
    }
    return i;
  }

  deref(name: string): number {
    return this.derefIndex.get(name)!;
  }

  extra(value: unknown): number {
    this.code.extras.push(value);
    return this.code.extras.length - 1;
  }

  private storage(name: string): 'deref' | 'fast' | 'global' | 'name' {
    const s = this.scope;
    if (s.globals.has(name)) return 'global';
    if (s.cells.has(name) || s.free.has(name)) return 'deref';
    if (s.kind === 'module' || s.kind === 'class') return 'name';
    return s.bound.has(name) ? 'fast' : 'global';
  }

  load(name: string): void {
    switch (this.storage(name)) {
      case 'deref':
        this.op(
          this.scope.kind === 'class' && name !== '__class__' ? Op.LOAD_CLASSDEREF : Op.LOAD_DEREF,
          this.deref(name),
        );
        return;
      case 'fast':
        this.op(Op.LOAD_FAST, this.fast(name));
        return;
      case 'name':
        this.op(Op.LOAD_NAME, this.attr(name));
        return;
      default:
        this.op(Op.LOAD_GLOBAL, this.attr(name));
    }
  }

  store(name: string): void {
    switch (this.storage(name)) {
      case 'deref':
        this.op(Op.STORE_DEREF, this.deref(name));
        return;
      case 'fast':
        this.op(Op.STORE_FAST, this.fast(name));
        return;
      case 'name':
        this.op(Op.STORE_NAME, this.attr(name));
        return;
      default:
        this.op(Op.STORE_GLOBAL, this.attr(name));
    }
  }

  /** An attribute's name; `__x` inside a class is private to it. */
  attr(name: string): number {
    if (!name.startsWith('__') || name.endsWith('__')) return this.name(name);
    for (let s: Scope | null = this.scope; s !== null; s = s.parent) {
      if (s.kind !== 'class') continue;
      const owner = (s.node as ClassDef).name.replace(/^_+/, '');
      return this.name(owner === '' ? name : `_${owner}${name}`);
    }
    return this.name(name);
  }

  delete(name: string): void {
    switch (this.storage(name)) {
      case 'deref':
        this.op(Op.DELETE_DEREF, this.deref(name));
        return;
      case 'fast':
        this.op(Op.DELETE_FAST, this.fast(name));
        return;
      case 'name':
        this.op(Op.DELETE_NAME, this.attr(name));
        return;
      default:
        this.op(Op.DELETE_GLOBAL, this.attr(name));
    }
  }

  finish(): Code {
    const known = new Map<Label, BranchInfo[]>();
    for (const b of this.branchLabels) {
      const info: BranchInfo = { join: b.join.at, loop: b.loop };
      this.code.branches.set(b.at, info);
      const list = known.get(b.join) ?? [];
      list.push(info);
      known.set(b.join, list);
    }
    this.code.ops = Int32Array.from(this.ops);
    this.code.starts = Int32Array.from(this.starts);
    this.code.ends = Int32Array.from(this.ends);
    return this.code;
  }

  /** Writes the targets of all jumps to `label`. */
  patch(label: Label): void {
    for (const use of label.uses) if (use >= 0) this.ops[use] = label.at;
  }

  /** Places `label` here and patches the jumps made so far; later jumps to it are patched by `patch`. */
  here(label: Label): void {
    this.label(label);
    this.patch(label);
  }
}
