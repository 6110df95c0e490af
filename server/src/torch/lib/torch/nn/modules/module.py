"""torch.nn.Module: registration, traversal, conversion, hooks and state.

`__call__`, `__getattr__`, `__setattr__`, `__delattr__`, `modules`, `named_modules` and
`train` are native (the VM attaches them). They read `_parameters`, `_buffers`, `_modules`, and where there
are any `_forward_hooks` and `_forward_pre_hooks` (with `_hooks_with_kwargs`, the ids of hooks that also take
keyword arguments); these and `_non_persistent_buffers_set` are made when first asked for.
"""
import collections
from collections import OrderedDict

import torch
from torch._C import Parameter


class _IncompatibleKeys(collections.namedtuple('IncompatibleKeys', ['missing_keys', 'unexpected_keys'])):
    def __repr__(self):
        if not self.missing_keys and not self.unexpected_keys:
            return '<All keys matched successfully>'
        return super().__repr__()

    __str__ = __repr__


_EXTRA_STATE_KEY_SUFFIX = '_extra_state'


class RemovableHandle:
    def __init__(self, hooks, hook, number=0):
        while number in hooks:
            number += 1
        hooks[number] = hook
        self.hooks = hooks
        self.id = number

    def remove(self):
        self.hooks.pop(self.id, None)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.remove()


