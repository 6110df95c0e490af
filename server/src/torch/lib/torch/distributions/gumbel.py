"""torch.distributions.gumbel."""
from .basic import Gumbel
