"""numbers: the numeric tower, for isinstance."""
from abc import ABCMeta as _ABCMeta


class _NumberMeta(_ABCMeta):
    def __subclasscheck__(cls, subclass):
        return issubclass(subclass, cls.__dict__.get('_builtin', ())) or _ABCMeta.__subclasscheck__(cls, subclass)


class Number(metaclass=_NumberMeta):
    __slots__ = ()
    __hash__ = None
    _builtin = (int, float, complex)


class Complex(Number):
    _builtin = (int, float, complex)


class Real(Complex):
    _builtin = (int, float)


class Rational(Real):
    _builtin = (int,)


class Integral(Rational):
    _builtin = (int,)
