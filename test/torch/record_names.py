"""Public names of this PyTorch, module by module: record_names.py OUT.json (one run per installed version)."""
import importlib
import json
import sys
import warnings

import torch

warnings.filterwarnings('ignore')
MODULES = ['torch', 'torch.nn', 'torch.nn.functional', 'torch.nn.init', 'torch.nn.utils', 'torch.nn.utils.rnn',
           'torch.nn.utils.parametrizations', 'torch.nn.attention', 'torch.linalg', 'torch.fft', 'torch.special',
           'torch.optim', 'torch.optim.lr_scheduler', 'torch.autograd', 'torch.amp', 'torch.func', 'torch.compiler',
           'torch.utils.checkpoint', 'torch.distributions']
CLASSES = ['torch.Tensor', 'torch.nn.Module']

names = {}
for module in MODULES:
    try:
        names[module] = sorted(n for n in dir(importlib.import_module(module)) if not n.startswith('_'))
    except ImportError:
        names[module] = []
for cls in CLASSES:
    value = torch
    for part in cls.split('.')[1:]:
        value = getattr(value, part)
    names[cls] = sorted(n for n in dir(value) if not n.startswith('_'))
version = '.'.join(torch.__version__.split('.')[:2])
json.dump({'version': version, 'names': {k: ' '.join(v) for k, v in names.items()}}, open(sys.argv[1], 'w'), indent=1)
