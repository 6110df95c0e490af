/** ECO408: a whole file parsed for each sample. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { namesIn } from './patterns/loops.js';
import { contains, isConditional } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { qualifiedName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';

const parsers =
  /^(pandas\.read_(csv|json|parquet|excel|pickle|feather)|json\.load|yaml\.(safe_)?load|pickle\.load|h5py\.File|numpy\.(load|loadtxt|genfromtxt)|torch\.load|zipfile\.ZipFile|tarfile\.open|scipy\.io\.loadmat|requests\.get)$/;

export default defineRule({
  code: 'ECO408',
  name: 'heavy-io-in-getitem',
  family: 'data loading',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: '46.03 % of the issues behind low GPU utilisation of deep-learning jobs are data operations.',
      source:
        'https://www.microsoft.com/en-us/research/publication/an-empirical-study-on-low-gpu-utilization-of-deep-learning-jobs/',
    },
  ],
  messages: {
    detected: {
      en: '{name} opens the same file for every sample. Open it once, in __init__ or at the first sample of each worker.',
      zh: '{name} 为每个样本都打开同一个文件。应只打开一次：在 __init__ 中，或在每个工作进程取第一个样本时。',
    },
  },
  gate: ['__getitem__'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of index.functions) {
      const item = scope.node?.args.args[1]?.arg;
      if (scope.name !== '__getitem__' || scope.owner === null || item === undefined) continue;
      for (const call of scope.calls) {
        const name = qualifiedName(call.func, index, scope) ?? '';
        if (!parsers.test(name) || isConditional(call, scope, index)) continue;
        const file = call.args[0];
        if (file === undefined || !isFixed(file, item, scope)) continue;
        // Memory-mapped arrays are opened, not read
        if (call.keywords.some((keyword) => keyword.arg === 'mmap_mode')) continue;
        context.report({ messageId: 'detected', node: call, data: { name: `${index.source(call.func)}()` } });
      }
    }
  },
});

/** The path does not depend on the sample: `self.path`, a literal, and nothing that was made from the index. */
function isFixed(node: Expr, item: string, scope: Scope): boolean {
  // self.path, "labels.npy", self.root + "/labels.npy", os.path.join(self.root, "labels.npy"), f"{self.root}/labels.npy"
  const isPath = ['Constant', 'Attribute', 'JoinedStr', 'BinOp'].includes(node.type) || isJoin(node);
  if (!isPath || hasOtherCalls(node)) return false;
  return [...namesIn(node)].every(
    (name) => name !== item && scope.flow.definitionsOf(name).every((one) => one.kind === 'parameter'),
  );
}

function isJoin(node: Expr): boolean {
  return node.type === 'Call' && node.func.type === 'Attribute' && node.func.attr === 'join';
}

/** A call that is no join, or a subscript: the path may depend on anything. */
function hasOtherCalls(node: Expr): boolean {
  return contains(node, (inner) => (inner.type === 'Call' && !isJoin(inner)) || inner.type === 'Subscript');
}
