"""PyTorch's module path for these layers."""
from .shape import Upsample, UpsamplingBilinear2d, UpsamplingNearest2d
