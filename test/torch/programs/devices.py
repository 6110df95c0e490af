"""Devices, numbers of numpy and odd subscripts, as models use them. Passes under PyTorch as it does under the interpreter."""
import contextlib
import enum

import numpy as np
import torch
import torch.nn as nn


def check_equal_devices():
    assert torch.device('cpu') == torch.device('cpu')
    assert torch.device('cuda:0') == torch.device('cuda', 0)
    assert torch.device('cuda:0') != torch.device('cuda:1')
    assert torch.device('cpu') != torch.device('meta')


def check_device_of_tensor():
    x = torch.zeros(3)
    assert x.device == torch.device('cpu')
    assert torch.arange(4, device=x.device).device == x.device


def check_device_as_key():
    cache = {torch.device('cpu'): 1}
    assert cache[torch.zeros(2).device] == 1
    assert {torch.device('cpu'), torch.device('cpu')} == {torch.device('cpu')}


def check_device_as_context():
    with torch.device('meta'):
        outer = nn.Linear(2, 3)
        with torch.device('cpu') as inner:
            assert inner == torch.device('cpu') and not torch.zeros(1).is_meta
        assert torch.zeros(1).is_meta
    assert outer.weight.is_meta and not torch.zeros(1).is_meta
    with contextlib.ExitStack() as stack:
        stack.enter_context(torch.device('meta'))
        assert torch.zeros(1).is_meta
    assert not torch.zeros(1).is_meta


def check_legacy_types():
    x = torch.zeros(2, 3)
    assert isinstance(x, torch.FloatTensor) and not isinstance(x, torch.cuda.FloatTensor)
    assert not isinstance(x, (torch.LongTensor, torch.HalfTensor)) and isinstance(x.long(), torch.LongTensor)
    assert isinstance(nn.Linear(2, 2).weight, torch.FloatTensor) and not isinstance(3.0, torch.FloatTensor)
    kind = torch.cuda.FloatTensor if x.is_cuda else torch.FloatTensor
    assert kind(2, 3).shape == (2, 3) and x.bool().type(kind).dtype == torch.float32


def check_generators():
    g = torch.Generator(device='cpu')
    assert g.manual_seed(3) is g and g.device.type == 'cpu' and torch.Generator().device == torch.Generator('cpu').device
    assert torch.randn(3, generator=g).shape == (3,) and g.get_state().dtype == torch.uint8


def check_stft_of_real_numbers():
    x = torch.zeros(1, 800)
    assert torch.stft(x, 100, return_complex=True).shape == (1, 51, 33)
    assert torch.stft(x, 100, return_complex=False).shape == (1, 51, 33, 2)
    try:
        torch.stft(x, 100)
    except RuntimeError as e:
        assert 'return_complex' in str(e)
    else:
        raise AssertionError('taken')


class Axis(enum.IntEnum):
    ROW = 1
    COLUMN = 2


class Position:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


def check_subscripts_that_stand_for_numbers():
    x = torch.zeros(4, 5, 6)
    assert x[Axis.ROW].shape == (5, 6)
    assert x[:, :Axis.COLUMN].shape == (4, 2, 6)
    assert x[Position(2)].shape == (5, 6)
    assert x[Position(1):].shape == (3, 5, 6)
    assert x[np.arange(3)].shape == (3, 5, 6)


def check_numbers_of_numpy():
    u = 3 * np.ceil(np.log(50)).astype('int').item()
    assert u == 12
    n = np.prod([2, 3]).item()
    assert nn.Linear(n, np.prod([2, 2])).weight.shape == (4, 6)
    assert float(np.sqrt(16.0)) == 4.0
    assert torch.zeros(int(np.floor(3.7)), 2).shape == (3, 2)


if __name__ == '__main__':
    for name, check in list(globals().items()):
        if name.startswith('check_'):
            check()
