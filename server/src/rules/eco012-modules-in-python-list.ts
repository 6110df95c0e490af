/**
 * ECO012: sub-modules kept in a plain list, tuple or dict of a module are invisible to
 * `parameters()`, `to()` and `state_dict()`: they stay random and on the CPU.
 */
import type { Expr, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { standsFor } from './patterns/inline.js';
import { classOf } from './patterns/modelCalls.js';
import { dotted, isModuleMethod } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { ensureImport, replaceNode } from './semantic/edits.js';
import { isSelf, type ModuleIndex } from './semantic/moduleIndex.js';
import { isModuleClass, qualifiedName, torchModuleName } from './semantic/names.js';
import { nodeTypes } from './semantic/ownNodes.js';
import type { Scope } from './semantic/parts.js';
import { walk } from './semantic/walk.js';

export default defineRule({
  code: 'ECO012',
  name: 'modules-in-python-list',
  family: 'architecture bug',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Modules in ModuleList are properly registered and visible to all Module methods; in a list they are not.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html',
    },
  ],
  messages: {
    detected: {
      en: 'self.{name} holds modules in a plain {kind}: parameters(), to() and state_dict() do not see them, so they are never trained.',
      zh: 'self.{name} 用普通 {kind} 保存子模块：parameters()、to() 和 state_dict() 都看不到它们，因此永远不会被训练。',
    },
    fix: { en: 'Wrap it in nn.{wrapper}', zh: '用 nn.{wrapper} 包装' },
  },
  gate: ['Module'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachFunction((scope) => {
      if (!isModuleMethod(scope, index) || scope.owner === null || scope.node === null) return;
      for (const stmt of assignments(scope, index)) {
        const target = stmt.targets[0];
        if (stmt.targets.length !== 1 || target?.type !== 'Attribute' || !isSelf(target.value, scope)) continue;
        const { value } = stmt;
        const isDict = value.type === 'Dict' || value.type === 'DictComp';
        const display = standsFor(value, scope);
        if (!isDict && !['List', 'ListComp', 'Tuple'].includes(display.type)) continue;
        const elements = [...elementsOf(display), ...appended(value, target, scope)];
        if (!elements.some((element) => isModule(element, index, scope) && hasState(element, index, scope))) continue;
        const text = index.source(scope.owner);
        if (isRegistered(`self\\.${target.attr}`, text) || (value.type === 'Name' && isRegistered(value.id, text)))
          continue;
        const wrapper = isDict ? 'ModuleDict' : 'ModuleList';
        const torch = ensureImport('torch.nn', index, scope);
        const kind = isDict ? 'dict' : display.type === 'Tuple' ? 'tuple' : 'list';
        context.report({
          messageId: 'detected',
          node: value,
          data: { name: target.attr, kind },
          fix: {
            messageId: 'fix',
            data: { wrapper },
            safety: 'unsafe',
            edits: [...torch.edits, replaceNode(value, `${torch.name}.${wrapper}(${wrapped(value, index)})`, index)],
          },
        });
      }
    });
  },
});

const assigned = nodeTypes('Assign');

function assignments(scope: Scope, index: ModuleIndex) {
  const found: Extract<Stmt, { type: 'Assign' }>[] = [];
  index.eachNode(scope, assigned, (node) => void found.push(node));
  return found;
}

function elementsOf(value: Expr): Expr[] {
  if (value.type === 'List' || value.type === 'Tuple') return [...value.elts];
  if (value.type === 'ListComp') return [value.elt];
  if (value.type === 'Dict') return [...value.values];
  return value.type === 'DictComp' ? [value.value] : [];
}

/** What `self.blocks.append(...)` adds to a list that the same method made, or `blocks.append(...)` before it was handed over. */
function appended(value: Expr, target: Expr, scope: Scope): Expr[] {
  const names = [dotted(target), value.type === 'Name' ? value.id : null];
  return scope.calls.flatMap((call) => {
    const { func, args } = call;
    const [added] = args;
    const isAppend = func.type === 'Attribute' && func.attr === 'append' && added !== undefined && args.length === 1;
    return isAppend && names.includes(dotted(func.value)) ? [added] : [];
  });
}

/** Layers that hold nothing to train, move or save. */
const stateless =
  /^(ReLU6?|GELU|SiLU|ELU|Mish|Sigmoid|Tanh|Softmax|LogSoftmax|LeakyReLU|Hard\w+|Identity|Flatten|Unflatten|\w*Pool\dd|\w*Pad\dd|Upsample|Fold|Unfold|PixelShuffle)$/;

function hasState(node: Expr, index: ModuleIndex, scope: Scope, depth = 0): boolean {
  if (node.type !== 'Call') return true;
  const here = classOf(node.func, index);
  if (here === null) {
    const name = torchModuleName(qualifiedName(node.func, index, scope));
    return name === null || !stateless.test(name);
  }
  if (depth > 4 || here.bases.length !== 1) return true;
  let found = false;
  walk(here, (inner) => {
    if (inner.type !== 'Call' || found) return;
    const type = torchModuleName(qualifiedName(inner.func, index, index.scopeOf(inner)));
    if (type !== null && type !== 'Module') found = !stateless.test(type);
    else if (/register_(buffer|parameter)$/.test(index.source(inner.func))) found = true;
    else if (classOf(inner.func, index) !== null) found = hasState(inner, index, index.scopeOf(inner), depth + 1);
  });
  return found;
}

function isModule(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  if (node.type !== 'Call') return false;
  const here = classOf(node.func, index);
  if (here !== null) return isModuleClass(here, index) === true;
  const name = torchModuleName(qualifiedName(node.func, index, scope));
  return name !== null && !/Loss$|^Parameter$/.test(name);
}

/** Handed to a container, registered by name, or hidden on purpose (wrapped in another list). */
function isRegistered(name: string, classText: string): boolean {
  return (
    new RegExp(`(ModuleList|ModuleDict|Sequential)\\(\\s*\\*{0,2}${name}\\b`).test(classText) ||
    /\b(add_module|register_module|setattr)\s*\(/.test(classText)
  );
}

function wrapped(value: Expr, index: ModuleIndex): string {
  const text = index.source(value);
  if (value.type !== 'Tuple') return text;
  return text.startsWith('(') ? `[${text.slice(1, -1)}]` : `[${text}]`;
}
