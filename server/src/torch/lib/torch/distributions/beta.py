"""torch.distributions.beta."""
from .basic import Beta
