"""Runs cases as written and fixed, in PyTorch, with equal seeds and inputs.

Arguments: the folder as written, the folder fixed, and the names of files in both. Each
defines CASES: name -> (callable or module factory, inputs factory). Prints JSON per file and case: the largest relative difference of outputs and of the
gradients of inputs and parameters, and whether parameter names and FLOPs allow the fix.
"""

import importlib.util
import json
import sys

import torch
from torch.utils.flop_counter import FlopCounterMode


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def flatten(value):
    if torch.is_tensor(value):
        return [value]
    if isinstance(value, (tuple, list)):
        return [tensor for item in value for tensor in flatten(item)]
    return [torch.tensor(float(value))] if isinstance(value, (int, float)) else []


def run(make, inputs):
    torch.manual_seed(0)
    target = make()
    names = list(target.state_dict()) if isinstance(target, torch.nn.Module) else []
    torch.manual_seed(1)
    args = [a.requires_grad_() if torch.is_tensor(a) and a.is_floating_point() else a for a in inputs()]
    with FlopCounterMode(display=False) as counter:
        out = [t for t in flatten(target(*args)) if t is not None]
    loss = sum((t.float() ** 2).sum() for t in out if t.is_floating_point())
    grads = []
    if torch.is_tensor(loss) and loss.requires_grad:
        leaves = [a for a in args if torch.is_tensor(a) and a.requires_grad]
        if isinstance(target, torch.nn.Module):
            leaves += list(target.parameters())
        grads = [g for g in torch.autograd.grad(loss, leaves, allow_unused=True) if g is not None]
    return out, grads, names, counter.get_total_flops()


def difference(a, b):
    if len(a) != len(b) or any(x.shape != y.shape or x.dtype != y.dtype for x, y in zip(a, b)):
        return None
    worst = 0.0
    for x, y in zip(a, b):
        scale = max(x.float().abs().max().item(), 1e-6) if x.numel() else 1.0
        worst = max(worst, ((x.float() - y.float()).abs().max().item() if x.numel() else 0.0) / scale)
    return worst


result = {}
for file in sys.argv[3:]:
    before, after = load(f"{sys.argv[1]}/{file}", f"before_{file[:-3]}"), load(f"{sys.argv[2]}/{file}", f"after_{file[:-3]}")
    report = result[file] = {}
    for name, (make, inputs) in before.CASES.items():
        one, other = run(make, inputs), run(after.CASES[name][0], after.CASES[name][1])
        report[name] = {
            "outputs": difference(one[0], other[0]),
            "gradients": difference(one[1], other[1]),
            "parameters": one[2] == other[2],
            "flops": [one[3], other[3]],
        }
print(json.dumps(result))
