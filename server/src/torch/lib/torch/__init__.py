"""torch: the names that are Python in PyTorch too. Tensors, dtypes and operators are native."""
import builtins

import torch

from ._jit_internal import _overload
from ._jit_internal import _overload_method
from .amp.autocast_mode import autocast
from .amp.autocast_mode import is_autocast_available
from .autograd.grad_mode import enable_grad
from .autograd.grad_mode import inference_mode
from .autograd.grad_mode import no_grad
from .autograd.grad_mode import set_grad_enabled
from .compiler import compile
from .func import vmap
from .random import fork_rng
from .random import get_rng_state
from .random import initial_seed
from .random import manual_seed
from .random import seed
from .random import set_rng_state
from .serialization import load
from .serialization import save
from .version import __version__


def typename(obj):
    if isinstance(obj, torch.Tensor):
        return obj.type()
    cls = obj if isinstance(obj, builtins.type) else builtins.type(obj)
    module = cls.__module__
    return cls.__qualname__ if module in (None, 'builtins') else f'{module}.{cls.__qualname__}'


def norm_except_dim(v, pow=2, dim=0):
    """The norm over all dimensions but one, which stays."""
    if dim == -1:
        return v.norm(pow)
    if dim == 0:
        return v.contiguous().view(v.size(0), -1).norm(pow, 1).view([v.size(0)] + [1] * (v.dim() - 1))
    if dim == v.dim() - 1:
        return v.contiguous().view(-1, v.size(dim)).norm(pow, 0).view([1] * (v.dim() - 1) + [v.size(dim)])
    return norm_except_dim(v.transpose(0, dim), pow, 0).transpose(0, dim)


def is_storage(obj):
    return False


def _assert(condition, message=''):
    # a tensor's truth is data: only what is certain can fail
    if torch._C._is_known(condition) and not condition:
        raise AssertionError(message)


def _check(cond, message=None):
    if torch._C._is_known(cond) and not cond:
        raise RuntimeError(message() if message is not None else 'Expected cond to be True, but got False.')


def _check_with(error_type, cond, message=None):
    if torch._C._is_known(cond) and not cond:
        raise error_type(message() if message is not None else 'Expected cond to be True, but got False.')


def _check_value(cond, message=None):
    _check_with(ValueError, cond, message)


def _check_type(cond, message=None):
    _check_with(TypeError, cond, message)


def _check_index(cond, message=None):
    _check_with(IndexError, cond, message)


def _check_not_implemented(cond, message=None):
    _check_with(NotImplementedError, cond, message)


def _check_is_size(i, message=None, max=None):
    _check(i >= 0, message)


def _check_tensor_all(cond, message=None):
    _check(cond.all(), message)


def sym_int(a):
    return builtins.int(a)


def sym_float(a):
    return builtins.float(a)


def sym_not(a):
    return not a


def sym_max(a, b):
    return builtins.max(a, b)


def sym_min(a, b):
    return builtins.min(a, b)


def sym_sum(args):
    return builtins.sum(args)


def sym_ite(b, t, f):
    return t if b else f


def set_default_tensor_type(t):
    return None


def set_printoptions(*args, **kwargs):
    return None


def use_deterministic_algorithms(mode, *, warn_only=False):
    return None


def are_deterministic_algorithms_enabled():
    return False


def get_deterministic_debug_mode():
    return 0


def set_deterministic_debug_mode(debug_mode):
    return None


def set_float32_matmul_precision(precision):
    return None


def get_float32_matmul_precision():
    return 'highest'


def set_num_threads(n):
    return None


def set_num_interop_threads(n):
    return None


def set_flush_denormal(mode):
    return False


def set_warn_always(b):
    return None


def is_warn_always_enabled():
    return False


def cond(pred, true_fn, false_fn, operands=()):
    return true_fn(*operands) if pred else false_fn(*operands)


def get_device_module(device=None):
    return torch.cuda


class SymInt:
    pass


class SymFloat:
    pass


class SymBool:
    pass


default_generator = torch.Generator()
legacy_contiguous_format = torch.contiguous_format


class Stream:
    def __init__(self, *args, **kwargs):
        pass


class Event:
    def __init__(self, *args, **kwargs):
        pass


class OutOfMemoryError(RuntimeError):
    pass
