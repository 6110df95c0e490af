"""PyTorch's own counter, as code that measures itself uses it."""
import torch


class FlopCounterMode:
    def __init__(self, mods=None, depth=2, display=True, custom_mapping=None):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return None

    def get_total_flops(self):
        return torch._C._unknown('what a FLOP counter counts at run time')

    def get_flop_counts(self):
        return {}
