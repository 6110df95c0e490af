"""Sampling over processes: there is one."""
from .sampler import Sampler


class DistributedSampler(Sampler):
    def __init__(self, dataset, num_replicas=None, rank=None, shuffle=True, seed=0, drop_last=False):
        self.data_source = dataset
        self.num_replicas = num_replicas or 1
        self.rank = rank or 0

    def __len__(self):
        return -(-len(self.data_source) // self.num_replicas)

    def __iter__(self):
        return iter(range(len(self)))

    def set_epoch(self, epoch):
        pass
