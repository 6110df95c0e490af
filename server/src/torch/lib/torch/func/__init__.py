"""torch.func: vmap and functional calls."""
import contextlib

import torch

from ..nn.modules.module import Module


def _set(module, path, value):
    """Puts `value` at a dotted path, past registration, and gives the way back."""
    owner_path, _, name = path.rpartition('.')
    owner = module.get_submodule(owner_path)
    table = owner._parameters if name in owner._parameters else owner._buffers
    old = table[name]
    table[name] = value
    return table, name, old


def functional_call(module, parameter_and_buffer_dicts, args=None, kwargs=None, *, tie_weights=True, strict=False):
    dicts = parameter_and_buffer_dicts
    merged = {}
    for d in dicts if isinstance(dicts, (list, tuple)) else [dicts]:
        merged.update(d)
    replaced = [_set(module, path, value) for path, value in merged.items()]
    try:
        if args is None:
            args = ()
        elif not isinstance(args, tuple):
            args = (args,)
        return module(*args, **(kwargs or {}))
    finally:
        for table, name, old in replaced:
            table[name] = old


def stack_module_state(models):
    params = {k: torch.stack([dict(m.named_parameters())[k] for m in models]).detach().requires_grad_()
              for k, _ in models[0].named_parameters()}
    buffers = {k: torch.stack([dict(m.named_buffers())[k] for m in models]).detach() for k, _ in models[0].named_buffers()}
    return params, buffers


def _spread(in_dims, args):
    if isinstance(in_dims, int) or in_dims is None:
        return [in_dims] * len(args)
    return list(in_dims)


def _size_along(arg, dim):
    if isinstance(arg, torch.Tensor):
        return arg.shape[dim]
    if isinstance(arg, dict):
        return _size_along(next(iter(arg.values())), dim)
    return _size_along(arg[0], dim)


def _select(arg, dim, i):
    if dim is None:
        return arg
    if isinstance(arg, torch.Tensor):
        return arg.select(dim, i)
    if isinstance(arg, dict):
        return {k: _select(v, dim, i) for k, v in arg.items()}
    return type(arg)([_select(v, dim, i) for v in arg])


def _stack(results, out_dims):
    first = results[0]
    if isinstance(first, tuple):
        dims = [out_dims] * len(first) if isinstance(out_dims, int) else out_dims
        return tuple([_stack([r[j] for r in results], d) for j, d in enumerate(dims)])
    if isinstance(first, dict):
        return {k: _stack([r[k] for r in results], out_dims) for k in first}
    return torch.stack(results, out_dims)


def vmap(func, in_dims=0, out_dims=0, randomness='error', *, chunk_size=None):
    """Element by element: the same products as the batched kernels, more launches."""
    def wrapped(*args, **kwargs):
        dims = _spread(in_dims, args)
        sizes = [_size_along(a, d) for a, d in zip(args, dims) if d is not None]
        if not sizes:
            raise ValueError('vmap(): got in_dims, but there are no inputs to map over')
        results = []
        for i in range(sizes[0]):
            results.append(func(*[_select(a, d, i) for a, d in zip(args, dims)], **kwargs))
        return _stack(results, out_dims)
    return wrapped


def grad(func, argnums=0, has_aux=False):
    def wrapped(*args, **kwargs):
        inputs = list(args)
        which = [argnums] if isinstance(argnums, int) else list(argnums)
        for i in which:
            inputs[i] = inputs[i].detach().requires_grad_()
        result = func(*inputs, **kwargs)
        loss, aux = result if has_aux else (result, None)
        grads = torch.autograd.grad(loss, [inputs[i] for i in which])
        grads = grads[0] if isinstance(argnums, int) else tuple(grads)
        return (grads, aux) if has_aux else grads
    return wrapped


def grad_and_value(func, argnums=0, has_aux=False):
    def wrapped(*args, **kwargs):
        return grad(func, argnums, has_aux)(*args, **kwargs), func(*args, **kwargs)
    return wrapped


def _not_modelled(name):
    def transform(func, *args, **kwargs):
        torch._C._gap('torch.func.' + name)
        return lambda *a, **k: torch._C._unknown('the result of torch.func.' + name)
    return transform


jacrev = _not_modelled('jacrev')
jacfwd = _not_modelled('jacfwd')
hessian = _not_modelled('hessian')
vjp = _not_modelled('vjp')
jvp = _not_modelled('jvp')
linearize = _not_modelled('linearize')


def functionalize(func, *, remove='mutations'):
    return func
