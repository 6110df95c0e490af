"""SGD."""
from .optimizer import Optimizer


class SGD(Optimizer):
    kind = 'sgd'

    def __init__(self, params, lr=1e-3, momentum=0, dampening=0, weight_decay=0, nesterov=False, *, maximize=False,
                     foreach=None, differentiable=False, fused=None):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'momentum': momentum, 'dampening': dampening,
                                          'weight_decay': weight_decay, 'nesterov': nesterov, 'maximize': maximize,
                                          'foreach': foreach, 'differentiable': differentiable, 'fused': fused})
