"""Distributions by the arithmetic of their samples, log-probabilities and entropies."""
import math

import torch
from torch.nn import functional as F


def _broadcast(*values):
    """Parameters of equal shape; numbers become scalars beside tensors."""
    if not any([isinstance(v, torch.Tensor) for v in values]):
        return [torch.tensor(float(v)) for v in values]
    first = [v for v in values if isinstance(v, torch.Tensor)][0]
    return torch.broadcast_tensors(*[v if isinstance(v, torch.Tensor) else torch.full((), v, dtype=first.dtype, device=first.device)
                                     for v in values])


class Distribution:
    has_rsample = False
    arg_constraints = {}

    def __init__(self, batch_shape=(), event_shape=(), validate_args=None):
        self._batch_shape = torch.Size(batch_shape)
        self._event_shape = torch.Size(event_shape)

    @staticmethod
    def set_default_validate_args(value):
        return None

    @property
    def batch_shape(self):
        return self._batch_shape

    @property
    def event_shape(self):
        return self._event_shape

    def _extended_shape(self, sample_shape=()):
        return torch.Size(tuple(sample_shape) + tuple(self._batch_shape) + tuple(self._event_shape))

    def sample(self, sample_shape=()):
        with torch.no_grad():
            return self.rsample(sample_shape)

    def sample_n(self, n):
        return self.sample((n,))

    def prob(self, value):
        return self.log_prob(value).exp()

    @property
    def stddev(self):
        return self.variance.sqrt()


class Normal(Distribution):
    has_rsample = True

    def __init__(self, loc, scale, validate_args=None):
        self.loc, self.scale = _broadcast(loc, scale)
        super().__init__(self.loc.shape)

    @property
    def mean(self):
        return self.loc

    @property
    def variance(self):
        return self.scale.pow(2)

    @property
    def stddev(self):
        return self.scale

    def sample(self, sample_shape=()):
        shape = self._extended_shape(sample_shape)
        with torch.no_grad():
            return torch.normal(self.loc.expand(shape), self.scale.expand(shape))

    def rsample(self, sample_shape=()):
        eps = torch.randn(self._extended_shape(sample_shape), dtype=self.loc.dtype, device=self.loc.device)
        return self.loc + eps * self.scale

    def log_prob(self, value):
        return (-((value - self.loc) ** 2) / (2 * self.scale ** 2) - self.scale.log() - math.log(math.sqrt(2 * math.pi)))

    def entropy(self):
        return 0.5 + 0.5 * math.log(2 * math.pi) + torch.log(self.scale)

    def cdf(self, value):
        return 0.5 * (1 + torch.erf((value - self.loc) * self.scale.reciprocal() / math.sqrt(2)))


class LogNormal(Normal):
    def rsample(self, sample_shape=()):
        return super().rsample(sample_shape).exp()

    def log_prob(self, value):
        return super().log_prob(value.log()) - value.log()


class Uniform(Distribution):
    has_rsample = True

    def __init__(self, low, high, validate_args=None):
        self.low, self.high = _broadcast(low, high)
        super().__init__(self.low.shape)

    def rsample(self, sample_shape=()):
        noise = torch.rand(self._extended_shape(sample_shape), dtype=self.low.dtype, device=self.low.device)
        return self.low + noise * (self.high - self.low)

    def log_prob(self, value):
        inside = self.low.le(value).type_as(self.low) * self.high.gt(value).type_as(self.low)
        return torch.log(inside) - torch.log(self.high - self.low)

    def entropy(self):
        return torch.log(self.high - self.low)


class _LocScale(Distribution):
    has_rsample = True

    def __init__(self, loc, scale, validate_args=None):
        self.loc, self.scale = _broadcast(loc, scale)
        super().__init__(self.loc.shape)

    @property
    def mean(self):
        return self.loc


class Laplace(_LocScale):
    def rsample(self, sample_shape=()):
        u = torch.rand(self._extended_shape(sample_shape), dtype=self.loc.dtype, device=self.loc.device) - 0.5
        return self.loc - self.scale * u.sign() * torch.log1p(-u.abs())

    def log_prob(self, value):
        return -torch.log(2 * self.scale) - torch.abs(value - self.loc) / self.scale

    def entropy(self):
        return 1 + torch.log(2 * self.scale)


