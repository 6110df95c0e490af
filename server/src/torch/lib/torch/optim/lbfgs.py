"""LBFGS."""
from .optimizer import Optimizer


class LBFGS(Optimizer):
    kind = 'lbfgs'

    def __init__(self, params, lr=1, max_iter=20, max_eval=None, tolerance_grad=1e-7, tolerance_change=1e-9,
                     history_size=100, line_search_fn=None):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'max_iter': max_iter, 'max_eval': max_eval,
                                          'tolerance_grad': tolerance_grad, 'tolerance_change': tolerance_change,
                                          'history_size': history_size, 'line_search_fn': line_search_fn})

    def step(self, closure):
        """`max_iter` evaluations at most; how many it takes depends on the data, so the first is counted."""
        return super().step(closure)
