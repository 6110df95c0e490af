"""TorchScript: scripting and tracing give the code back as it is."""
import builtins

from .. import _jit_internal
from .._jit_internal import Final, _overload, _overload_method, export, ignore, unused
from ..nn.modules.module import Module as ScriptModule
from . import annotations

RecursiveScriptModule = ScriptModule
ScriptFunction = object
TracerWarning = UserWarning
TopLevelTracedModule = ScriptModule


def script(obj=None, optimize=None, _frames_up=0, _rcb=None, example_inputs=None):
    if obj is None:
        return lambda f: f
    return obj


def trace(func=None, example_inputs=None, *args, **kwargs):
    return func


def trace_module(mod, inputs, *args, **kwargs):
    return mod


def script_method(fn):
    return fn


def script_if_tracing(fn):
    return fn


_script_if_tracing = script_if_tracing


def interface(obj):
    return obj


def is_scripting():
    return False


def is_tracing():
    return False


def annotate(the_type, the_value):
    return the_value


def isinstance(obj, target_type):
    """Containers by their kind; what they hold is taken to fit."""
    return builtins.isinstance(obj, getattr(target_type, '__origin__', None) or target_type)


class Attribute:
    def __new__(cls, value, type):
        return value


def freeze(mod, preserved_attrs=None, optimize_numerics=True):
    return mod


def optimize_for_inference(mod, other_methods=None):
    return mod


def save(m, f, _extra_files=None):
    return None


def set_fusion_strategy(strategy):
    return strategy


def enable_onednn_fusion(enabled):
    return None


def fork(func, *args, **kwargs):
    return _Future(func(*args, **kwargs))


def wait(future):
    return future.value


class _Future:
    def __init__(self, value):
        self.value = value

    def wait(self):
        return self.value

    def __class_getitem__(cls, item):
        return cls


Future = _Future


class strict_fusion:
    def __enter__(self):
        return None

    def __exit__(self, *exc):
        return None


class fuser(strict_fusion):
    def __init__(self, name):
        pass


optimized_execution = fuser
