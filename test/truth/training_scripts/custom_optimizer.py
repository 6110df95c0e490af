"""An optimiser written in Python (Lion) and one with factored moments."""
import torch
from torch import nn
from torch.optim.optimizer import Optimizer


class Lion(Optimizer):
    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group['params']:
                if p.grad is None:
                    continue
                p.data.mul_(1 - group['lr'] * group['weight_decay'])
                state = self.state[p]
                if len(state) == 0:
                    state['exp_avg'] = torch.zeros_like(p)
                exp_avg = state['exp_avg']
                beta1, beta2 = group['betas']
                update = exp_avg * beta1 + p.grad * (1 - beta1)
                p.add_(update.sign_(), alpha=-group['lr'])
                exp_avg.mul_(beta2).add_(p.grad, alpha=1 - beta2)


encoder = nn.Linear(10, 6)
decoder = nn.Linear(6, 10)
optimizer_e = Lion(encoder.parameters())
optimizer_d = torch.optim.Adafactor(decoder.parameters())
for i in range(16):
    x = torch.randn(7, 10)
    loss = nn.MSELoss()(decoder(encoder(x)), x)
    optimizer_e.zero_grad()
    optimizer_d.zero_grad()
    loss.backward()
    optimizer_e.step()
    optimizer_d.step()
