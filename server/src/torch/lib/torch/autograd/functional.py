"""Higher-order derivatives: the function is run, what its derivatives cost is reported as not known."""
import torch


def jacobian(func, inputs, *args, **kwargs):
    torch._C._gap('torch.autograd.functional.jacobian')
    return torch._C._unknown('the Jacobian')


def hessian(func, inputs, *args, **kwargs):
    torch._C._gap('torch.autograd.functional.hessian')
    return torch._C._unknown('the Hessian')


def vjp(func, inputs, v=None, *args, **kwargs):
    output = func(*inputs) if isinstance(inputs, tuple) else func(inputs)
    torch._C._gap('torch.autograd.functional.vjp')
    return output, inputs


def jvp(func, inputs, v=None, *args, **kwargs):
    output = func(*inputs) if isinstance(inputs, tuple) else func(inputs)
    torch._C._gap('torch.autograd.functional.jvp')
    return output, output
