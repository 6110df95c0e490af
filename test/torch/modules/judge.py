"""Compares our torch.nn with the real one: parameters, buffers, state_dict, outputs, ATen operators, FLOPs, errors.

  python judge.py [--seed N] [--cases N] [--record FILE]

Runs each case of cases.py in both libraries on the same real tensors' shapes. `--record`
writes what real PyTorch gave, one JSON object a line, for replay through our engine.
"""
import argparse
import collections
import copy
import json
import sys
import warnings

import torch as real
import torch.nn.functional as real_F
from torch.utils._python_dispatch import TorchDispatchMode

import cases
import shim

warnings.simplefilter('ignore')
try:
    from torch.utils.flop_counter import FlopCounterMode
except ImportError:
    FlopCounterMode = None

# allocation and initialisation: our layers leave them out where no value depends on them
SILENT = {'empty', 'empty_like', 'new_empty', 'empty_strided', 'detach', 'alias', 'lift_fresh', '_to_copy'}


class Ops(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.names = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func._schema.name.split('::')[1]
        out = func(*args, **(kwargs or {}))
        if name not in SILENT:
            shapes = [tuple(t.shape) for t in (out if isinstance(out, (tuple, list)) else [out]) if isinstance(t, real.Tensor)]
            self.names.append((name, shapes))
        return out


def describe(value):
    if isinstance(value, real.Tensor):
        return [list(value.shape), str(value.dtype).replace('torch.', '')]
    if hasattr(value, '_fields'):
        return [describe(getattr(value, f)) for f in value._fields]
    if isinstance(value, (tuple, list)):
        return [describe(v) for v in value]
    if isinstance(value, dict):
        return {k: describe(v) for k, v in value.items()}
    return value if value is None or isinstance(value, (int, float, str, bool)) else type(value).__name__


def run(torch, case):
    """What a case gives in one library: everything that is compared."""
    ctor, args, options = case
    nn = torch.nn
    real.manual_seed(0)

    def edit(m, text):
        exec(text, {**scope, 'm': m})
        return m

    scope = {
        'torch': torch, 'nn': nn, 'F': real_F, 'collections': collections, 'copy': copy, 'edit': edit,
        'f': lambda *s: real.randn(*s), 'i': lambda high, *s: real.randint(0, high, s), 'b': lambda *s: real.rand(*s) < 0.3,
        'pack': nn.utils.rnn.pack_padded_sequence,
    }
    result = {}
    try:
        m = eval(ctor, scope)
        m.train(options.get('train', False))
        lazy = 'nn.Lazy' in ctor
        scope['m'] = m
        for name, text in options.get('let', {}).items():
            scope[name] = eval(text, scope)
        call = options.get('call', 'm(*args, **kwargs)')
        scope['args'], scope['kwargs'] = eval(f'(lambda *a, **k: (a, k))({args})', scope)
        if lazy:
            eval(call, scope)
        result['parameters'] = {k: [list(p.shape), str(p.dtype), p.requires_grad] for k, p in m.named_parameters()}
        result['buffers'] = {k: [list(p.shape), str(p.dtype)] for k, p in m.named_buffers()}
        result['state_dict'] = list(m.state_dict())
        result['modules'] = [(k, type(x).__name__) for k, x in m.named_modules()]
        ops = Ops()
        with ops:
            out = eval(call, scope)
        result['output'] = describe(out)
        result['ops'] = ops.names
        if FlopCounterMode is not None:
            with FlopCounterMode(display=False) as counter:
                eval(call, scope)
            result['flops'] = counter.get_total_flops()
        return result
    except Exception as e:
        return {**{k: result[k] for k in ('parameters',) if k in result}, 'error': type(e).__name__, 'message': str(e)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--cases', type=int, default=100)
    parser.add_argument('--record')
    parser.add_argument('--verbose', action='store_true')
    options = parser.parse_args()
    shim.load_all('torch')
    ours = shim.load('torch')
    drawn = [c for c in cases.draw(options.seed, options.cases) if shim.version >= c[2].get('since', (1, 0))]
    wrong = collections.Counter()
    equal = errors = 0
    kinds = set()
    record = open(options.record, 'w') if options.record else None
    for case in drawn:
        a, b = run(real, case), run(ours, case)
        if record:
            record.write(json.dumps({'ctor': case[0], 'args': case[1], 'options': case[2], 'real': a}) + '\n')
        keys = [k for k in {**a, **b} if k != 'message' and a.get(k) != b.get(k)]
        if 'error' in a:
            errors += 1
        if not keys:
            equal += 1
            if 'error' not in a:
                kinds |= {t for _, t in a['modules']}
            continue
        for k in keys:
            wrong[k] += 1
        if sum(wrong.values()) < 40 or options.verbose:
            print('WRONG', *case)
            for k in keys:
                print('   ', k, '\n      real', a.get(k), a.get('message', '')[:200], '\n      ours', b.get(k), b.get('message', '')[:300])
    print(f'torch {real.__version__}: {len(drawn)} cases, {equal} equal ({errors} that PyTorch rejects), wrong: {dict(wrong)}; '
          f'{len(kinds)} module classes in equal cases')
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
