"""Runs our torch library's Python under CPython, on top of the real PyTorch.

Names that the library does not define come from the real torch under the same qualified
name, as the VM takes them from its native operators; the few names the VM provides
(`torch._C._is_known`, `Module.__setattr__` …) are given here in Python. The library never
enters `sys.modules`: real and own stand side by side.
"""
import ast
import builtins
import importlib
import os
import sys
import types

import torch as real

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../../server/src/torch/lib')
version = tuple(int(p) for p in real.__version__.split('+')[0].split('.')[:2])
autocast_state = {}


def _function_output(cls, ctx, inputs, output):
    mark = lambda t: t.requires_grad_() if isinstance(t, real.Tensor) and t.is_floating_point() else t
    return tuple(mark(o) for o in output) if isinstance(output, tuple) else mark(output)


natives = {
    'torch._C._version': version,
    'torch._C.Parameter': real.nn.Parameter,
    'torch._C._is_known': lambda value: True,
    'torch._C._is_unknown': lambda value: False,
    'torch._C._is_known_mapping': lambda value: True,
    'torch._C._init_': lambda tensor, value=None: tensor,
    'torch._C._function_output': _function_output,
    'torch._C._set_inference_mode': lambda mode: None,
    'torch._C._get_autocast': lambda device: autocast_state.get(device),
    'torch._C._set_autocast': lambda device, dtype: autocast_state.__setitem__(device, dtype),
    'torch._C._gap': lambda what: None,
    'torch._C._quiet': lambda function, *args: function(*args),
    'torch._C._assume': lambda text: None,
    'torch._C._unknown': lambda what: NotImplemented,
}

modules = {}


def _file_of(name):
    path = os.path.join(root, *name.split('.'))
    for candidate in (os.path.join(path, '__init__.py'), path + '.py'):
        if os.path.exists(candidate):
            return candidate
    return None


def _real(name):
    """The real object of a dotted name, importing what is needed; AttributeError if there is none."""
    parts = name.split('.')
    value = importlib.import_module(parts[0])
    for i, part in enumerate(parts[1:], 2):
        try:
            value = getattr(value, part)
        except AttributeError:
            try:
                value = importlib.import_module('.'.join(parts[:i]))
            except ImportError:
                raise AttributeError(name) from None
    return value


fallbacks = set()


class EcoModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith('__') and name != '__version__':
            raise AttributeError(name)
        qualified = self.__name__ + '.' + name
        if name in self.__dict__['_pending']:
            raise ImportError(f'{qualified} is used before it is defined')
        if qualified in natives:
            return natives[qualified]
        if _file_of(qualified):
            return load(qualified)
        fallbacks.add(qualified)
        return _real(qualified)


