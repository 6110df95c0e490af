"""Compares our torch.nn with the real one: parameters, buffers, state_dict, outputs, ATen operators, FLOPs, errors.

  python judge.py [--seed N] [--cases N] [--record FILE]

Runs each case of cases.py in both libraries on the same real tensors' shapes. `--record`
writes what real PyTorch gave, one JSON object a line, for replay through our engine.
"""
import argparse

import ast
import builtins
import collections
import datetime
import json
import os
import sys
import warnings

import torch as real
import torch.nn.utils.prune
from torch.utils._python_dispatch import TorchDispatchMode

import cases
import shim

warnings.simplefilter('ignore')
try:
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode
except ImportError:
    FlopCounterMode = None

# allocation and initialisation: our layers leave them out where no value depends on them
SILENT = {'empty', 'empty_like', 'new_empty', 'empty_strided', 'detach', 'alias', 'lift_fresh', '_to_copy', '_record_function_enter_new',
          '_record_function_exit'}

if shim.version < (2, 0):
    # views differ in name between releases, and cost nothing
    SILENT |= {'select', 't', 'transpose', '_local_scalar_dense', 'detach_', '_reshape_alias', 'view'}

# what PyTorch rejects for its values or for want of a CPU kernel cannot be told from shapes
BY_VALUE = ('invalid max index', 'not implemented for')


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


prelude = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'prelude.py')).read()


def scope_of(torch):
    """The prelude's names over one of the two libraries."""
    scope = {'__name__': 'prelude'}
    if torch is not real:
        scope['__builtins__'] = {**vars(builtins), '__import__': shim._import}
    exec(prelude, scope)
    return scope


def run(prepared, case):
    """What a case gives in one library: everything that is compared."""
    ctor, args, options = case
    scope = dict(prepared)
    real.manual_seed(0)
    result = {}
    try:
        m = scope['m'] = eval(ctor, scope)
        exec(options.get('edit', ''), scope)
        m = scope['m']
        m.train(options.get('train', False))
        for name, text in options.get('let', {}).items():
            scope[name] = eval(text, scope)
        call = options.get('call', 'm(*args, **kwargs)')
        real.manual_seed(1)
        scope['args'], scope['kwargs'] = eval(f'(lambda *a, **k: (a, k))({args})', scope)
        if 'nn.Lazy' in ctor:
            eval(call, scope)
        result['facts'] = scope['facts'](m)
        ops = Ops()
        with ops:
            out = eval(call, scope)
        result['output'] = str(scope['describe'](out))
        if not options.get('ops', True):
            return result
        result['ops'] = ops.names
        if FlopCounterMode is not None:
            # attention and recurrent layers by their products: the counter does not know the fused CPU kernels
            with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH), real.backends.mkldnn.flags(enabled=False):
                eval(call, scope)
            result['flops'] = counter.get_total_flops()
        return result
    except Exception as e:
        return {**result, 'error': type(e).__name__, 'message': str(e)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--cases', type=int, default=100)
    parser.add_argument('--record')
    parser.add_argument('--result', help='file for the dated counts')
    parser.add_argument('--verbose', action='store_true')
    options = parser.parse_args()
    shim.load_all('torch')
    shim.load('torch')
    theirs, ours = scope_of(real), scope_of(None)
    drawn = [c for c in cases.draw(options.seed, options.cases) if shim.version >= c[2].get('since', (1, 0))]
    wrong = collections.Counter()
    equal = errors = 0
    kinds = set()
    record = open(options.record, 'w') if options.record else None
    for case in drawn:
        a, b = run(theirs, case), run(ours, case)
        if record and not any(text in a.get('message', '') for text in BY_VALUE):
            record.write(json.dumps({'ctor': case[0], 'args': case[1], 'options': {k: v for k, v in case[2].items() if k != 'since'}, 'real': a}) + '\n')
        keys = [k for k in {**a, **b} if k != 'message' and a.get(k) != b.get(k)]
        if 'error' in a:
            errors += 1
        if not keys:
            equal += 1
            if 'error' not in a:
                kinds |= {t for _, t in ast.literal_eval(a['facts'])[3]}
            continue
        for k in keys:
            wrong[k] += 1
        if sum(wrong.values()) < 40 or options.verbose:
            print('WRONG', *case)
            for k in keys:
                if k == 'ops' and 'ops' in b and 'ops' in a:
                    at = next((i for i, (x, y) in enumerate(zip(a[k], b[k])) if x != y), min(len(a[k]), len(b[k])))
                    print('    ops from', at, '\n      real', a[k][at - 2:at + 6], '\n      ours', b[k][at - 2:at + 6])
                    continue
                print('   ', k, '\n      real', a.get(k), a.get('message', '')[:200], '\n      ours', b.get(k), b.get('message', '')[:300])
    print(f'torch {real.__version__}: {len(drawn)} cases, {equal} equal ({errors} that PyTorch rejects), wrong: {dict(wrong)}; '
          f'{len(kinds)} module classes in equal cases')
    if options.result:
        result = {'command': 'truth:modules', 'date': datetime.date.today().isoformat(), 'pytorch': real.__version__,
                  'seed': options.seed, 'calls': len(drawn), 'raising': errors, 'modules': len(kinds), 'passed': equal,
                  'failed': len(drawn) - equal, 'failures': dict(wrong)}
        with open(options.result, 'w') as file:
            file.write(json.dumps(result, indent=2) + '\n')
    print(f'{equal} passed, {len(drawn) - equal} failed')
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
