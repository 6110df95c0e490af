"""Causal biases as objects: an explicit mask of booleans stands for them."""
from enum import IntEnum

import torch


class CausalVariant(IntEnum):
    UPPER_LEFT = 1
    LOWER_RIGHT = 2


def causal_upper_left(*size):
    return torch.ones(*size, dtype=torch.bool).tril()


def causal_lower_right(*size):
    return torch.ones(*size, dtype=torch.bool).tril(diagonal=size[1] - size[0])
