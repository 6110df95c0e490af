"""Measures forward and backward FLOPs of models in train mode: FlopCounterMode on PyTorch's meta device.

usage: training.py OUT.json      (a Python with torch 2.13, timm and transformers)
The loss is the sum of all floating outputs, as `ecocompute estimate --phase training` takes it.
"""
import json
import re
import sys

import torch

# torchvision's wheel looks for operators of a CUDA build of PyTorch when imported; none of these models calls them
library = torch.library.Library('torchvision', 'DEF')
while True:
    try:
        import torchvision  # noqa: F401
        break
    except RuntimeError as error:
        missing = re.search(r'operator torchvision::(\w+) does not exist', str(error))
        if missing is None:
            raise
        library.define(f'{missing[1]}(Tensor x) -> Tensor')
        for name in [m for m in sys.modules if m.split('.')[0] == 'torchvision']:
            del sys.modules[name]

from torch.utils.flop_counter import FlopCounterMode

IMAGE = [[2, 3, 224, 224]]
TIMM = [
    'resnet18', 'resnet50', 'resnext50_32x4d', 'seresnet50', 'regnety_004', 'mobilenetv3_large_100', 'efficientnet_b0',
    'convnext_atto', 'convnextv2_atto', 'densenet121', 'dla34', 'ghostnet_100', 'hrnet_w18_small', 'inception_v3', 'mixer_s32_224',
    'vit_tiny_patch16_224', 'vit_small_patch32_224', 'deit_tiny_patch16_224', 'deit3_small_patch16_224', 'cait_xxs24_224', 'beit_base_patch16_224',
    'eva02_tiny_patch14_224', 'swin_tiny_patch4_window7_224', 'poolformer_s12', 'pvt_v2_b0', 'twins_svt_small', 'coat_tiny', 'xcit_nano_12_p16_224',
    'mobilevit_xxs', 'edgenext_xx_small', 'fastvit_t8', 'repvgg_a0', 'vgg11_bn', 'nfnet_l0', 'levit_128s', 'resmlp_12_224',
]
ROWS = [('timm', f"timm.create_model('{name}')", 'import timm', IMAGE, 'float32') for name in TIMM]
ROWS += [
    ('hf', 'H.GPT2LMHeadModel(H.GPT2Config(n_layer=2))', 'import transformers as H', [[2, 64]], 'int64'),
    ('hf', 'H.LlamaForCausalLM(H.LlamaConfig(num_hidden_layers=2, vocab_size=1000))', 'import transformers as H', [[2, 64]], 'int64'),
    ('hf', 'H.BertForSequenceClassification(H.BertConfig(num_hidden_layers=2))', 'import transformers as H', [[2, 64]], 'int64'),
    ('hf', 'H.ViTForImageClassification(H.ViTConfig(num_hidden_layers=2))', 'import transformers as H', IMAGE, 'float32'),
]


def floats(value):
    if isinstance(value, torch.Tensor):
        return [value] if value.is_floating_point() and value.requires_grad else []
    if isinstance(value, dict):
        return [t for v in value.values() for t in floats(v)]
    if isinstance(value, (list, tuple)):
        return [t for v in value for t in floats(v)]
    return []


def measure(family, factory, setup, shapes, dtype):
    names = {}
    exec(setup, names)
    with torch.device('meta'):
        model = eval(factory, names).train()
        inputs = [torch.empty(s, device='meta', dtype=getattr(torch, dtype)) for s in shapes]
    counter = FlopCounterMode(display=False)
    with counter:
        out = model(*inputs)
        forward = counter.get_total_flops()
        sum(t.sum() for t in floats(out)).backward()
    return {
        'id': f'{family}/{factory}', 'factory': factory, 'setup': setup,
        'inputs': [{'shape': s, 'dtype': dtype} for s in shapes],
        'params': sum(p.numel() for p in model.parameters()), 'forward': forward, 'total': counter.get_total_flops(), 'torch': torch.__version__,
    }


def main():
    rows = []
    for row in ROWS:
        try:
            rows.append(measure(*row))
            print(rows[-1]['id'], rows[-1]['forward'], rows[-1]['total'], flush=True)
        except Exception as e:  # a model that this PyTorch cannot run on meta says nothing
            print('left out:', row[1], type(e).__name__, str(e)[:120], flush=True)
    json.dump(rows, open(sys.argv[1], 'w'), indent=0)


main()
