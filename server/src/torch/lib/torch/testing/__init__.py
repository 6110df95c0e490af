"""torch.testing: comparisons of values, which are not simulated."""


def assert_close(actual, expected, **kwargs):
    return None


assert_allclose = assert_close


def make_tensor(shape, *, dtype, device, **kwargs):
    import torch
    return torch.empty(shape, dtype=dtype, device=device)
