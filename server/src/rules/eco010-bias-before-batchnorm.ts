/** ECO010: a bias that the next layer subtracts again. */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { argumentOf, callsNamed, isPlainCall } from './patterns/calls.js';
import { layerNamed, sequentialLayers } from './patterns/layers.js';
import { isForward } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { isSelf, type ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName, torchModuleName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';
import type { RuleContext } from './types.js';

const biased = /^(Conv[123]d|ConvTranspose[123]d|Linear)$/;

export default defineRule({
  code: 'ECO010',
  name: 'bias-before-batchnorm',
  family: 'model structure',
  severity: 'information',
  fixSafety: 'unsafe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Disable bias for convolutions directly followed by a batch norm.',
      source:
        'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html#disable-bias-for-convolutions-directly-followed-by-a-batch-norm',
    },
    {
      claim: 'The profiler reports it as "Conv2d Bias Followed By BatchNorm2d".',
      source: 'https://github.com/pytorch/pytorch/blob/main/torch/profiler/_pattern_matcher.py',
    },
  ],
  messages: {
    detected: {
      en: 'The bias of this {layer} has no effect: {norm} subtracts the mean of each channel. It costs parameters, optimiser state and a reduction in backward.',
      zh: '该 {layer} 的偏置没有作用：{norm} 会减去每个通道的均值。它却要占用参数、优化器状态，并在反向时多做一次归约。',
    },
    fix: { en: 'Add bias=False (checkpoints lose the key)', zh: '添加 bias=False（检查点会少一个键）' },
  },
  gate: ['BatchNorm'],
  check(context) {
    const { index, text } = context;
    if (isReferenceCode(context.file)) return;
    // A published checkpoint keeps its keys
    const isPretrained = /load_state_dict|pretrained|load_url|load_weights/i.test(text);
    for (const { call, scope } of callsNamed(index, /Sequential$/)) {
      const layers = sequentialLayers(call, index, scope);
      layers.forEach((layer, at) => {
        const next = layers[at + 1] ?? null;
        if (layer !== null && next !== null) report(layer, next, scope, context, isPretrained);
      });
    }
    for (const scope of index.functions) if (isForward(scope, index)) checkForward(scope, context, isPretrained);
  },
});

function report(
  layer: Expr,
  next: Expr,
  scope: Scope,
  context: RuleContext<'detected' | 'fix'>,
  isPretrained: boolean,
): void {
  const { index } = context;
  const [type, norm] = [typeOf(layer, index, scope), typeOf(next, index, scope)];
  if (layer.type !== 'Call' || next.type !== 'Call' || type === null || norm === null) return;
  if (!biased.test(type) || !subtracts(norm, next) || !isPlainCall(layer) || hasBias(layer, type) !== true) return;
  context.report({
    messageId: 'detected',
    node: layer,
    data: { layer: type, norm },
    undecided: isPretrained,
    fix: { messageId: 'fix', safety: 'unsafe', edits: [appendArgument(layer, 'bias=False', index)] },
  });
}

/** `self.bn(self.conv(x))`, or `x = self.conv(x)` and then `x = self.bn(x)`, where the convolution is used once. */
function checkForward(scope: Scope, context: RuleContext<'detected' | 'fix'>, isPretrained: boolean): void {
  const { index } = context;
  const owner = index.enclosingClass(scope);
  const named = (call: Call): ReturnType<typeof layerNamed> =>
    call.func.type === 'Attribute' && isSelf(call.func.value, scope) ? layerNamed(call.func.attr, owner, index) : null;
  const seen = new Set<Call>();
  for (const call of scope.calls) {
    const norm = named(call);
    const input = call.args[0];
    if (norm === null || !/BatchNorm|InstanceNorm/.test(norm.type) || input === undefined || call.args.length !== 1)
      continue;
    const definition = input.type === 'Name' ? scope.flow.single(input) : null;
    if (input.type === 'Name' && (definition?.kind !== 'assign' || definition.uses.size !== 1)) continue;
    const value = definition?.value ?? input;
    const layer = value.type === 'Call' ? named(value) : null;
    if (layer === null || seen.has(layer.call) || value.type !== 'Call') continue;
    // Used elsewhere the bias may matter
    const name = value.func.type === 'Attribute' ? value.func.attr : '';
    const uses =
      index.source(owner as NonNullable<typeof owner>).split(new RegExp(`\\bself\\.${name}\\b(?!\\s*=[^=])`)).length -
      1;
    if (uses !== 1) continue;
    seen.add(layer.call);
    report(layer.call, norm.call, layer.scope, context, isPretrained);
  }
}

function typeOf(node: Expr, index: ModuleIndex, scope: Scope): string | null {
  return node.type === 'Call' ? torchModuleName(qualifiedName(node.func, index, scope)) : null;
}

/** Running statistics switched off or no statistics at all change what is subtracted. */
function subtracts(norm: string, call: Call): boolean {
  return (
    /^BatchNorm[123]d$/.test(norm) &&
    isPlainCall(call) &&
    !call.keywords.some((keyword) => keyword.arg === 'track_running_stats')
  );
}

function hasBias(call: Call, type: string): boolean {
  const position = type === 'Linear' ? 2 : type.startsWith('ConvTranspose') ? 7 : 7;
  const given = argumentOf(call, position, 'bias');
  return given === null || (given.type === 'Constant' && given.value === true);
}
