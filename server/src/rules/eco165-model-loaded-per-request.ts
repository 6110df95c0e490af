/** ECO165: weights loaded anew for each request or turn. */
import type { Call } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { everyCall } from './patterns/calls.js';
import { namesBoundIn, namesIn } from './patterns/loops.js';
import { enclosingLoop, isConditional } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';

const handler = /^\w+\.(get|post|put|route|websocket|api_route|command|on_message|task|predict)$/;
const commandLines = /^(click|rich_click|asyncclick|cloup|typer)(\.|$)/;
const notModels = /Tokenizer|Processor|Config|FeatureExtractor/;

export default defineRule({
  code: 'ECO165',
  name: 'model-loaded-per-request',
  family: 'inference/serving & KV cache',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Load a model once, at the start of the application.',
      source: 'https://fastapi.tiangolo.com/advanced/events/#lifespan',
    },
  ],
  messages: {
    request: {
      en: '{name} loads the weights in a request handler: from disk, through the host, over PCIe, for each request.',
      zh: '{name} 在请求处理函数中加载权重：每个请求都要从磁盘经主机再经 PCIe 传输一遍。',
    },
    turn: {
      en: '{name} loads the same weights at every turn of the loop.',
      zh: '{name} 在循环的每一轮都加载相同的权重。',
    },
  },
  gate: ['from_pretrained', 'torch.load', 'pipeline('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const { call, scope, name } of everyCall(index)) {
      const shown = loads(call, name);
      if (shown === null || isConditional(call, scope, index)) continue;
      if (isHandler(scope, index)) {
        context.report({ messageId: 'request', node: call, data: { name: shown } });
        continue;
      }
      const loop = enclosingLoop(call, scope, index);
      if (loop === null) continue;
      // Another checkpoint at each turn is what such loops are for
      const bound = namesBoundIn(loop);
      const given = [...call.args, ...call.keywords.map((keyword) => keyword.value)];
      if (
        given.some((arg) => [...namesIn(arg)].some((one) => bound.has(one) || scope.flow.definitionsOf(one).length > 1))
      )
        continue;
      const first = given[0];
      if (first?.type !== 'Constant' && first?.type !== 'Name') continue;
      if (
        /\b(del|empty_cache|gc\.collect)\b/.test(index.source(loop)) ||
        /seed|fold|trial|run\b/i.test(loop.type === 'For' ? index.source(loop.target) : '')
      )
        continue;
      context.report({ messageId: 'turn', node: call, data: { name: shown } });
    }
  },
});

function loads(call: Call, name: string | null): string | null {
  if (name === 'torch.load') return 'torch.load()';
  if (name !== null && /^transformers\.(pipelines\.)?pipeline$/.test(name)) return 'pipeline()';
  const match = /^(?:transformers|diffusers|sentence_transformers|peft)\.(?:\w+\.)*(\w+)\.from_pretrained$/.exec(
    name ?? '',
  );
  return match?.[1] === undefined || notModels.test(match[1]) || call.args.length === 0
    ? null
    : `${match[1]}.from_pretrained()`;
}

function isHandler(scope: Scope, index: ModuleIndex): boolean {
  const decorators = scope.node?.decorators ?? [];
  const isCached = decorators.some((one) => /cache/.test(index.source(one)));
  if (/^(lambda_handler|do_GET|do_POST)$/.test(scope.name)) return true;
  if (isCached) return false;
  // A command line's command runs once for whoever types it; a bot's for each message
  const isTyped = [...index.imports.values()].some((target) => commandLines.test(target));
  return decorators.some(
    (one) =>
      one.type === 'Call' &&
      handler.test(index.source(one.func)) &&
      !(isTyped && one.func.type === 'Attribute' && one.func.attr === 'command'),
  );
}
