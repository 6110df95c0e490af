"""
Records parameters and forward FLOPs of a sample of timm's factories at the input size that timm itself states
(`default_cfg['input_size']`): `python record_timm_inputs.py 240 > data/truth_timm_inputs.json`. Weights stay on the meta
device where the model allows it.
"""
import json
import random
import sys
import warnings

import torch

# torchvision without its compiled operators still imports when their names exist
library = torch.library.Library('torchvision', 'FRAGMENT')
for name in ('nms', 'qnms'):
    library.define(f'{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor')
import timm  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

warnings.filterwarnings('ignore')


def built(name, device):
    with torch.device(device):
        return timm.create_model(name).eval()


def counted(model, size, device):
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(torch.zeros(1, *size, device=device))
    return counter.get_total_flops()


names = timm.list_models()
random.Random(20261120).shuffle(names)
rows = []
for name in sorted(names[: int(sys.argv[1])]):
    try:
        try:
            model = built(name, 'meta')
        except Exception:
            model = built(name, 'cpu').to('meta')
        size = list(model.default_cfg['input_size'])
        try:
            flops = counted(model, size, 'meta')
        except Exception:
            flops = counted(built(name, 'cpu'), size, 'cpu')
    except Exception as e:
        print(f'left out: {name}: {type(e).__name__}: {e}', file=sys.stderr)
        continue
    rows.append({
        'id': f'timm/{name}',
        'factory': f"timm.create_model('{name}')",
        'setup': 'import timm',
        'inputs': [{'shape': [1, *size], 'dtype': 'float32'}],
        'params': sum(p.numel() for p in model.parameters()),
        'flops': flops,
    })
print('[\n' + ',\n'.join(json.dumps(r) for r in rows) + '\n]')
