"""Trainer."""
import contextlib

import torch

_PRECISIONS = {'16': torch.float16, '16-mixed': torch.float16, 'bf16': torch.bfloat16, 'bf16-mixed': torch.bfloat16}


def seed_everything(seed=None, workers=False, verbose=True):
    return seed


def _optimizers(configured):
    """What `configure_optimizers` may return: one, several, with schedulers or as dictionaries."""
    if configured is None:
        return []
    if isinstance(configured, dict):
        return [configured['optimizer']]
    if isinstance(configured, tuple) and len(configured) == 2 and isinstance(configured[0], (list, tuple)):
        configured = configured[0]
    if isinstance(configured, (list, tuple)):
        return [o['optimizer'] if isinstance(o, dict) else o for o in configured]
    return [configured]


class Trainer:
    def __init__(self, accelerator='auto', devices='auto', precision=None, max_epochs=None, max_steps=-1,
                 accumulate_grad_batches=1, gradient_clip_val=None, gradient_clip_algorithm=None, **kwargs):
        self.precision = str(precision)
        # 1000 epochs when neither is given
        self.max_epochs = max_epochs if max_epochs is not None else 1000 if max_steps == -1 else None
        self.max_steps = max_steps
        self.accumulate_grad_batches = accumulate_grad_batches
        self.gradient_clip_val = gradient_clip_val
        self.optimizers = []
        self.callback_metrics = {}
        self.is_global_zero = True
        self.world_size = 1
        self.current_epoch = 0
        self.global_step = 0

    def fit(self, model, train_dataloaders=None, val_dataloaders=None, datamodule=None, ckpt_path=None):
        if train_dataloaders is not None and hasattr(train_dataloaders, 'train_dataloader'):
            datamodule = train_dataloaders
            train_dataloaders = None
        object.__setattr__(model, 'trainer', self)
        if datamodule is not None:
            datamodule.trainer = self
            datamodule.prepare_data()
            datamodule.setup('fit')
            train_dataloaders = datamodule.train_dataloader()
        else:
            for name in ('prepare_data', 'setup'):
                if hasattr(model, name):
                    getattr(model, name)(*(['fit'] if name == 'setup' else []))
            if train_dataloaders is None:
                train_dataloaders = model.train_dataloader()
        self.train_dataloader = train_dataloaders
        self.optimizers = _optimizers(model.configure_optimizers())
        model.train()
        self._run(model, train_dataloaders)

    def _autocast(self):
        if self.precision in _PRECISIONS:
            return torch.autocast('cuda', dtype=_PRECISIONS[self.precision])
        return contextlib.nullcontext()

    def _run(self, model, loader):
        for epoch in range(self.max_epochs if self.max_epochs is not None else 1000):
            for index, batch in enumerate(loader):
                with self._autocast():
                    out = model.training_step(batch, index)
                if not model.automatic_optimization or out is None:
                    continue
                loss = out['loss'] if isinstance(out, dict) else out
                last = (index + 1) % self.accumulate_grad_batches == 0
                loss.backward()
                if not last:
                    continue
                for optimizer in self.optimizers:
                    if self.gradient_clip_val:
                        torch.nn.utils.clip_grad_norm_(model.parameters(), self.gradient_clip_val)
                    optimizer.step()
                    optimizer.zero_grad()

    def validate(self, *args, **kwargs):
        return []

    test = predict = validate

    def save_checkpoint(self, *args, **kwargs):
        pass
