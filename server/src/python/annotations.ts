/**
 * Annotations are kept as text and evaluated when the code reads them: a signature costs nothing until someone asks,
 * and what it names is imported only then. What is not a type expression (or does not evaluate) stays text.
 */
import type { Stmt } from '../syntax/ast.js';
import { getItem } from './builtins/items.js';
import { binaryOp } from './builtins/operators.js';
import { PyRaise } from './errors.js';
import type { Frame } from './frame.js';
import type { Machine } from './machine.js';
import type { PyModule } from './objects.js';
import { Ellipsis, heap, PyDict, PyFloat, PyList, PyTuple, Unknown, type Value } from './values.js';

/** Where names of an annotation are looked up. */
export interface AnnotationScope {
  readonly globals: PyModule;
  /** The function or class body that holds the definition; null at module level. */
  readonly frame: Frame | null;
}

/** `name: text` pairs as a dict whose values are evaluated when it is first looked into. */
export class AnnotationDict extends PyDict {
  constructor(
    private readonly vm: Machine,
    readonly texts: Map<string, string>,
    private readonly scope: AnnotationScope,
  ) {
    super();
  }

  override get entries(): PyDict['writable'] {
    return this.writable;
  }

  override get writable(): PyDict['writable'] {
    if (this.own === null) {
      this.own = new Map();
      for (const [name, text] of this.texts) this.own.set(name, [name, this.value(text)]);
    }
    return this.own;
  }

  private value(text: string): Value {
    if (postponed(this.scope.globals)) return text;
    const v = evaluateAnnotation(this.vm, text, this.scope);
    return v === undefined ? text : v;
  }
}

const isFutureImport = (s: Stmt): boolean => s.type === 'ImportFrom' && s.module === '__future__';

/** `from __future__ import annotations`. */
function postponed(module: PyModule): boolean {
  return (
    module.tree?.statements.some(
      (s) => s.text.includes('__future__') && s.text.includes('annotations') && isFutureImport(s.node),
    ) ?? false
  );
}

/** The object that a type expression names; undefined when it cannot be told. */
export function evaluateAnnotation(vm: Machine, text: string, scope: AnnotationScope): Value | undefined {
  // reading types is not part of what the code computes
  const { observer } = heap;
  heap.observer = null;
  try {
    return new TypeExpression(vm, text, scope).whole();
  } catch (e) {
    if (e instanceof PyRaise || e instanceof NotAType) return undefined;
    throw e;
  } finally {
    heap.observer = observer;
  }
}

class NotAType extends Error {}

const token =
  /\s*(?:#[^\n]*\s*|\\\n\s*)*(?:(\.\.\.)|([\p{L}_][\p{L}\p{N}_]*)|(\d+(?:\.\d+)?)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|([[\](),.|=-])|($))/uy;

/** Names, attributes, subscripts, unions, calls, lists, tuples and constants. */
class TypeExpression {
  private readonly tokens: string[] = [];
  private at = 0;
  constructor(
    private readonly vm: Machine,
    text: string,
    private readonly scope: AnnotationScope,
  ) {
    token.lastIndex = 0;
    for (;;) {
      const m = token.exec(text);
      if (m === null) throw new NotAType();
      if (m[6] !== undefined) break;
      this.tokens.push(m[1] ?? m[2] ?? m[3] ?? m[4] ?? m[5]!);
    }
  }

  whole(): Value {
    const v = this.list(undefined);
    if (this.at < this.tokens.length) throw new NotAType();
    return v;
  }

  private take(t: string): boolean {
    if (this.tokens[this.at] !== t) return false;
    this.at++;
    return true;
  }

  /** Expressions up to `end`: one alone, or a tuple. */
  private list(end: string | undefined): Value {
    const items: Value[] = [];
    let comma = false;
    while (this.tokens[this.at] !== end) {
      items.push(this.union());
      comma = this.take(',');
      if (!comma) break;
    }
    if (end !== undefined && !this.take(end)) throw new NotAType();
    return items.length === 1 && !comma ? items[0]! : new PyTuple(items);
  }

  private union(): Value {
    let v = this.postfix();
    while (this.take('|')) {
      const right = this.postfix();
      v = binaryOp(this.vm, '|', v, right);
    }
    return v;
  }

  private postfix(): Value {
    let v = this.primary();
    for (;;) {
      this.vm.spend(1);
      if (this.take('.')) v = this.vm.getAttr(v, this.tokens[this.at++] ?? '');
      else if (this.take('[')) {
        const key = this.list(']');
        v = v instanceof Unknown ? v : getItem(this.vm, v, key);
      } else if (this.take('(')) v = this.call(v);
      else return v;
    }
  }

  private call(f: Value): Value {
    const args: Value[] = [];
    const kwargs = new Map<string, Value>();
    while (!this.take(')')) {
      if (this.tokens[this.at + 1] === '=') {
        const name = this.tokens[this.at]!;
        this.at += 2;
        kwargs.set(name, this.union());
      } else args.push(this.union());
      if (!this.take(',') && this.tokens[this.at] !== ')') throw new NotAType();
    }
    return this.vm.call(f, args, kwargs.size > 0 ? kwargs : null);
  }

  private primary(): Value {
    const t = this.tokens[this.at++];
    if (t === undefined) throw new NotAType();
    if (t === '...') return Ellipsis;
    if (t === '(') return this.list(')');
    if (t === '[') {
      const one = this.list(']');
      // `[X]` is a list of one, `[X, Y]` came back as a tuple; a tuple in brackets is not a type
      return new PyList(one instanceof PyTuple ? [...one.items] : [one]);
    }
    if (t === '-') {
      const v = this.primary();
      if (typeof v !== 'number') throw new NotAType();
      return -v;
    }
    if (/^\d/.test(t)) return t.includes('.') ? new PyFloat(Number(t)) : Number(t);
    if (/^["']/.test(t)) {
      if (t.includes('\\')) throw new NotAType();
      return t.slice(1, -1);
    }
    if (t === 'None') return null;
    if (t === 'True' || t === 'False') return t === 'True';
    if (!/^[\p{L}_]/u.test(t)) throw new NotAType();
    return this.name(t);
  }

  private name(name: string): Value {
    const { frame, globals } = this.scope;
    if (frame !== null) {
      const { code } = frame;
      const local = code.varnames.indexOf(name);
      const cell = [...code.cellvars, ...code.freevars].indexOf(name);
      const v = frame.names?.get(name) ?? (local >= 0 ? frame.locals[local] : undefined) ?? frame.cells[cell]?.value;
      if (v !== undefined) return v as Value;
    }
    const v = this.vm.imports.global(globals, name, Number.POSITIVE_INFINITY) ?? this.vm.builtins.get(name);
    if (v === undefined) throw new NotAType();
    return v as Value;
  }
}
