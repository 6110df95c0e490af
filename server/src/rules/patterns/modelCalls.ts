/** Which calls run a model, and which functions train one. */
import type { Call, ClassDef, Expr } from '../../syntax/ast.js';
import { selfAttribute } from '../semantic/classes.js';
import { isSelf, type ModuleIndex } from '../semantic/moduleIndex.js';
import { isModuleClass, qualifiedName, torchModuleName } from '../semantic/names.js';
import type { Scope } from '../semantic/parts.js';

/** Names that people give to models. */
const modelName =
  /^(model|net|network|module|encoder|decoder|backbone|classifier|detector|unet|vae|transformer|llm|gpt|bert|resnet|vit)$|_(model|net|network|encoder|decoder)$|^(model|net)_/i;

/** Why a call is taken for the run of a model: its class is known, or only its name says so. */
export type Certainty = 'class' | 'name';

/** The call runs an `nn.Module`, as far as the file shows; null when it does not. */
export function modelCall(call: Call, index: ModuleIndex, scope: Scope): Certainty | null {
  const { func } = call;
  if (func.type === 'Name') {
    // cls(...) of a class method builds one
    if (isSelf(func, scope)) return func.id === 'cls' ? null : isOwnModule(scope, index);
    return modelValue(func, index, scope);
  }
  if (func.type !== 'Attribute') return null;
  // model.forward(x) and model.module(x) run it too; model.parameters() does not
  if (func.attr === 'forward')
    return func.value.type === 'Name' && !isSelf(func.value, scope) ? modelValue(func.value, index, scope) : null;
  if (isSelf(func.value, scope)) {
    const owner = index.enclosingClass(scope);
    const attribute = selfAttribute(owner, func.attr, index);
    if (attribute !== null && constructsModule(attribute.value, index, attribute.scope)) return 'class';
    const isOwnMethod = owner?.body.some((stmt) => stmt.type === 'FunctionDef' && stmt.name === func.attr) ?? false;
    return !isOwnMethod && modelName.test(func.attr) ? 'name' : null;
  }
  return null;
}

function isOwnModule(scope: Scope, index: ModuleIndex): Certainty | null {
  const owner = index.enclosingClass(scope);
  if (owner === null) return null;
  return isModuleClass(owner, index) === true ? 'class' : null;
}

/** The class of a name, when its parameter's annotation or its construction shows it to be a module. */
export function modelValue(node: Expr, index: ModuleIndex, scope: Scope): Certainty | null {
  if (node.type !== 'Name') return null;
  for (
    let current: Scope | null = scope;
    current !== null;
    current = current.parent ?? (current === index.top ? null : index.top)
  ) {
    if (current === index.top) {
      const binding = index.topBinding(node.id);
      if (binding === 'definition' || binding === 'import') return null;
      if (binding === null) continue;
    }
    const definitions = current === scope ? current.flow.reaching(node) : current.flow.definitionsOf(node.id);
    if (definitions.length === 0) continue;
    for (const definition of definitions) {
      if (
        definition.kind === 'assign' &&
        definition.value !== null &&
        constructsModule(definition.value, index, current)
      )
        return 'class';
      if (definition.kind === 'parameter' && 'annotation' in definition.target) {
        const { annotation } = definition.target;
        if (annotation !== null && isModuleType(annotation, index, current)) return 'class';
      }
      if (definition.kind === 'function' || definition.kind === 'class' || definition.kind === 'import') return null;
    }
    return modelName.test(node.id) ? 'name' : null;
  }
  return null;
}

function constructsModule(node: Expr, index: ModuleIndex, scope: Scope, depth = 0): boolean {
  if (node.type !== 'Call' || depth > 6) return false;
  if (isModuleType(node.func, index, scope)) return true;
  const qualified = qualifiedName(node.func, index, scope) ?? '';
  if (
    /^(torchvision\.models\.|timm\.create_model$|torch\.hub\.load$|torch\.compile$|torch\.jit\.load$)/.test(qualified)
  )
    return true;
  if (/^(transformers|diffusers)\..*\.from_(pretrained|config)$/.test(qualified))
    return !/Tokenizer|Processor|Config|FeatureExtractor|Scheduler/.test(qualified);
  // Model(...).to(device).eval()
  return node.func.type === 'Attribute' &&
    ['to', 'eval', 'cuda', 'cpu', 'half', 'bfloat16', 'float', 'train', 'requires_grad_'].includes(node.func.attr)
    ? constructsModule(node.func.value, index, scope, depth + 1)
    : false;
}

function isModuleType(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  const here = classOf(node, index);
  if (here !== null) return isModuleClass(here, index) === true;
  return torchModuleName(qualifiedName(node, index, scope)) !== null && !/Loss$|^Parameter$/.test(index.source(node));
}

/** The class of this file that a name or a quoted annotation means. */
export function classOf(node: Expr, index: ModuleIndex): ClassDef | null {
  if (node.type === 'Name') return index.classNamed(node.id);
  if (node.type === 'Constant' && typeof node.value === 'string') return index.classNamed(node.value);
  return null;
}

/** The function computes gradients, updates weights, or asks for gradients of its inputs. */
export function usesGradients(scope: Scope, index: ModuleIndex): boolean {
  const text = scope.node === null ? index.text : index.source(scope.node);
  return /\.backward\b|\.step\(|zero_grad|requires_grad|autograd\.|retain_grad|\.grad\b|create_graph|\.train\(\s*(True)?\s*\)|functorch|torch\.func\b|vmap|functional_call|GradScaler/.test(
    text,
  );
}

/** The class of this file that a called model is an instance of: `self`, an annotated parameter, a name it was assigned to. */
export function modelClass(node: Expr, index: ModuleIndex, scope: Scope): ClassDef | null {
  if (node.type !== 'Name') return null;
  if (isSelf(node, scope)) {
    const owner = index.enclosingClass(scope);
    return owner !== null && isModuleClass(owner, index) === true ? owner : null;
  }
  const own = scope.flow.single(node);
  const definition = own ?? index.onlyTopBinding(node.id);
  if (definition === null) return null;
  let value = definition.kind === 'assign' ? definition.value : null;
  for (let step = 0; step < 4 && value?.type === 'Call' && value.func.type === 'Attribute'; step++)
    value = value.func.value;
  const annotation = own?.kind === 'parameter' && 'annotation' in own.target ? own.target.annotation : null;
  const type =
    value?.type === 'Call' ? classOf(value.func, index) : annotation === null ? null : classOf(annotation, index);
  return type !== null && isModuleClass(type, index) === true ? type : null;
}