class Gumbel(_LocScale):
    def rsample(self, sample_shape=()):
        u = torch.rand(self._extended_shape(sample_shape), dtype=self.loc.dtype, device=self.loc.device)
        return self.loc - self.scale * torch.log(-torch.log(u))

    def log_prob(self, value):
        y = (self.loc - value) / self.scale
        return (y - y.exp()) - self.scale.log()


class Exponential(Distribution):
    has_rsample = True

    def __init__(self, rate, validate_args=None):
        self.rate, = _broadcast(rate)
        super().__init__(self.rate.shape)

    def rsample(self, sample_shape=()):
        return self.rate.new_empty(self._extended_shape(sample_shape)).exponential_() / self.rate

    def log_prob(self, value):
        return self.rate.log() - self.rate * value

    def entropy(self):
        return 1.0 - torch.log(self.rate)


class Gamma(Distribution):
    has_rsample = True

    def __init__(self, concentration, rate, validate_args=None):
        self.concentration, self.rate = _broadcast(concentration, rate)
        super().__init__(self.concentration.shape)

    def rsample(self, sample_shape=()):
        shape = self._extended_shape(sample_shape)
        return torch._standard_gamma(self.concentration.expand(shape)) / self.rate.expand(shape)

    def log_prob(self, value):
        return (self.concentration * self.rate.log() + (self.concentration - 1) * value.log() - self.rate * value
                - torch.lgamma(self.concentration))


class Poisson(Distribution):
    def __init__(self, rate, validate_args=None):
        self.rate, = _broadcast(rate)
        super().__init__(self.rate.shape)

    def sample(self, sample_shape=()):
        with torch.no_grad():
            return torch.poisson(self.rate.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value):
        return value.xlogy(self.rate) - self.rate - (value + 1).lgamma()


class Dirichlet(Distribution):
    has_rsample = True

    def __init__(self, concentration, validate_args=None):
        self.concentration = concentration
        super().__init__(concentration.shape[:-1], concentration.shape[-1:])

    def rsample(self, sample_shape=()):
        return torch._sample_dirichlet(self.concentration.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value):
        c = self.concentration
        return torch.xlogy(c - 1.0, value).sum(-1) + torch.lgamma(c.sum(-1)) - torch.lgamma(c).sum(-1)


class Beta(Distribution):
    has_rsample = True

    def __init__(self, concentration1, concentration0, validate_args=None):
        c1, c0 = _broadcast(concentration1, concentration0)
        self._dirichlet = Dirichlet(torch.stack([c1, c0], -1))
        super().__init__(c1.shape)

    def rsample(self, sample_shape=()):
        return self._dirichlet.rsample(sample_shape).select(-1, 0)

    def log_prob(self, value):
        return self._dirichlet.log_prob(torch.stack([value, 1.0 - value], -1))


class _Logits(Distribution):
    """Given by `probs` or `logits`; the other is computed when asked for."""

    def _given(self, probs, logits):
        if (probs is None) == (logits is None):
            raise ValueError('Either `probs` or `logits` must be specified, but not both.')
        self._probs = probs
        self._logits = logits


class Bernoulli(_Logits):
    def __init__(self, probs=None, logits=None, validate_args=None):
        self._given(probs, logits)
        self._param, = _broadcast(probs if probs is not None else logits)
        super().__init__(self._param.shape)

    @property
    def probs(self):
        return self._param if self._probs is not None else torch.sigmoid(self._param)

    @property
    def logits(self):
        return self._param if self._logits is not None else torch.log(self._param) - torch.log1p(-self._param)

    @property
    def mean(self):
        return self.probs

    def sample(self, sample_shape=()):
        with torch.no_grad():
            return torch.bernoulli(self.probs.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value):
        logits, value = _broadcast(self.logits, value)
        return -F.binary_cross_entropy_with_logits(logits, value, reduction='none')

    def entropy(self):
        return F.binary_cross_entropy_with_logits(self.logits, self.probs, reduction='none')


