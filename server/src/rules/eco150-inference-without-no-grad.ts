/**
 * ECO150: a model that runs for its answer alone, with autograd recording every
 * operator. The activations saved for a backward pass that never comes take memory.
 */
import type { Call } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { callersOf, isGradOff } from './patterns/gradMode.js';
import { modelCall, usesGradients } from './patterns/modelCalls.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { wrapInWith } from './patterns/wrap.js';
import { decoratorInsertion, ensureImport } from './semantic/edits.js';
import { isSelf, type ModuleIndex } from './semantic/moduleIndex.js';
import { basesOf, isModuleClass } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';
import { walk } from './semantic/walk.js';
import type { OffsetEdit, RuleContext } from './types.js';

type Ids = 'detected' | 'review' | 'fixDecorator' | 'fixBlock';

/** Functions that are named for inference: by their verb, not by a word anywhere in the name. */
const inferenceName =
  /^(eval|evaluate|evaluation|validate|validation|valid|test|predict|prediction|infer|inference|generate|sample|transcribe|translate|next_token)(_\w+)?$/i;
/** Methods of a model that run its parts for an answer. */
const inferenceMethod = /^(infer|inference|generate)$/;
/** Names under which gradients of the input are the point. */
const gradientName = /saliency|attack|adversarial|fgsm|pgd|grad_?cam|attribution|train|fit|loss/i;
/** Methods that a framework already calls with autograd off. */
const wrappedMethod =
  /^(validation|test|predict)_(step|epoch_end)$|^(validation_step_end|test_step_end|prediction_step)$/;

export default defineRule({
  code: 'ECO150',
  name: 'inference-without-no-grad',
  family: 'inference/serving & KV cache',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'memory',
  since: '0.1.0',
  minTorch: '1.9',
  evidence: [
    {
      claim: 'Disable gradient calculation for validation or inference.',
      source: 'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html',
    },
    {
      claim: 'Tensors made in inference mode cannot enter autograd later, tensors made under no_grad can.',
      source: 'https://docs.pytorch.org/docs/stable/notes/autograd.html',
    },
  ],
  messages: {
    detected: {
      en: '{where} runs the model for its answer alone, but autograd records it and keeps its activations in memory.',
      zh: '{where} 只需要模型的输出，但 autograd 仍在记录并把激活值保留在内存中。',
    },
    review: {
      en: '{where} seems to run the model for its answer alone, but autograd records it and keeps its activations in memory. To check first: nobody calls backward on what it returns.',
      zh: '{where} 似乎只需要模型的输出，但 autograd 仍在记录并把激活值保留在内存中。请先确认：没有人对其返回值调用 backward。',
    },
    fixDecorator: { en: 'Decorate {where} with @{name}.no_grad()', zh: '为 {where} 加上 @{name}.no_grad()' },
    fixBlock: { en: 'Run it under {name}.no_grad()', zh: '放入 {name}.no_grad() 中运行' },
  },
  gate: ['eval', 'valid', 'test', 'predict', 'infer', 'generate', 'sample', 'trans', 'next_token'],
  check(context) {
    if (isReferenceCode(context.file)) return;
    context.eachFunction((scope) => checkFunction(scope, context));
    checkScript(context);
  },
});

function checkFunction(scope: Scope, context: RuleContext<Ids>): void {
  const { index } = context;
  const node = scope.node;
  if (node === null || gradientName.test(scope.name) || wrappedMethod.test(scope.name)) return;
  // def test(): net = Net(); print(net(torch.randn(...)).shape), run once by hand
  if (/^test(_|$)/.test(scope.name) && node.args.args.length === 0) return;
  if (scope.name === 'forward' || scope.name.startsWith('__') || scope.parent !== null) return;
  const switchesToEval = evalCalls(scope).length > 0;
  // Who calls a private helper decides
  if (scope.name.startsWith('_') && !switchesToEval) return;
  if (!switchesToEval && !inferenceName.test(scope.name)) return;
  const call = firstModelCall(scope, index);
  if (call === null || usesGradients(scope, index) || isGradOff(call, scope, index)) return;
  if (scope.owner !== null && isTrainerClass(scope, index)) return;
  if (scope.owner !== null && !isForItsAnswer(call, scope, switchesToEval, index)) return;
  const callers = callersOf(scope, index);
  if (
    callers.some(
      (caller) =>
        caller.scope.node !== null && usesGradients(caller.scope, index) && !isStatementCall(caller.node, index),
    )
  )
    return;

  const torch = ensureImport('torch', index, scope);
  const where = `${scope.name}()`;
  const isSure = switchesToEval;
  const canDecorate = !node.isAsync && !isGenerator(scope);
  const edits: OffsetEdit[] | null = canDecorate
    ? [...torch.edits, decoratorInsertion(node, `@${torch.name}.no_grad()`, index)]
    : null;
  context.report({
    messageId: isSure ? 'detected' : 'review',
    node: call,
    data: { where },
    fix:
      edits === null ? null : { messageId: 'fixDecorator', data: { where, name: torch.name }, safety: 'safe', edits },
    undecided: !isSure,
  });
}

