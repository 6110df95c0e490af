"""torch.distributions.multivariate_normal."""
from .basic import MultivariateNormal
