"""huggingface_hub: nothing is downloaded, so what a file there holds is not known."""
import torch

from . import constants
from . import errors
from . import utils


def hf_hub_download(repo_id, filename, *args, **kwargs):
    return torch._C._unknown('a file from the Hugging Face hub')


snapshot_download = hf_hub_download
cached_download = hf_hub_download
try_to_load_from_cache = hf_hub_download


def hf_hub_url(repo_id, filename, **kwargs):
    return f'https://huggingface.co/{repo_id}/resolve/main/{filename}'


def login(*args, **kwargs):
    return None


def whoami(*args, **kwargs):
    return {}


class HfApi:
    def __init__(self, *args, **kwargs):
        pass


class HfFolder:
    @staticmethod
    def get_token():
        return None


class Repository:
    def __init__(self, *args, **kwargs):
        pass


class ModelCard:
    pass


class ModelHubMixin:
    """Adds saving and loading: construction passes through."""

    def __init_subclass__(cls, **kwargs):
        pass

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, **kwargs):
        return torch._C._unknown_model('a model from the Hugging Face hub')

    def save_pretrained(self, *args, **kwargs):
        return None

    def push_to_hub(self, *args, **kwargs):
        return None


PyTorchModelHubMixin = ModelHubMixin


def __getattr__(name):
    # what the hub tells of its repositories, and its clients
    if name.startswith('_'):
        raise AttributeError(f"module 'huggingface_hub' has no attribute '{name}'")
    return torch._C._unknown(f'huggingface_hub.{name}')
