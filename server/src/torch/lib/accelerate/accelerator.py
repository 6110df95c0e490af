"""Accelerator."""
import contextlib

import torch

_TYPES = {'fp16': torch.float16, 'bf16': torch.bfloat16}


class _Stepping:
    """An optimiser or scheduler that steps once the gradients of a whole step are there."""
    def __init__(self, inner, accelerator):
        self._inner = inner
        self._accelerator = accelerator

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def step(self, *args, **kwargs):
        if self._accelerator.sync_gradients:
            return self._inner.step(*args, **kwargs)

    def zero_grad(self, *args, **kwargs):
        if self._accelerator.sync_gradients:
            self._inner.zero_grad(*args, **kwargs)


class Accelerator:
    def __init__(self, mixed_precision=None, gradient_accumulation_steps=1, cpu=False, log_with=None, device_placement=True,
                 **kwargs):
        self.mixed_precision = mixed_precision or 'no'
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self.device = torch.device('cuda')
        self.sync_gradients = True
        self.num_processes = 1
        self.process_index = 0
        self.local_process_index = 0
        self.is_main_process = True
        self.is_local_main_process = True
        self.is_last_process = True
        self._calls = 0

    def prepare(self, *objects, **kwargs):
        done = tuple([self._prepare(o) for o in objects])
        return done[0] if len(done) == 1 else done

    def _prepare(self, o):
        if isinstance(o, torch.nn.Module):
            return self.prepare_model(o)
        if isinstance(o, torch.optim.Optimizer) or isinstance(o, torch.optim.lr_scheduler.LRScheduler):
            return _Stepping(o, self)
        return o

    def prepare_model(self, model, **kwargs):
        if self.mixed_precision in _TYPES:
            forward = model.forward
            dtype = _TYPES[self.mixed_precision]

            def autocast(*args, **kwargs):
                with torch.autocast('cuda', dtype=dtype):
                    return forward(*args, **kwargs)
            model.forward = autocast
        return model

    def prepare_optimizer(self, optimizer, **kwargs):
        return _Stepping(optimizer, self)

    prepare_scheduler = prepare_optimizer

    def prepare_data_loader(self, loader, **kwargs):
        return loader

    @contextlib.contextmanager
    def accumulate(self, *models):
        self._calls += 1
        self.sync_gradients = self._calls % self.gradient_accumulation_steps == 0
        yield

    @contextlib.contextmanager
    def autocast(self, **kwargs):
        if self.mixed_precision in _TYPES:
            with torch.autocast('cuda', dtype=_TYPES[self.mixed_precision]):
                yield
        else:
            yield

    @contextlib.contextmanager
    def no_sync(self, model):
        yield

    main_process_first = local_main_process_first = lambda self: contextlib.nullcontext()

    def backward(self, loss, **kwargs):
        if self.gradient_accumulation_steps > 1:
            loss = loss / self.gradient_accumulation_steps
        loss.backward(**kwargs)

    def clip_grad_norm_(self, parameters, max_norm, norm_type=2):
        return torch.nn.utils.clip_grad_norm_(parameters, max_norm, norm_type)

    def clip_grad_value_(self, parameters, clip_value):
        torch.nn.utils.clip_grad_value_(parameters, clip_value)

    def unwrap_model(self, model, *args, **kwargs):
        return model

    def gather(self, tensor):
        return tensor

    gather_for_metrics = pad_across_processes = reduce = lambda self, tensor, *args, **kwargs: tensor

    def print(self, *args, **kwargs):
        pass

    log = init_trackers = wait_for_everyone = end_training = save_state = load_state = save = save_model = free_memory = \
        register_for_checkpointing = print
