"""torch.distributions."""
from . import constraints
from . import transforms
from .basic import Bernoulli
from .basic import Beta
from .basic import Categorical
from .basic import Dirichlet
from .basic import Distribution
from .basic import Exponential
from .basic import Gamma
from .basic import Gumbel
from .basic import Independent
from .basic import Laplace
from .basic import LogNormal
from .basic import MultivariateNormal
from .basic import NegativeBinomial
from .basic import Normal
from .basic import OneHotCategorical
from .basic import Poisson
from .basic import RelaxedBernoulli
from .basic import RelaxedOneHotCategorical
from .basic import StudentT
from .basic import TransformedDistribution
from .basic import Uniform
from .basic import kl_divergence
from .transforms import AffineTransform
from .transforms import ExpTransform
from .transforms import SigmoidTransform
from .transforms import TanhTransform
from .transforms import Transform

ExponentialFamily = Distribution
