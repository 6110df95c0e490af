"""torch.arange over integers, aminmax of nothing, extremes of two tensors, types of other days."""
import torch


def raises(kind, f):
    try:
        f()
    except kind:
        return True
    return False


def check_integers_are_counted_in_integers():
    assert torch.arange(2.7, 5.5, 1.5, dtype=torch.int64).tolist() == [2, 3, 4]
    assert raises(ValueError, lambda: torch.arange(2, 5.5, 0.5, dtype=torch.int64))


def check_nothing_has_no_extremes():
    assert raises(RuntimeError, lambda: torch.zeros(2, 0).aminmax())
    assert raises(IndexError, lambda: torch.zeros(2, 0).aminmax(dim=1))


def check_extremes_of_two_tensors():
    assert torch.min(torch.as_tensor(4), torch.as_tensor(2)).item() == 2
    assert torch.zeros(2, 3, dtype=torch.int64).max(torch.tensor(1)).tolist() == [[1, 1, 1], [1, 1, 1]]
    assert torch.zeros(2, 3).max(1).values.shape == (2,) and torch.zeros(2, 3).min(dim=0).indices.shape == (3,)


def check_types_of_other_days():
    x = torch.ones(2, 3)
    assert torch.tril(x).type(torch.ByteTensor).dtype == torch.uint8 and x.type(torch.LongTensor).dtype == torch.int64
    assert x.long().type(torch.FloatTensor).dtype == torch.float32 and x.long().type(torch.Tensor).dtype == torch.float32
    assert x.type('torch.DoubleTensor').dtype == torch.float64 and x.type(torch.half).type() == 'torch.HalfTensor'
    assert raises((TypeError, RuntimeError, ValueError), lambda: x.type(list))


def check_tensors_of_other_days():
    x = torch.ones(2, 3)
    assert x.new(4, 5).shape == (4, 5) and x.new(x.size()).shape == (2, 3) and x.new(3).shape == (3,) and x.new().shape == (0,)
    assert x.new([1.0, 2.0]).tolist() == [1, 2] and x.new((4, 5)).tolist() == [4, 5] and x.new([7]).dtype == torch.float32
    assert torch.autograd.Variable(x, requires_grad=True).requires_grad and not torch.autograd.Variable(x).requires_grad


def check_shapes_that_are_broadcast():
    assert torch.broadcast_shapes((2, 1), (1, 3)) == (2, 3) and torch.broadcast_shapes((4,), 1, (3, 1)) == (3, 4)
    assert torch.broadcast_shapes((2, 3)).numel() == 6
    assert raises(RuntimeError, lambda: torch.broadcast_shapes((2,), (3,)))


if __name__ == '__main__':
    check_integers_are_counted_in_integers()
    check_nothing_has_no_extremes()
    check_extremes_of_two_tensors()
    check_types_of_other_days()
    check_tensors_of_other_days()
    check_shapes_that_are_broadcast()
