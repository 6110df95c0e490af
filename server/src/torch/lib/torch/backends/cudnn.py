"""torch.backends.cudnn."""
enabled = True
benchmark = False
benchmark_limit = 10
deterministic = False
allow_tf32 = True
fp32_precision = 'none'


def is_available():
    return True


def version():
    return 91002


class flags:
    def __init__(self, enabled=False, benchmark=False, benchmark_limit=10, deterministic=False, allow_tf32=True, **kwargs):
        pass

    def __enter__(self):
        return None

    def __exit__(self, *exc):
        return None


def is_acceptable(tensor):
    return True


class rnn:
    fp32_precision = 'none'


class conv:
    fp32_precision = 'none'
