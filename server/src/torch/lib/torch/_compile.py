"""torch.compile: compiled code computes what the plain code does."""


def compile(model=None, *, fullgraph=False, dynamic=None, backend='inductor', mode=None, options=None, disable=False,
            **kwargs):
    if model is None:
        return lambda m: m
    return model
