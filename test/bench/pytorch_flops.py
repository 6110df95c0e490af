"""Counts a model's FLOPs with PyTorch on the meta device, cold once and then warm.

    python pytorch_flops.py FILE_OR_MODULE EXPRESSION SHAPE:DTYPE REPEATS

Prints one JSON line: {"flops", "milliseconds": [first, ...]}. The first of the times includes
imports; each includes building the model, as a count from nothing does.
"""
import importlib
import importlib.util
import json
import pathlib
import re
import sys
import time

started = time.perf_counter()
import torch
from torch.utils.flop_counter import FlopCounterMode


def define_missing_operators():
    """torchvision's wheel expects a build of torch that has its operators: none of them runs here."""
    spec = importlib.util.find_spec('torchvision')
    if spec is None:
        return
    folder = pathlib.Path(spec.origin).parent
    if list(folder.glob('_C*.so')) or list(folder.glob('_C*.pyd')):
        try:
            torch.ops.load_library(next(iter(folder.glob('_C*'))))
            return
        except OSError:
            pass
    names = {name for f in folder.rglob('*.py') for name in re.findall(r'torchvision::(\w+)', f.read_text())}
    library = torch.library.Library('torchvision', 'DEF')
    define_missing_operators.library = library
    for name in names:
        library.define(f'{name}(Tensor x) -> Tensor')


def load(place):
    if not place.endswith('.py'):
        if place.split('.')[0] == 'torchvision':
            define_missing_operators()
        return importlib.import_module(place)
    spec = importlib.util.spec_from_file_location('model', place)
    module = importlib.util.module_from_spec(spec)
    sys.modules['model'] = module
    spec.loader.exec_module(module)
    return module


def count(module, expression, shape, dtype):
    try:
        with torch.device('meta'):
            model = eval(expression, vars(module)).eval()
    except NotImplementedError:
        # its constructor reads values of tensors, which the meta device does not have
        model = eval(expression, vars(module)).eval().to('meta')
    x = torch.empty(shape, dtype=dtype, device='meta')
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(x)
    return counter.get_total_flops()


def main():
    place, expression, spec, repeats = sys.argv[1:]
    shape, dtype = spec.split(':')
    module = load(place)
    times = []
    for _ in range(int(repeats)):
        flops = count(module, expression, [int(d) for d in shape.split('x')], getattr(torch, dtype))
        times.append((time.perf_counter() - started) * 1000)
        globals()['started'] = time.perf_counter()
    print(json.dumps({'flops': flops, 'milliseconds': times}))


main()
