"""Tensors as numpy arrays and back."""
import numpy as np
import torch


def check_round_trip():
    x = torch.zeros(2, 3)
    a = x.data.cpu().numpy().astype(np.float32)
    assert isinstance(a, np.ndarray) and a.shape == (2, 3)
    assert torch.from_numpy(a).shape == (2, 3)
    assert torch.tensor(a).to(dtype=torch.float64).dtype == torch.float64
    assert torch.as_tensor(x.numpy()).shape == (2, 3)


def check_arithmetic_of_arrays():
    a = torch.arange(6).reshape(2, 3).numpy()
    assert (a + 1).sum(axis=1).shape == (2,)
    assert np.concatenate([a, a], axis=0).shape == (4, 3)
    assert int(torch.tensor([3, 4]).numpy()[1]) == 4
    assert [int(v) for v in torch.tensor([5, 6]).numpy()] == [5, 6]
    assert np.mean(torch.ones(4).numpy()) == 1.0
    assert torch.tensor([7, 8]).numpy().tolist() == [7, 8]
    assert len(torch.zeros(4, 2).numpy()) == 4


if __name__ == '__main__':
    check_round_trip()
    check_arithmetic_of_arrays()
