"""The second version of the transforms: the same, and those with new names."""
import torch

from .._shapes import *
from .._shapes import _Same
from .._shapes import _tensor


class ToImage:
    def __call__(self, img):
        return _tensor(img, torch.uint8)


ToImageTensor = PILToTensor = ToImage


class ToPureTensor(_Same):
    pass


class ToDtype:
    def __init__(self, dtype, scale=False):
        self.dtype = dtype

    def __call__(self, img):
        return img.to(self.dtype) if isinstance(img, torch.Tensor) else img


class RandomZoomOut(_Same):
    pass


class RandomPhotometricDistort(_Same):
    pass


class SanitizeBoundingBoxes(_Same):
    pass


class _Mixed:
    """Labels become shares of the classes."""
    def __init__(self, *, alpha=1.0, num_classes=None, labels_getter='default'):
        self.num_classes = num_classes

    def __call__(self, images, labels=None):
        if labels is None:
            images, labels = images
        return images, torch.empty(labels.shape[0], self.num_classes)


class MixUp(_Mixed):
    pass


class CutMix(_Mixed):
    pass


def __getattr__(name):
    if name == 'functional':
        from .. import functional
        return functional
    if name == 'InterpolationMode':
        from ..functional import InterpolationMode
        return InterpolationMode
    raise AttributeError(name)
