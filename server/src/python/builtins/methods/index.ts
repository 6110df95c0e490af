/** All methods of the built-in types: type name → method name → native; `args[0]` is self. */
import type { NativeCall } from '../../values.js';
import { bytesMethods } from './bytes.js';
import { dictMethods, proxyMethods, viewMethods } from './dict.js';
import {
  boundMethods,
  dunders,
  exceptionMethods,
  genericAliasMethods,
  objectMethods,
  proxyDunders,
  typeMethods,
  unionTypeMethods,
} from './dunders.js';
import { listMethods, tupleMethods } from './list.js';
import { complexMethods, floatMethods, intMethods, rangeMethods, sliceMethods } from './number.js';
import { frozensetMethods, setMethods } from './set.js';
import { strMethods } from './str.js';

export { fromhex } from './bytes.js';
export { fromkeys } from './dict.js';
export { builtinProperties, fromBytes } from './number.js';
export { maketrans } from './str.js';

export const builtinMethods: Record<string, Record<string, NativeCall>> = {
  object: objectMethods,
  method: boundMethods,
  type: typeMethods,
  int: { ...dunders('int'), ...intMethods },
  float: { ...dunders('float'), ...floatMethods },
  complex: { ...dunders('complex'), ...complexMethods },
  str: { ...dunders('str'), ...strMethods },
  bytes: { ...dunders('bytes'), ...bytesMethods },
  list: { ...dunders('list'), ...listMethods },
  tuple: { ...dunders('tuple'), ...tupleMethods },
  dict: { ...dunders('dict'), ...dictMethods },
  set: { ...dunders('set'), ...setMethods },
  frozenset: { ...dunders('frozenset'), ...frozensetMethods },
  range: { ...dunders('range'), ...rangeMethods },
  slice: { ...dunders('slice'), ...sliceMethods },
  dict_keys: { ...dunders('dict_keys'), ...viewMethods },
  dict_values: { ...dunders('dict_values'), __reversed__: viewMethods['__reversed__']! },
  dict_items: { ...dunders('dict_items'), ...viewMethods },
  mappingproxy: { ...dunders('mappingproxy'), ...proxyMethods, ...proxyDunders },
  UnionType: { ...dunders('UnionType'), ...unionTypeMethods },
  GenericAlias: { ...dunders('GenericAlias'), ...genericAliasMethods },
  BaseException: exceptionMethods,
};
