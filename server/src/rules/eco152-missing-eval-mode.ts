/** ECO152: an evaluation with dropout and batch statistics still on. */
import type { Call, ClassDef } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { everyScope } from './patterns/calls.js';
import { bodyOf, isGradOff } from './patterns/gradMode.js';
import { modelCall, modelClass } from './patterns/modelCalls.js';
import { isManaged } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { indentationAt, lineStart, newlineOf } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName, torchModuleName } from './semantic/names.js';
import { walk } from './semantic/walk.js';

const moded =
  /^(Dropout\w*|AlphaDropout|BatchNorm\dd|SyncBatchNorm|InstanceNorm\dd|Transformer\w*|MultiheadAttention)$/;

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
    const { index, text } = context;
    // Without a training loop the model may come from elsewhere in its right mode
    if (!text.includes('.backward(')) return;
    if (isReferenceCode(context.file) || isManaged(text)) return;
    if (
      /\.eval\(|\.train\(\s*(mode|False|is_train|training|phase)|monte.?carlo|mc_dropout|enable_dropout|\bskorch\b|from_pretrained|jit\.load/i.test(
        text,
      )
    )
      return;
    for (const scope of index.functions) {
      if (
        scope.node === null ||
        !/^(eval|evaluate|validate|validation|test|valid|predict|accuracy|infer|inference)(_|$)/i.test(scope.name)
      )
        continue;
      const call = scope.calls.find(
        (one) => one.func.type === 'Name' && modelCall(one, index, scope) !== null && isGradOff(one, scope, index),
      );
      if (call === undefined || call.func.type !== 'Name') continue;
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
          edits: [insertion(call, model, scope.node, index)],
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

function insertion(
  call: Call,
  model: string,
  node: NonNullable<ModuleIndex['functions'][number]['node']>,
  index: ModuleIndex,
) {
  const scope = index.functionScope(node);
  const body = scope === null ? node.body : bodyOf(scope, index);
  // Behind the docstring, before the statement that runs the model or holds it
  const first = body.find((stmt) => index.contains(stmt, call)) ?? node.body[0];
  const range = index.range(first as NonNullable<typeof first>);
  const at = lineStart(index.text, range.start);
  return {
    start: at,
    end: at,
    newText: `${indentationAt(index.text, range.start)}${model}.eval()${newlineOf(index.text)}`,
  };
}
