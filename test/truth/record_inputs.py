"""
Records what real PyTorch says of the models in test/fixtures/inputs: the inputs their authors mean, with null for
extents that the model leaves open, the parameters, and FlopCounterMode's forward FLOPs where every extent is fixed.
Open extents are tried with two values: the model takes both. `python record_inputs.py > data/truth_inputs.json`
"""
import json
import sys
import types
import warnings
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

warnings.filterwarnings('ignore')
here = Path(__file__).parent


class Any:
    """Annotations of packages that need not be installed."""

    def __getitem__(self, item):
        return self

    def __call__(self, *args, **kwargs):
        return args[0] if len(args) == 1 and not kwargs else (lambda f: f)

    def __or__(self, other):
        return self


for name, members in {
    'jaxtyping': ['BFloat16', 'Bool', 'Float', 'Int', 'jaxtyped'],
    'beartype': ['beartype'],
    'torchtyping': ['TensorType'],
    'torchsummary': ['summary'],
}.items():
    module = types.ModuleType(name)
    for m in members:
        setattr(module, m, Any())
    sys.modules[name] = module

F, I, B16 = 'float32', 'int64', 'bfloat16'
_ = None  # an extent that the model leaves open
MODELS = {
    'annotated': {
        'TypedConvNet()': [([_, 3, 32, 32], F)],
        'TypedAttention()': [([_, _, 48], F), ([_, _, 48], F)],
        'TypedTokens()': [([_, 64], I)],
        'HalfDims()': [([_, _, 32], F)],
        'BrainFloat()': [([8, 96], B16)],
        'AnnotatedPicture()': [([_, 3, 96, 128], F)],
        'AnnotatedTuple()': [([_, 25, 9], F)],
        'TorchTyped()': [([_, 5, 200], F)],
        'NamedGenerics()': [([_, 33], F)],
        'Denoiser()': [([_, 1, 28, 28], F), ([_], I)],
    },
    'calls': {
        'Mlp([30, 20, 10], nn.ReLU)': [([12, 30], F)],
        'Tagger(4, 3, width=16)': [([2, 1], I)],
        'Regressor(options())': [([20, 13], F)],
        'Tower(Size(depth=3), classes=9)': [([2, 6, 24, 24], F)],
        'Siamese()': [([7, 14], F), ([7, 14], F)],
        'Exported(width=16)': [([1, 3, 64, 96], F)],
        'Summarised()': [([1, 2, 40, 40], F)],
        'Loaded()': [([16, 1, 20, 20], F)],
        'Traced()': [([3, 6], F), ([6], F)],
    },
    'plain': {
        'PermutedConv()': [([_, _, 21], F)],
        'ChannelsLast()': [([_, _, _, 3], F)],
        'FlatDigits()': [([_, 784], F)],
        'ViewedDigits()': [([_, 1, 28, 28], F)],
        'LeNetLike()': [([_, 1, 32, 32], F)],
        'Sensor()': [([_, 9, 128], F)],
        'Blocked()': [([_, 48], I)],
        'PosEmbedded()': [([_, 30, 18], F)],
        'PatchEinops()': [([_, 3, _, _], F)],
        'EinopsCall()': [([_, _, _, _, 12], F)],
        'Conditioned()': [([_, 3, _, _], F), ([_], F), ([_], I)],
        'TwoTower()': [([_], I), ([_], I)],
        'WideDeep()': [([_, 5], F), ([_, 3], I)],
        'DictInput()': [([_, _], I), ([_, 3, _, _], F)],
        'PairInput()': [([_, 11], F), ([_, 3, _], F)],
        'Seq2Seq()': [([_, _], I), ([_, _], I)],
        'TimeMajor()': [([_, _, 10], F)],
        'BatchMajor()': [([_, _, 27], F)],
        'Wrapped()': [([_, _, 20], F)],
        'PointCloud()': [([_, 3, _], F)],
        'RawWeights()': [([_, 3, _, _], F)],
        'Graph()': [([_, 14], F), ([_, _], F)],
        'Video()': [([_, 3, _, _, _], F)],
        'Frames()': [([_, _, 3, _, _], F)],
        'Grouped()': [([_, _, 32], F)],
        'Stated()': [([_, 3, 40, 40], F)],
        'Checks()': [([_, 4, _, 72], F)],
        'Keyword()': [([_, 5], F), ([_, 5], F)],
    },
    'families': {
        'UNet()': [([_, 3, _, _], F), ([_], F)],
        'CrossAttention()': [([_, _, 64], F), ([_, _, 96], F)],
        'MultiHeadAttention()': [([_, _, 32], F)] * 3,
        'Mamba()': [([_, _, 32], F)],
        'SpeechRNN()': [([_, 1, 80, _], F)],
        'Detector()': [([_, 3, 448, 448], F)],
        'VAE()': [([_, 784], F)],
        'NCF()': [([_], I), ([_], I)],
        'Policy()': [([_, 8], F), ([_, 2], F)],
        'Gen()': [([_, 100], F), ([_], I)],
        'DCGAN()': [([_, 100, _, _], F)],
        'Decoder()': [([1], I), ([1, 1, 24], F)],
        'TextCNN()': [([_, _], I)],
        'PackedLSTM()': [([_, _], I), ([_], I)],
    },
    'documented': {
        'Documented()': [([_, 40, _], F)],
        'Commented()': [([_, _, 24], F)],
        'Numpy()': [([_, _, 6], F)],
        'Rest()': [([_, 2, 64, 64], F)],
    },
}


def tensor(shape, dtype, open_extent):
    size = [open_extent if d is None else d for d in shape]
    return torch.zeros(size, dtype=getattr(torch, dtype))


def call(name, model, tensors):
    if name.startswith('DictInput'):
        return model({'tokens': tensors[0], 'image': tensors[1]})
    if name.startswith('PairInput'):
        return model(tuple(tensors))
    if name.startswith('PackedLSTM'):
        return model(tensors[0], torch.full_like(tensors[1], tensors[0].shape[1]))
    if name.startswith('Keyword'):
        return model(tensors[0], offset=tensors[1])
    return model(*tensors)


rows = []
for file, models in MODELS.items():
    namespace = {'__name__': file}
    path = here / '../fixtures/inputs' / f'{file}.py'
    module = types.ModuleType(file)
    sys.modules[file] = module
    module.__dict__.update(namespace)
    exec(compile(path.read_text(), file, 'exec'), module.__dict__)
    for factory, inputs in models.items():
        sys.argv = [file]
        model = eval(factory, module.__dict__).eval()
        # FlopCounterMode does not see inside the CPU's fused recurrent kernels
        counts = not any(isinstance(m, torch.nn.RNNBase) for m in model.modules())
        fixed = counts and all(None not in shape for shape, _dtype in inputs)
        flops = None
        for extent in (16, 24):
            with FlopCounterMode(display=False) as counter:
                call(factory, model, [tensor(s, d, extent) for s, d in inputs])
            flops = counter.get_total_flops() if fixed else None
        rows.append({
            'id': f'{file}/{factory.split("(")[0]}',
            'file': f'{file}.py',
            'inputs': [{'shape': s, 'dtype': d} for s, d in inputs],
            'params': sum(p.numel() for p in model.parameters()),
            'flops': flops,
        })
print('[\n' + ',\n'.join(json.dumps(r) for r in rows) + '\n]')
