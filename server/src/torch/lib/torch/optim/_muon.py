"""Muon."""
import torch

from .optimizer import Optimizer


class Muon(Optimizer):
    kind = 'muon'
    decoupled = True

    def __init__(self, params, lr=1e-3, weight_decay=0.1, momentum=0.95, nesterov=True, ns_coefficients=(3.4445,
                     -4.775, 2.0315), eps=1e-7, ns_steps=5, adjust_lr_fn=None):
        if isinstance(lr, (int, float)) and lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, {'lr': lr, 'weight_decay': weight_decay, 'momentum': momentum,
                                          'nesterov': nesterov, 'ns_coefficients': ns_coefficients, 'eps': eps,
                                          'ns_steps': ns_steps, 'adjust_lr_fn': adjust_lr_fn})

    def step(self, closure=None):
        """The momentum update, and five Newton-Schulz steps of matrix products for every parameter."""
        loss = super().step(closure)
        for group in self.param_groups:
            for p in group['params']:
                x = p.detach().to(torch.bfloat16)
                if x.size(0) > x.size(1):
                    x = x.T
                x = x.div(x.norm().clamp(min=group['eps']))
                a, b, c = group['ns_coefficients']
                for _ in range(group['ns_steps']):
                    gram = x @ x.T
                    x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
        return loss