class Module:
    dump_patches = False
    call_super_init = False
    _version = 1
    _hooks_with_kwargs = None
    _state_dict_hooks = None
    _state_dict_pre_hooks = None
    _load_state_dict_pre_hooks = None
    _load_state_dict_post_hooks = None
    _backward_hooks = None
    _backward_pre_hooks = None

    def __init__(self, *args, **kwargs):
        self.training = True
        self._parameters = {}
        self._buffers = {}
        self._modules = {}
        if getattr(self, 'call_super_init', False):
            super().__init__(*args, **kwargs)

    def forward(self, *input):
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def _call_impl(self, *args, **kwargs):
        return Module.__call__(self, *args, **kwargs)

    _wrapped_call_impl = _call_impl

    # registration

    def register_buffer(self, name, tensor, persistent=True):
        if not isinstance(name, str):
            raise TypeError(f'buffer name should be a string. Got {torch.typename(name)}')
        if '.' in name:
            raise KeyError('buffer name can\'t contain "."')
        if name == '':
            raise KeyError('buffer name can\'t be empty string ""')
        if name not in self._buffers and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"cannot assign '{torch.typename(tensor)}' object to buffer '{name}' "
                            '(torch Tensor or None required)')
        if persistent and name in self._buffers:
            self._non_persistent_buffers_set.discard(name)
        self._buffers[name] = tensor
        if not persistent:
            self._non_persistent_buffers_set.add(name)

    def register_parameter(self, name, param):
        if '.' in name:
            raise KeyError('parameter name can\'t contain "."')
        if name == '':
            raise KeyError('parameter name can\'t be empty string ""')
        if name not in self._parameters and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(f"cannot assign '{torch.typename(param)}' object to parameter '{name}' "
                            '(torch.nn.Parameter or None required)')
        self._parameters[name] = param

    def add_module(self, name, module):
        if module is not None and not isinstance(module, Module):
            raise TypeError(f'{torch.typename(module)} is not a Module subclass')
        if not isinstance(name, str):
            raise TypeError(f'module name should be a string. Got {torch.typename(name)}')
        if name not in self._modules and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")
        if '.' in name:
            raise KeyError(f'module name can\'t contain ".", got: {name}')
        if name == '':
            raise KeyError('module name can\'t be empty string ""')
        self._modules[name] = module

    def register_module(self, name, module):
        self.add_module(name, module)

    # look-up by dotted path

    def get_submodule(self, target):
        module = self
        if target == '':
            return module
        for name in target.split('.'):
            if not hasattr(module, name):
                raise AttributeError(f'{module._get_name()} has no attribute `{name}`')
            module = getattr(module, name)
            if not isinstance(module, Module):
                raise AttributeError(f'`{name}` is not an nn.Module')
        return module

    def set_submodule(self, target, module, strict=False):
        if target == '':
            raise ValueError('Cannot set the submodule without a target name!')
        path, _, name = target.rpartition('.')
        parent = self.get_submodule(path)
        if strict and not hasattr(parent, name):
            raise AttributeError(f'{parent._get_name()} has no attribute `{name}`')
        setattr(parent, name, module)

    def _get_tensor(self, target, kind, table):
        path, _, name = target.rpartition('.')
        owner = self.get_submodule(path)
        if not hasattr(owner, name):
            raise AttributeError(f'{owner._get_name()} has no attribute `{name}`')
        if name not in getattr(owner, table):
            raise AttributeError(f'`{name}` is not {kind}')
        return getattr(owner, name)

    def get_parameter(self, target):
        return self._get_tensor(target, 'an nn.Parameter', '_parameters')

    def get_buffer(self, target):
        return self._get_tensor(target, 'a buffer', '_buffers')

    def get_extra_state(self):
        raise RuntimeError('Reached a code path in Module.get_extra_state() that should never be called.')

    def set_extra_state(self, state):
        raise RuntimeError('Reached a code path in Module.set_extra_state() that should never be called.')

    # traversal

    # `modules`, `named_modules` and `train` are native

    def children(self):
        for _, child in self.named_children():
            yield child

    def named_children(self):
        seen = set()
        for name, child in self._modules.items():
            if child is not None and child not in seen:
                seen.add(child)
                yield name, child

    def _named_members(self, get_members_fn, prefix='', recurse=True, remove_duplicate=True):
        seen = set()
        modules = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate) if recurse else [(prefix, self)]
        for path, module in modules:
            for name, value in get_members_fn(module):
                if value is None or id(value) in seen:
                    continue
                if remove_duplicate:
                    seen.add(id(value))
                yield (path + '.' + name if path else name), value

    def named_parameters(self, prefix='', recurse=True, remove_duplicate=True):
        return self._named_members(lambda m: m._parameters.items(), prefix, recurse, remove_duplicate)

    def parameters(self, recurse=True):
        for _, value in self.named_parameters(recurse=recurse):
            yield value

    def named_buffers(self, prefix='', recurse=True, remove_duplicate=True):
        return self._named_members(lambda m: m._buffers.items(), prefix, recurse, remove_duplicate)

    def buffers(self, recurse=True):
        for _, value in self.named_buffers(recurse=recurse):
            yield value

    def apply(self, fn):
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    # modes

    def eval(self):
        return self.train(False)

    def requires_grad_(self, requires_grad=True):
        for p in self.parameters():
            p.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none=True):
        for p in self.parameters():
            p.grad = None

    def share_memory(self):
        return self

    def compile(self, *args, **kwargs):
        return None

    # conversion: one `_apply` that subclasses may override

    def _apply(self, fn, recurse=True):
        if recurse:
            for child in self.children():
                child._apply(fn)
        for p in self._parameters.values():
            if p is not None:
                p.data = fn(p.data)
        for name, b in self._buffers.items():
            if b is not None:
                self._buffers[name] = fn(b)
        return self

    def to(self, *args, **kwargs):
        device, dtype, _, memory_format = torch._C._nn._parse_to(*args, **kwargs)
        if dtype is not None and not (dtype.is_floating_point or dtype.is_complex):
            raise TypeError(f'nn.Module.to only accepts floating point or complex dtypes, but got desired dtype={dtype}')

        def convert(t):
            target = dtype if t.is_floating_point() or t.is_complex() else None
            if memory_format is not None and t.dim() in (4, 5):
                return t.to(device, target, memory_format=memory_format)
            return t.to(device, target)

        return self._apply(convert)

    def to_empty(self, *, device, recurse=True):
        return self._apply(lambda t: torch.empty_like(t, device=device), recurse)

    def type(self, dst_type):
        return self._apply(lambda t: t.type(dst_type))

    def _cast(self, dtype):
        return self._apply(lambda t: t.to(dtype) if t.is_floating_point() else t)

    def float(self):
        return self._cast(torch.float32)

    def double(self):
        return self._cast(torch.float64)

    def half(self):
        return self._cast(torch.float16)

    def bfloat16(self):
        return self._cast(torch.bfloat16)

    def cuda(self, device=None):
        return self._apply(lambda t: t.cuda(device))

    def cpu(self):
        return self._apply(lambda t: t.cpu())

    def xpu(self, device=None):
        return self.to('xpu')

    # hooks

    def _add_hook(self, table, hook, prepend=False, with_kwargs=False):
        hooks = getattr(self, table)
        if hooks is None:
            hooks = OrderedDict()
            setattr(self, table, hooks)
        # one count for both tables: an id tells which hooks take keyword arguments
        handle = RemovableHandle(hooks, hook, len(self._forward_hooks) + len(self._forward_pre_hooks))
        if prepend:
            others = [(k, h) for k, h in hooks.items() if k != handle.id]
            for k, h in others:
                del hooks[k]
                hooks[k] = h
        if with_kwargs:
            if self._hooks_with_kwargs is None:
                self._hooks_with_kwargs = set()
            self._hooks_with_kwargs.add(handle.id)
        return handle

    def register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False):
        return self._add_hook('_forward_pre_hooks', hook, prepend, with_kwargs)

    def register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False):
        return self._add_hook('_forward_hooks', hook, prepend, with_kwargs)

    def register_full_backward_hook(self, hook, prepend=False):
        return self._add_hook('_backward_hooks', hook, prepend)

    def register_backward_hook(self, hook):
        return self._add_hook('_backward_hooks', hook)

    def register_full_backward_pre_hook(self, hook, prepend=False):
        return self._add_hook('_backward_pre_hooks', hook, prepend)

    def _register_state_dict_hook(self, hook):
        return self._add_hook('_state_dict_hooks', hook)

    register_state_dict_post_hook = _register_state_dict_hook

    def register_state_dict_pre_hook(self, hook):
        return self._add_hook('_state_dict_pre_hooks', hook)

    def _register_load_state_dict_pre_hook(self, hook, with_module=False):
        if with_module:
            return self._add_hook('_load_state_dict_pre_hooks', lambda *args: hook(self, *args))
        return self._add_hook('_load_state_dict_pre_hooks', hook)

    def register_load_state_dict_pre_hook(self, hook):
        return self._register_load_state_dict_pre_hook(hook, True)

    def register_load_state_dict_post_hook(self, hook):
        return self._add_hook('_load_state_dict_post_hooks', hook)

    # state

    def _save_to_state_dict(self, destination, prefix, keep_vars):
        for name, p in self._parameters.items():
            if p is not None:
                destination[prefix + name] = p if keep_vars else p.detach()
        for name, b in self._buffers.items():
            if b is not None and name not in self._non_persistent_buffers_set:
                destination[prefix + name] = b if keep_vars else b.detach()
        if type(self).get_extra_state is not Module.get_extra_state:
            destination[prefix + _EXTRA_STATE_KEY_SUFFIX] = self.get_extra_state()

    def state_dict(self, *args, destination=None, prefix='', keep_vars=False):
        if args:
            destination = args[0]
            prefix = args[1] if len(args) > 1 else prefix
            keep_vars = args[2] if len(args) > 2 else keep_vars
        if destination is None:
            destination = OrderedDict()
        for hook in (self._state_dict_pre_hooks or {}).values():
            hook(self, prefix, keep_vars)
        self._save_to_state_dict(destination, prefix, keep_vars)
        for name, child in self._modules.items():
            if child is not None:
                child.state_dict(destination=destination, prefix=prefix + name + '.', keep_vars=keep_vars)
        for hook in (self._state_dict_hooks or {}).values():
            result = hook(self, destination, prefix, {'version': self._version})
            if result is not None:
                destination = result
        return destination

    def _load_from_state_dict(self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs):
        for hook in (self._load_state_dict_pre_hooks or {}).values():
            hook(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
        own = dict(self._parameters)
        for name, b in self._buffers.items():
            if name not in self._non_persistent_buffers_set:
                own[name] = b
        for name, value in own.items():
            if value is None:
                continue
            key = prefix + name
            if key not in state_dict:
                if strict:
                    missing_keys.append(key)
                continue
            loaded = state_dict[key]
            if isinstance(loaded, torch.Tensor) and tuple(loaded.shape) != tuple(value.shape):
                if value.dim() == 0 and tuple(loaded.shape) == (1,):
                    continue
                error_msgs.append(f'size mismatch for {key}: copying a param with shape {loaded.shape} from checkpoint, '
                                  f'the shape in current model is {value.shape}.')
        extra = prefix + _EXTRA_STATE_KEY_SUFFIX
        if type(self).set_extra_state is not Module.set_extra_state:
            if extra in state_dict:
                self.set_extra_state(state_dict[extra])
            elif strict:
                missing_keys.append(extra)
        elif strict and extra in state_dict:
            unexpected_keys.append(extra)
        if strict:
            for key in state_dict:
                if key.startswith(prefix) and key != extra:
                    name, dot, _ = key[len(prefix):].partition('.')
                    if name not in (self._modules if dot else own):
                        unexpected_keys.append(key)

    def load_state_dict(self, state_dict, strict=True, assign=False):
        # A checkpoint from outside: its shapes are taken to fit
        if not torch._C._is_known_mapping(state_dict):
            return _IncompatibleKeys([], [])
        if not isinstance(state_dict, collections.abc.Mapping):
            raise TypeError(f'Expected state_dict to be dict-like, got {type(state_dict)}.')
        missing, unexpected, errors = [], [], []

        def load(module, state, prefix):
            module._load_from_state_dict(state, prefix, {'version': module._version}, True, missing, unexpected, errors)
            for name, child in module._modules.items():
                if child is not None:
                    below = prefix + name + '.'
                    load(child, {k: v for k, v in state.items() if k.startswith(below)}, below)
            keys = _IncompatibleKeys(missing, unexpected)
            for hook in (module._load_state_dict_post_hooks or {}).values():
                hook(module, keys)

        load(self, OrderedDict(state_dict), '')
        if strict:
            if unexpected:
                errors.insert(0, 'Unexpected key(s) in state_dict: ' + ', '.join([f'"{k}"' for k in unexpected]) + '. ')
            if missing:
                errors.insert(0, 'Missing key(s) in state_dict: ' + ', '.join([f'"{k}"' for k in missing]) + '. ')
        if errors:
            raise RuntimeError(f'Error(s) in loading state_dict for {type(self).__name__}:\n\t' + '\n\t'.join(errors))
        return _IncompatibleKeys(missing, unexpected)

    # text

    def _get_name(self):
        return type(self).__name__

    def extra_repr(self):
        return ''

    def __repr__(self):
        extra = self.extra_repr()
        lines = extra.split('\n') if extra else []
        for name, child in self._modules.items():
            lines.append(f'({name}): ' + repr(child).replace('\n', '\n  '))
        if len(lines) <= 1 and not self._modules:
            return f'{self._get_name()}({extra})'
        return f'{self._get_name()}(\n  ' + '\n  '.join(lines) + '\n)'

    def _replicate_for_data_parallel(self):
        return self


def register_module_forward_hook(hook, *, with_kwargs=False, always_call=False):
    return RemovableHandle({}, hook)


register_module_forward_pre_hook = register_module_forward_hook
register_module_full_backward_hook = register_module_forward_hook
register_module_full_backward_pre_hook = register_module_forward_hook
register_module_buffer_registration_hook = register_module_forward_hook
register_module_parameter_registration_hook = register_module_forward_hook
register_module_module_registration_hook = register_module_forward_hook