class RelaxedBernoulli(Bernoulli):
    has_rsample = True

    def __init__(self, temperature, probs=None, logits=None, validate_args=None):
        super().__init__(probs, logits)
        self.temperature = temperature

    def rsample(self, sample_shape=()):
        u = torch.rand(self._extended_shape(sample_shape), dtype=self._param.dtype, device=self._param.device)
        return torch.sigmoid((u.log() - (-u).log1p() + self.logits) / self.temperature)


class Categorical(_Logits):
    def __init__(self, probs=None, logits=None, validate_args=None):
        self._given(probs, logits)
        if probs is not None:
            self.probs = probs / probs.sum(-1, keepdim=True)
            self._logits = None
        else:
            self._logits = logits - logits.logsumexp(dim=-1, keepdim=True)
            self.probs = None
        param = probs if probs is not None else logits
        self._num_events = param.size(-1)
        super().__init__(param.shape[:-1])

    @property
    def logits(self):
        if self._logits is None:
            eps = torch.finfo(self.probs.dtype).eps
            self._logits = torch.log(self.probs.clamp(min=eps, max=1 - eps))
        return self._logits

    def _probabilities(self):
        if self.probs is None:
            self.probs = F.softmax(self._logits, dim=-1)
        return self.probs

    def sample(self, sample_shape=()):
        n = 1
        for s in sample_shape:
            n *= s
        flat = self._probabilities().reshape(-1, self._num_events)
        return torch.multinomial(flat, n, True).T.reshape(self._extended_shape(sample_shape))

    def log_prob(self, value):
        value = value.long().unsqueeze(-1)
        value, logits = torch.broadcast_tensors(value, self.logits)
        return logits.gather(-1, value[..., :1]).squeeze(-1)

    def entropy(self):
        floor = torch.finfo(self.logits.dtype).min
        return -(torch.clamp(self.logits, min=floor) * self._probabilities()).sum(-1)


class OneHotCategorical(Categorical):
    def sample(self, sample_shape=()):
        return F.one_hot(super().sample(sample_shape), self._num_events).to(self._probabilities())


class RelaxedOneHotCategorical(Categorical):
    has_rsample = True

    def __init__(self, temperature, probs=None, logits=None, validate_args=None):
        super().__init__(probs, logits)
        self.temperature = temperature

    def rsample(self, sample_shape=()):
        u = torch.rand_like(self.logits)
        return F.softmax((self.logits - (-u.log()).log()) / self.temperature, dim=-1)


class NegativeBinomial(_Logits):
    def __init__(self, total_count, probs=None, logits=None, validate_args=None):
        self._given(probs, logits)
        self.total_count, self._param = _broadcast(total_count, probs if probs is not None else logits)
        super().__init__(self._param.shape)

    @property
    def logits(self):
        return self._param if self._logits is not None else torch.log(self._param) - torch.log1p(-self._param)

    @property
    def mean(self):
        return self.total_count * torch.exp(self.logits)

    def sample(self, sample_shape=()):
        with torch.no_grad():
            shape = self._extended_shape(sample_shape)
            rate = torch._standard_gamma(self.total_count.expand(shape)) / torch.exp(-self.logits)
            return torch.poisson(rate)

    def log_prob(self, value):
        logits = self.logits
        unnormalised = self.total_count * F.logsigmoid(-logits) + value * F.logsigmoid(logits)
        return unnormalised + torch.lgamma(self.total_count + value) - torch.lgamma(1.0 + value) - torch.lgamma(self.total_count)


class StudentT(Distribution):
    has_rsample = True

    def __init__(self, df, loc=0.0, scale=1.0, validate_args=None):
        self.df, self.loc, self.scale = _broadcast(df, loc, scale)
        super().__init__(self.df.shape)

    @property
    def mean(self):
        return self.loc

    def rsample(self, sample_shape=()):
        shape = self._extended_shape(sample_shape)
        x = torch.randn(shape, dtype=self.loc.dtype, device=self.loc.device)
        z = torch._standard_gamma((self.df * 0.5).expand(shape)) * 2
        return self.loc + self.scale * (x * torch.rsqrt(z / self.df))

    def log_prob(self, value):
        y = (value - self.loc) / self.scale
        z = (self.scale.log() + 0.5 * self.df.log() + 0.5 * math.log(math.pi) + torch.lgamma(0.5 * self.df)
             - torch.lgamma(0.5 * (self.df + 1.0)))
        return -0.5 * (self.df + 1.0) * torch.log1p(y ** 2.0 / self.df) - z


