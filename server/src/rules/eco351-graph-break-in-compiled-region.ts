/** ECO351: code inside a compiled function that its graph cannot hold. */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { compiledScopes } from './patterns/compiled.js';
import { bodyOf } from './patterns/gradMode.js';
import { standsFor } from './patterns/inline.js';
import { aboutText } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { isTensor } from './patterns/tensors.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { opOf } from './semantic/torchOps.js';
import { type Node, walk } from './semantic/walk.js';

const capturesScalars = aboutText(/capture_scalar_outputs/);

export default defineRule({
  code: 'ECO351',
  name: 'graph-break-in-compiled-region',
  family: 'compile & launch',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: '2.0',
  evidence: [
    {
      claim: '41 graph breaks: 0.52 to 0.85 of eager speed; without them 1.60 to 1.81.',
      source: 'https://github.com/isayevlab/aimnetcentral/pull/109',
    },
    {
      claim: 'Data-dependent control flow, printing and item() break graphs.',
      source: 'https://docs.pytorch.org/docs/stable/compile/programming_model.common_graph_breaks.html',
    },
  ],
  messages: {
    detected: {
      en: '{what} inside compiled {name} breaks its graph: what stands around it is compiled apart, and Python runs between.',
      zh: '已编译的 {name} 中的 {what} 会打断计算图：其前后部分被分开编译，中间由 Python 执行。',
    },
  },
  gate: ['compile'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    const scalars = capturesScalars(index);
    for (const scope of compiledScopes(index)) {
      for (const stmt of bodyOf(scope, index)) {
        walk(stmt, (node) => {
          if (node.type === 'FunctionDef' || node.type === 'ClassDef') return false;
          if (node.type === 'If' && /is_compiling|is_dynamo_compiling|is_scripting/.test(index.source(node.test)))
            return false;
          const what = breaks(node, index, scope, scalars);
          if (what !== null)
            context.report({
              messageId: 'detected',
              node: node.type === 'If' ? node.test : node,
              data: { what, name: `${scope.name}()` },
            });
          return what === null;
        });
      }
    }
  },
});

function breaks(node: Node, index: ModuleIndex, scope: Scope, scalars: boolean): string | null {
  if (node.type === 'If')
    return isTensor(node.test, index, scope) === true || comparesReduction(node.test, index, scope)
      ? 'if on a tensor'
      : null;
  if (node.type !== 'Call') return null;
  const { func } = node;
  if (func.type === 'Name')
    return func.id === 'print' && scope.flow.definitionsOf('print').length === 0 ? 'print()' : null;
  if (func.type !== 'Attribute') return null;
  if (func.attr === 'item' && node.args.length === 0) return scalars || isGuarded(node, index) ? null : '.item()';
  if (func.attr === 'tolist' || func.attr === 'numpy') return node.args.length === 0 ? `.${func.attr}()` : null;
  return func.value.type === 'Name' && /^(logging|logger|log)$/.test(func.value.id)
    ? `${func.value.id}.${func.attr}()`
    : null;
}

/** `x.sum() > 0` for an argument of the compiled function: what a reduction gives there is a tensor. */
function comparesReduction(test: Expr, index: ModuleIndex, scope: Scope): boolean {
  const reductions = ['sum', 'mean', 'max', 'min', 'norm', 'any', 'all', 'prod', 'std', 'var'];
  return (test.type === 'Compare' ? [test.left, ...test.comparators] : [test]).some((side) => {
    const value = standsFor(side, scope);
    const op = value.type === 'Call' ? opOf(value, index, scope) : null;
    return op !== null && op.via === 'method' && op.args.length === 1 && reductions.includes(op.name);
  });
}

/** `torch._check_is_size(n)` and its kin tell the compiler what it needs. */
function isGuarded(call: Call, index: ModuleIndex): boolean {
  const stmt = index.statementOf(call);
  return /_check/.test(index.source(stmt));
}
