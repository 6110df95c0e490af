/** Runs a Python program in our interpreter from top to bottom, as CPython runs a script. */

import { nativeModules } from '../../server/src/python/builtins/modules/index.js';
import { setStdout } from '../../server/src/python/builtins/output.js';
import { compileTopStatement } from '../../server/src/python/compileFunction.js';
import { PyRaise } from '../../server/src/python/errors.js';
import { describe } from '../../server/src/python/exceptions.js';
import { Frame } from '../../server/src/python/frame.js';
import type { ImportPorts } from '../../server/src/python/imports.js';
import { Machine } from '../../server/src/python/machine.js';
import type { Parser } from '../../server/src/syntax/parser.js';
import { findLibraryModule, libraryTree } from '../../server/src/trace/library.js';

export interface Outcome {
  out: string;
  /** `TypeName: message`, null when the program ended normally. */
  error: string | null;
  /** What the interpreter did not understand. */
  gaps: string[];
}

export function runProgram(parser: Parser, source: string): Outcome {
  const gaps: string[] = [];
  const imports: ImportPorts = {
    find: (name) => {
      const lib = findLibraryModule(name);
      return lib === null
        ? null
        : { path: lib.path, isPackage: lib.isPackage, folders: [`lib:${name}`], internal: true };
    },
    tree: (path) => libraryTree(parser, path),
    native: (name) => {
      const dot = name.lastIndexOf('.');
      return nativeModules[name.slice(0, dot)]?.[name.slice(dot + 1)];
    },
    laterNative: () => undefined,
    compiled: () => undefined,
    mentions: () => false,
    register: () => false,
    isNativeModule: (name) => nativeModules[name] !== undefined,
    parse: (text) => parser.parse(text),
  };
  const machine = new Machine({
    imports,
    listener: { gap: (what, why) => void gaps.push(`${what}: ${why}`), assumption: (text) => void gaps.push(text) },
    fuel: 5_000_000,
    cancelled: () => false,
    torch: null,
  });
  let out = '';
  setStdout(machine, (text) => {
    out += text;
  });
  const tree = parser.parse(source);
  const file = { path: 'program.py', moduleName: '__main__', internal: false };
  const module = machine.imports.adoptTree('__main__', file, tree, null);
  let error: string | null = null;
  try {
    for (let i = 0; i < tree.statements.length; i++) {
      if (module.executed[i] === 1) continue;
      module.executed[i] = 1;
      const code = compileTopStatement(file, module.units[i]!);
      const frame = new Frame(code, module, new Array(code.varnames.length).fill(undefined), []);
      module.limit = i;
      frame.topIndex = i;
      machine.runFrame(frame);
    }
  } catch (e) {
    if (!(e instanceof PyRaise)) throw e;
    const { type, message } = describe(machine, e);
    error = `${type}: ${message}`;
  }
  return { out, error, gaps };
}
