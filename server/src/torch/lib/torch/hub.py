"""torch.hub: what is downloaded is not known from the source; loading such weights fits by assumption."""
import re
from urllib.parse import urlparse

import torch

HASH_REGEX = re.compile(r'-([a-f0-9]*)\.')


def get_dir():
    return '~/.cache/torch/hub'


def _get_torch_home():
    return '~/.cache/torch'


def set_dir(d):
    return None


def load_state_dict_from_url(url, model_dir=None, map_location=None, progress=True, check_hash=False, file_name=None,
                             weights_only=False):
    return torch._C._unknown('a checkpoint that is downloaded')


def download_url_to_file(url, dst, hash_prefix=None, progress=True):
    return None


def load(repo_or_dir, model, *args, **kwargs):
    torch._C._gap('torch.hub.load')
    return torch._C._unknown_model('a model that torch.hub downloads')


def list(github, *args, **kwargs):
    return []


def help(github, model, *args, **kwargs):
    return ''
