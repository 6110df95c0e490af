/** `operator`. */
import type { BinaryOperator, CompareOperator } from '../../../syntax/ast.js';
import { type Interp, type NativeCall, NativeFunction, PyTuple, type Value } from '../../values.js';
import { compareOp } from '../compare.js';
import { delItem, getItem, requireIndex, setItem } from '../items.js';
import { binaryOp, inPlaceOp, unaryOp } from '../operators.js';
import { fn, type NativeModule, raw } from './define.js';

const binaries: Record<string, BinaryOperator> = {
  add: '+',
  sub: '-',
  mul: '*',
  truediv: '/',
  floordiv: '//',
  mod: '%',
  pow: '**',
  matmul: '@',
  lshift: '<<',
  rshift: '>>',
  and_: '&',
  or_: '|',
  xor: '^',
  concat: '+',
};
const comparisons: Record<string, CompareOperator> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  is_: 'is',
  is_not: 'is not',
};

/** One getter gives a value, several give a tuple. */
function getter(name: string, read: (vm: Interp, object: Value, key: Value) => Value): NativeCall {
  return (_vm, keys) =>
    new NativeFunction(`operator.${name}`, (vm, args) => {
      const object = args[0]!;
      if (keys.length === 1) return read(vm, object, keys[0]!);
      return new PyTuple(keys.map((k) => read(vm, object, k)));
    });
}

export const operatorModule: NativeModule = {
  ...Object.fromEntries(
    Object.entries(binaries).map(([name, op]) =>
      fn('operator', name, 'a, b, /', (vm, a, b) => binaryOp(vm, op, a!, b!)),
    ),
  ),
  ...Object.fromEntries(
    Object.entries(binaries).map(([name, op]) =>
      fn('operator', `i${name.replace('_', '')}`, 'a, b, /', (vm, a, b) => inPlaceOp(vm, op, a!, b!)),
    ),
  ),
  ...Object.fromEntries(
    Object.entries(comparisons).map(([name, op]) =>
      fn('operator', name, 'a, b, /', (vm, a, b) => compareOp(vm, op, a!, b!)),
    ),
  ),
  ...Object.fromEntries([
    fn('operator', 'neg', 'a, /', (vm, a) => unaryOp(vm, '-', a!)),
    fn('operator', 'pos', 'a, /', (vm, a) => unaryOp(vm, '+', a!)),
    fn('operator', 'invert', 'a, /', (vm, a) => unaryOp(vm, '~', a!)),
    fn('operator', 'inv', 'a, /', (vm, a) => unaryOp(vm, '~', a!)),
    fn('operator', 'not_', 'a, /', (vm, a) => unaryOp(vm, 'not', a!)),
    fn('operator', 'truth', 'a, /', (vm, a) => {
      const negated = unaryOp(vm, 'not', a!);
      return typeof negated === 'boolean' ? !negated : negated;
    }),
    fn('operator', 'abs', 'a, /', (vm, a) => vm.call(vm.getAttr(a!, '__abs__'), [])),
    fn('operator', 'index', 'a, /', (vm, a) => requireIndex(vm, a!)),
    fn('operator', 'contains', 'a, b, /', (vm, a, b) => compareOp(vm, 'in', b!, a!)),
    fn('operator', 'getitem', 'a, b, /', (vm, a, b) => getItem(vm, a!, b!)),
    fn('operator', 'setitem', 'a, b, c, /', (vm, a, b, c) => {
      setItem(vm, a!, b!, c!);
      return null;
    }),
    fn('operator', 'delitem', 'a, b, /', (vm, a, b) => {
      delItem(vm, a!, b!);
      return null;
    }),
    fn('operator', 'countOf', 'a, b, /', (vm, a, b) => [...vm.iterate(a!)].filter((v) => vm.equal(v, b!)).length),
    fn('operator', 'call', 'obj, /', (vm, f) => vm.call(f!, [])),
    raw(
      'operator',
      'itemgetter',
      getter('itemgetter', (vm, o, k) => getItem(vm, o, k)),
    ),
    raw(
      'operator',
      'attrgetter',
      getter('attrgetter', (vm, o, k) => {
        let v = o;
        for (const name of vm.str(k).split('.')) v = vm.getAttr(v, name);
        return v;
      }),
    ),
    raw(
      'operator',
      'methodcaller',
      (_vm, [name, ...rest], kwargs) =>
        new NativeFunction('operator.methodcaller', (vm, args) =>
          vm.call(vm.getAttr(args[0]!, vm.str(name!)), rest, kwargs),
        ),
    ),
  ]),
};
