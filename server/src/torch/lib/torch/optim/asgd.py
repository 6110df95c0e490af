"""ASGD."""
from .optimizer import Optimizer


class ASGD(Optimizer):
    kind = 'asgd'

    def __init__(self, params, lr=1e-2, lambd=1e-4, alpha=0.75, t0=1e6, weight_decay=0, foreach=None,
                     maximize=False, differentiable=False, capturable=False):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'lambd': lambd, 'alpha': alpha, 't0': t0, 'weight_decay': weight_decay,
                                          'foreach': foreach, 'maximize': maximize,
                                          'differentiable': differentiable, 'capturable': capturable})
