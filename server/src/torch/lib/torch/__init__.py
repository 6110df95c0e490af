"""torch: the names that are Python in PyTorch too. Tensors, dtypes and operators are native."""
import torch

from ._foreach import _foreach_add
from ._foreach import _foreach_add_
from ._foreach import _foreach_sub
from ._foreach import _foreach_sub_
from ._foreach import _foreach_mul
from ._foreach import _foreach_mul_
from ._foreach import _foreach_div
from ._foreach import _foreach_div_
from ._foreach import _foreach_pow
from ._foreach import _foreach_pow_
from ._foreach import _foreach_sqrt
from ._foreach import _foreach_sqrt_
from ._foreach import _foreach_exp
from ._foreach import _foreach_neg
from ._foreach import _foreach_neg_
from ._foreach import _foreach_abs
from ._foreach import _foreach_sign
from ._foreach import _foreach_reciprocal
from ._foreach import _foreach_reciprocal_
from ._foreach import _foreach_zero_
from ._foreach import _foreach_copy_
from ._foreach import _foreach_lerp_
from ._foreach import _foreach_lerp
from ._foreach import _foreach_addcmul
from ._foreach import _foreach_addcdiv
from ._foreach import _foreach_maximum
from ._foreach import _foreach_minimum
from ._foreach import _foreach_addcmul_
from ._foreach import _foreach_addcdiv_
from ._foreach import _foreach_maximum_
from ._foreach import _foreach_minimum_
from ._foreach import _foreach_clamp_min_
from ._foreach import _foreach_clamp_max_
from ._foreach import _foreach_norm
from ._jit_internal import _overload
from ._jit_internal import _overload_method
from .amp.autocast_mode import autocast
from .amp.autocast_mode import is_autocast_available
from .autograd.grad_mode import enable_grad
from .autograd.grad_mode import inference_mode
from .autograd.grad_mode import no_grad
from .autograd.grad_mode import set_grad_enabled
from ._compile import compile
from .func import vmap
from ._python import _assert
from ._python import _check
from ._python import _check_index
from ._python import _check_is_size
from ._python import _check_not_implemented
from ._python import _check_tensor_all
from ._python import _check_tensor_all_with
from ._python import _check_type
from ._python import _check_value
from ._python import _check_with
from ._python import is_storage
from ._python import norm_except_dim
from ._python import sym_float
from ._python import sym_int
from ._python import sym_ite
from ._python import sym_max
from ._python import sym_min
from ._python import sym_not
from ._python import sym_sum
from ._python import typename
from .random import fork_rng
from .random import get_rng_state
from .random import initial_seed
from .random import manual_seed
from .random import seed
from .random import set_rng_state
from .serialization import load
from .serialization import save
from .version import __version__


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


def get_autocast_dtype(device_type):
    dtype = torch._C._get_autocast(device_type)
    if dtype is not None:
        return dtype
    return torch.bfloat16 if device_type == 'cpu' else torch.float16


def get_autocast_gpu_dtype():
    return get_autocast_dtype('cuda')


def get_autocast_cpu_dtype():
    return get_autocast_dtype('cpu')


def get_device_module(device=None):
    return torch.cuda


class SymInt:
    pass


class SymFloat:
    pass


class SymBool:
    pass


newaxis = None


def get_num_interop_threads():
    return 1


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


def from_numpy(ndarray):
    return ndarray._tensor
