"""numpy, as model code uses it: scalars and small arrays.

An array wraps a torch tensor of known values (`_tensor`), made and combined outside
autograd and without cost: what numpy does at construction time is not device work.
Functions of Python numbers give Python numbers.
"""
import math

import torch

from . import fft
from . import linalg
from . import random
from . import typing
from ._array import arange
from ._array import array
from ._array import asarray
from ._array import eye
from ._array import full
from ._array import full_like
from ._array import linspace
from ._array import logspace
from ._array import meshgrid
from ._array import ndarray
from ._array import ones
from ._array import ones_like
from ._array import zeros
from ._array import zeros_like
from ._dtypes import bool_
from ._dtypes import complex128
from ._dtypes import complex64
from ._dtypes import complexfloating
from ._dtypes import dtype
from ._dtypes import finfo
from ._dtypes import float16
from ._dtypes import float32
from ._dtypes import float64
from ._dtypes import floating
from ._dtypes import generic
from ._dtypes import iinfo
from ._dtypes import int16
from ._dtypes import int32
from ._dtypes import int64
from ._dtypes import int8
from ._dtypes import integer
from ._dtypes import issubdtype
from ._dtypes import number
from ._dtypes import object_
from ._dtypes import str_
from ._dtypes import uint16
from ._dtypes import uint32
from ._dtypes import uint64
from ._dtypes import uint8
from ._functions import abs
from ._functions import absolute
from ._functions import all
from ._functions import allclose
from ._functions import any
from ._functions import append
from ._functions import arccos
from ._functions import arcsin
from ._functions import arctan
from ._functions import arctan2
from ._functions import argmax
from ._functions import argmin
from ._functions import argsort
from ._functions import around
from ._functions import array_equal
from ._functions import broadcast_to
from ._functions import cbrt
from ._functions import ceil
from ._functions import clip
from ._functions import concatenate
from ._functions import cos
from ._functions import cosh
from ._functions import cumprod
from ._functions import cumsum
from ._functions import deg2rad
from ._functions import diff
from ._functions import dot
from ._functions import einsum
from ._functions import exp
from ._functions import expand_dims
from ._functions import flip
from ._functions import floor
from ._functions import gcd
from ._functions import hstack
from ._functions import isclose
from ._functions import isfinite
from ._functions import isinf
from ._functions import isnan
from ._functions import isscalar
from ._functions import lcm
from ._functions import log
from ._functions import log10
from ._functions import log1p
from ._functions import log2
from ._functions import logical_not
from ._functions import matmul
from ._functions import max
from ._functions import mean
from ._functions import median
from ._functions import min
from ._functions import mod
from ._functions import moveaxis
from ._functions import ndim
from ._functions import outer
from ._functions import power
from ._functions import prod
from ._functions import ravel
from ._functions import repeat
from ._functions import reshape
from ._functions import rint
from ._functions import roll
from ._functions import round
from ._functions import searchsorted
from ._functions import shape
from ._functions import sign
from ._functions import sin
from ._functions import sinh
from ._functions import size
from ._functions import sort
from ._functions import split
from ._functions import sqrt
from ._functions import square
from ._functions import squeeze
from ._functions import stack
from ._functions import std
from ._functions import sum
from ._functions import swapaxes
from ._functions import tan
from ._functions import tanh
from ._functions import tile
from ._functions import transpose
from ._functions import tril
from ._functions import triu
from ._functions import unique
from ._functions import var
from ._functions import vstack
from ._functions import where
from ._places import argwhere
from ._places import c_
from ._places import count_nonzero
from ._places import diag_indices
from ._places import flatnonzero
from ._places import fromfunction
from ._places import fromiter
from ._places import index_exp
from ._places import indices
from ._places import ix_
from ._places import mgrid
from ._places import ndenumerate
from ._places import ndindex
from ._places import nonzero
from ._places import ogrid
from ._places import r_
from ._places import ravel_multi_index
from ._places import s_
from ._places import take
from ._places import take_along_axis
from ._places import tril_indices
from ._places import triu_indices
from ._places import unravel_index
from ._places import vectorize
from ._shaping import apply_along_axis
from ._shaping import array_split
from ._shaping import atleast_1d
from ._shaping import atleast_2d
from ._shaping import atleast_3d
from ._shaping import block
from ._shaping import broadcast_arrays
from ._shaping import broadcast_shapes
from ._shaping import column_stack
from ._shaping import copy
from ._shaping import copyto
from ._shaping import delete
from ._shaping import diag
from ._shaping import diagflat
from ._shaping import diagonal
from ._shaping import dsplit
from ._shaping import dstack
from ._shaping import ediff1d
from ._shaping import fill_diagonal
from ._shaping import fliplr
from ._shaping import flipud
from ._shaping import hsplit
from ._shaping import insert
from ._shaping import matrix_transpose
from ._shaping import pad
from ._shaping import resize
from ._shaping import rollaxis
from ._shaping import rot90
from ._shaping import tri
from ._shaping import unstack
from ._shaping import vsplit
from ._statistics import angle
from ._statistics import arccosh
from ._statistics import arcsinh
from ._statistics import arctanh
from ._statistics import average
from ._statistics import bartlett
from ._statistics import bincount
from ._statistics import bitwise_not
from ._statistics import blackman
from ._statistics import conj
from ._statistics import conjugate
from ._statistics import convolve
from ._statistics import corrcoef
from ._statistics import cov
from ._statistics import cross
from ._statistics import degrees
from ._statistics import digitize
from ._statistics import exp2
from ._statistics import expm1
from ._statistics import fix
from ._statistics import geomspace
from ._statistics import gradient
from ._statistics import hamming
from ._statistics import hanning
from ._statistics import histogram
from ._statistics import imag
from ._statistics import in1d
from ._statistics import inner
from ._statistics import interp
from ._statistics import intersect1d
from ._statistics import invert
from ._statistics import isin
from ._statistics import kaiser
from ._statistics import kron
from ._statistics import nan_to_num
from ._statistics import nanmax
from ._statistics import nanmean
from ._statistics import nanmin
from ._statistics import nansum
from ._statistics import negative
from ._statistics import percentile
from ._statistics import polyval
from ._statistics import positive
from ._statistics import ptp
from ._statistics import quantile
from ._statistics import rad2deg
from ._statistics import radians
from ._statistics import real
from ._statistics import reciprocal
from ._statistics import setdiff1d
from ._statistics import signbit
from ._statistics import sinc
from ._statistics import tensordot
from ._statistics import trace
from ._statistics import trapezoid
from ._statistics import trapz
from ._statistics import union1d
from ._statistics import vander
from ._statistics import vdot
from ._ufuncs import add
from ._ufuncs import bitwise_and
from ._ufuncs import bitwise_or
from ._ufuncs import bitwise_xor
from ._ufuncs import copysign
from ._ufuncs import divide
from ._ufuncs import equal
from ._ufuncs import float_power
from ._ufuncs import floor_divide
from ._ufuncs import fmax
from ._ufuncs import fmin
from ._ufuncs import fmod
from ._ufuncs import greater
from ._ufuncs import greater_equal
from ._ufuncs import hypot
from ._ufuncs import left_shift
from ._ufuncs import less
from ._ufuncs import less_equal
from ._ufuncs import logaddexp
from ._ufuncs import logical_and
from ._ufuncs import logical_or
from ._ufuncs import logical_xor
from ._ufuncs import maximum
from ._ufuncs import minimum
from ._ufuncs import multiply
from ._ufuncs import not_equal
from ._ufuncs import remainder
from ._ufuncs import right_shift
from ._ufuncs import subtract
from ._ufuncs import true_divide
from ._ufuncs import ufunc

