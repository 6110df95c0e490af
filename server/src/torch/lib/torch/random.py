"""Random state: values are not simulated, so seeds change nothing."""
import torch


def manual_seed(seed):
    return torch.default_generator


def seed():
    return 0


def initial_seed():
    return 0


def get_rng_state():
    return torch.empty(5056, dtype=torch.uint8)


def set_rng_state(new_state):
    return None


class fork_rng:
    def __init__(self, devices=None, enabled=True, device_type='cuda', **kwargs):
        pass

    def __enter__(self):
        return None

    def __exit__(self, *exc):
        return None
