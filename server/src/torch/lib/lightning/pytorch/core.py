"""LightningModule and LightningDataModule."""
import torch


class _Attributes(dict):
    def __getattr__(self, name):
        if name not in self:
            raise AttributeError(name)
        return self[name]

    def __setattr__(self, name, value):
        self[name] = value


class _Hyperparameters:
    def save_hyperparameters(self, *args, **kwargs):
        names = [a for a in args if isinstance(a, str)]
        values = torch._C._caller_arguments()
        chosen = {k: v for k, v in values.items() if not names or k in names}
        object.__setattr__(self, '_hparams', _Attributes(chosen))

    @property
    def hparams(self):
        return self._hparams


class LightningModule(_Hyperparameters, torch.nn.Module):
    automatic_optimization = True

    def __init__(self, *args, **kwargs):
        torch.nn.Module.__init__(self)
        object.__setattr__(self, '_hparams', _Attributes())
        object.__setattr__(self, 'trainer', None)

    @property
    def device(self):
        return torch.device('cuda')

    current_epoch = 0
    global_step = 0
    local_rank = 0
    global_rank = 0
    logger = None

    def log(self, *args, **kwargs):
        pass

    log_dict = print = log

    def optimizers(self, use_pl_optimizer=True):
        found = self.trainer.optimizers
        return found[0] if len(found) == 1 else found

    def lr_schedulers(self):
        return None

    def manual_backward(self, loss, *args, **kwargs):
        loss.backward(*args, **kwargs)

    def toggle_optimizer(self, optimizer):
        pass

    untoggle_optimizer = toggle_optimizer

    def clip_gradients(self, optimizer, gradient_clip_val=None, gradient_clip_algorithm=None):
        torch.nn.utils.clip_grad_norm_([p for g in optimizer.param_groups for p in g['params']], gradient_clip_val)

    def freeze(self):
        for p in self.parameters():
            p.requires_grad = False

    def unfreeze(self):
        for p in self.parameters():
            p.requires_grad = True


class LightningDataModule(_Hyperparameters):
    def __init__(self, *args, **kwargs):
        self._hparams = _Attributes()
        self.trainer = None

    def prepare_data(self):
        pass

    def setup(self, stage=None):
        pass
