"""The older spelling of torch.amp for CUDA."""
import torch

from ..amp.autocast_mode import autocast as _autocast
from ..amp.autocast_mode import custom_bwd
from ..amp.autocast_mode import custom_fwd
from ..amp.grad_scaler import GradScaler as _GradScaler


class autocast(_autocast):
    def __init__(self, enabled=True, dtype=None, cache_enabled=True):
        super().__init__('cuda', torch.float16 if dtype is None else dtype, enabled, cache_enabled)


class GradScaler(_GradScaler):
    def __init__(self, init_scale=65536.0, growth_factor=2.0, backoff_factor=0.5, growth_interval=2000, enabled=True):
        super().__init__('cuda', init_scale, growth_factor, backoff_factor, growth_interval, enabled)
