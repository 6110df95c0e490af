/** Binding arguments to parameters, with CPython's messages. */

import { openKeywords } from './builtins/hash.js';
import type { Code } from './bytecode.js';
import { raise } from './errors.js';
import { Frame } from './frame.js';
import { Cell, type PyFunction } from './objects.js';
import { anyOther, type Keywords, PyDict, PyTuple, Unknown, type Value } from './values.js';

/** A frame for calling `fn`, with its locals bound. */
export function makeFrame(fn: PyFunction, args: readonly Value[], kwargs: Keywords): Frame {
  const { code } = fn;
  const n = code.argcount;
  const locals = new Array<Value | undefined>(code.varnames.length).fill(undefined);
  if (kwargs === null && !code.hasVarargs && !code.hasVarkw && code.kwonly === 0 && args.length <= n) {
    let i = 0;
    for (; i < args.length; i++) locals[i] = args[i];
    const firstDefault = n - fn.defaults.length;
    for (; i < n; i++) {
      if (i < firstDefault) missing(fn, locals);
      locals[i] = fn.defaults[i - firstDefault];
    }
  } else {
    bindGeneral(fn, locals, args, kwargs);
  }
  const cells: Cell[] = [];
  for (let i = 0; i < code.cellvars.length; i++) {
    const p = code.cellParams[i]!;
    cells.push(new Cell(p >= 0 ? locals[p] : undefined));
  }
  if (fn.closure !== null) for (const c of fn.closure) cells.push(c);
  return new Frame(code, fn.globals, locals, cells);
}

function bindGeneral(fn: PyFunction, locals: (Value | undefined)[], args: readonly Value[], kwargs: Keywords): void {
  const { code } = fn;
  const n = code.argcount;
  const total = n + code.kwonly;
  const given = Math.min(args.length, n);
  for (let i = 0; i < given; i++) locals[i] = args[i];
  let slot = total;
  if (code.hasVarargs) locals[slot++] = new PyTuple(args.slice(n));
  else if (args.length > n) tooMany(fn, args.length);
  let rest: PyDict | null = null;
  if (code.hasVarkw) {
    rest = new PyDict();
    locals[slot] = rest;
  }
  const others = kwargs?.get(anyOther);
  if (kwargs !== null) {
    for (const [name, value] of kwargs) {
      if (name === anyOther) continue;
      const i = paramIndex(code, name);
      if (i >= 0) {
        if (locals[i] !== undefined) raise('TypeError', `${fn.qualname}() got multiple values for argument '${name}'`);
        locals[i] = value;
      } else if (rest !== null) rest.writable.set(name, [name, value]);
      else if (code.varnames.indexOf(name) >= 0 && code.varnames.indexOf(name) < code.posonly) {
        raise(
          'TypeError',
          `${fn.qualname}() got some positional-only arguments passed as keyword arguments: '${name}'`,
        );
      } else raise('TypeError', `${fn.qualname}() got an unexpected keyword argument '${name}'`);
    }
  }
  if (others instanceof Unknown) {
    // whatever was not given may be among them
    for (let i = code.posonly; i < total; i++)
      if (locals[i] === undefined) locals[i] = new Unknown(others.why, others.where);
    if (rest !== null) openKeywords(rest, others);
  }
  const firstDefault = n - fn.defaults.length;
  for (let i = Math.max(firstDefault, 0); i < n; i++)
    if (locals[i] === undefined) locals[i] = fn.defaults[i - firstDefault];
  for (let i = n; i < total; i++) {
    if (locals[i] === undefined) locals[i] = fn.kwdefaults?.get(code.varnames[i]!);
  }
  for (let i = 0; i < total; i++) if (locals[i] === undefined) missing(fn, locals);
}

function paramIndex(code: Code, name: string): number {
  const total = code.argcount + code.kwonly;
  for (let i = code.posonly; i < total; i++) if (code.varnames[i] === name) return i;
  return -1;
}

function list(names: readonly string[]): string {
  const quoted = names.map((n) => `'${n}'`);
  if (quoted.length === 1) return quoted[0]!;
  if (quoted.length === 2) return `${quoted[0]} and ${quoted[1]}`;
  return `${quoted.slice(0, -1).join(', ')}, and ${quoted[quoted.length - 1]}`;
}

function missing(fn: PyFunction, locals: readonly (Value | undefined)[]): never {
  const { code } = fn;
  const required = code.argcount - fn.defaults.length;
  const positional = code.varnames.slice(0, required).filter((_n, i) => locals[i] === undefined);
  if (positional.length > 0) {
    raise(
      'TypeError',
      `${fn.qualname}() missing ${positional.length} required positional argument${positional.length > 1 ? 's' : ''}: ${list(positional)}`,
    );
  }
  const keyword: string[] = [];
  for (let i = code.argcount; i < code.argcount + code.kwonly; i++)
    if (locals[i] === undefined) keyword.push(code.varnames[i]!);
  return raise(
    'TypeError',
    `${fn.qualname}() missing ${keyword.length} required keyword-only argument${keyword.length > 1 ? 's' : ''}: ${list(keyword)}`,
  );
}

function tooMany(fn: PyFunction, given: number): never {
  const { code } = fn;
  const most = code.argcount;
  const least = most - fn.defaults.length;
  const range = least === most ? `${most}` : `from ${least} to ${most}`;
  return raise(
    'TypeError',
    `${fn.qualname}() takes ${range} positional argument${most === 1 && least === most ? '' : 's'} but ${given} ${given === 1 ? 'was' : 'were'} given`,
  );
}
