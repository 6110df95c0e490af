/**
 * Names of third-party modules that we answer ourselves: packages that look for their compiled
 * operators when imported (the operators are modelled: `torch.ops.torchvision`), documentation machinery,
 * and what loads files of the Hugging Face hub.
 */
import { answeredMembers } from '../python/classBuild.js';
import { Answered, raise } from '../python/errors.js';
import type { Machine } from '../python/machine.js';
import {
  type Keywords,
  NativeFunction,
  PyClass,
  PyClassMethod,
  PyDict,
  PyList,
  PyTuple,
  Unknown,
  UnknownModel,
  type Value,
} from '../python/values.js';
import { dtypes } from '../torch/dtype.js';
import { joinPath } from './files.js';

/** What else a repository holds. */
const notModels = /tokenizer|config|processor|extractor|pipeline/i;

/**
 * Something that is downloaded is not known, and neither is what the package that asks for it makes of it: the
 * outermost call of that package that is still running (`from_pretrained`, `create_model`) gives an unknown value at
 * once. A constructor in between goes on: the part that is loaded inside of it is what is not known.
 */
function downloaded(vm: Machine, what: string): Value {
  const { frames } = vm;
  const home = (i: number): string => frames[i]!.code.file.moduleName.split('.')[0]!;
  let outer = -1;
  for (let i = frames.length - 1; i >= 0 && home(i) === home(frames.length - 1); i--) {
    const { name } = frames[i]!.code;
    if (frames[i]!.names !== null || name === '__init__' || name === 'forward') break;
    outer = i;
  }
  if (outer < 0) return new Unknown(what, vm.place());
  const { code, locals } = frames[outer]!;
  const asked = `${locals[0] instanceof PyClass ? locals[0].name : ''}.${code.name}`;
  throw new Answered(frames[outer]!, new (notModels.test(asked) ? Unknown : UnknownModel)(what, vm.place()));
}

/** Files that complete a configuration: a model is built the same without them. */
const optionalFile = /^(adapter_config|custom_generate)/;
// how text is generated, where the repository says nothing of it
answeredMembers.set(
  'transformers.generation.configuration_utils.GenerationConfig',
  new Map([
    [
      'from_pretrained',
      new PyClassMethod(new NativeFunction('GenerationConfig.from_pretrained', (vm, [cls]) => vm.call(cls!, []))),
    ],
  ]),
);

/** `cached_file(folder_or_repository, name)` of transformers: a file of a folder in the sources, else one that is downloaded. */
function hubFile(vm: Machine, args: readonly Value[], kwargs: Keywords): Value {
  const folder = args[0] ?? kwargs?.get('path_or_repo_id');
  const name = args[1] ?? kwargs?.get('filename');
  const files = typeof folder === 'string' ? vm.imports.folder(folder) : null;
  if (typeof name === 'string' && files?.includes(name)) return joinPath(folder as string, name);
  if (files === null && !(typeof name === 'string' && optionalFile.test(name))) {
    const what = typeof folder === 'string' ? `'${folder}'` : 'a model';
    return downloaded(vm, `${what} of the Hugging Face hub: no folder of this name with its config.json`);
  }
  if (kwargs?.get('_raise_exceptions_for_missing_entries') === false) return null;
  return raise('OSError', `${String(folder)} does not appear to have a file named ${String(name)}`);
}

/** Used bare or called with options. */
function identityDecorator(name: string): NativeFunction {
  const identity = new NativeFunction(name, (_vm, args) => args[0] ?? null);
  return new NativeFunction(name, (_vm, args) => args[0] ?? identity);
}

function answers(
  module: string,
  names: Record<string, (vm: Machine, args: readonly Value[], kwargs: Keywords) => Value>,
): [string, ReadonlyMap<string, Value>] {
  return [
    module,
    new Map(
      Object.entries(names).map(([name, call]): [string, Value] => [
        name,
        new NativeFunction(`${module}.${name}`, (vm, args, kwargs) => call(vm as Machine, args, kwargs)),
      ]),
    ),
  ];
}

export const answeredNames: ReadonlyMap<string, ReadonlyMap<string, Value>> = new Map([
  [
    'torchvision.extension',
    new Map<string, Value>([
      ['_has_ops', new NativeFunction('torchvision.extension._has_ops', () => true)],
      ['_assert_has_ops', new NativeFunction('torchvision.extension._assert_has_ops', () => null)],
      ['_check_cuda_version', new NativeFunction('torchvision.extension._check_cuda_version', () => null)],
      ['_HAS_OPS', true],
    ]),
  ],
  answers('transformers.utils.hub', { cached_file: hubFile }),
  // loading gives weights their values: of a configuration that is known the model is built, and no file is looked for
  answers('transformers.modeling_utils', {
    _get_resolved_checkpoint_files: () => new PyTuple([new PyList(['pytorch_model.bin']), null]),
    load_state_dict: () => new PyDict(),
    get_state_dict_dtype: (vm) => {
      vm.listener.assumption('weights of the checkpoint: float32', 'environment', vm.place());
      return dtypes.float32;
    },
  }),
  // tells which weights a checkpoint lacked
  answers('transformers.utils.loading_report', { log_state_dict_report: () => null }),
  answers('timm.models._hub', {
    load_model_config_from_hf: (vm, [id]) => downloaded(vm, `'${String(id)}' of the Hugging Face hub`),
  }),
  // writes docstrings at import time: what it decorates is unchanged
  [
    'transformers.utils.auto_docstring',
    new Map<string, Value>([['auto_docstring', identityDecorator('auto_docstring')]]),
  ],
]);
