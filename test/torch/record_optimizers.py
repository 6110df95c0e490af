"""Records what optimizer.step() reads and writes, operator by operator, in real PyTorch.

usage: record_optimizers.py OUT.json      (a Python with torch 2.13)
Passes over tensors of the parameters' size are kept, as (elements read, elements written) per element of the
parameters; step counters and row or column means are not.
"""
import inspect
import json
import sys
import warnings

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

CASES = [
    ('SGD', 'sgd', {}), ('SGD', 'sgd', {'momentum': 0.9}), ('SGD', 'sgd', {'weight_decay': 0.1}),
    ('SGD', 'sgd', {'momentum': 0.9, 'nesterov': True, 'weight_decay': 0.1}),
    ('Adam', 'adam', {}), ('Adam', 'adam', {'weight_decay': 0.1}), ('Adam', 'adam', {'amsgrad': True}),
    ('AdamW', 'adam', {'weight_decay': 0.1, 'decoupled': True}), ('NAdam', 'nadam', {}), ('RAdam', 'radam', {}), ('Adamax', 'adamax', {}),
    ('Adagrad', 'adagrad', {}), ('Adadelta', 'adadelta', {}), ('RMSprop', 'rmsprop', {}), ('RMSprop', 'rmsprop', {'momentum': 0.9}),
    ('RMSprop', 'rmsprop', {'centered': True}), ('RMSprop', 'rmsprop', {'momentum': 0.9, 'centered': True}),
    ('Rprop', 'rprop', {}), ('ASGD', 'asgd', {}), ('Adafactor', 'adafactor', {}),
]
SHAPE = (20, 25)
SIZE = 500


class Traffic(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.passes = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        given = func._schema.arguments
        values = list(args) + [(kwargs or {}).get(a.name) for a in given[len(args):]]
        written = [a.alias_info is not None and a.alias_info.is_write for a in given]
        count = lambda v: sum(t.numel() for t in tree_leaves(v) if isinstance(t, torch.Tensor))
        read = sum(count(v) for v in values)
        writes = sum(count(v) for v, w in zip(values, written) if w) if any(written) else count(out)
        row = [round(read / SIZE, 1), round(writes / SIZE, 1)]
        if max(row) >= 0.9:
            self.passes.append([round(x) for x in row])
        return out


def record(name, options, mode):
    cls = getattr(torch.optim, name)
    known = inspect.signature(cls).parameters
    settings = {k: v for k, v in options.items() if k != 'decoupled'}
    if mode == 'fused':
        if 'fused' not in known:
            return None
        settings['fused'] = True
    else:
        settings['foreach'] = mode == 'foreach'
    parameter = torch.nn.Parameter(torch.randn(*SHAPE))
    optimizer = cls([parameter], **settings)
    for _ in range(2):
        parameter.grad = torch.randn_like(parameter)
        optimizer.step()
    with Traffic() as traffic:
        optimizer.step()
    states = sum(t.numel() * t.element_size() for s in optimizer.state.values() for t in s.values() if isinstance(t, torch.Tensor) and t.dim() > 0)
    return {'passes': traffic.passes, 'state_bytes': states}


def main():
    warnings.simplefilter('ignore')
    rows = []
    for name, kind, options in CASES:
        for mode in ('single', 'foreach', 'fused'):
            found = record(name, options, mode)
            if found is not None:
                rows.append({'optimizer': name, 'kind': kind, 'options': sorted(options), 'mode': mode, **found})
    with open(sys.argv[1], 'w') as f:
        json.dump({'torch': torch.__version__, 'shape': SHAPE, 'rows': rows}, f)
        f.write('\n')


main()
