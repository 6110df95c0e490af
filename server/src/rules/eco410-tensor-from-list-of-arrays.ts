/** ECO410: arrays turned into a tensor number by number. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { argumentOf, everyCall, isPlainCall } from './patterns/calls.js';
import { standsFor } from './patterns/inline.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { importedAs, replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';

/** Functions of NumPy that always give an array of a shape and a type that depend on their arguments alone. */
const makesArray = /^numpy\.(array|zeros|ones|full|stack|concatenate|random\.(rand|randn|randint|uniform|normal))$/;
const mayMake = /^numpy\.(asarray|load|frombuffer|squeeze|transpose|clip|where|pad)$|^cv2\.(imread|resize|cvtColor)$/;

export default defineRule({
  code: 'ECO410',
  name: 'tensor-from-list-of-arrays',
  family: 'data loading',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'PyTorch warns that creating a tensor from a list of numpy.ndarrays is extremely slow.',
      source: 'https://github.com/pytorch/pytorch/issues/13918',
    },
  ],
  messages: {
    detected: {
      en: 'A list of arrays becomes a tensor one number at a time. Stack the arrays first, then it is one copy.',
      zh: '由数组组成的列表会逐个数字转换为张量。先堆叠数组，只需一次复制。',
    },
    fix: { en: 'Stack with {name}.stack', zh: '先用 {name}.stack 堆叠' },
  },
  gate: ['torch.tensor(', 'as_tensor(', 'FloatTensor('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    const numpy = importedAs('numpy', index, index.top);
    for (const { call, scope, name } of everyCall(index)) {
      if (!/^torch\.(tensor|as_tensor|FloatTensor|Tensor)$/.test(name ?? '') || !isPlainCall(call)) continue;
      const data = argumentOf(call, 0, 'data');
      const element = data === null ? null : elementOf(standsFor(data, scope));
      if (data === null || element === null) continue;
      const isArray = made(element, index, scope);
      if (isArray === null) continue;
      context.report({
        messageId: 'detected',
        node: call,
        undecided: isArray === 'perhaps',
        fix:
          numpy === null || (name !== 'torch.tensor' && name !== 'torch.as_tensor')
            ? null
            : {
                messageId: 'fix',
                data: { name: numpy },
                safety: 'safe',
                edits: [replaceNode(data, `${numpy}.stack(${index.source(data)})`, index)],
              },
      });
    }
  },
});

/** What one element of the list is: of a comprehension, or of a display whose elements are made alike. */
function elementOf(node: Expr): Expr | null {
  if (node.type === 'ListComp') return node.elt;
  return node.type === 'List' && node.elts.length > 1 ? (node.elts[0] as Expr) : null;
}

function made(node: Expr, index: ModuleIndex, scope: Scope): 'certainly' | 'perhaps' | null {
  if (node.type !== 'Call') return null;
  const name = qualifiedName(node.func, index, scope) ?? '';
  if (makesArray.test(name)) return 'certainly';
  return mayMake.test(name) ? 'perhaps' : null;
}
