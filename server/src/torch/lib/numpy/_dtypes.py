"""numpy's scalar types, each callable as a conversion and each with the torch dtype it stands for."""
import torch


class generic:
    pass


class number(generic):
    pass


class integer(number):
    pass


class floating(number):
    pass


class complexfloating(number):
    pass


class _Float(floating):
    def __new__(cls, x=0.0):
        return _convert(cls, float, x)


class _Int(integer):
    def __new__(cls, x=0):
        return _convert(cls, int, x)


def _convert(cls, python, x):
    if hasattr(x, '_tensor'):
        return x.astype(cls)
    if isinstance(x, (list, tuple)):
        from ._array import array
        return array(x, dtype=cls)
    return scalar(python(x), cls)


class _Scalar:
    """An array's attributes on the numbers that numpy gives."""
    ndim = 0
    size = 1
    shape = ()
    _kind = None

    @property
    def dtype(self):
        return dtype(self._kind)

    def astype(self, kind, *args, **kwargs):
        return dtype(kind)(self.item())


class _FloatScalar(_Scalar, float, floating):
    def item(self):
        return float(self)

    tolist = item


class _IntScalar(_Scalar, int, integer):
    def item(self):
        return int(self)

    tolist = item


def scalar(y, kind=None):
    """The number that numpy's arrays and functions give for a Python number."""
    if torch._C._is_unknown(y) or isinstance(y, (bool, _Scalar)):
        return y
    if isinstance(y, float):
        made = _FloatScalar(y)
        made._kind = kind or float64
        return made
    if isinstance(y, int):
        made = _IntScalar(y)
        made._kind = kind or int64
        return made
    return y


class float64(_Float):
    torch_dtype = torch.float64
    itemsize = 8


class float32(_Float):
    torch_dtype = torch.float32
    itemsize = 4


class float16(_Float):
    torch_dtype = torch.float16
    itemsize = 2


class int64(_Int):
    torch_dtype = torch.int64
    itemsize = 8


class int32(_Int):
    torch_dtype = torch.int32
    itemsize = 4


class int16(_Int):
    torch_dtype = torch.int16
    itemsize = 2


class int8(_Int):
    torch_dtype = torch.int8
    itemsize = 1


class uint8(_Int):
    torch_dtype = torch.uint8
    itemsize = 1


class uint16(_Int):
    torch_dtype = torch.int32
    itemsize = 2


class uint32(_Int):
    torch_dtype = torch.int64
    itemsize = 4


class uint64(_Int):
    torch_dtype = torch.int64
    itemsize = 8


class bool_(generic):
    torch_dtype = torch.bool
    itemsize = 1

    def __new__(cls, x=False):
        return _convert(cls, bool, x)


class complex64(complexfloating):
    torch_dtype = torch.complex64
    itemsize = 8


class complex128(complexfloating):
    torch_dtype = torch.complex128
    itemsize = 16


class str_(generic):
    pass


class object_(generic):
    pass


_NAMES = {'float64': float64, 'float32': float32, 'float16': float16, 'int64': int64, 'int32': int32, 'int16': int16,
          'int8': int8, 'uint8': uint8, 'uint16': uint16, 'uint32': uint32, 'uint64': uint64, 'bool': bool_,
          'complex64': complex64, 'complex128': complex128, 'float': float64, 'int': int64, 'f4': float32, 'f8': float64,
          'i4': int32, 'i8': int64, 'u1': uint8}
_OF_TORCH = {torch.float64: float64, torch.float32: float32, torch.float16: float16, torch.int64: int64,
             torch.int32: int32, torch.int16: int16, torch.int8: int8, torch.uint8: uint8, torch.bool: bool_,
             torch.complex64: complex64, torch.complex128: complex128}


def dtype(kind):
    if isinstance(kind, str):
        return _NAMES[kind]
    if kind is float:
        return float64
    if kind is int:
        return int64
    return bool_ if kind is bool else kind


def torch_dtype(kind):
    """The torch dtype for numpy's, Python's or a name; None stays None."""
    if kind is None or isinstance(kind, torch.dtype):
        return kind
    return dtype(kind).torch_dtype


def of_torch(kind):
    return _OF_TORCH[kind]


def issubdtype(a, b):
    a = dtype(a)
    return issubclass(a, dtype(b))


def finfo(kind):
    return torch.finfo(torch_dtype(kind))


def iinfo(kind):
    return torch.iinfo(torch_dtype(kind))
