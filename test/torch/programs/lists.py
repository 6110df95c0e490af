"""Long lists of tensors."""
import torch


def check_a_million_tensors():
    x = torch.zeros(1)
    assert torch.stack([x] * 10 ** 6).shape == (10 ** 6, 1)
    assert torch.cat([x] * 10 ** 6).shape == (10 ** 6,)


if __name__ == '__main__':
    check_a_million_tensors()
