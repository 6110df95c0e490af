"""torch.distributions.distribution."""
from .basic import Distribution
