"""Choice of the kernel behind scaled_dot_product_attention: it changes no figure that is counted."""
from enum import Enum



class SDPBackend(Enum):
    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4


class sdpa_kernel:
    def __init__(self, backends, set_priority=False):
        self.backends = backends

    def __enter__(self):
        return None

    def __exit__(self, *exc):
        return None

    def __call__(self, func):
        return func
