/** ECO152: an evaluation with dropout and batch statistics still on. */
import type { Call, ClassDef, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { everyScope, methodName } from './patterns/calls.js';
import { bodyOf, isGradOff } from './patterns/gradMode.js';
import { callsIn } from './patterns/loops.js';
import { modelCall, modelClass } from './patterns/modelCalls.js';
import { enclosingLoop } from './patterns/places.js';
import { aboutText, isManaged } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { saysNear } from './patterns/reach.js';
import { indentationAt, lineStart, newlineOf } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName, torchModuleName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';
import { walk } from './semantic/walk.js';

const moded =
  /^(Dropout\w*|AlphaDropout|BatchNorm\dd|SyncBatchNorm|InstanceNorm\dd|Transformer\w*|MultiheadAttention)$/;

/** Someone minds the mode, or wants dropout at work. */
const minds =
  /\.eval\(|\.train\(\s*(mode|False|is_train|training|phase)|monte.?carlo|mc_dropout|enable_dropout|\bskorch\b|from_pretrained|jit\.load/i;

const trains = aboutText(/\.backward\(/);

export default defineRule({
  code: 'ECO152',
  name: 'missing-eval-mode',
  family: 'inference/serving & KV cache',
  severity: 'warning',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'eval() changes Dropout and BatchNorm; no_grad() does not.',
      source: 'https://docs.pytorch.org/docs/stable/notes/autograd.html#evaluation-mode-nn-module-eval',
    },
  ],
  messages: {
    detected: {
      en: 'Nothing in this file calls {model}.eval(): {layer} works as in training here, so the figures are wrong and running statistics change.',
      zh: '该文件从未调用 {model}.eval()：{layer} 在此仍按训练方式工作，指标不准确，运行统计量也会被改写。',
    },
    fix: { en: 'Call {model}.eval() before', zh: '先调用 {model}.eval()' },
  },
  gate: ['no_grad', 'inference_mode'],
  check(context) {
    const { index } = context;
    // Without a training loop the model may come from elsewhere in its right mode
    if (!trains(index)) return;
    if (isReferenceCode(context.file) || isManaged(index)) return;
    for (const scope of everyScope(index)) {
      const isNamed =
        scope.node !== null &&
        /^(eval|evaluate|validate|validation|test|valid|predict|accuracy|infer|inference)(_|$)/i.test(scope.name);
      const call = scope.calls.find(
        (one) =>
          one.func.type === 'Name' &&
          modelCall(one, index, scope) !== null &&
          (isNamed || isEvaluationLoop(one, scope, index)) &&
          isGradOff(one, scope, index),
      );
      if (call === undefined || call.func.type !== 'Name' || saysNear(minds, scope, index)) continue;
      const type = modelClass(call.func, index, scope) ?? sameName(call.func.id, index) ?? onlyModel(index);
      const layer = type === null ? null : modedLayer(type, index);
      if (layer === null) continue;
      const model = call.func.id;
      context.report({
        messageId: 'detected',
        node: call,
        data: { model, layer },
        undecided: modelClass(call.func, index, scope) === null,
        fix: {
          messageId: 'fix',
          data: { model },
          safety: 'unsafe',
          edits: [insertion(call, model, scope, index)],
        },
      });
    }
  },
});

/** The class that every assignment of that name in the file constructs: `net = Net().to(device)`. */
function sameName(name: string, index: ModuleIndex): ClassDef | null {
  const found = new Set<ClassDef | null>();
  for (const scope of everyScope(index)) {
    for (const definition of scope.flow.definitionsOf(name)) {
      if (definition.kind === 'parameter') continue;
      let value = definition.kind === 'assign' ? definition.value : null;
      while (value?.type === 'Call' && value.func.type === 'Attribute') value = value.func.value;
      // net = net.to(device)
      if (value?.type === 'Name' && value.id === name) continue;
      found.add(value?.type === 'Call' && value.func.type === 'Name' ? index.classNamed(value.func.id) : null);
    }
  }
  const [only] = found;
  return found.size === 1 ? (only ?? null) : null;
}

/** The file's one model class. */
function onlyModel(index: ModuleIndex): ClassDef | null {
  const models = index.classes.filter((one) =>
    one.body.some((stmt) => stmt.type === 'FunctionDef' && stmt.name === 'forward'),
  );
  return models.length === 1 ? (models[0] as ClassDef) : null;
}

/** A layer of the class whose work depends on the mode. */
function modedLayer(type: ClassDef, index: ModuleIndex): string | null {
  let found: string | null = null;
  walk(type, (node) => {
    if (node.type !== 'Call' || found !== null) return;
    const name = torchModuleName(qualifiedName(node.func, index, index.scopeOf(node)));
    if (name !== null && moded.test(name)) found = name;
  });
  return found;
}

function insertion(call: Call, model: string, scope: Scope, index: ModuleIndex) {
  // Behind the docstring, before the statement that runs the model or holds it; in a training function before its block
  const body = bodyOf(scope, index);
  const block = gradOffBlock(call, index);
  const first = block ?? body.find((stmt) => index.contains(stmt, call)) ?? body[0];
  const range = index.range(first as NonNullable<typeof first>);
  const at = lineStart(index.text, range.start);
  return {
    start: at,
    end: at,
    newText: `${indentationAt(index.text, range.start)}${model}.eval()${newlineOf(index.text)}`,
  };
}

/** The outermost `with` around a node: `with torch.no_grad():`. */
function gradOffBlock(node: Call, index: ModuleIndex): Stmt | null {
  let found: Stmt | null = null;
  for (
    let current = index.parent(node);
    current !== null && current.type !== 'FunctionDef';
    current = index.parent(current)
  )
    if (current.type === 'With') found = current;
  return found;
}

/** `for x, y in test_loader:` in a function that trains, in a loop of its own. */
function isEvaluationLoop(call: Call, scope: Scope, index: ModuleIndex): boolean {
  const loop = enclosingLoop(call, scope, index);
  if (loop?.type !== 'For' || !/(test|val|valid|eval|dev)(_|s?et|l|d|\b)/i.test(index.source(loop.iter))) return false;
  if (callsIn(loop, scope, index).some((one) => methodName(one) === 'backward')) return false;
  return scope.calls.some((one) => methodName(one) === 'backward');
}
