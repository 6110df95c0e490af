/** ECO317: experts run one after the other from Python. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { callsIn, literalTurns } from './patterns/loops.js';
import { isModuleMethod } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { isSelf, type ModuleIndex } from './semantic/moduleIndex.js';
import { nodeTypes } from './semantic/ownNodes.js';
import type { Scope } from './semantic/parts.js';
import { walk } from './semantic/walk.js';

const wanted = nodeTypes('For');

export default defineRule({
  code: 'ECO317',
  name: 'moe-expert-python-loop',
  family: 'fusion & memory traffic',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: '2.5',
  evidence: [
    {
      claim: 'A fused MoE layer is 1.7 to 63 times as fast as the loop over experts on an H100 (median 26).',
      source: 'https://github.com/linkedin/Liger-Kernel/blob/main/benchmark/data/all_benchmark_data.csv',
    },
  ],
  messages: {
    detected: {
      en: 'The experts run one after the other: for each a wait for the GPU ({select}), small products and a scatter. Sort the tokens by expert and use one grouped product.',
      zh: '专家逐个运行：每个都要等待 GPU（{select}）、做小矩阵乘并散射写回。应按专家对 token 排序，用一次分组矩阵乘完成。',
    },
  },
  gate: ['expert'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of index.functions) {
      if (!isModuleMethod(scope, index) || isReferenceCode(scope.name)) continue;
      index.eachNode(scope, wanted, (node) => {
        const turns = literalTurns(node);
        const select = selectionIn(node, scope, index);
        if (select === null || (turns !== null && turns <= 2) || !runsExperts(node.iter, node, scope, index))
          return true;
        context.report({ messageId: 'detected', node: node.iter, data: { select } });
        return false;
      });
    }
  },
});

/** `torch.where(sel == e)`, `(sel == e).nonzero()`, `x[sel == e]`: tokens of one expert, found at each turn. */
function selectionIn(loop: Parameters<typeof walk>[0], scope: Scope, index: ModuleIndex): string | null {
  for (const call of callsIn(loop, scope, index)) {
    const name = call.func.type === 'Attribute' ? call.func.attr : '';
    if (name === 'nonzero' || name === 'argwhere') return 'nonzero';
    if (name === 'where' && call.args.length === 1) return 'where';
  }
  let mask = false;
  walk(loop, (node) => {
    if (node.type === 'Subscript' && node.slice.type === 'Compare' && node.slice.ops[0] === '==') mask = true;
    if (node.type === 'Subscript' && node.slice.type === 'Name') {
      const definition = scope.flow.single(node.slice);
      if (definition?.kind === 'assign' && definition.value?.type === 'Compare' && definition.value.ops[0] === '==')
        mask = true;
    }
  });
  return mask ? 'x[mask]' : null;
}

function runsExperts(
  iter: Expr,
  loop: Extract<Parameters<typeof walk>[0], { type: 'For' }>,
  scope: Scope,
  index: ModuleIndex,
): boolean {
  const overModules = /\bself\.\w*experts\b/.test(index.source(iter));
  return callsIn(loop, scope, index).some((call) => {
    const { func } = call;
    if (func.type === 'Subscript')
      return func.value.type === 'Attribute' && isSelf(func.value.value, scope) && /expert/.test(func.value.attr);
    if (func.type !== 'Name') return false;
    if (overModules && new RegExp(`\\b${func.id}\\b`).test(index.source(loop.target))) return true;
    const definition = scope.flow.single(func);
    return (
      definition?.kind === 'assign' &&
      definition.value !== null &&
      /^self\.\w*experts\[/.test(index.source(definition.value))
    );
  });
}
