"""torch.distributions.transformed_distribution."""
from .basic import TransformedDistribution
