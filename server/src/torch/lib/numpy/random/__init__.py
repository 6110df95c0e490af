"""numpy.random: shapes of arrays; the numbers are not known."""
import torch

from .._array import ndarray


def _draw(size):
    if size is None:
        return torch._C._unknown('a random number')
    return ndarray(torch.rand(tuple(size) if isinstance(size, (tuple, list)) else (size,), dtype=torch.float64))


def seed(seed=None):
    return None


def rand(*shape):
    return _draw(shape if shape else None)


randn = rand


def random(size=None):
    return _draw(size)


random_sample = random


def uniform(low=0.0, high=1.0, size=None):
    return _draw(size)


def normal(loc=0.0, scale=1.0, size=None):
    return _draw(size)


standard_normal = random


def beta(a, b, size=None):
    return _draw(size)


def randint(low, high=None, size=None, dtype=int):
    drawn = _draw(size)
    return drawn.astype(dtype) if isinstance(drawn, ndarray) else drawn


def permutation(x):
    return ndarray(torch.randperm(x if isinstance(x, int) else len(x)))


def choice(a, size=None, replace=True, p=None):
    return randint(0, 1, size)


def shuffle(x):
    return None


class Generator:
    def __init__(self, seed=None):
        pass

    random = staticmethod(random)
    normal = staticmethod(normal)
    uniform = staticmethod(uniform)
    standard_normal = staticmethod(random)
    integers = staticmethod(randint)
    choice = staticmethod(choice)
    permutation = staticmethod(permutation)
    shuffle = staticmethod(shuffle)
    beta = staticmethod(beta)


class RandomState(Generator):
    seed = staticmethod(seed)
    rand = staticmethod(rand)
    randn = staticmethod(randn)
    randint = staticmethod(randint)
    random_sample = staticmethod(random)


def default_rng(seed=None):
    return Generator(seed)
