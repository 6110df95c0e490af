"""Layers whose sizes come from their first input.

Until then their parameters are registered as None (PyTorch: UninitializedParameter), so
that nothing can mistake them for known sizes.
"""
import torch
from torch._C import Parameter


class LazyModuleMixin:
    cls_to_become = None

    def _start_lazy(self, names, device, dtype):
        self._lazy_names = names
        self._lazy_kwargs = {'device': device, 'dtype': dtype}
        for name in names:
            self.register_parameter(name, None)
        self._initialize_hook = self.register_forward_pre_hook(self._infer_parameters)

    def has_uninitialized_params(self):
        return bool(self.__dict__.get('_lazy_names'))

    def _materialize(self, **shapes):
        for name, shape in shapes.items():
            if name in self._lazy_names:
                setattr(self, name, Parameter(torch.empty(shape, **self._lazy_kwargs)))

    def _infer_parameters(self, module, args, kwargs=None):
        self.initialize_parameters(*args)
        self._lazy_names = []
        self._initialize_hook.remove()
        if self.cls_to_become is not None:
            self.__class__ = self.cls_to_become
