"""Functions around the step: a factory, a step function, a closure over them."""
import functools

import torch
import torch.nn as nn


def make_model(width=20, depth=3):
    layers = []
    for i in range(depth):
        layers += [nn.Linear(6 if i == 0 else width, width), nn.ELU()]
    return nn.Sequential(*layers, nn.Linear(width, 1))


def train_step(model, optimizer, loss_fn, x, y):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.detach()


def main(num_steps=30):
    model = make_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-4)
    step = functools.partial(train_step, model, optimizer, nn.HuberLoss())
    losses = []
    for i in range(num_steps):
        x = torch.randn(8, 6)
        losses.append(step(x, x.sum(1, keepdim=True)))
    print(torch.stack(losses).mean())


if __name__ == '__main__':
    main()
