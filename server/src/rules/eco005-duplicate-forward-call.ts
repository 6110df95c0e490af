/** ECO005: the same model on the same input twice. */
import type { Call, Name, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { isGradOff } from './patterns/gradMode.js';
import { isSteady } from './patterns/inline.js';
import { layerNamed } from './patterns/layers.js';
import { modelCall } from './patterns/modelCalls.js';
import { dotted } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { isSelf, isStatement, type ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { walk } from './semantic/walk.js';

/** Layers that give the same for the same, whatever the mode, and write nothing. */
const steadyLayers =
  /^(Linear|Conv\dd|ConvTranspose\dd|LayerNorm|RMSNorm|GroupNorm|Embedding|GELU|ReLU|SiLU|Sigmoid|Tanh|Identity|AvgPool\dd|MaxPool\dd|AdaptiveAvgPool\dd)$/;

export default defineRule({
  code: 'ECO005',
  name: 'duplicate-forward-call',
  family: 'model structure',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'A forward pass of a dense network is about 2 · P FLOPs per token, a third of a training step.',
      source: 'https://arxiv.org/abs/2001.08361',
    },
  ],
  messages: {
    detected: {
      en: '{call} has been computed {line} already with the same input: bind the result once and use it twice.',
      zh: '{call} 在{line}已用相同输入计算过：应把结果保存一次，使用两次。',
    },
    first: { en: 'the first time', zh: '第一次计算' },
  },
  gate: ['torch'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachFunction((scope) => {
      // What an __init__ calls twice makes two layers
      if (scope.node === null || scope.name === '__init__' || isReferenceCode(scope.name)) return;
      if (scope.calls.length < 2) return;
      const candidates = writtenTwice(scope.calls).filter((call) => isModelOrLayer(call, index, scope));
      if (candidates.length < 2) return;
      // Two views and two draws of dropout are the point of such losses
      if (
        /kl_div|consisten|contrast|r_?drop|dropout|simclr|augment|mc_|sam\b|closure|uncertain|perturb|stochastic/i.test(
          index.source(scope.node),
        )
      )
        return;
      const byText = new Map<string, Call[]>();
      for (const call of candidates.sort((a, b) => a.start - b.start)) {
        if (!call.keywords.every((one) => one.arg !== null && (one.value.type === 'Constant' || isSteady(one.value))))
          continue;
        const text = index.source(call);
        const earlier = byText.get(text) ?? [];
        const first = earlier.find((one) => repeats(one, call, index, scope));
        if (first !== undefined)
          context.report({
            messageId: 'detected',
            node: call,
            data: { call: text.length > 40 ? `${text.slice(0, 37)}…` : text, line: { en: 'above', zh: '上方' } },
            related: [{ node: first, messageId: 'first' }],
            undecided: layerOf(call, index, scope) === null && modelCall(call, index, scope) !== 'class',
          });
        byText.set(text, [...earlier, call]);
      }
    });
  },
});

/** Calls whose function and arguments are names and stand there more than once: told without looking anything up. */
/** Kept with the statement, as the list of its calls is. */
const twice = new WeakMap<readonly Call[], readonly Call[]>();

function writtenTwice(calls: readonly Call[]): readonly Call[] {
  let found = twice.get(calls);
  if (found === undefined) {
    found = findTwice(calls);
    twice.set(calls, found);
  }
  return found;
}

function findTwice(calls: readonly Call[]): readonly Call[] {
  const byKey = new Map<string, Call[]>();
  for (const call of calls) {
    if (call.args.length === 0) continue;
    const parts = [call.func, ...call.args].map(dotted);
    if (parts.includes(null)) continue;
    const key = parts.join();
    byKey.set(key, [...(byKey.get(key) ?? []), call]);
  }
  return [...byKey.values()].filter((same) => same.length > 1).flat();
}

function layerOf(call: Call, index: ModuleIndex, scope: Scope): string | null {
  if (call.func.type !== 'Attribute' || !isSelf(call.func.value, scope)) return null;
  const layer = layerNamed(call.func.attr, index.enclosingClass(scope), index);
  return layer !== null && steadyLayers.test(layer.type) ? layer.type : null;
}

function isModelOrLayer(call: Call, index: ModuleIndex, scope: Scope): boolean {
  // Of its own layers only those that are known to be steady; of whole models all
  if (call.func.type === 'Attribute' && isSelf(call.func.value, scope)) return layerOf(call, index, scope) !== null;
  return call.func.type === 'Name' && modelCall(call, index, scope) !== null;
}

/** The second call comes after the first in the same straight line, and nothing it depends on changes between. */
function repeats(first: Call, second: Call, index: ModuleIndex, scope: Scope): boolean {
  const block = index.blockOf(topOf(first, index));
  const from = topOf(first, index);
  let to: Stmt | null = null;
  for (let node: Parameters<ModuleIndex['parent']>[0] | null = second; node !== null; node = index.parent(node))
    if (isStatement(node) && block?.includes(node)) to = node;
  if (block === null || to === null) return false;
  if (!sameNames(first, second, scope)) return false;
  // One with gradients and one without are two things; so are two modes
  if (isGradOff(first, scope, index) !== isGradOff(second, scope, index)) return false;
  const between = block
    .slice(block.indexOf(from), block.indexOf(to) + 1)
    .map((stmt) => index.source(stmt))
    .join('\n');
  if (
    /\.(step|train|eval|backward|zero_grad|load_state_dict|requires_grad_|update|reset|copy_|set_\w+)\(|[a-z]_\(/.test(
      between,
    )
  )
    return false;
  return !writesInto(block.slice(block.indexOf(from), block.indexOf(to) + 1), second, index);
}

/** The statement itself, not one nested in an `if` inside it. */
function topOf(node: Call, index: ModuleIndex): Stmt {
  return index.statementOf(node);
}

/** Every name of the arguments and of the model has the same definitions at both places. */
function sameNames(first: Call, second: Call, scope: Scope): boolean {
  const names = (call: Call): Name[] => {
    const found: Name[] = [];
    walk(call, (node) => {
      if (node.type === 'Name') found.push(node);
    });
    return found;
  };
  const [one, two] = [names(first), names(second)];
  return one.every((name, at) => {
    const [a, b] = [scope.flow.reaching(name), scope.flow.reaching(two[at] as Name)];
    return a.length === b.length && a.every((definition) => b.includes(definition));
  });
}

/** `x[0] = …`, `x += …` on something the call reads. */
function writesInto(stmts: readonly Stmt[], call: Call, index: ModuleIndex): boolean {
  const text = index.source(call);
  let writes = false;
  for (const stmt of stmts) {
    walk(stmt, (node) => {
      const targets = node.type === 'Assign' ? node.targets : node.type === 'AugAssign' ? [node.target] : [];
      for (const target of targets) {
        const whole =
          target.type === 'Subscript' || target.type === 'Attribute'
            ? index.source(target.value)
            : node.type === 'AugAssign'
              ? index.source(target)
              : '';
        if (whole !== '' && whole !== 'self' && text.includes(whole)) writes = true;
      }
    });
  }
  return writes;
}
