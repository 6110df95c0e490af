"""torch.autocast as context manager and decorator."""
import functools

import torch


def is_autocast_available(device_type):
    return device_type in ('cpu', 'cuda', 'xpu', 'mps', 'hpu', 'xla')


def autocast_decorator(autocast_instance, func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        with autocast_instance:
            return func(*args, **kwargs)
    return wrapper


class autocast:
    def __init__(self, device_type, dtype=None, enabled=True, cache_enabled=None):
        if not isinstance(device_type, str):
            raise ValueError(f'Expected `device_type` of type `str`, got: `{type(device_type)}`')
        if dtype is None:
            dtype = torch.bfloat16 if device_type == 'cpu' else torch.float16
        self.device = device_type
        self.fast_dtype = dtype
        self._enabled = enabled

    def __enter__(self):
        self.prev = torch._C._get_autocast(self.device)
        torch._C._set_autocast(self.device, self.fast_dtype if self._enabled else None)
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        torch._C._set_autocast(self.device, self.prev)
        return False

    def __call__(self, func):
        return autocast_decorator(self, func)


def custom_fwd(fwd=None, *, device_type='cuda', cast_inputs=None):
    if fwd is None:
        return lambda f: f
    return fwd


def custom_bwd(bwd=None, *, device_type='cuda'):
    if bwd is None:
        return lambda f: f
    return bwd
