/**
 * ECO001: a residual block that never adds its input. A deep plain stack trains far worse,
 * so the energy of the run buys a model that misses its target.
 */
import type { ClassDef, Expr, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { contains, isForward } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { layersOf, unreadShortcuts } from './patterns/shortcuts.js';
import { selfAttribute } from './semantic/classes.js';
import { indentationAt, newlineOf, operand } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { literalNumber, opOf } from './semantic/torchOps.js';
import type { OffsetEdit } from './types.js';

/** Names of blocks that are residual by definition; whole networks only stack them. */
const blockName =
  /res(net|idual)?_?(block|unit|layer|bottleneck)|basic_?block|bottleneck_?(block|unit)?$|^bottleneck|(encoder|decoder|transformer)_?(layer|block)/i;

export default defineRule({
  code: 'ECO001',
  name: 'missing-residual-connection',
  family: 'architecture bug',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Plain networks of 34 layers train worse than of 18; with shortcuts it is the other way round.',
      source: 'https://arxiv.org/abs/1512.03385',
    },
  ],
  messages: {
    detected: {
      en: '{block} keeps its input as {shortcut} and never adds it: without the residual connection a deep stack of it trains far worse.',
      zh: '{block} 把输入保存为 {shortcut} 却从未相加：没有残差连接，深层堆叠的训练效果会差很多。',
    },
    byName: {
      en: '{block} is a residual block by its name, but its forward never adds its input to its output. To check first: its caller does not add it either.',
      zh: '从名称看 {block} 是残差块，但其 forward 从未把输入加到输出上。请先确认：调用者也没有相加。',
    },
    fix: { en: 'Add {shortcut} to the output', zh: '把 {shortcut} 加到输出' },
  },
  gate: ['forward'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachFunction((scope) => {
      const { owner, node } = scope;
      if (
        owner === null ||
        node === null ||
        !isForward(scope, index) ||
        !blockName.test(owner.name) ||
        /plain|vgg|noresidual|noskip/i.test(owner.name)
      )
        return;
      if (addsOrJoins(node.body) || isAddedByOthers(owner, index)) return;
      const input = node.args.args[1]?.arg;
      const layers = layersOf(scope, owner, index);
      if (input === undefined || layers === null || layers.length < 2) return;
      const unread = unreadShortcuts(scope)[0] ?? null;
      if (unread === null && !keepsShape(layers, owner, index)) return;
      const last = node.body.at(-1);
      if (last?.type !== 'Return' || last.value === null) return;
      const isReassigned = scope.flow.definitionsOf(input).length > 1;
      const shortcut = unread?.name ?? (isReassigned ? 'identity' : input);
      context.report({
        messageId: unread === null ? 'byName' : 'detected',
        node: last.value,
        data: { block: owner.name, shortcut },
        severity: unread === null ? 'warning' : 'error',
        fix: {
          messageId: 'fix',
          data: { shortcut },
          safety: 'unsafe',
          edits: fixEdits(last.value, shortcut, unread === null && isReassigned ? input : null, scope, index),
        },
      });
    });
  },
});

/** Any sum, concatenation or in-place addition: the block has its connection, in whatever form. */
/** What does not depend on other statements is kept with the nodes. */
const joining = new WeakMap<readonly Stmt[], boolean>();
const summing = new WeakMap<ClassDef, boolean>();

function addsOrJoins(body: readonly Stmt[]): boolean {
  const known = joining.get(body) ?? findsJoin(body);
  joining.set(body, known);
  return known;
}

function findsJoin(body: readonly Stmt[]): boolean {
  return body.some((stmt) =>
    contains(stmt, (node) => {
      if (node.type === 'BinOp') return node.op === '+' || node.op === '-';
      if (node.type === 'AugAssign') return true;
      return (
        node.type === 'Call' &&
        node.func.type === 'Attribute' &&
        /^(add_?|sub|cat|concat|stack|add_relu|addcmul|lerp|baddbmm|drop_path)$/.test(node.func.attr)
      );
    }),
  );
}

/** `x + block(x)`, `x + self.block(x)` somewhere else, or a wrapper that is named for it. */
function isAddedByOthers(owner: ClassDef, index: ModuleIndex): boolean {
  const name = new RegExp(`\\b${owner.name}\\b`);
  if (index.once(wrappedTexts).some((text) => name.test(text))) return true;
  return index.classes.some(
    (other) =>
      other !== owner && addsCalls(other) && contains(other, (node) => node.type === 'Name' && node.id === owner.name),
  );
}

/** The arguments of what is named a residual wrapper, up to the first closing parenthesis. */
function wrappedTexts(index: ModuleIndex): string[] {
  return [...index.text.matchAll(/(?:Residual|PreNorm|PostNorm|Skip|DropPath)\w*\(([^)]*)/g)].map(
    (found) => found[1] ?? '',
  );
}

function addsCalls(owner: ClassDef): boolean {
  const known = summing.get(owner) ?? findsSum(owner);
  summing.set(owner, known);
  return known;
}

function findsSum(owner: ClassDef): boolean {
  return owner.body.some(
    (method) =>
      method.type === 'FunctionDef' &&
      method.body.some((stmt) =>
        contains(
          stmt,
          (node) =>
            node.type === 'BinOp' && node.op === '+' && (node.left.type === 'Call' || node.right.type === 'Call'),
        ),
      ),
  );
}

/** The first layer's input and the last one's output are written the same, or there is a projection for the case that they differ. */
function keepsShape(layers: readonly { args: string[] }[], owner: ClassDef, index: ModuleIndex): boolean {
  const first = layers[0]?.args[0];
  const last = layers.at(-1)?.args[1];
  if (selfAttribute(owner, 'downsample', index) !== null || selfAttribute(owner, 'shortcut', index) !== null)
    return true;
  return first !== undefined && first === last;
}

/** Before the last activation, or at the return. */
function fixEdits(value: Expr, shortcut: string, saved: string | null, scope: Scope, index: ModuleIndex): OffsetEdit[] {
  const edits: OffsetEdit[] = [];
  const first = scope.node?.body.find(
    (stmt) => !(stmt.type === 'Expr' && stmt.value.type === 'Constant' && literalNumber(stmt.value) === null),
  );
  if (saved !== null && first !== undefined) {
    const { start } = index.range(first);
    edits.push({
      start,
      end: start,
      newText: `${shortcut} = ${saved}${newlineOf(index.text)}${indentationAt(index.text, start)}`,
    });
  }
  const activated =
    activationInput(value, index, scope) ?? activationInput(definitionValue(value, scope), index, scope);
  const target = activated ?? value;
  edits.push({ ...index.range(target), newText: `${operand(target, index)} + ${shortcut}` });
  return edits;
}

function definitionValue(node: Expr, scope: Scope): Expr | null {
  const definition = node.type === 'Name' ? scope.flow.single(node) : null;
  return definition?.kind === 'assign' ? definition.value : null;
}

function activationInput(node: Expr | null, index: ModuleIndex, scope: Scope): Expr | null {
  const op = node === null ? null : opOf(node, index, scope);
  return op !== null &&
    /^(relu6?|leaky_relu|gelu|silu|elu|mish|hardswish)$|^(ReLU6?|LeakyReLU|GELU|SiLU|ELU|Mish|Hardswish)$/i.test(
      op.name,
    )
    ? (op.args[0] ?? null)
    : null;
}
