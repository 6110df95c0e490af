"""Custom autograd functions: `apply` runs `forward`; what `backward` costs is asked of the native side."""
import torch


class FunctionCtx:
    def save_for_backward(self, *tensors):
        self.saved_tensors = tensors

    save_for_forward = save_for_backward

    def mark_dirty(self, *args):
        self.dirty_tensors = args

    def mark_non_differentiable(self, *args):
        self.non_differentiable = args

    def set_materialize_grads(self, value):
        self.materialize_grads = value

    @property
    def needs_input_grad(self):
        return self.__dict__.get('_needs', ())

    @needs_input_grad.setter
    def needs_input_grad(self, value):
        self._needs = value


class Function(FunctionCtx):
    generate_vmap_rule = False

    @staticmethod
    def forward(*args, **kwargs):
        raise NotImplementedError('You must implement the forward function for custom autograd.Function.')

    @staticmethod
    def backward(ctx, *grad_outputs):
        raise NotImplementedError('You must implement either the backward or vjp method for your custom '
                                  'autograd.Function to use it with backward mode AD.')

    vjp = backward

    @classmethod
    def apply(cls, *args, **kwargs):
        ctx = FunctionCtx()
        ctx.needs_input_grad = tuple([isinstance(a, torch.Tensor) and a.requires_grad for a in args])
        tracked = torch.is_grad_enabled() and any(ctx.needs_input_grad)
        before = torch.is_grad_enabled()
        torch._C._set_grad_enabled(False)
        try:
            if hasattr(cls, 'setup_context'):
                output = cls.forward(*args, **kwargs)
                cls.setup_context(ctx, args, output)
            else:
                output = cls.forward(ctx, *args, **kwargs)
        finally:
            torch._C._set_grad_enabled(before)
        if tracked:
            return torch._C._function_output(cls, ctx, args, output)
        return output


InplaceFunction = Function
NestedIOFunction = Function
BackwardCFunction = FunctionCtx


def once_differentiable(fn):
    return fn


def traceable(fn_cls):
    return fn_cls
