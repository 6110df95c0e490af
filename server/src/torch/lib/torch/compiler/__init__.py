"""torch.compile and what it asks of code: compiled code computes what the plain code does."""


from torch._compile import compile


def _identity(fn=None, *args, **kwargs):
    if fn is None:
        return lambda f: f
    return fn


def disable(fn=None, recursive=True, *, reason=None):
    return _identity(fn)


def allow_in_graph(fn):
    return fn


def assume_constant_result(fn):
    return fn


def substitute_in_graph(original_fn, **kwargs):
    return lambda f: f


def is_compiling():
    return False


def is_dynamo_compiling():
    return False


def is_exporting():
    return False


def reset():
    return None


def cudagraph_mark_step_begin():
    return None


def set_stance(*args, **kwargs):
    return lambda f: f


def list_backends(exclude_tags=None):
    return ['cudagraphs', 'inductor', 'onnxrt', 'openxla', 'tvm']


nested_compile_region = _identity
