"""Parametrisations: an attribute of a module computed from other tensors whenever it is read."""
import torch
from torch._C import Parameter

from ..modules.container import ModuleDict, ModuleList
from ..modules.module import Module

_cache_enabled = 0


class cached:
    def __enter__(self):
        return None

    def __exit__(self, *exc):
        return None


class ParametrizationList(ModuleList):
    def __init__(self, modules, original, unsafe=False):
        super().__init__(modules)
        self.unsafe = unsafe
        new = original
        for module in reversed(list(self)):
            if hasattr(module, 'right_inverse'):
                new = module.right_inverse(new)
        self.is_tensor = isinstance(new, torch.Tensor)
        if self.is_tensor:
            self.original = new if isinstance(new, Parameter) or not isinstance(original, Parameter) else Parameter(new)
        else:
            self.ntensors = len(new)
            for i, t in enumerate(new):
                value = Parameter(t) if isinstance(original, Parameter) and not isinstance(t, Parameter) else t
                if isinstance(value, Parameter):
                    self.register_parameter(f'original{i}', value)
                else:
                    self.register_buffer(f'original{i}', value)

    def right_inverse(self, value):
        return value

    def forward(self):
        modules = iter(self)
        first = next(modules)
        if self.is_tensor:
            x = first(self.original)
        else:
            x = first(*[getattr(self, f'original{i}') for i in range(self.ntensors)])
        for module in modules:
            x = module(x)
        return x


def _property_of(name):
    return property(lambda self: self.parametrizations[name](), lambda self, value: None)


def register_parametrization(module, tensor_name, parametrization, *, unsafe=False):
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        module.parametrizations[tensor_name].append(parametrization)
        return module
    if tensor_name not in module._parameters and tensor_name not in module._buffers:
        raise ValueError(f"Module '{module}' does not have a parameter, a buffer, or a parametrized element with name "
                         f"'{tensor_name}'")
    original = getattr(module, tensor_name)
    parametrizations = ParametrizationList([parametrization], original, unsafe)
    delattr(module, tensor_name)
    if not is_parametrized(module):
        cls = module.__class__
        module.__class__ = type('Parametrized' + cls.__name__, (cls,), {})
        module.parametrizations = ModuleDict()
    setattr(module.__class__, tensor_name, _property_of(tensor_name))
    module.parametrizations[tensor_name] = parametrizations
    return module


def is_parametrized(module, tensor_name=None):
    parametrizations = getattr(module, 'parametrizations', None)
    if parametrizations is None or not isinstance(parametrizations, ModuleDict):
        return False
    return len(parametrizations) > 0 if tensor_name is None else tensor_name in parametrizations


def remove_parametrizations(module, tensor_name, leave_parametrized=True):
    if not is_parametrized(module, tensor_name):
        raise ValueError(f'Module {module} does not have a parametrization on {tensor_name}')
    parametrizations = module.parametrizations[tensor_name]
    if leave_parametrized:
        with torch.no_grad():
            value = getattr(module, tensor_name)
    else:
        value = parametrizations.original
    trainable = any([True for _ in parametrizations.parameters(recurse=False)])
    delattr(module.__class__, tensor_name)
    del module.parametrizations[tensor_name]
    if len(module.parametrizations) == 0:
        delattr(module, 'parametrizations')
        module.__class__ = module.__class__.__bases__[0]
    if trainable:
        module.register_parameter(tensor_name, Parameter(value.detach()))
    else:
        module.register_buffer(tensor_name, value)
    return module


def type_before_parametrizations(module):
    return module.__class__.__bases__[0] if is_parametrized(module) else type(module)


def transfer_parametrizations_and_params(from_module, to_module, tensor_name=None):
    return to_module
