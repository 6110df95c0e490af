"""einops.layers.torch."""
import torch
from torch import nn

from .._core import EinopsError
from .._core import _flat
from .._core import _parse
from .._core import apply


class Rearrange(nn.Module):
    def __init__(self, pattern, **axes_lengths):
        super().__init__()
        self.pattern = pattern
        self.axes_lengths = axes_lengths

    def forward(self, input):
        return apply('rearrange', input, self.pattern, self.axes_lengths)

    def extra_repr(self):
        return repr(self.pattern)


class Reduce(nn.Module):
    def __init__(self, pattern, reduction, **axes_lengths):
        super().__init__()
        self.pattern = pattern
        self.reduction = reduction
        self.axes_lengths = axes_lengths

    def forward(self, input):
        return apply(self.reduction, input, self.pattern, self.axes_lengths)


class EinMix(nn.Module):
    """A linear map over named axes: einsum with a weight, between two rearrangements where axes are composed."""

    def __init__(self, pattern, weight_shape, bias_shape=None, **axes_lengths):
        super().__init__()
        self.pattern = pattern
        self.weight_shape = weight_shape
        self.bias_shape = bias_shape
        self.axes_lengths = axes_lengths
        left_text, right_text = [side.strip() for side in pattern.split('->')]
        left, right = _parse(left_text), _parse(right_text)
        weight = _flat(_parse(weight_shape))
        if not weight:
            raise EinopsError('Weight can not be scalar in EinMix')
        for name in weight:
            if name not in axes_lengths:
                raise EinopsError(f'Dimension {name} of weight should be specified')
        self.before = self.after = None
        if any([len(group) != 1 for group in left]):
            self.before = f"{left_text} -> {' '.join(_flat(left))}".replace('…', '...')
            self.before_lengths = {k: v for k, v in axes_lengths.items() if k in _flat(left)}
        if any([len(group) != 1 for group in right]):
            self.after = f"{' '.join(_flat(right))} -> {right_text}".replace('…', '...')
            self.after_lengths = {k: v for k, v in axes_lengths.items() if k in _flat(right)}
        letters = {}

        def short(names):
            text = ''
            for name in names:
                if name == '…':
                    text += '...'
                    continue
                if name not in letters:
                    letters[name] = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'[len(letters)]
                text += letters[name]
            return text

        self.equation = f'{short(_flat(left))},{short(weight)}->{short(_flat(right))}'
        self.weight = nn.Parameter(torch.empty([axes_lengths[name] for name in weight]))
        if bias_shape is not None:
            names = _flat(_parse(bias_shape))
            axes = []
            for group in right:
                for name in group:
                    axes.append(axes_lengths[name] if name in names else 1)
            self.bias = nn.Parameter(torch.empty(axes))
        else:
            self.bias = None

    def forward(self, input):
        if self.before is not None:
            input = apply('rearrange', input, self.before, self.before_lengths)
        result = torch.einsum(self.equation, input, self.weight)
        if self.bias is not None:
            result += self.bias
        if self.after is not None:
            result = apply('rearrange', result, self.after, self.after_lengths)
        return result
