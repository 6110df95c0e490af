"""Activation checkpointing: the function runs once forward, and again in the backward of a training step."""
import torch


def checkpoint(function, *args, use_reentrant=None, context_fn=None, determinism_check='default', debug=False, **kwargs):
    kwargs.pop('preserve_rng_state', None)
    return torch._C._checkpoint(function, args, kwargs, use_reentrant is not False)


def checkpoint_sequential(functions, segments, input, use_reentrant=None, **kwargs):
    functions = list(functions.children()) if isinstance(functions, torch.nn.Sequential) else list(functions)
    size = len(functions) // segments

    def run(start, stop):
        def forward(x):
            for f in functions[start:stop]:
                x = f(x)
            return x
        return forward

    stop = 0
    for start in range(0, size * (segments - 1), size):
        stop = start + size
        input = checkpoint(run(start, stop), input)
    return run(stop, len(functions))(input)


def set_checkpoint_early_stop(enable):
    return torch.cuda._Quiet()


set_checkpoint_debug_enabled = set_checkpoint_early_stop
set_device_states = set_checkpoint_early_stop


def get_device_states(*args):
    return [], []


def detach_variable(inputs):
    return tuple([x.detach().requires_grad_(x.requires_grad) if isinstance(x, torch.Tensor) else x for x in inputs])


def noop_context_fn():
    return torch.cuda._Quiet(), torch.cuda._Quiet()


class CheckpointPolicy:
    MUST_SAVE = 0
    PREFER_SAVE = 1
    MUST_RECOMPUTE = 2
    PREFER_RECOMPUTE = 3


def create_selective_checkpoint_contexts(policy_fn_or_list, allow_cache_entry_mutation=False):
    return noop_context_fn()


class CheckpointFunction:
    @staticmethod
    def apply(run_function, preserve_rng_state, *args):
        return torch._C._checkpoint(run_function, args, {}, True)
