"""torch.accelerator: the CUDA device."""
import torch


def is_available():
    return True


def current_accelerator(check_available=False):
    return torch.device('cuda')


def device_count():
    return 1


def current_device_index():
    return 0


current_device_idx = current_device_index


def set_device_index(device):
    return None


set_device_idx = set_device_index


def synchronize(device=None):
    return None


def current_stream(device=None):
    return torch.cuda.Stream()


def empty_cache():
    return None
