"""Quantisation preparation, as far as floating-point models use it: stubs pass through, fusing folds batch norms."""
import copy

import torch

from ...nn import intrinsic
from ...nn.modules.batchnorm import BatchNorm1d, BatchNorm2d, BatchNorm3d
from ...nn.modules.conv import Conv1d, Conv2d, Conv3d
from ...nn.modules.linear import Identity, Linear
from ...nn.modules.module import Module
from ...nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval


class QuantStub(Module):
    def __init__(self, qconfig=None):
        super().__init__()
        if qconfig:
            self.qconfig = qconfig

    def forward(self, x):
        return x


class DeQuantStub(QuantStub):
    pass


class QuantWrapper(Module):
    def __init__(self, module):
        super().__init__()
        self.quant = QuantStub()
        self.dequant = DeQuantStub()
        self.module = module

    def forward(self, X):
        return self.dequant(self.module(self.quant(X)))


class QConfig:
    def __init__(self, activation=None, weight=None):
        self.activation = activation
        self.weight = weight


class QConfigMapping:
    def set_global(self, qconfig):
        return self

    def set_object_type(self, kind, qconfig):
        return self

    def set_module_name(self, name, qconfig):
        return self


class _Observer:
    @classmethod
    def with_args(cls, **kwargs):
        return cls


class MinMaxObserver(_Observer):
    pass


class HistogramObserver(_Observer):
    pass


class PerChannelMinMaxObserver(_Observer):
    pass


class MovingAverageMinMaxObserver(_Observer):
    pass


class FakeQuantize(_Observer):
    pass


default_observer = MinMaxObserver
default_weight_observer = MinMaxObserver
default_per_channel_weight_observer = PerChannelMinMaxObserver
default_qconfig = QConfig(default_observer, default_weight_observer)
default_dynamic_qconfig = QConfig(default_observer, default_weight_observer)
float16_dynamic_qconfig = default_dynamic_qconfig


def get_default_qconfig(backend='x86', version=0):
    return default_qconfig


def get_default_qat_qconfig(backend='x86', version=1):
    return default_qconfig


def get_default_qconfig_mapping(backend='x86', version=0):
    return QConfigMapping()


get_default_qat_qconfig_mapping = get_default_qconfig_mapping

_FUSED = {('Conv1d', 'ReLU'): intrinsic.ConvReLU1d, ('Conv2d', 'ReLU'): intrinsic.ConvReLU2d,
          ('Conv3d', 'ReLU'): intrinsic.ConvReLU3d, ('Linear', 'ReLU'): intrinsic.LinearReLU,
          ('BatchNorm2d', 'ReLU'): intrinsic.BNReLU2d, ('BatchNorm3d', 'ReLU'): intrinsic.BNReLU3d}


def fuse_known_modules(mod_list, additional_fuser_method_mapping=None):
    """The fused module first and an Identity for each of the others; batch norms fold into the layer before them."""
    modules = list(mod_list)
    relu = modules[-1] if type(modules[-1]).__name__ == 'ReLU' and len(modules) > 1 else None
    fused = modules[0]
    if isinstance(modules[1], (BatchNorm1d, BatchNorm2d, BatchNorm3d)):
        if isinstance(fused, Linear):
            fused = fuse_linear_bn_eval(fused, modules[1])
        else:
            fused = fuse_conv_bn_eval(fused, modules[1])
    if relu is not None:
        kind = _FUSED.get((type(fused).__name__, 'ReLU'))
        if kind is None:
            raise NotImplementedError(f'Cannot fuse modules: {[type(m) for m in mod_list]}')
        fused = kind(fused, relu)
    fused.training = modules[0].training
    return [fused] + [Identity() for _ in modules[1:]]


def _owner(model, path):
    parent, _, name = path.rpartition('.')
    return model.get_submodule(parent), name


def fuse_modules(model, modules_to_fuse, inplace=False, fuser_func=fuse_known_modules, fuse_custom_config_dict=None):
    if not inplace:
        model = copy.deepcopy(model)
    groups = modules_to_fuse if isinstance(modules_to_fuse[0], (list, tuple)) else [modules_to_fuse]
    for group in groups:
        new = fuser_func([model.get_submodule(path) for path in group])
        for path, module in zip(group, new):
            owner, name = _owner(model, path)
            setattr(owner, name, module)
    return model


def fuse_modules_qat(model, modules_to_fuse, inplace=False, fuser_func=None, fuse_custom_config_dict=None):
    return copy.deepcopy(model) if not inplace else model


def prepare(model, inplace=False, *args, **kwargs):
    return model if inplace else copy.deepcopy(model)


def prepare_qat(model, mapping=None, inplace=False):
    return model if inplace else copy.deepcopy(model)


def convert(module, mapping=None, inplace=False, *args, **kwargs):
    torch._C._gap('torch.ao.quantization.convert')
    return module if inplace else copy.deepcopy(module)


def quantize_dynamic(model, qconfig_spec=None, dtype=None, mapping=None, inplace=False):
    torch._C._gap('torch.ao.quantization.quantize_dynamic')
    return model if inplace else copy.deepcopy(model)


def quantize(model, run_fn, run_args, mapping=None, inplace=False):
    torch._C._gap('torch.ao.quantization.quantize')
    return model if inplace else copy.deepcopy(model)


def disable_fake_quant(mod):
    return None


enable_fake_quant = disable_fake_quant
enable_observer = disable_fake_quant
disable_observer = disable_fake_quant
