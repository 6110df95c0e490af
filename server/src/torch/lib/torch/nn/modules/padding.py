"""Padding layers."""
from .. import functional as F
from .module import Module
from .utils import _ntuple, _pair, _quadruple


def _six(x):
    return _ntuple(6)(x)


class _PadNd(Module):
    mode = 'constant'

    def forward(self, input):
        return F.pad(input, self.padding, self.mode)

    def extra_repr(self):
        return f'{self.padding}'


class _CircularPadNd(_PadNd):
    mode = 'circular'

    def forward(self, input):
        self._check_input_dim(input)
        return F.pad(input, self.padding, 'circular')


class _ReflectionPadNd(_PadNd):
    mode = 'reflect'


class _ReplicationPadNd(_PadNd):
    mode = 'replicate'


class _ConstantPadNd(_PadNd):
    def forward(self, input):
        return F.pad(input, self.padding, 'constant', self.value)


class _Pad1d:
    def __init__(self, padding):
        super().__init__()
        self.padding = _pair(padding)

    def _check_input_dim(self, input):
        if input.dim() not in (2, 3):
            raise ValueError(f'expected 2D or 3D input (got {input.dim()}D input)')


class _Pad2d:
    def __init__(self, padding):
        super().__init__()
        self.padding = _quadruple(padding)

    def _check_input_dim(self, input):
        if input.dim() not in (3, 4):
            raise ValueError(f'expected 3D or 4D input (got {input.dim()}D input)')


class _Pad3d:
    def __init__(self, padding):
        super().__init__()
        self.padding = _six(padding)

    def _check_input_dim(self, input):
        if input.dim() not in (4, 5):
            raise ValueError(f'expected 4D or 5D input (got {input.dim()}D input)')


class CircularPad1d(_Pad1d, _CircularPadNd):
    pass


class CircularPad2d(_Pad2d, _CircularPadNd):
    pass


class CircularPad3d(_Pad3d, _CircularPadNd):
    pass


class ReflectionPad1d(_Pad1d, _ReflectionPadNd):
    pass


class ReflectionPad2d(_Pad2d, _ReflectionPadNd):
    pass


class ReflectionPad3d(_Pad3d, _ReflectionPadNd):
    pass


class ReplicationPad1d(_Pad1d, _ReplicationPadNd):
    pass


class ReplicationPad2d(_Pad2d, _ReplicationPadNd):
    pass


class ReplicationPad3d(_Pad3d, _ReplicationPadNd):
    pass


class ConstantPad1d(_ConstantPadNd):
    def __init__(self, padding, value):
        super().__init__()
        self.padding = _pair(padding)
        self.value = value


class ConstantPad2d(_ConstantPadNd):
    def __init__(self, padding, value):
        super().__init__()
        self.padding = _quadruple(padding)
        self.value = value


class ConstantPad3d(_ConstantPadNd):
    def __init__(self, padding, value):
        super().__init__()
        self.padding = _six(padding)
        self.value = value


class ZeroPad1d(ConstantPad1d):
    def __init__(self, padding):
        super().__init__(padding, 0.0)


class ZeroPad2d(ConstantPad2d):
    def __init__(self, padding):
        super().__init__(padding, 0.0)


class ZeroPad3d(ConstantPad3d):
    def __init__(self, padding):
        super().__init__(padding, 0.0)
