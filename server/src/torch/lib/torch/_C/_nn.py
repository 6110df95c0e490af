"""torch._C._nn: argument parsing of `.to(...)`; its operators are native."""
import torch


def _parse_to(*args, **kwargs):
    """(device, dtype, non_blocking, memory_format) as Tensor.to and Module.to read them."""
    device = kwargs.get('device')
    dtype = kwargs.get('dtype')
    if 'tensor' in kwargs:
        args = (kwargs['tensor'],) + args
    for a in args:
        if torch._C._is_unknown(a):
            # a rank from the environment: placement changes no shape
            continue
        if isinstance(a, torch.dtype):
            dtype = a
        elif isinstance(a, torch.Tensor):
            device = a.device
            dtype = a.dtype
        elif a is not None and not isinstance(a, bool):
            device = a
    if torch._C._is_unknown(device):
        device = None
    elif device is not None and not isinstance(device, torch.device):
        device = torch.device(device)
    return device, dtype, kwargs.get('non_blocking', False), kwargs.get('memory_format')
