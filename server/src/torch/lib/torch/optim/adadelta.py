"""Adadelta."""
from .optimizer import Optimizer


class Adadelta(Optimizer):
    kind = 'adadelta'

    def __init__(self, params, lr=1.0, rho=0.9, eps=1e-6, weight_decay=0, foreach=None, *, capturable=False,
                     maximize=False, differentiable=False):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'rho': rho, 'eps': eps, 'weight_decay': weight_decay,
                                          'foreach': foreach, 'capturable': capturable, 'maximize': maximize,
                                          'differentiable': differentiable})
