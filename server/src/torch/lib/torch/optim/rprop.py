"""Rprop."""
from .optimizer import Optimizer


class Rprop(Optimizer):
    kind = 'rprop'

    def __init__(self, params, lr=1e-2, etas=(0.5, 1.2), step_sizes=(1e-6, 50), *, capturable=False, foreach=None,
                     maximize=False, differentiable=False):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'etas': etas, 'step_sizes': step_sizes, 'capturable': capturable,
                                          'foreach': foreach, 'maximize': maximize,
                                          'differentiable': differentiable})
