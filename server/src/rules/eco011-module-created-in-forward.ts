/**
 * ECO011: a layer built inside `forward` has fresh random weights in every call, which no
 * optimiser ever sees; a dropout built there is always in training mode.
 */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { isForward } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { argumentText, ensureImport, replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName, torchModuleName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';

/** Modules with parameters, or with a mode of their own. */
const stateful =
  /^(Linear|Bilinear|LazyLinear|Conv\w+|LazyConv\w+|Embedding(Bag)?|LSTM|GRU|RNN|LSTMCell|GRUCell|RNNCell|\w*Norm\w*|MultiheadAttention|Transformer\w*|Dropout\w*|AlphaDropout|PReLU)$/;

export default defineRule({
  code: 'ECO011',
  name: 'module-created-in-forward',
  family: 'architecture bug',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Modules assigned in __init__ are registered; others are unknown to parameters(), to() and state_dict().',
      source: 'https://docs.pytorch.org/docs/stable/notes/modules.html',
    },
  ],
  messages: {
    detected: {
      en: '{module} is built in forward: its weights are random in every call and are never trained.',
      zh: '在 forward 中构建了 {module}：每次调用权重都是随机的，且永远不会被训练。',
    },
    dropout: {
      en: '{module} is built in forward: it is always in training mode and drops values in eval() too.',
      zh: '在 forward 中构建了 {module}：它始终处于训练模式，在 eval() 下仍会丢弃数值。',
    },
    fixDropout: { en: 'Use F.dropout with training=self.training', zh: '改用 F.dropout 并传入 training=self.training' },
  },
  gate: ['forward'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachFunction((scope) => {
      if (!isForward(scope, index)) return;
      // Hyper-networks give such layers their weights
      if (
        /\.(weight|bias)\b[^=\n]*=[^=]|load_state_dict|copy_\(/.test(
          index.source(scope.node as NonNullable<Scope['node']>),
        )
      )
        return;
      for (const call of scope.calls) {
        const module = torchModuleName(qualifiedName(call.func, index, scope));
        if (module === null || !stateful.test(module) || isKept(call, index)) continue;
        const isDropout = module === 'Dropout';
        context.report({
          messageId: module.includes('Dropout') ? 'dropout' : 'detected',
          node: call,
          data: { module: `nn.${module}` },
          fix: isDropout ? dropoutFix(call, scope, index) : null,
        });
      }
    });
  },
});

/** `self.fc = nn.Linear(...)` when first called: registered from then on. */
function isKept(call: Call, index: ModuleIndex): boolean {
  const stmt = index.statementOf(call);
  return stmt.type === 'Assign' && stmt.targets.some((target) => target.type === 'Attribute');
}

function dropoutFix(call: Call, scope: Scope, index: ModuleIndex) {
  const use = index.parent(call);
  const input = use?.type === 'Call' && use.func === call && use.args.length === 1 ? use.args[0] : undefined;
  if (use?.type !== 'Call' || input === undefined) return null;
  const p: Expr | undefined = call.args[0] ?? call.keywords.find((keyword) => keyword.arg === 'p')?.value;
  const functional = ensureImport('torch.nn.functional', index, scope);
  const self = scope.node?.args.args[0]?.arg ?? 'self';
  const probability = p === undefined ? '0.5' : argumentText(p, index);
  const text = `${functional.name}.dropout(${argumentText(input, index)}, ${probability}, training=${self}.training)`;
  return {
    messageId: 'fixDropout' as const,
    safety: 'unsafe' as const,
    edits: [...functional.edits, replaceNode(use, text, index)],
  };
}
