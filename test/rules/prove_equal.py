"""Runs one model file as written and fixed, in PyTorch, with equal weights and inputs.

Arguments: the two files. Prints JSON: the largest difference of the outputs relative to
their size, in float32 and bfloat16, and whether parameter names and shapes are equal.
"""

import importlib.util
import json
import sys

import torch


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def small(module, dtype):
    return module.LlamaConfig(
        vocab_size=211, dim=128, n_layers=3, n_heads=8, n_kv_heads=2, hidden_dim=256, dtype=dtype
    )


before, after = load(sys.argv[1], "before"), load(sys.argv[2], "after")
result = {}
for dtype in (torch.float32, torch.bfloat16):
    torch.manual_seed(0)
    one = before.Llama(small(before, dtype)).eval()
    other = after.Llama(small(after, dtype)).eval()
    shapes = {k: tuple(v.shape) for k, v in one.state_dict().items()}
    result["same_parameters"] = shapes == {k: tuple(v.shape) for k, v in other.state_dict().items()}
    other.load_state_dict(one.state_dict())
    tokens = torch.randint(0, 211, (2, 160))
    with torch.no_grad():
        a, b = one(tokens).float(), other(tokens).float()
    result[str(dtype)] = ((a - b).abs().max() / a.abs().max()).item()
    result["same_shape"] = a.shape == b.shape
result["no_grad"] = not after.next_token(other, tokens).requires_grad
print(json.dumps(result))
