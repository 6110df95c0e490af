"""safetensors.torch: files hold what is not known from the source."""
import torch


def load_file(filename, device='cpu'):
    return torch._C._unknown('the contents of a safetensors file')


def load(data):
    return torch._C._unknown('the contents of a safetensors file')


def load_model(model, filename, strict=True, device='cpu'):
    return [], []


def save_file(tensors, filename, metadata=None):
    return None


def save_model(model, filename, metadata=None, force_contiguous=True):
    return None


def save(tensors, metadata=None):
    return b''


class safe_open:
    def __init__(self, filename, framework='pt', device='cpu'):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return None

    def keys(self):
        return torch._C._unknown('the names in a safetensors file')

    def get_tensor(self, name):
        return torch._C._unknown('a tensor of a safetensors file')

    def metadata(self):
        return {}
