import torch


def apply(a, b, v):
    return a @ b @ v  # seen: mm float32 1024x1024@1024x1024, mv float32 1024x1024@1024


def narrow(a, b, v):
    return torch.matmul(torch.mm(a, b), v[:, None])  # seen: mm float32 1024x1024@1024x1024, mm float32 1024x1024@1024x1


def one():
    return [torch.randn(32, 32), torch.randn(32, 32), torch.randn(32)]


CASES = {f.__name__: ((lambda f=f: f), one) for f in (apply, narrow)}
