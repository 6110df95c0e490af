import torch
import torch.nn.functional as F

device = "cpu"


def losses(x, w):
    total = 0.0
    for row in x:
        model = torch.nn.Flatten(0)
        loss = F.mse_loss(model(row.to(device)) * w, row)
        loss.backward(retain_graph=True)
        total += loss.item() * row.size(0)
    return total / len(x), w.grad


def answers(x, w):
    correct = 0
    model = torch.nn.Identity()
    for row in x.detach():
        pred = model(row.to(device) * w.detach())
        correct += (pred > 0).sum().item()
    return correct


def one():
    return [torch.randn(6, 4), torch.randn(4)]


CASES = {f.__name__: ((lambda f=f: f), one) for f in (losses, answers)}
