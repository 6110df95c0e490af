"""AdamW."""
from .optimizer import Optimizer


class AdamW(Optimizer):
    kind = 'adam'
    decoupled = True

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2, amsgrad=False, *,
                     maximize=False, foreach=None, capturable=False, differentiable=False, fused=None):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'betas': betas, 'eps': eps, 'weight_decay': weight_decay,
                                          'amsgrad': amsgrad, 'maximize': maximize, 'foreach': foreach,
                                          'capturable': capturable, 'differentiable': differentiable,
                                          'fused': fused})