class MultivariateNormal(Distribution):
    has_rsample = True

    def __init__(self, loc, covariance_matrix=None, precision_matrix=None, scale_tril=None, validate_args=None):
        if scale_tril is None:
            scale_tril = torch.linalg.cholesky(covariance_matrix if covariance_matrix is not None
                                               else torch.linalg.inv(precision_matrix))
        self.loc = loc
        self.scale_tril = scale_tril
        super().__init__(loc.shape[:-1], loc.shape[-1:])

    @property
    def mean(self):
        return self.loc

    def rsample(self, sample_shape=()):
        eps = torch.randn(self._extended_shape(sample_shape), dtype=self.loc.dtype, device=self.loc.device)
        return self.loc + torch.matmul(self.scale_tril, eps.unsqueeze(-1)).squeeze(-1)

    def log_prob(self, value):
        diff = (value - self.loc).unsqueeze(-1)
        m = torch.linalg.solve_triangular(self.scale_tril, diff, upper=False).squeeze(-1).pow(2).sum(-1)
        half_log_det = self.scale_tril.diagonal(dim1=-2, dim2=-1).log().sum(-1)
        return -0.5 * (self._event_shape[0] * math.log(2 * math.pi) + m) - half_log_det


class Independent(Distribution):
    def __init__(self, base_distribution, reinterpreted_batch_ndims, validate_args=None):
        self.base_dist = base_distribution
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims
        shape = tuple(base_distribution.batch_shape)
        cut = len(shape) - reinterpreted_batch_ndims
        super().__init__(shape[:cut], shape[cut:] + tuple(base_distribution.event_shape))

    @property
    def mean(self):
        return self.base_dist.mean

    def sample(self, sample_shape=()):
        return self.base_dist.sample(sample_shape)

    def rsample(self, sample_shape=()):
        return self.base_dist.rsample(sample_shape)

    def _sum(self, t):
        return t.sum(list(range(-self.reinterpreted_batch_ndims, 0))) if self.reinterpreted_batch_ndims else t

    def log_prob(self, value):
        return self._sum(self.base_dist.log_prob(value))

    def entropy(self):
        return self._sum(self.base_dist.entropy())


class TransformedDistribution(Distribution):
    def __init__(self, base_distribution, transforms, validate_args=None):
        self.base_dist = base_distribution
        self.transforms = transforms if isinstance(transforms, list) else [transforms]
        super().__init__(base_distribution.batch_shape, base_distribution.event_shape)

    def sample(self, sample_shape=()):
        with torch.no_grad():
            return self._through(self.base_dist.sample(sample_shape))

    def rsample(self, sample_shape=()):
        return self._through(self.base_dist.rsample(sample_shape))

    def _through(self, x):
        for transform in self.transforms:
            x = transform(x)
        return x

    def log_prob(self, value):
        total = 0.0
        y = value
        for transform in reversed(self.transforms):
            x = transform.inv(y)
            total = total - transform.log_abs_det_jacobian(x, y)
            y = x
        return total + self.base_dist.log_prob(y)


def kl_divergence(p, q):
    if isinstance(p, Independent):
        return p._sum(kl_divergence(p.base_dist, q.base_dist))
    if isinstance(p, Normal):
        ratio = (p.scale / q.scale).pow(2)
        t1 = ((p.loc - q.loc) / q.scale).pow(2)
        return 0.5 * (ratio + t1 - 1 - ratio.log())
    if isinstance(p, Categorical):
        return (p._probabilities() * (p.logits - q.logits)).sum(-1)
    if isinstance(p, Bernoulli):
        t1 = p.probs * (p.probs / q.probs).log()
        t2 = (1 - p.probs) * ((1 - p.probs) / (1 - q.probs)).log()
        return t1 + t2
    torch._C._gap('torch.distributions.kl_divergence')
    return torch._C._unknown('a KL divergence')
