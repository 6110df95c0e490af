/** `torch.autocast` and its older names: which precision they choose. */
import type { Call, Stmt } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import { qualifiedName } from '../semantic/names.js';
import type { Scope } from '../semantic/parts.js';
import { argumentOf, everyCall, isConstant, keywordOf } from './calls.js';

export interface AutocastCall {
  readonly call: Call;
  readonly scope: Scope;
  /** `unknown` when dtype or device is an expression that cannot be read. */
  readonly dtype: 'float16' | 'bfloat16' | 'unknown';
  /** False when `enabled=` is given as anything but True. */
  readonly isOn: boolean;
}

const names =
  /^torch\.(autocast|amp\.autocast|amp\.autocast_mode\.autocast|cuda\.amp\.autocast|cuda\.amp\.autocast_mode\.autocast|cpu\.amp\.autocast)$/;

export function autocastCall(call: Call, index: ModuleIndex, scope: Scope): AutocastCall | null {
  const name = qualifiedName(call.func, index, scope) ?? '';
  if (!names.test(name)) return null;
  const isLegacy = name.includes('.cuda.') || name.includes('.cpu.');
  const given = argumentOf(call, 1, 'dtype');
  const device = isLegacy ? null : argumentOf(call, 0, 'device_type');
  const enabled = isLegacy ? argumentOf(call, 0, 'enabled') : keywordOf(call, 'enabled');
  const isOn = enabled === null || isConstant(enabled, true);
  const written = given === null ? null : (qualifiedName(given, index, scope) ?? '');
  const isCuda = name.includes('.cuda.') || isConstant(device, 'cuda');
  const dtype =
    written === null
      ? isCuda
        ? 'float16'
        : 'unknown'
      : /^torch\.(float16|half)$/.test(written)
        ? 'float16'
        : written === 'torch.bfloat16'
          ? 'bfloat16'
          : 'unknown';
  return { call, scope, dtype, isOn };
}

export function autocastCalls(index: ModuleIndex): AutocastCall[] {
  const found: AutocastCall[] = [];
  for (const { call, scope } of everyCall(index)) {
    const one = autocastCall(call, index, scope);
    if (one !== null) found.push(one);
  }
  return found;
}

/** The `with` statement that a context manager's call opens. */
export function withOf(call: Call, index: ModuleIndex): Extract<Stmt, { type: 'With' }> | null {
  const parent = index.parent(call);
  return parent?.type === 'With' && parent.items.some((item) => item.contextExpr === call) ? parent : null;
}
