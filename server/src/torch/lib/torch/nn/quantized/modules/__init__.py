"""PyTorch's module path of FloatFunctional."""
from .. import FloatFunctional, FXFloatFunctional, QFunctional
