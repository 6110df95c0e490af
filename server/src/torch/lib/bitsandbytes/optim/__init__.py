"""8-bit optimisers: states in blocks of 256 elements, quantised to a byte each (arXiv 2110.02861)."""
from torch.optim.optimizer import Optimizer


class _Optimizer8bit(Optimizer):
    kind = 'adam8bit'
    _one_state = False

    def __init__(self, params, lr=1e-3, *args, weight_decay=0, **kwargs):
        super().__init__(params, {'lr': lr, 'weight_decay': weight_decay, 'fused': True, 'one_state': self._one_state})

    def _options(self, group):
        return {'weight_decay': group['weight_decay'] != 0, 'one_state': self._one_state}


class Adam8bit(_Optimizer8bit):
    pass


class AdamW8bit(_Optimizer8bit):
    kind = 'adamw8bit'


class PagedAdam8bit(Adam8bit):
    pass


class PagedAdamW8bit(AdamW8bit):
    pass


class LAMB8bit(_Optimizer8bit):
    kind = 'lamb8bit'


class SGD8bit(_Optimizer8bit):
    kind = 'sgd8bit'
    _one_state = True


class Lion8bit(_Optimizer8bit):
    kind = 'lion8bit'
    _one_state = True


class RMSprop8bit(_Optimizer8bit):
    kind = 'rmsprop8bit'
    _one_state = True


class Adagrad8bit(_Optimizer8bit):
    kind = 'adagrad8bit'
    _one_state = True


class LARS8bit(_Optimizer8bit):
    kind = 'lars8bit'
    _one_state = True


class _Optimizer32bit(Optimizer):
    kind = 'adam'

    def __init__(self, params, lr=1e-3, *args, weight_decay=0, **kwargs):
        super().__init__(params, {'lr': lr, 'weight_decay': weight_decay, 'fused': True})


class Adam(_Optimizer32bit):
    pass


class AdamW(_Optimizer32bit):
    decoupled = True


class PagedAdam(Adam):
    pass


class PagedAdamW(AdamW):
    pass
