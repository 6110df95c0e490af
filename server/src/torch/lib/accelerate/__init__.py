"""Accelerate: on one device it passes everything through."""
from .accelerator import Accelerator
from .utils import set_seed

__version__ = '1.10.0'
