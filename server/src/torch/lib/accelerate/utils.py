"""Helpers."""


def set_seed(seed, device_specific=False, deterministic=False):
    pass


class ProjectConfiguration:
    def __init__(self, *args, **kwargs):
        pass


class DistributedDataParallelKwargs(ProjectConfiguration):
    pass


class GradientAccumulationPlugin(ProjectConfiguration):
    pass