def load(name):
    if name in modules:
        return modules[name]
    parent, _, last = name.rpartition('.')
    if parent:
        load(parent)
        if name in modules:
            return modules[name]
    file = _file_of(name)
    if file is None:
        raise ModuleNotFoundError(f'No module named {name!r} in the library', name=name)
    module = EcoModule(name)
    module.__file__ = file
    module.__package__ = name if file.endswith('__init__.py') else parent
    text = open(file).read()
    tree = ast.parse(text)
    if file.endswith('__init__.py'):
        # sub-modules load when they are asked for, as in the VM: eager loading would run in circles
        lazy = lambda n: isinstance(n, ast.ImportFrom) and n.level == 1 and n.module is None
        tree.body = [n for n in tree.body if not lazy(n)]
    pending = {n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    for n in tree.body:
        if isinstance(n, ast.Assign):
            pending |= {t.id for t in n.targets if isinstance(t, ast.Name)}
        elif isinstance(n, ast.ImportFrom) and not (n.level == 1 and n.module is None):
            pending |= {a.asname or a.name for a in n.names}
    module.__dict__['_pending'] = pending
    module.__dict__['__builtins__'] = {**vars(builtins), '__import__': _import}
    modules[name] = module
    if parent:
        modules[parent].__dict__[last] = module
    exec(compile(tree, file, 'exec'), module.__dict__)
    module.__dict__['_pending'] = set()
    if name == 'torch.nn.modules.module':
        attach(module.Module)
    return module


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    package = (globals or {}).get('__package__') or ''
    if level:
        base = package.split('.')
        base = base[: len(base) - level + 1]
        name = '.'.join(base + ([name] if name else []))
    top = name.split('.')[0]
    if _file_of(top) is None:
        return builtins.__import__(name, globals, locals, fromlist, 0)
    if not fromlist:
        try:
            load(name)
        except ModuleNotFoundError:
            _real(name)
        return load(top)
    return load(name)


def attach(Module):
    """What the VM does natively for torch.nn.Module."""
    Parameter = real.nn.Parameter

    def setattr_(self, name, value):
        d = self.__dict__
        params, buffers, children = d.get('_parameters'), d.get('_buffers'), d.get('_modules')
        if isinstance(value, Parameter):
            if params is None:
                raise AttributeError('cannot assign parameters before Module.__init__() call')
            for table in (d, buffers, children):
                table.pop(name, None)
            self.register_parameter(name, value)
        elif params is not None and name in params:
            if value is not None:
                raise TypeError(f"cannot assign '{type(value)}' as parameter '{name}' (torch.nn.Parameter or None expected)")
            params[name] = None
        elif isinstance(value, Module):
            if children is None:
                raise AttributeError('cannot assign module before Module.__init__() call')
            for table in (d, buffers, params):
                table.pop(name, None)
            children[name] = value
        elif children is not None and name in children:
            if value is not None:
                raise TypeError(f"cannot assign '{type(value)}' as child module '{name}' (torch.nn.Module or None expected)")
            children[name] = None
        elif getattr(value, '_is_buffer', False) and isinstance(value, real.Tensor):
            d.pop(name, None)
            self.register_buffer(name, value, value.persistent)
        elif buffers is not None and name in buffers:
            if value is not None and not isinstance(value, real.Tensor):
                raise TypeError(f"cannot assign '{type(value)}' as buffer '{name}' (torch.Tensor or None expected)")
            buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    on_demand = {'_forward_hooks': dict, '_forward_pre_hooks': dict, '_non_persistent_buffers_set': set}

    def getattr_(self, name):
        for table in ('_parameters', '_buffers', '_modules'):
            table = self.__dict__.get(table)
            if table is not None and name in table:
                return table[name]
        if name in on_demand and '_parameters' in self.__dict__:
            self.__dict__[name] = on_demand[name]()
            return self.__dict__[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def delattr_(self, name):
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                self._non_persistent_buffers_set.discard(name)
                return
        object.__delattr__(self, name)

    def call(self, *args, **kwargs):
        with_kwargs = self._hooks_with_kwargs or ()
        for key, hook in list(self._forward_pre_hooks.items()):
            if key in with_kwargs:
                result = hook(self, args, kwargs)
                if result is not None:
                    args, kwargs = result
            else:
                result = hook(self, args)
                if result is not None:
                    args = result if isinstance(result, tuple) else (result,)
        output = self.forward(*args, **kwargs)
        for key, hook in list(self._forward_hooks.items()):
            extra = (kwargs,) if key in with_kwargs else ()
            result = hook(self, args, *extra, output)
            if result is not None:
                output = result
        return output

    def named_modules(self, memo=None, prefix='', remove_duplicate=True):
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, child in self._modules.items():
            if child is not None:
                yield from child.named_modules(memo, f'{prefix}.{name}' if prefix else name, remove_duplicate)

    def modules(self):
        for _, module in self.named_modules():
            yield module

    def train(self, mode=True):
        if not isinstance(mode, bool):
            raise ValueError('training mode is expected to be boolean')
        self.training = mode
        for child in self.children():
            child.train(mode)
        return self

    Module.named_modules = named_modules
    Module.modules = modules
    Module.train = train
    Module.__setattr__ = setattr_
    Module.__getattr__ = getattr_
    Module.__delattr__ = delattr_
    Module.__call__ = call


def load_all(package='torch'):
    """Every file of the library, so that a fault in any shows."""
    for folder, _, files in os.walk(os.path.join(root, package)):
        for f in sorted(files):
            if f.endswith('.py'):
                name = os.path.relpath(os.path.join(folder, f), root)[:-3].replace(os.sep, '.')
                load(name[: -len('.__init__')] if name.endswith('.__init__') else name)


if __name__ == '__main__':
    for top in sorted(os.listdir(root)):
        load_all(top) if os.path.isdir(os.path.join(root, top)) else load(top[:-3])
    missing = []
    for name in sorted(fallbacks):
        try:
            _real(name)
        except AttributeError:
            missing.append(name)
    print(len(modules), 'modules;', 'no such name in real torch:', missing)
