"""torch.distributions.kl."""
from .basic import kl_divergence
