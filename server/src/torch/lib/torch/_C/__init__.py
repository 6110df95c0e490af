"""Private names that Python code asks of torch._C; every other one is native."""
from . import _nn


class DisableTorchFunctionSubclass:
    def __enter__(self):
        return None

    def __exit__(self, *exc):
        return None


DisableTorchFunction = DisableTorchFunctionSubclass


def _log_api_usage_once(name):
    return None


def _get_tracing_state():
    return None


def _jit_set_profiling_executor(mode):
    return True


_jit_set_profiling_mode = _jit_set_profiling_executor
_jit_override_can_fuse_on_gpu = _jit_set_profiling_executor
_jit_override_can_fuse_on_cpu = _jit_set_profiling_executor
_jit_set_texpr_fuser_enabled = _jit_set_profiling_executor
_jit_set_nvfuser_enabled = _jit_set_profiling_executor
_jit_set_nvfuser_guard_mode = _jit_set_profiling_executor


def _jit_can_fuse_on_cpu():
    return False


def _jit_can_fuse_on_gpu():
    return False


def _get_privateuse1_backend_name():
    return 'privateuseone'


def _functorch_unwrap(tensor):
    return tensor