/** Module-level code: `model.eval()`, then `model(x)`. */
function checkScript(context: RuleContext<Ids>): void {
  const { index } = context;
  const scope = index.top;
  const evals = evalCalls(scope);
  if (evals.length === 0 || usesGradients(scope, index)) return;
  const from = Math.min(...evals.map((call) => index.range(call).start));
  for (const call of scope.calls) {
    if (index.range(call).start < from || modelCall(call, index, scope) === null || isInsideClass(call, index))
      continue;
    if (isGradOff(call, scope, index)) continue;
    const torch = ensureImport('torch', index, scope);
    const edits = wrapInWith([index.statementOf(call)], `${torch.name}.no_grad()`, index);
    context.report({
      messageId: 'detected',
      node: call,
      data: { where: 'The script' },
      fix:
        edits === null
          ? null
          : { messageId: 'fixBlock', data: { name: torch.name }, safety: 'safe', edits: [...torch.edits, ...edits] },
    });
  }
}

function evalCalls(scope: Scope): Call[] {
  return scope.calls.filter(
    (call) => call.func.type === 'Attribute' && call.func.attr === 'eval' && call.args.length === 0,
  );
}

/** What runs the model for its answer: one that is thrown away is a warm-up, and its graph is gone at once. */
function firstModelCall(scope: Scope, index: ModuleIndex): Call | null {
  const calls = scope.calls.filter((call) => modelCall(call, index, scope) !== null && !isStatementCall(call, index));
  return calls.sort((a, b) => a.start - b.start)[0] ?? null;
}

/**
 * In a method the call must run the whole model: `self(x)`, or another object's. The parts
 * of a model are called on the way of its forward, where gradients are the point.
 */
function isForItsAnswer(call: Call, scope: Scope, switchesToEval: boolean, index: ModuleIndex): boolean {
  const owner = scope.owner as NonNullable<Scope['owner']>;
  const isModule = isModuleClass(owner, index);
  // A base class that cannot be seen may switch autograd off around its methods
  if (isModule === null) return switchesToEval;
  const isWhole = call.func.type === 'Name' || !(call.func.type === 'Attribute' && isSelf(call.func.value, scope));
  if (!isModule || isWhole) return isWhole || !isModule;
  // infer() that hands on to infer() of its parts is a forward of its own: whoever calls the outermost decides
  const handsOn = scope.calls.some(
    (one) =>
      one.func.type === 'Attribute' &&
      one.func.attr === scope.name &&
      one.func.value.type === 'Attribute' &&
      isSelf(one.func.value.value, scope),
  );
  return !handsOn && inferenceMethod.test(scope.name) && callersOf(scope, index).length === 0;
}

/** Trainers of frameworks wrap their evaluation themselves. */
function isTrainerClass(scope: Scope, index: ModuleIndex): boolean {
  if (scope.owner === null) return false;
  return basesOf(scope.owner, index).qualified.some((name) => /Trainer$|Strategy$|Callback$/.test(name));
}

/** `evaluate(model)` alone on a line: nothing flows back from it. */
function isStatementCall(node: Parameters<ModuleIndex['parent']>[0], index: ModuleIndex): boolean {
  const parent = index.parent(node);
  return parent?.type === 'Expr';
}

function isInsideClass(call: Call, index: ModuleIndex): boolean {
  for (let current = index.parent(call); current !== null; current = index.parent(current))
    if (current.type === 'ClassDef') return true;
  return false;
}

function isGenerator(scope: Scope): boolean {
  let yields = false;
  for (const stmt of scope.node?.body ?? []) {
    walk(stmt, (node) => {
      if (node.type === 'FunctionDef' || node.type === 'Lambda') return false;
      if (node.type === 'Yield' || node.type === 'YieldFrom') yields = true;
      return true;
    });
  }
  return yields;
}
