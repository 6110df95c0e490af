"""Adamax."""
from .optimizer import Optimizer


class Adamax(Optimizer):
    kind = 'adamax'

    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, foreach=None, *,
                     maximize=False, differentiable=False, capturable=False):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'betas': betas, 'eps': eps, 'weight_decay': weight_decay,
                                          'foreach': foreach, 'maximize': maximize,
                                          'differentiable': differentiable, 'capturable': capturable})
