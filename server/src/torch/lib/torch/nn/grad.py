"""Gradients of convolutions as functions."""
import torch


def _input_grad(n, input_size, weight, grad_output, stride, padding, dilation, groups):
    one = lambda x: (x,) * n if isinstance(x, int) else tuple(x)
    empty = grad_output.new_empty(1).expand(input_size)
    return torch.ops.aten.convolution_backward(grad_output, empty, weight, None, one(stride), one(padding), one(dilation),
                                               False, [0] * n, groups, (True, False, False))[0]


def _weight_grad(n, input, weight_size, grad_output, stride, padding, dilation, groups):
    one = lambda x: (x,) * n if isinstance(x, int) else tuple(x)
    empty = grad_output.new_empty(1).expand(weight_size)
    return torch.ops.aten.convolution_backward(grad_output, input, empty, None, one(stride), one(padding), one(dilation),
                                               False, [0] * n, groups, (False, True, False))[1]


def conv1d_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1, groups=1):
    return _input_grad(1, input_size, weight, grad_output, stride, padding, dilation, groups)


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1, groups=1):
    return _input_grad(2, input_size, weight, grad_output, stride, padding, dilation, groups)


def conv3d_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1, groups=1):
    return _input_grad(3, input_size, weight, grad_output, stride, padding, dilation, groups)


def conv1d_weight(input, weight_size, grad_output, stride=1, padding=0, dilation=1, groups=1):
    return _weight_grad(1, input, weight_size, grad_output, stride, padding, dilation, groups)


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0, dilation=1, groups=1):
    return _weight_grad(2, input, weight_size, grad_output, stride, padding, dilation, groups)


def conv3d_weight(input, weight_size, grad_output, stride=1, padding=0, dilation=1, groups=1):
    return _weight_grad(3, input, weight_size, grad_output, stride, padding, dilation, groups)
