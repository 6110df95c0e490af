"""torch.distributions.independent."""
from .basic import Independent
