"""NAdam."""
from .optimizer import Optimizer


class NAdam(Optimizer):
    kind = 'nadam'

    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, momentum_decay=4e-3,
                     decoupled_weight_decay=False, *, foreach=None, maximize=False, capturable=False,
                     differentiable=False):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'betas': betas, 'eps': eps, 'weight_decay': weight_decay,
                                          'momentum_decay': momentum_decay,
                                          'decoupled_weight_decay': decoupled_weight_decay, 'foreach': foreach,
                                          'maximize': maximize, 'capturable': capturable,
                                          'differentiable': differentiable})
