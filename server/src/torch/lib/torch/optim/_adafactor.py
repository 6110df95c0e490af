"""Adafactor."""
from .optimizer import Optimizer


class Adafactor(Optimizer):
    kind = 'adafactor'
    decoupled = True

    def __init__(self, params, lr=1e-2, beta2_decay=-0.8, eps=(None, 1e-3), d=1.0, weight_decay=0.0, *,
                     foreach=None, maximize=False):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'beta2_decay': beta2_decay, 'eps': eps, 'd': d,
                                          'weight_decay': weight_decay, 'foreach': foreach, 'maximize': maximize})
