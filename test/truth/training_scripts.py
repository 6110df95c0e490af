"""Runs the training scripts of training_scripts/ in real PyTorch and counts one step of each.

usage: training_scripts.py OUT.json      (a Python with torch 2.13)
Forward and backward FLOPs are FlopCounterMode's of the whole run, divided by its optimiser steps (see STEPS); functions
named `evaluate` are left out. Attention and LSTMs run as
their products: FlopCounterMode does not count the CPU's fused kernels.
"""
import ast
import glob
import json
import os
import sys
import types

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'training_scripts')
# steps of the whole run: turns of the training loop, or groups of turns that end with an optimiser's step
STEPS = {
    'mlp_script': 18, 'cnn_main': 12, 'grad_accumulation': 8, 'micro_steps': 4, 'amp_scaler': 12, 'checkpointing': 12, 'frozen_backbone': 12,
    'gan': 20, 'distillation': 12, 'retain_graph': 20, 'ema': 8, 'lora': 10, 'text_lstm': 10, 'muon_mixed': 6, 'custom_optimizer': 16,
    'gradient_penalty': 10, 'closure': 30,
}


def without_evaluation(source):
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == 'evaluate':
            node.body = [ast.Pass()]
    return ast.fix_missing_locations(tree)


class NoModules:
    """In place of the tracker of modules, whose hooks refuse `autograd.grad` of a leaf."""

    parents = {'Global'}

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None


def measure(path):
    name = os.path.basename(path)[:-3]
    with open(path) as f:
        code = compile(without_evaluation(f.read()), path, 'exec')
    module = types.ModuleType('__main__')
    sys.modules['__main__'] = module
    sys.argv = [path]
    counter = FlopCounterMode(display=False)
    counter.mod_tracker = NoModules()
    backward = 0
    original = {name: getattr(torch.autograd, name) for name in ('backward', 'grad')}
    states, trained, totals = {}, {}, {}

    def counted(function):
        def call(*args, **kwargs):
            nonlocal backward
            before = counter.get_total_flops()
            result = function(*args, **kwargs)
            backward += counter.get_total_flops() - before
            return result
        return call

    def after(optimizer, args, kwargs):
        key = type(optimizer).__name__ + str(id(optimizer))
        states[key] = sum(
            t.numel() * t.element_size() for s in optimizer.state.values() for t in s.values() if isinstance(t, torch.Tensor) and t.dim() > 0
        )
        trained[key] = sum(p.numel() for g in optimizer.param_groups for p in g['params'] if p.grad is not None)
        totals[key] = type(optimizer).__name__

    for function in original:
        setattr(torch.autograd, function, counted(original[function]))
    hook = register_optimizer_step_post_hook(after)
    try:
        with counter, sdpa_kernel(SDPBackend.MATH), torch.backends.mkldnn.flags(enabled=False):
            exec(code, module.__dict__)
    finally:
        for function in original:
            setattr(torch.autograd, function, original[function])
        hook.remove()
    total = counter.get_total_flops()
    steps = STEPS[name]
    if total % steps != 0 or backward % steps != 0:
        raise ValueError(f'{name}: {total} FLOPs are not {steps} equal steps')
    return {
        'script': name, 'steps': steps, 'total': total // steps, 'backward': backward // steps,
        'optimizers': [{'name': totals[k], 'state_bytes': states[k], 'params': trained[k]} for k in states],
        'torch': torch.__version__,
    }


def main():
    torch.manual_seed(0)
    out = sys.argv[1]
    rows = []
    for path in sorted(glob.glob(os.path.join(FOLDER, '*.py'))):
        rows.append(measure(path))
        print(rows[-1], file=sys.stderr, flush=True)
    with open(out, 'w') as f:
        json.dump(rows, f, indent=1)
        f.write('\n')


main()