pi = math.pi
e = math.e
inf = math.inf
Inf = math.inf
nan = math.nan
NaN = math.nan
newaxis = None
euler_gamma = 0.5772156649015329
float_ = float64
int_ = int64
intp = int64
long = int64
longlong = int64
intc = int32
ubyte = uint8
byte = int8
short = int16
uint = uint64
ulong = uint64
uintp = uint64
longdouble = float64
cdouble = complex128
csingle = complex64
double = float64
single = float32
half = float16
bool = bool_
clongdouble = complex128
__version__ = '2.4.0'
trunc = floor
amax = max
amin = min
empty = zeros
empty_like = zeros_like
ascontiguousarray = asarray
asanyarray = asarray
asfortranarray = asarray
require = asarray
fabs = abs
concat = concatenate
acos = arccos
asin = arcsin
atan = arctan
atan2 = arctan2
pow = power
permute_dims = transpose
identity = eye
product = prod


class errstate:
    def __init__(self, **kwargs):
        pass

    def __enter__(self):
        return None

    def __exit__(self, *exc):
        return None


def seterr(**kwargs):
    return {}


def set_printoptions(**kwargs):
    return None


def load(file, *args, **kwargs):
    return torch._C._unknown('the contents of a file read by numpy.load')


loadtxt = load
genfromtxt = load


def fromfile(file, dtype='float64', *args, **kwargs):
    # on the host, beside the device's work
    return torch._C._quiet(zeros, (torch._C._unknown('the length of a file'),), dtype)


def memmap(filename, dtype='uint8', mode='r+', offset=0, shape=None, order='C'):
    return torch._C._quiet(zeros, shape, dtype) if shape is not None else fromfile(filename, dtype)


frombuffer = load


def save(file, arr, *args, **kwargs):
    return None


savez = save
savez_compressed = save
savetxt = save
