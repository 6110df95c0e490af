/** Runs Python text through our own machine: for the replay of recorded cases and for experiments with the torch library. */
import { PyRaise } from '../../../server/src/python/errors.js';
import { describe } from '../../../server/src/python/exceptions.js';
import type { Value } from '../../../server/src/python/values.js';
import { createParser } from '../../../server/src/syntax/createParser.js';
import type { Kernel } from '../../../server/src/torch/kernel.js';
import { evaluate } from '../../../server/src/trace/evaluate.js';
import type { FilePort } from '../../../server/src/trace/files.js';
import { Program } from '../../../server/src/trace/program.js';
import { Sources } from '../../../server/src/trace/sources.js';

const main = '/case/main.py';

export interface Ran {
  readonly value: Value;
  readonly kernels: readonly Kernel[];
  readonly gaps: readonly string[];
  readonly error: { readonly type: string; readonly message: string } | null;
}

export interface Session {
  /** Evaluates an expression in the text's namespace, with the kernels it emits. */
  run(expression: string): Ran;
  str(value: Value): string;
}

export async function openSession(text: string, torchVersion: readonly [number, number] = [2, 13]): Promise<Session> {
  const parser = await createParser();
  const files: FilePort = {
    read: (path) => (path === main ? text : null),
    isDirectory: (path) => path === '/' || path === '/case',
    list: (path) => (path === '/case' ? ['main.py'] : path === '/' ? ['case'] : []),
  };
  const program = new Program(main, {
    sources: new Sources(parser, files),
    pythonPath: [],
    sitePackages: [],
    torchVersion,
    fuel: 50_000_000,
    cancelled: () => false,
  });
  return {
    str: (value) => program.machine.str(value),
    run(expression) {
      const kernels: Kernel[] = [];
      const { sink } = program.state;
      program.state.sink = { kernel: (k) => kernels.push(k) };
      program.recorder.gaps = [];
      program.machine.frames.length = 0;
      program.machine.fuel = 50_000_000;
      Object.assign(program.state, { gradEnabled: true, inferenceMode: false, autocast: new Map() });
      let value: Value = null;
      let error: Ran['error'] = null;
      try {
        value = evaluate(program, expression);
      } catch (e) {
        if (!(e instanceof PyRaise)) throw e;
        error = describe(program.machine, e);
      } finally {
        program.state.sink = sink;
      }
      return { value, kernels, gaps: program.recorder.gaps.map((g) => `${g.what}: ${g.why}`), error };
    },
  };
}
