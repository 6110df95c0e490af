"""PyTorch's module path for these layers."""
from .shape import Fold, Unfold
