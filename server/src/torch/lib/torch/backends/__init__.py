"""Switches of back ends: they choose kernels, not what is computed."""
from . import cpu
from . import cuda
from . import cudnn
from . import mkl
from . import mkldnn
from . import mps
from . import openmp
from . import opt_einsum
from . import quantized

fp32_precision = 'none'
