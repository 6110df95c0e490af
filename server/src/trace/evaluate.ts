/** Expressions that a person or a guess wrote, entries and inputs, in the namespace of the program's file. */
import type { Code } from '../python/bytecode.js';
import { compileExpression } from '../python/compileFunction.js';
import { PyRaise } from '../python/errors.js';
import { Frame } from '../python/frame.js';
import { SourceUnit } from '../python/place.js';
import type { Value } from '../python/values.js';
import { type DTypeName, dtypes } from '../torch/dtype.js';
import { makeTensor } from '../torch/tensor.js';
import type { InputSpec } from './inputSpec.js';
import type { Program } from './program.js';

/** Modules that expressions name as everyone does, whether the file imports them or only parts of them. */
const usualNames: ReadonlyMap<string, string> = new Map([
  ['torch', "__import__('torch')"],
  ['nn', "__import__('torch.nn', fromlist=['nn'])"],
  ['np', "__import__('numpy')"],
]);

/** `torch.zeros(2)` where the file has `import torch.nn as nn` only. */
function withUsualNames(p: Program, text: string): string {
  return text.replace(/(?<![\w.'"])(torch|nn|np)(?=\.\w)/g, (name) =>
    p.main === null || p.machine.imports.global(p.main, name, Number.POSITIVE_INFINITY) !== undefined
      ? name
      : usualNames.get(name)!,
  );
}

/** Evaluates an expression in the namespace of the program's file. Raises PyRaise. */
export function evaluate(p: Program, text: string): Value {
  const whole = withUsualNames(p, text);
  let code = p.expressions.get(whole);
  if (code === undefined) {
    code = compiled(p, whole, text);
    p.expressions.set(whole, code);
  }
  const frame = new Frame(code, p.main!, new Array(code.varnames.length).fill(undefined), []);
  return p.machine.runFrame(frame);
}

/** @param said the text that a person wrote, for messages */
function compiled(p: Program, text: string, said: string): Code {
  const tree = p.options.sources.parser.parse(text);
  const top = tree.statements[0];
  if (tree.problems.length > 0 || tree.statements.length !== 1 || top === undefined || top.node.type !== 'Expr') {
    throw new PyRaise('SyntaxError', `'${said}' is not one Python expression`);
  }
  return compileExpression(
    { path: '<entry>', moduleName: '<entry>', internal: true },
    new SourceUnit(top),
    top.node.value,
  );
}

export function buildInput(p: Program, spec: InputSpec, defaultDtype: DTypeName): Value {
  if (spec.kind === 'expression') return evaluate(p, spec.text);
  const t = makeTensor(spec.shape, dtypes[spec.dtype ?? defaultDtype], p.state.defaultDevice);
  return t;
}
