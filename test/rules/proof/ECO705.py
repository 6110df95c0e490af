import torch


def log1p(x):
    return torch.log(1 + x.abs())


def expm1(x):
    return torch.exp(x) - 1


def method(x):
    return (x.abs() + 1.0).log()


def logsumexp(x):
    return torch.log(torch.sum(torch.exp(x), dim=-1, keepdim=True))


def chained(x):
    return x.exp().sum(1).log()


CASES = {f.__name__: ((lambda f=f: f), lambda: [torch.randn(6, 4)]) for f in (log1p, expm1, method, logsumexp, chained)}
