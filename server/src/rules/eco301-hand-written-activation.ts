/** ECO301: GELU, SiLU, softplus or mish spelled out: a kernel and a round trip to memory per step. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { activationAt } from './patterns/activations.js';
import { standsBeside } from './patterns/inline.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { argumentText, ensureImport, removeStatements, replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { nodeTypes } from './semantic/ownNodes.js';
import type { Scope } from './semantic/parts.js';

const calls = { silu: 'silu', gelu: 'gelu', gelu_tanh: 'gelu', softplus: 'softplus', mish: 'mish' } as const;

const wanted = nodeTypes('BinOp', 'Call');

export default defineRule({
  code: 'ECO301',
  name: 'hand-written-activation',
  family: 'memory traffic/fusion',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: '1.12',
  evidence: [
    {
      claim: 'Point-wise operations can be fused into one kernel that reads and writes once.',
      source: 'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html',
    },
    {
      claim: 'approximate="tanh" is the tanh form of GELU.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gelu.html',
    },
  ],
  messages: {
    detected: {
      en: 'This is {function} spelled out: every step reads and writes the whole tensor; F.{name} is one kernel.',
      zh: '这是手写的 {function}：每一步都要读写整个张量；F.{name} 只需一个内核。',
    },
    fix: { en: 'Use F.{call}', zh: '改用 F.{call}' },
  },
  gate: ['sigmoid', 'erf', 'tanh', 'exp'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachFunction((scope) => {
      const node = scope.node;
      if (node === null || isReferenceCode(scope.name)) return;
      if (node.decorators.some((decorator) => /compile|jit|script|triton/.test(index.source(decorator)))) return;
      // Written out for exporters that lack the operator
      if (isForExport(scope, index)) return;
      const words = index.source(node);
      if (!/sigmoid|erf|tanh|exp/.test(words)) return;
      index.eachNode(scope, wanted, (inner) => {
        return !reportActivation(inner, scope, context);
      });
    });
  },
});

/** Its class or itself says so: "export-friendly version of nn.SiLU()". */
function isForExport(scope: Scope, index: ModuleIndex): boolean {
  return [scope.node, scope.owner].some((one) => {
    const first = one?.body[0];
    const says = first?.type === 'Expr' && first.value.type === 'Constant' ? index.source(first) : '';
    return /\b(onnx|export\w*|tensorrt|coreml|tflite|torchscript)\b/i.test(
      `${one?.name ?? ''} ${says}`.replaceAll('_', ' '),
    );
  });
}

type Context = Parameters<ReturnType<typeof defineRule>['check']>[0];

function reportActivation(node: Expr, scope: Scope, context: Context): boolean {
  const { index } = context;
  const match = activationAt(node, index, scope);
  if (match === null) return false;
  const home = index.statementOf(node);
  if (
    !match.gone.every((stmt) => standsBeside(stmt, home, index)) ||
    isReboundBetween(match.input, match.gone, node, scope, index)
  )
    return false;
  const functional = ensureImport('torch.nn.functional', index, scope);
  const call = calls[match.name];
  const approximate = match.name === 'gelu_tanh' ? ', approximate="tanh"' : '';
  const text = `${functional.name}.${call}(${argumentText(match.input, index)}${approximate})`;
  const lines = removeStatements(match.gone, index);
  const shown = match.name === 'gelu_tanh' ? 'gelu(approximate="tanh")' : call;
  const titles = { silu: 'SiLU', gelu: 'GELU', gelu_tanh: 'GELU (tanh)', softplus: 'softplus', mish: 'Mish' };
  context.report({
    messageId: 'detected',
    node,
    data: { function: titles[match.name], name: call },
    fix:
      lines === null
        ? null
        : {
            messageId: 'fix',
            data: { call: shown },
            safety: 'safe',
            edits: [...functional.edits, ...lines, replaceNode(node, text, index)],
          },
  });
  return true;
}

/** The input gets another value between the first removed line and the formula. */
function isReboundBetween(
  input: Expr,
  gone: readonly { start: number }[],
  node: Expr,
  scope: Scope,
  index: ModuleIndex,
): boolean {
  const first = Math.min(node.start, ...gone.map((stmt) => stmt.start));
  const name = input.type === 'Name' ? input.id : null;
  return (
    name !== null &&
    scope.flow.definitionsOf(name).some((definition) => {
      const { stmt } = definition;
      return stmt !== null && stmt.start > first && stmt.end <= index.statementOf(node).start;
    })
  );
}
