"""Adagrad."""
from .optimizer import Optimizer


class Adagrad(Optimizer):
    kind = 'adagrad'

    def __init__(self, params, lr=1e-2, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10,
                     foreach=None, *, maximize=False, differentiable=False, fused=None):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'lr_decay': lr_decay, 'weight_decay': weight_decay,
                                          'initial_accumulator_value': initial_accumulator_value, 'eps': eps,
                                          'foreach': foreach, 'maximize': maximize,
                                          'differentiable': differentiable, 'fused': fused})
