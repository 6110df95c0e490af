"""torch.backends.opt_einsum: the order of a contraction."""
enabled = False
strategy = None


def is_available():
    return False
