"""The optimiser base: parameter groups in Python, the work of a step from the native side.

`torch._C._optimizer_step(kind, params, mode, options)` prices one update of `params`;
`mode` is 'fused', 'foreach' (PyTorch's default on a GPU) or 'single'.
"""
from collections import OrderedDict, defaultdict
from typing import Any

import torch

ParamsT = Any
_params_t = Any


class _RequiredParameter:
    def __repr__(self):
        return '<required parameter>'


required = _RequiredParameter()


class Optimizer:
    kind = None
    # weight decay shrinks the parameter instead of adding to its gradient
    decoupled = False

    def __init__(self, params, defaults):
        if isinstance(params, torch.Tensor):
            raise TypeError('params argument given to the optimizer should be an iterable of Tensors or dicts, but got '
                            + torch.typename(params))
        self.defaults = defaults
        self.state = defaultdict(dict)
        self.param_groups = []
        self._optimizer_step_pre_hooks = OrderedDict()
        self._optimizer_step_post_hooks = OrderedDict()
        groups = list(params)
        if len(groups) == 0:
            raise ValueError('optimizer got an empty parameter list')
        if not isinstance(groups[0], dict):
            groups = [{'params': groups}]
        for group in groups:
            self.add_param_group(dict(group))
        self._watch_step()

    def _watch_step(self):
        """An optimiser that does its own arithmetic says when it steps, and what it keeps."""
        cls = type(self)
        if self.kind is not None or getattr(cls.step, '_is_watched', False):
            return
        step = cls.step

        def watched(self, *args, **kwargs):
            torch._C._optimizer_called()
            result = step(self, *args, **kwargs)
            params = [p for group in self.param_groups for p in group['params']]
            kept = [t for state in self.state.values() if isinstance(state, dict) for t in state.values()]
            torch._C._optimizer_state(cls.__name__, params, kept)
            return result

        watched._is_watched = True
        cls.step = watched

    def add_param_group(self, param_group):
        params = param_group['params']
        params = [params] if isinstance(params, torch.Tensor) else list(params)
        if params and isinstance(params[0], tuple):
            param_group['param_names'] = [name for name, _ in params]
            params = [p for _, p in params]
        param_group['params'] = params
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise ValueError(f'parameter group didn\'t specify a value of required optimization parameter {name}')
            param_group.setdefault(name, default)
        self.param_groups.append(param_group)

    def zero_grad(self, set_to_none=True):
        params = [p for group in self.param_groups for p in group['params']]
        if set_to_none:
            for p in params:
                p.grad = None
        else:
            torch._foreach_zero_([p.grad for p in params if p.grad is not None])

    def _options(self, group):
        """Names of what makes a step dearer."""
        return {'weight_decay': group.get('weight_decay', 0) != 0, 'momentum': group.get('momentum', 0) != 0,
                'nesterov': group.get('nesterov', False), 'amsgrad': group.get('amsgrad', False),
                'centered': group.get('centered', False), 'decoupled': group.get('decoupled_weight_decay', self.decoupled)}

    def step(self, closure=None):
        loss = None
        torch._C._optimizer_called()
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            params = [p for p in group['params'] if p.requires_grad]
            mode = 'fused' if group.get('fused') else 'single' if group.get('foreach') is False else 'foreach'
            torch._C._optimizer_step(self.kind, params, mode, self._options(group))
        return loss

    def state_dict(self):
        return {'state': {}, 'param_groups': [{k: v for k, v in g.items() if k != 'params'} for g in self.param_groups]}

    def load_state_dict(self, state_dict):
        pass

    def register_step_pre_hook(self, hook):
        return None

    def register_step_post_hook(self, hook):
        return None

    def __repr__(self):
        return f'{type(self).__name__} ({len(self.param_groups)} groups)'


def _use_grad_for_differentiable(func):
    return func


def _get_capturable_supported_devices(supports_xla=True):
    return ['cuda', 'xpu', 'hpu']


def _default_to_fused_or_foreach(params, differentiable, use_fused=False):
    return False, not differentiable


def _get_value(x):
    return x


_stack_if_compiling = _get_value
_dispatch_sqrt = _get_value


def _view_as_real(params, *state_and_grads):
    return None


def register_optimizer_step_pre_hook(hook):
    return None


register_optimizer_step_post_hook = register_optimizer_step_pre_hook
