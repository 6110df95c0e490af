"""Pruning by masks: the weight is `orig * mask` in front of every call."""
import torch
from torch._C import Parameter


class BasePruningMethod:
    PRUNING_TYPE = 'unstructured'

    def __call__(self, module, inputs):
        setattr(module, self._tensor_name, self.apply_mask(module))

    def apply_mask(self, module):
        original = getattr(module, self._tensor_name + '_orig')
        return getattr(module, self._tensor_name + '_mask').to(dtype=original.dtype) * original

    @classmethod
    def apply(cls, module, name, *args, importance_scores=None, **kwargs):
        method = cls()
        method._tensor_name = name
        if name + '_orig' not in module._parameters:
            original = getattr(module, name)
            module.register_parameter(name + '_orig', original)
            del module._parameters[name]
            module.register_buffer(name + '_mask', torch.empty_like(original.detach()))
            setattr(module, name, method.apply_mask(module))
            module.register_forward_pre_hook(method)
        return method

    def remove(self, module):
        weight = self.apply_mask(module)
        if hasattr(module, self._tensor_name):
            delattr(module, self._tensor_name)
        del module._parameters[self._tensor_name + '_orig']
        del module._buffers[self._tensor_name + '_mask']
        setattr(module, self._tensor_name, Parameter(weight.data))


class Identity(BasePruningMethod):
    pass


class RandomUnstructured(BasePruningMethod):
    pass


class L1Unstructured(BasePruningMethod):
    pass


class RandomStructured(BasePruningMethod):
    pass


class LnStructured(BasePruningMethod):
    pass


class CustomFromMask(BasePruningMethod):
    pass


def identity(module, name):
    Identity.apply(module, name)
    return module


def random_unstructured(module, name, amount):
    RandomUnstructured.apply(module, name)
    return module


def l1_unstructured(module, name, amount, importance_scores=None):
    L1Unstructured.apply(module, name)
    return module


def random_structured(module, name, amount, dim):
    RandomStructured.apply(module, name)
    return module


def ln_structured(module, name, amount, n, dim, importance_scores=None):
    LnStructured.apply(module, name)
    return module


def custom_from_mask(module, name, mask):
    CustomFromMask.apply(module, name)
    return module


def global_unstructured(parameters, pruning_method, importance_scores=None, **kwargs):
    for module, name in parameters:
        CustomFromMask.apply(module, name)


def remove(module, name):
    for key, hook in module._forward_pre_hooks.items():
        if isinstance(hook, BasePruningMethod) and hook._tensor_name == name:
            hook.remove(module)
            del module._forward_pre_hooks[key]
            return module
    raise ValueError(f"Parameter '{name}' of module {module} has to be pruned before pruning can be removed")


def is_pruned(module):
    return any([isinstance(hook, BasePruningMethod) for m in module.modules() for hook in m._forward_pre_hooks.values()])
