/** Class methods, static methods and read-only attributes of the built-in types: put into the class dicts once. */
import { builtinClass, iteratorNames } from '../../classes.js';
import { NativeFunction, PyClassMethod, PyProperty, PyStaticMethod } from '../../values.js';
import { functions } from '../functions.js';
import { builtinProperties, fromBytes, fromhex, fromkeys, maketrans } from './index.js';

let installed = false;

export function installBuiltinMembers(): void {
  if (installed) return;
  installed = true;
  for (const [type, properties] of Object.entries(builtinProperties)) {
    for (const [name, get] of Object.entries(properties)) {
      const getter = new NativeFunction(`${type}.${name}`, (vm, args) => get(vm, args[0]!));
      builtinClass(type).dict.set(name, new PyProperty(getter, null, null));
    }
  }
  // iterators, so that they have the methods that `collections.abc` looks for
  for (const type of [...iteratorNames, 'iterator', 'generator', 'map', 'zip', 'filter', 'enumerate', 'reversed']) {
    const { dict } = builtinClass(type);
    dict.set('__iter__', new NativeFunction(`${type}.__iter__`, (_vm, args) => args[0]!, true));
    dict.set('__next__', new NativeFunction(`${type}.__next__`, (vm, args) => functions.next(vm, args, null), true));
  }
  builtinClass('dict').dict.set('fromkeys', new PyClassMethod(new NativeFunction('dict.fromkeys', fromkeys)));
  builtinClass('int').dict.set('from_bytes', new PyClassMethod(new NativeFunction('int.from_bytes', fromBytes)));
  builtinClass('bytes').dict.set('fromhex', new PyStaticMethod(new NativeFunction('bytes.fromhex', fromhex)));
  builtinClass('str').dict.set('maketrans', new PyStaticMethod(new NativeFunction('str.maketrans', maketrans)));
}
