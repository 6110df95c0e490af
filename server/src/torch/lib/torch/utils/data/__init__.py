"""Data sets and loaders: a loader gives one collated batch of real items, which stands for all of them."""
import math

import torch

from . import dataloader
from . import distributed
from ._collate import default_collate
from ._collate import default_convert
from .dataloader import DataLoader
from .dataset import ChainDataset
from .dataset import ConcatDataset
from .dataset import Dataset
from .dataset import IterableDataset
from .dataset import StackDataset
from .dataset import Subset
from .dataset import TensorDataset
from .dataset import random_split
from .distributed import DistributedSampler
from .sampler import BatchSampler
from .sampler import RandomSampler
from .sampler import Sampler
from .sampler import SequentialSampler
from .sampler import SubsetRandomSampler
from .sampler import WeightedRandomSampler


def get_worker_info():
    return None


def functional_datapipe(name, enable_df_api_tracing=False):
    return lambda cls: cls


IterDataPipe = IterableDataset
MapDataPipe = Dataset
