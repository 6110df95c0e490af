"""RMSprop."""
from .optimizer import Optimizer


class RMSprop(Optimizer):
    kind = 'rmsprop'

    def __init__(self, params, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False,
                     capturable=False, foreach=None, maximize=False, differentiable=False):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'alpha': alpha, 'eps': eps, 'weight_decay': weight_decay,
                                          'momentum': momentum, 'centered': centered, 'capturable': capturable,
                                          'foreach': foreach, 'maximize': maximize,
                                          'differentiable': differentiable})
