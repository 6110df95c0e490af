"""Grouped operators: each tensor in turn (PyTorch launches them together)."""


def _each(name):
    def function(tensors, *others, **options):
        return [getattr(t, name)(*[o[i] if isinstance(o, (list, tuple)) else o for o in others], **options)
                for i, t in enumerate(tensors)]
    return function


_foreach_add = _each('add')
_foreach_add_ = _each('add_')
_foreach_sub = _each('sub')
_foreach_sub_ = _each('sub_')
_foreach_mul = _each('mul')
_foreach_mul_ = _each('mul_')
_foreach_div = _each('div')
_foreach_div_ = _each('div_')
_foreach_pow = _each('pow')
_foreach_pow_ = _each('pow_')
_foreach_sqrt = _each('sqrt')
_foreach_sqrt_ = _each('sqrt_')
_foreach_exp = _each('exp')
_foreach_neg = _each('neg')
_foreach_neg_ = _each('neg_')
_foreach_abs = _each('abs')
_foreach_sign = _each('sign')
_foreach_reciprocal = _each('reciprocal')
_foreach_reciprocal_ = _each('reciprocal_')
_foreach_zero_ = _each('zero_')
_foreach_copy_ = _each('copy_')
_foreach_lerp_ = _each('lerp_')
_foreach_lerp = _each('lerp')
_foreach_addcmul = _each('addcmul')
_foreach_addcdiv = _each('addcdiv')
_foreach_maximum = _each('maximum')
_foreach_minimum = _each('minimum')


def _scaled(name):
    def function(tensors, first, second, value=1):
        values = value if isinstance(value, (list, tuple)) else [value] * len(tensors)
        return [getattr(t, name)(a, b, value=v) for t, a, b, v in zip(tensors, first, second, values)]
    return function


_foreach_addcmul_ = _scaled('addcmul_')
_foreach_addcdiv_ = _scaled('addcdiv_')


def _bounded(name, bound):
    def function(tensors, other):
        return [getattr(t, name)(**{bound: other[i] if isinstance(other, (list, tuple)) else other})
                for i, t in enumerate(tensors)]
    return function


_foreach_maximum_ = _bounded('clamp_', 'min')
_foreach_minimum_ = _bounded('clamp_', 'max')
_foreach_clamp_min_ = _foreach_maximum_
_foreach_clamp_max_ = _foreach_minimum_


def _foreach_norm(tensors, ord=2, dtype=None):
    return [t.norm(ord) for t in tensors]
