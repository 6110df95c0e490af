"""The PyTorch that is followed, as its version strings."""
import torch

__version__ = '%d.%d.0' % torch._C._version
cuda = '13.0'
hip = None
xpu = None
git_version = 'unknown'
debug = False
