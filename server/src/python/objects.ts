/** Run-time objects of the interpreter itself: functions, cells, modules, generators. */
import type { ModuleTree } from '../syntax/ast.js';
import type { Code } from './bytecode.js';
import type { NameSource, Reader } from './dependencies.js';
import type { Frame } from './frame.js';
import type { SourceFile, SourceUnit } from './place.js';
import type { StatementWrites } from './statementWrites.js';
import { PyObject, type Value } from './values.js';

/** A variable shared between scopes. */
export class Cell extends PyObject {
  constructor(public value: Value | undefined) {
    super();
  }
  override snapshot(): () => void {
    const value = this.value;
    return () => {
      this.value = value;
    };
  }
}

export class PyFunction extends PyObject {
  /** Annotations as text; `__annotations__` evaluates them when asked. */
  annotations: ReadonlyMap<string, string> | null = null;
  /** The function or class body that it was defined in: their names are seen from annotations. */
  annotationFrame: Frame | null = null;
  annotationDict: Value | undefined = undefined;
  /** Why a call may do something else than the text says: a decorator that is not known. */
  doubt: string | null = null;
  constructor(
    readonly code: Code,
    readonly globals: PyModule,
    /** Defaults of the last positional parameters. */
    public defaults: readonly Value[],
    public kwdefaults: Map<string, Value> | null,
    readonly closure: readonly Cell[] | null,
    public name: string,
    public qualname: string,
  ) {
    super();
  }
}

/** A module. Its top-level statements run on demand, by the names they bind. */
export class PyModule extends PyObject {
  readonly ns = new Map<string, Value>();
  tree: ModuleTree | null = null;
  /** For each name, the indices of top-level statements not yet run that bind or modify it, ascending. */
  pending = new Map<string, number[]>();
  /** Indices of `from x import *` statements. */
  stars: number[] = [];
  executed: Uint8Array = new Uint8Array(0);
  /** Index of the statement being run: names bound by later ones do not exist yet. */
  limit = Number.POSITIVE_INFINITY;
  /** Top-level statements, by index. */
  units: SourceUnit[] = [];
  /** Who read which of its names. */
  readonly sources = new Map<string, NameSource>();
  /** Of the last runs of its statements who reads, and what they wrote to. Not the units' own: programs share units. */
  readonly readers = new Map<SourceUnit, Reader>();
  readonly writes = new Map<SourceUnit, StatementWrites>();
  /** Statements that an edit brought, or whose run it did away with. */
  readonly again = new Set<SourceUnit>();
  /** Folders searched for submodules; null when not a package. */
  packagePath: readonly string[] | null = null;
  constructor(
    readonly name: string,
    readonly file: SourceFile | null,
  ) {
    super();
  }
  override snapshot(): () => void {
    const base = super.snapshot();
    const ns = new Map(this.ns);
    return () => {
      base();
      this.ns.clear();
      for (const [k, v] of ns) this.ns.set(k, v);
    };
  }
}
