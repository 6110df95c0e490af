"""Adam."""
from .optimizer import Optimizer


class Adam(Optimizer):
    kind = 'adam'

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False, *,
                     foreach=None, maximize=False, capturable=False, differentiable=False, fused=None,
                     decoupled_weight_decay=False):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'betas': betas, 'eps': eps, 'weight_decay': weight_decay,
                                          'amsgrad': amsgrad, 'foreach': foreach, 'maximize': maximize,
                                          'capturable': capturable, 'differentiable': differentiable,
                                          'fused': fused, 'decoupled_weight_decay': decoupled_weight_decay})
