"""DataLoader."""
import torch

from ._collate import default_collate
from ._collate import default_convert
from .dataset import IterableDataset
from .sampler import BatchSampler
from .sampler import SequentialSampler


class DataLoader:
    def __init__(self, dataset, batch_size=1, shuffle=None, sampler=None, batch_sampler=None, num_workers=0, collate_fn=None,
                 pin_memory=False, drop_last=False, timeout=0, worker_init_fn=None, multiprocessing_context=None,
                 generator=None, *, prefetch_factor=None, persistent_workers=False, pin_memory_device='', in_order=True):
        self.dataset = dataset
        self.batch_size = batch_size
        self.num_workers = num_workers
        self.pin_memory = pin_memory
        self.drop_last = drop_last
        self.batch_sampler = batch_sampler
        self.generator = generator
        self.sampler = sampler
        if collate_fn is None:
            collate_fn = default_collate if batch_size is not None or batch_sampler is not None else default_convert
        self.collate_fn = collate_fn

    def __class_getitem__(cls, item):
        return cls

    def _count(self):
        n = len(self.dataset) if self.sampler is None else len(self.sampler)
        if self.batch_size is None:
            return n
        return n // self.batch_size if self.drop_last else -(-n // self.batch_size)

    def __len__(self):
        return len(self.batch_sampler) if self.batch_sampler is not None else self._count()

    def __iter__(self):
        if isinstance(self.dataset, IterableDataset):
            return self._stream()
        return self._batches()

    def _stream(self):
        torch._C._loader(len(self) if hasattr(self.dataset, '__len__') else None)
        batch = []
        for item in self.dataset:
            if self.batch_size is None:
                yield self._collate(item)
                continue
            batch.append(item)
            if len(batch) == self.batch_size:
                yield self._collate(batch)
                batch = []
        if batch and not self.drop_last:
            yield self._collate(batch)

    def _collate(self, items):
        # on the host, beside the device's work
        return torch._C._quiet(self.collate_fn, items)

    def _item(self, index):
        return torch._C._quiet(self.dataset.__getitem__, index)

    def _batches(self):
        one_step = torch._C._loader(len(self))
        if self.batch_sampler is not None:
            for indices in self.batch_sampler:
                yield self._collate([self._item(i) for i in indices])
            return
        # every full batch is alike: the first item stands for the others
        count = self._count()
        size = self.batch_size
        if not torch._C._is_known(count):
            item = self._item(0)
            # a training loop ends with its first step; gradients of some batches may accumulate before it
            turns = 256
            if not one_step:
                torch._C._assume('a data set of unknown length gives one full batch')
                turns = 1
            for _ in range(turns):
                yield self._collate(item if size is None else [item] * size)
            return
        if count == 0:
            return
        rest = len(self.dataset) if self.sampler is None else len(self.sampler)
        item = self._item(0)
        for _ in range(count):
            yield self._collate(item if size is None else [item] * min(size, rest))
            if size is not None:
                rest -= size
