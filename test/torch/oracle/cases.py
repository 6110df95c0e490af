"""What a random call of each operator looks like: TABLE maps a qualified name to a function of a generator."""

FLOATS = ["float32", "float32", "float32", "float64", "bfloat16"]
INTS = ["int64", "int32", "uint8", "int16"]
DTYPES = ["float32", "float32", "float32", "float64", "int64", "int32", "bool", "uint8", "bfloat16", "float16", "complex64"]


class Gen:
    def __init__(self, rng):
        self.r = rng
        self.grad = rng.random() < 0.3

    def int(self, a, b): return self.r.randint(a, b)
    def pick(self, xs): return self.r.choice(xs)
    def chance(self, p): return self.r.random() < p

    def shape(self, lo=0, hi=4, ext=5):
        n = self.int(lo, hi)
        return [1 if self.chance(0.15) else (0 if self.chance(0.02) else self.int(1, ext)) for _ in range(n)]

    def t(self, shape, dtype="float32", known=False, leaf=False, perm=True, values=None):
        s = {"t": list(shape), "d": dtype}
        n = 1
        for d in shape: n *= d
        if perm and len(shape) > 1 and self.chance(0.25):
            p = list(range(len(shape)))
            self.r.shuffle(p)
            s["p"] = p
        if values is not None: s["v"] = values
        elif known or (self.chance(0.3) and n <= 24 and dtype in ("float32", "float64", "int64", "int32", "bool")):
            s["v"] = self.values(n, dtype)
        if self.grad and dtype in ("float32", "float64") and (leaf or self.chance(0.6)): s["g"] = 1
        return s

    def values(self, n, dtype):
        if dtype == "bool": return [self.int(0, 1) == 1 for _ in range(n)]
        if dtype.startswith(("int", "uint")): return [self.int(0 if dtype == "uint8" else -3, 5) for _ in range(n)]
        return [round(self.r.uniform(-3, 3), 3) for _ in range(n)]

    def any(self, lo=0, hi=4, dtypes=DTYPES, **k): return self.t(self.shape(lo, hi), self.pick(dtypes), **k)
    def f(self, x=None): return {"f": round(self.r.uniform(-2, 3), 2) if x is None else x}
    def num(self): return self.pick([self.int(-2, 3), self.f(), self.chance(0.5)])

    def partner(self, s, dtypes=DTYPES):
        """A second operand: mostly one that broadcasts with the first."""
        shape = list(s["t"])
        u = self.r.random()
        if u < 0.25: shape = shape[self.int(0, len(shape)):]
        elif u < 0.5: shape = [1 if self.chance(0.4) else d for d in shape]
        elif u < 0.6: shape = [self.int(1, 4)] + [d if d else 1 for d in shape]
        elif u < 0.66: shape = self.shape()
        return self.t(shape, s["d"] if self.chance(0.6) else self.pick(dtypes))

    def dim(self, s, wild=0.04):
        n = max(1, len(s["t"]))
        return self.int(-n - 2, n + 2) if self.chance(wild) else self.int(-n, n - 1)

    def dims(self, s, allow_none=True):
        n = len(s["t"])
        u = self.r.random()
        if u < 0.45: return self.dim(s)
        ds = self.r.sample(range(n), self.int(0, n)) if n else []
        ds = [d - n if self.chance(0.4) else d for d in ds]
        return {"l": ds} if self.chance(0.5) else {"u": ds}


TABLE = {}
def reg(names, fn):
    for n in names.split(): TABLE[n] = fn


def both(names, fn): reg(" ".join(f"torch.{n} Tensor.{n}" for n in names.split()), fn)


UNARY = "abs absolute acos arccos acosh asin asinh atan arctan atanh ceil cos cosh digamma erf erfc erfinv exp exp2 expm1 floor frac i0 lgamma log log10 log1p log2 reciprocal rsqrt sigmoid sign sgn sin sinc sinh sqrt tan tanh trunc fix deg2rad rad2deg bitwise_not neg negative logical_not square round isnan isinf isposinf isneginf signbit isfinite isreal angle positive nan_to_num logit"
both(UNARY, lambda g: [g.any()])
INPLACE = "abs_ acos_ asin_ atan_ ceil_ cos_ cosh_ exp_ expm1_ floor_ log_ log2_ log10_ log1p_ neg_ reciprocal_ round_ rsqrt_ sigmoid_ sign_ sin_ sqrt_ tan_ tanh_ trunc_ square_ relu_ logical_not_ erf_ bitwise_not_ frac_ zero_ nan_to_num_"
reg(" ".join("Tensor." + n for n in INPLACE.split()), lambda g: [g.any()])
reg("torch.special.expit torch.special.erf torch.special.erfc torch.special.exp2 torch.special.expm1 torch.special.log1p torch.special.gammaln torch.special.digamma torch.special.psi torch.special.sinc torch.special.i0 torch.special.i0e torch.special.i1 torch.special.i1e torch.special.entr torch.special.ndtri torch.special.ndtr torch.special.log_ndtr torch.special.erfcx torch.special.erfinv torch.special.bessel_j0 torch.special.bessel_j1 torch.special.logit", lambda g: [g.any()])


def binary(g):
    a = g.any()
    return [a, g.num() if g.chance(0.3) else g.partner(a)]
BIN = "add sub subtract mul multiply div divide true_divide floor_divide remainder fmod pow eq ne not_equal lt less le less_equal gt greater ge greater_equal bitwise_and bitwise_or bitwise_xor xlogy copysign float_power"
both(BIN, binary)
reg(" ".join(f"Tensor.__{n}__" for n in "add radd sub rsub mul rmul truediv rtruediv floordiv mod pow eq ne lt le gt ge and or xor".split()), binary)
reg(" ".join(f"Tensor.{n}_" for n in "add sub mul div floor_divide remainder fmod pow eq ne lt le gt ge bitwise_and bitwise_or bitwise_xor".split()), binary)
reg(" ".join(f"Tensor.__i{n}__" for n in "add sub mul truediv".split()), binary)
def tbinary(g):
    a = g.any()
    return [a, g.partner(a)]
both("maximum minimum fmax fmin logaddexp atan2 arctan2 hypot logical_and logical_or logical_xor gcd lcm heaviside nextafter bitwise_left_shift bitwise_right_shift ldexp", tbinary)
reg("torch.max torch.min Tensor.max Tensor.min", lambda g: g.pick([lambda: [g.any()], lambda: tbinary(g), lambda: (lambda s: [s, g.dim(s)])(g.any()), lambda: (lambda s: ([s, g.dim(s)], {"keepdim": g.chance(0.5)}))(g.any())])())
both("rsub", binary) if False else reg("torch.rsub", binary)
both("div", lambda g: (binary(g), {"rounding_mode": g.pick([None, "trunc", "floor"])}))
both("add sub", lambda g: (binary(g), {"alpha": g.pick([2, g.f()])}) if g.chance(0.4) else binary(g))
def clamp(g):
    a = g.any()
    if g.chance(0.2): return [a], {"min": g.partner(a), "max": g.partner(a)} if g.chance(0.5) else {"min": g.partner(a)}
    k = {}
    if g.chance(0.7): k["min"] = g.num()
    if g.chance(0.7): k["max"] = g.num()
    return [a], k
both("clamp clip", clamp); reg("Tensor.clamp_", clamp)
both("clamp_min clamp_max", lambda g: [g.any(), g.num()])
def where(g):
    a = g.any()
    c = g.t(a["t"] if g.chance(0.6) else a["t"][g.int(0, len(a["t"])):], "bool" if g.chance(0.95) else "uint8")
    u = g.r.random()
    return [c, a, g.partner(a)] if u < 0.6 else [c, a, g.num()] if u < 0.8 else [c, g.num(), a]
reg("torch.where", where)
def tern(g):
    a = g.any(dtypes=["float32", "float64", "int64"])
    k = {"value": g.num()} if g.chance(0.5) else {}
    return [a, g.partner(a), g.partner(a)], k
both("addcmul addcdiv", tern); reg("Tensor.addcmul_ Tensor.addcdiv_", tern)
both("lerp", lambda g: (lambda a: [a, g.partner(a, [a["d"]]), g.f() if g.chance(0.6) else g.partner(a, [a["d"]])])(g.any(dtypes=FLOATS)))

# ---- reductions
def red(g, dtypes=DTYPES):
    a = g.any(dtypes=dtypes)
    u = g.r.random()
    if u < 0.3: return [a]
    return [a, g.dims(a)], ({"keepdim": g.chance(0.5)} if g.chance(0.6) else {})
both("sum mean nansum nanmean", lambda g: red(g))
both("amax amin", lambda g: red(g))
both("logsumexp", lambda g: [(s := g.any(1, 4, FLOATS)), g.dim(s)])
both("var std", lambda g: red(g, FLOATS)); reg("torch.var_mean torch.std_mean", lambda g: red(g, FLOATS))
both("prod", lambda g: (lambda a: [a] if g.chance(0.4) else ([a, g.dim(a)], {"keepdim": g.chance(0.5)}))(g.any()))
both("all any", lambda g: (lambda a: [a] if g.chance(0.4) else ([a, g.dim(a)], {"keepdim": g.chance(0.5)}))(g.any()))
both("argmax argmin", lambda g: (lambda a: [a] if g.chance(0.3) else ([a, g.dim(a)], {"keepdim": g.chance(0.5)}))(g.any()))
both("median nanmedian", lambda g: (lambda a: [a] if g.chance(0.3) else [a, g.dim(a)])(g.any(dtypes=["float32", "int64"])))
both("mode", lambda g: [(s := g.any(dtypes=["float32", "int64"])), g.dim(s)])
both("kthvalue", lambda g: [(s := g.any(1, 3, ["float32"])), g.int(1, 3), g.dim(s)])
both("count_nonzero", lambda g: red(g) if g.chance(0.5) else [g.any()])
both("norm", lambda g: (lambda a: ([a], {}) if g.chance(0.3) else ([a], {"p": g.pick([1, 2, {"f": 2.0}, {"f": float(3)}]), "dim": g.dims(a), "keepdim": g.chance(0.5)}))(g.any(dtypes=FLOATS)))
reg("torch.linalg.vector_norm", lambda g: (lambda a: ([a], {"ord": g.pick([1, 2, 3]), "dim": g.dims(a), "keepdim": g.chance(0.5)}))(g.any(1, 4, FLOATS)))
both("cumsum cumprod", lambda g: [(s := g.any()), g.dim(s)]); both("cummax cummin logcumsumexp", lambda g: [(s := g.any(dtypes=["float32", "float64"])), g.dim(s)])
both("diff", lambda g: [g.any(1, 3)]); both("trace", lambda g: [g.t(g.shape(2, 2), g.pick(DTYPES))]); both("aminmax", lambda g: [g.any(1, 3, ["float32", "int64"])])
both("quantile", lambda g: [g.any(1, 3, ["float32"]), {"f": 0.5}])
both("std", lambda g: (lambda a: ([a], {"dim": g.dims(a), "unbiased": g.chance(0.5)}))(g.any(1, 4, FLOATS)))

# ---- sort and search
both("sort", lambda g: (lambda a: ([a] if g.chance(0.3) else [a, g.dim(a)], {"descending": g.chance(0.5)} if g.chance(0.5) else {}))(g.any(dtypes=["float32", "int64", "bool"])))
both("argsort", lambda g: (lambda a: [a] if g.chance(0.3) else [a, g.dim(a)])(g.any(dtypes=["float32", "int64"])))
both("topk", lambda g: (lambda a: [a, g.int(1, 3)] if g.chance(0.5) else [a, g.int(1, 3), g.dim(a)])(g.any(1, 4, ["float32", "int64"])))
both("msort", lambda g: [g.any(1, 3, ["float32"])])
both("unique_consecutive", lambda g: [g.t(g.shape(1, 1), "int64", known=True)])
both("bincount", lambda g: [g.t([g.int(1, 6)], "int64", values=None, known=False)])
reg("torch.searchsorted", lambda g: [g.t([5], "float32", perm=False), g.any(1, 2, ["float32"])]); reg("torch.bucketize", lambda g: [g.any(0, 3, ["float32"]), g.t([4], "float32", perm=False)])
both("histc", lambda g: ([g.any(1, 2, ["float32"])], {"bins": g.int(1, 6)}))

# ---- views
def numel(s):
    n = 1
    for d in s: n *= d
    return n
def newshape(g, s):
    n = numel(s)
    out, rest = [], n
    while rest > 1 and len(out) < 4:
        ds = [d for d in range(1, rest + 1) if rest % d == 0]
        d = g.pick(ds)
        out.append(d); rest //= max(1, d)
    if rest > 1: out.append(rest)
    if g.chance(0.2): out.insert(g.int(0, len(out)), 1)
    if out and g.chance(0.5): out[g.int(0, len(out) - 1)] = -1
    if g.chance(0.05): out.append(g.int(2, 3))
    return out
def reshape(g):
    s = g.any()
    return [s, {"l": newshape(g, s["t"])}]
reg("Tensor.view Tensor.reshape torch.reshape", reshape)
both("flatten", lambda g: (lambda a: [a] if g.chance(0.3) else [a, g.dim(a), g.dim(a)])(g.any())); both("ravel", lambda g: [g.any()])
both("unflatten", lambda g: (lambda a, d: [a, d, {"l": newshape(g, [a["t"][d]]) or [1]}])(*(lambda a: (a, g.int(0, len(a["t"]) - 1)))(g.any(1, 4))))
def expand(g):
    s = g.any(0, 3)
    size = [g.int(1, 4) if d == 1 or g.chance(0.04) else (-1 if g.chance(0.4) else d) for d in s["t"]]
    return [s, {"l": [g.int(1, 3) for _ in range(g.int(0, 2))] + size}]
reg("Tensor.expand torch.broadcast_to", expand)
def perm(g):
    s = g.any(0, 4)
    p = list(range(len(s["t"]))); g.r.shuffle(p)
    if g.chance(0.05): p = p[:-1]
    return [s, {"l": [d - len(p) if g.chance(0.2) else d for d in p]}]
both("permute", perm)
both("transpose swapaxes swapdims", lambda g: [(s := g.any(1, 4)), g.dim(s), g.dim(s)])
both("t", lambda g: [g.any(0, 3)]); both("adjoint", lambda g: [g.any(1, 3, FLOATS)])
both("squeeze", lambda g: (lambda a: [a] if g.chance(0.4) else [a, g.dim(a)])(g.any())); both("unsqueeze", lambda g: [(s := g.any()), g.int(-len(s["t"]) - 1, len(s["t"]) + 1)])
both("select", lambda g: [(s := g.any(0, 4)), g.dim(s), g.int(-2, 2)]); both("narrow", lambda g: [(s := g.any(1, 4)), g.dim(s), g.int(0, 2), g.int(0, 2)])
both("split chunk", lambda g: (lambda a: [a, g.int(1, 3)] if g.chance(0.4) else [a, g.int(1, 3), g.dim(a)])(g.any(1, 4)))
both("unbind", lambda g: (lambda a: [a] if g.chance(0.4) else [a, g.dim(a)])(g.any(0, 4))); both("tensor_split", lambda g: (lambda a: [a, g.pick([g.int(1, 3), {"l": [1, 2]}]), g.dim(a)])(g.any(1, 4)))
both("split_with_sizes", lambda g: (lambda a, d: [a, {"l": [1, max(0, a["t"][d] - 1)]}, d])(*(lambda a: (a, g.int(0, len(a["t"]) - 1)))(g.any(1, 4))))
both("hsplit vsplit dsplit", lambda g: [g.any(1, 4), g.int(1, 3)])
both("movedim moveaxis", lambda g: [(s := g.any(1, 4)), g.dim(s), g.dim(s)]); both("diagonal", lambda g: ([(s := g.any(1, 4))], {"offset": g.int(-2, 2), "dim1": g.dim(s), "dim2": g.dim(s)} if g.chance(0.6) else {}))
reg("Tensor.unfold", lambda g: [(s := g.any(1, 4)), g.dim(s), g.int(1, 3), g.int(1, 2)]); both("view_as_real", lambda g: [g.any(dtypes=["complex64", "complex64", "float32"])]); reg("torch.view_as_real", lambda g: [g.any(dtypes=["complex64", "complex64", "float32"])])
reg("torch.view_as_complex", lambda g: [g.t(g.shape(0, 3) + [2], "float32", perm=g.chance(0.3))]); reg("torch.real torch.imag", lambda g: [g.any(dtypes=["complex64", "float32"])])
reg("torch.atleast_1d torch.atleast_2d torch.atleast_3d", lambda g: [g.any()]); reg("Tensor.view_as Tensor.expand_as Tensor.reshape_as", lambda g: (lambda a: [a, g.partner(a)])(g.any()))
reg("torch.broadcast_tensors", lambda g: (lambda a: [a, g.partner(a)])(g.any())); both("clone", lambda g: [g.any()]); reg("Tensor.contiguous Tensor.detach Tensor.float Tensor.double Tensor.half Tensor.bfloat16 Tensor.long Tensor.int Tensor.bool Tensor.cpu Tensor.is_contiguous Tensor.numel Tensor.dim Tensor.size Tensor.stride", lambda g: [g.any()])
reg("Tensor.contiguous Tensor.clone", lambda g: ([g.any(3, 5, FLOATS)], {"memory_format": {"mf": g.pick(["channels_last", "contiguous_format", "channels_last_3d"])}}) if g.chance(0.5) else [g.any()])
reg("Tensor.to", lambda g: ([g.any(), {"dt": g.pick(DTYPES)}], {"copy": True} if g.chance(0.2) else {})); reg("Tensor.type_as", lambda g: [g.any(), g.any()]); reg("Tensor.copy_", lambda g: (lambda a: [a, g.partner(a)])(g.any()))
both("as_strided", lambda g: [g.t([6, 6], "float32"), {"l": [2, 3]}, {"l": [g.int(0, 6), g.int(0, 2)]}])

# ---- joining
def joined(g, stack=False):
    s = g.any(0 if g.chance(0.05) else 1, 4)
    n, d = g.int(1, 3), g.dim(s)
    ts = [s]
    for _ in range(n):
        sh = list(s["t"])
        if not stack and sh and -len(sh) <= d < len(sh) and g.chance(0.6): sh[d] = g.int(0, 4)
        if sh and g.chance(0.04): sh[g.int(0, len(sh) - 1)] += 1
        ts.append(g.t(sh, s["d"] if g.chance(0.8) else g.pick(DTYPES)))
    return [{"l": ts}, d]
reg("torch.cat torch.concat torch.concatenate", lambda g: joined(g)); reg("torch.stack", lambda g: joined(g, True))
reg("torch.hstack torch.vstack torch.dstack torch.column_stack", lambda g: [{"l": [(s := g.any(0, 3)), g.t(s["t"], s["d"])]}])
reg("Tensor.repeat", lambda g: (lambda a: [a, {"l": [g.int(0, 3) for _ in range(max(0, len(a["t"]) + g.int(-1, 2) if g.chance(0.1) else len(a["t"]) + g.int(0, 1)))]}])(g.any(0, 3))); both("tile", lambda g: [g.any(0, 3), {"l": [g.int(1, 3) for _ in range(g.int(1, 3))]}])
both("repeat_interleave", lambda g: (lambda a: [a, g.int(0, 3)] if g.chance(0.3) else [a, g.int(1, 3), g.dim(a)])(g.any(1, 4)))
both("flip", lambda g: (lambda a: [a, {"l": [g.dim(a)]}])(g.any(1, 4))); both("fliplr flipud", lambda g: [g.any(0, 3)]); both("roll", lambda g: (lambda a: [a, g.int(-2, 3)] if g.chance(0.4) else [a, g.int(-2, 3), g.dim(a)])(g.any(1, 4))); both("rot90", lambda g: [g.any(2, 3), g.int(0, 4), {"l": [0, 1]}])
both("tril triu", lambda g: [g.any(2, 4), g.int(-2, 2)]); reg("torch.block_diag", lambda g: [g.any(1, 2, ["float32"]), g.any(1, 2, ["float32"])]); both("kron", lambda g: [g.any(1, 3, ["float32"]), g.any(1, 3, ["float32"])])
both("diag", lambda g: [g.any(1, 2), g.int(-1, 1)]); both("diag_embed", lambda g: [g.any(1, 3)]); both("diagflat", lambda g: [g.any(0, 2)])

# ---- factories
size = lambda g: {"l": g.shape(0, 3)}
reg("torch.zeros torch.ones torch.empty torch.rand torch.randn", lambda g: ([size(g)], {"dtype": {"dt": g.pick(["float32", "float64", "bfloat16"])}} if g.chance(0.5) else {}))
reg("torch.zeros_like torch.ones_like torch.empty_like", lambda g: ([g.any()], {"dtype": {"dt": g.pick(DTYPES)}} if g.chance(0.4) else {})); reg("torch.rand_like torch.randn_like", lambda g: [g.any(dtypes=["float32", "float64"])])
reg("torch.full", lambda g: ([size(g), g.num()], {"dtype": {"dt": g.pick(DTYPES[:6])}} if g.chance(0.4) else {})); reg("torch.full_like", lambda g: [g.any(dtypes=DTYPES[:6]), g.int(0, 3)])
reg("torch.arange", lambda g: ([g.int(0, 8)] if g.chance(0.3) else [g.int(-3, 3), g.int(2, 9)] if g.chance(0.5) else [g.int(0, 3), g.pick([g.int(3, 9), g.f(5.5)]), g.pick([1, 2, {"f": 0.5}])], {"dtype": {"dt": g.pick(["float32", "int32", "int64"])}} if g.chance(0.3) else {}))
reg("torch.linspace", lambda g: [g.num(), g.num(), g.int(0, 7)]); reg("torch.logspace", lambda g: [g.int(0, 2), g.int(1, 3), g.int(0, 7)]); reg("torch.eye", lambda g: [g.int(0, 4)] if g.chance(0.5) else [g.int(0, 4), g.int(0, 4)])
reg("torch.tensor torch.as_tensor", lambda g: [g.pick([{"l": [1, 2, 3]}, {"l": [{"l": [{"f": 1.5}, 2]}, {"l": [3, 4]}]}, {"f": 2.5}, 3, True, {"l": []}, {"l": [{"l": [1]}, {"l": [1, 2]}]}, {"l": [True, False]}, {"u": [1, {"f": 0.5}]}])])
reg("Tensor.new_zeros Tensor.new_ones Tensor.new_empty", lambda g: ([g.any(), size(g)], {"dtype": {"dt": g.pick(DTYPES)}} if g.chance(0.3) else {})); reg("Tensor.new_full", lambda g: [g.any(dtypes=DTYPES[:6]), size(g), g.int(0, 3)]); reg("Tensor.new_tensor", lambda g: [g.any(dtypes=DTYPES[:5]), {"l": [1, 2]}])
reg("torch.randint", lambda g: [g.int(0, 2), g.int(3, 5), size(g)]); reg("torch.randperm", lambda g: [g.int(0, 5)]); reg("torch.tril_indices torch.triu_indices", lambda g: [g.int(0, 4), g.int(0, 4), g.int(-1, 1)])
reg("torch.meshgrid", lambda g: ([g.t([g.int(1, 4)], "int64", known=True), g.t([g.int(1, 4)], "int64", known=True)], {"indexing": g.pick(["ij", "xy"])})); reg("torch.hann_window torch.hamming_window torch.blackman_window", lambda g: [g.int(0, 6)])
reg("Tensor.fill_", lambda g: [g.any(), g.int(0, 3)]); reg("Tensor.uniform_ Tensor.normal_ Tensor.exponential_ Tensor.bernoulli_", lambda g: [g.any(dtypes=["float32", "float64"])]); both("bernoulli", lambda g: [g.any(dtypes=["float32"])]); both("multinomial", lambda g: [g.t([g.int(1, 3), 4], "float32", values=None), g.int(1, 5)])
reg("torch.cartesian_prod", lambda g: [g.t([2], "int64"), g.t([3], "int64")]); both("vander", lambda g: [g.t([3], "float32")]); reg("torch.combinations", lambda g: [g.t([4], "int64", known=True)])

# ---- products
def mm(g, b=None):
    dt = g.pick(["float32", "float32", "float64", "int64", "bfloat16"])
    m, k, n = g.int(1, 5), g.int(1, 5), g.int(1, 5)
    k2 = k + 1 if g.chance(0.06) else k
    d2 = dt if g.chance(0.95) else "float64"
    bb = [] if b is None else [g.int(1, 3)]
    return g.t(bb + [m, k], dt), g.t(bb + [k2, n], d2), bb + [m, n], dt
both("mm", lambda g: list(mm(g)[:2])); both("bmm", lambda g: list(mm(g, 1)[:2]))
def addmm(g, b=None):
    x, y, o, dt = mm(g, b)
    sh = o[g.int(0, len(o)):] if g.chance(0.5) else o
    return [g.t(sh, dt), x, y], ({"beta": g.int(0, 2), "alpha": 2} if g.chance(0.3) else {})
both("addmm", addmm); both("baddbmm", lambda g: addmm(g, 1)); reg("Tensor.addmm_", addmm)
both("addbmm", lambda g: (lambda r: [g.t(r[2][1:], r[3]), r[0], r[1]])(mm(g, 1)))
def matmul(g):
    dt = g.pick(["float32", "float32", "float64", "int64", "bfloat16"])
    m, k, n = g.int(1, 5), g.int(1, 5), g.int(1, 5)
    ba = g.shape(0, 3, 3); bb = ba if g.chance(0.5) else ([1 if g.chance(0.3) else d for d in ba[g.int(0, len(ba)):]])
    a = g.t([k], dt) if g.chance(0.15) else g.t(ba + [m, k], dt)
    b = g.t([k], dt) if g.chance(0.15) else g.t(bb + [k + (1 if g.chance(0.05) else 0), n], dt)
    return [a, b]
both("matmul", matmul); reg("Tensor.__matmul__ torch.linalg.matmul", matmul)
both("mv", lambda g: [g.t([g.int(1, 4), 3], "float32"), g.t([3], "float32")]); both("dot vdot", lambda g: [g.t([3], d := g.pick(["float32", "int64"])), g.t([3], d)]); both("outer ger", lambda g: [g.t([g.int(1, 4)]), g.t([g.int(1, 4)])]); both("inner", lambda g: [g.t(g.shape(0, 2) + [3]), g.t(g.shape(0, 2) + [3])])
both("addmv", lambda g: [g.t([4]), g.t([4, 3]), g.t([3])]); both("addr", lambda g: [g.t([4, 3]), g.t([4]), g.t([3])])
reg("torch.tensordot", lambda g: ([g.t([2, 3, 4]), g.t([3, 4, 5]) if g.chance(0.5) else g.t([4, 3, 5])], {"dims": {"u": [{"l": [1, 2]}, {"l": g.pick([[0, 1], [1, 0]])}]}}) if g.chance(0.7) else ([g.t([2, 3, 4]), g.t([3, 4, 5])], {"dims": 2}))
reg("torch.linalg.multi_dot", lambda g: [{"l": [g.t([2, 5]), g.t([5, 3]), g.t([3, 4])]}]); reg("torch.chain_matmul", lambda g: [g.t([2, 5]), g.t([5, 3]), g.t([3, 4])])
def linear(g):
    i, o = g.int(1, 6), g.int(1, 6); dt = g.pick(["float32", "float32", "bfloat16"])
    x = g.t(g.shape(0, 4, 4) + [i], dt); w = g.t([o, i + (1 if g.chance(0.05) else 0)], dt if g.chance(0.96) else "float64")
    return [x, w] if g.chance(0.4) else [x, w, g.t([o], dt)]
reg("torch.nn.functional.linear", linear)
reg("torch.nn.functional.bilinear torch.bilinear", lambda g: (lambda b: [g.t(b + [4]), g.t(b + [5]), g.t([2, 4, 5]), g.t([2])])(g.shape(0, 2)))
EQS = ["ij,jk->ik", "bij,bjk->bik", "bhid,bhjd->bhij", "bhij,bhjd->bhid", "i,i->", "ij->ji", "ij->", "bi,bj->bij", "ii->i", "ii", "bid->bd", "bhwc,hkc->bhwk", "bhwc,wkc->bhwk", "ab,bc,cd->ad", "...i,ij->...j", "bnd,bmd->bnm", "nchw,c->nchw", "bi,i->b", "abc,abd->cd", "i,j->ij", "b h d, b h d -> b h", "ij,ij->ij", "ij,kj->ik", "btd,vd->btv", "bqhd,bkhd->bhqk", "bhqk,bkhd->bqhd", "ijk,ilm,njm,nlk,abc->", "ij,jk"]
def einsum(g):
    eq = g.pick(EQS); sizes = {}
    ts = []
    for term in eq.replace(" ", "").split("->")[0].split(","):
        sh = g.shape(0, 2, 3) if "..." in term else []
        if "..." in term: sizes.setdefault("...", sh); sh = list(sizes["..."])
        for ch in term.replace("...", ""): sh.append(sizes.setdefault(ch, g.int(1, 4)))
        if g.chance(0.02) and sh: sh[-1] += 1
        ts.append(g.t(sh))
    return [eq] + ts
reg("torch.einsum", einsum)

# ---- nn.functional
def conv(n, tr):
    def make(g):
        grp = g.pick([1, 1, 1, 2, 4]); ci, co = grp * g.int(1, 3), grp * g.int(1, 3); dt = g.pick(["float32", "float32", "float64", "bfloat16"])
        if g.chance(0.15): grp = ci; co = ci
        k = [g.int(1, 3) for _ in range(n)]
        x = g.t(([g.int(1, 3)] if g.chance(0.9) else []) + [ci + (1 if g.chance(0.04) else 0)] + [g.int(2, 8) for _ in range(n)], dt, perm=False)
        if n == 2 and len(x["t"]) == 4 and g.chance(0.2): x["p"] = [0, 3, 1, 2]; x.pop("v", None)
        w = g.t([ci, co // grp] + k if tr else [co, ci // grp] + k, dt, perm=False)
        one = lambda a, b: g.int(a, b) if g.chance(0.5) else {"u": [g.int(a, b) for _ in range(n)]}
        kw = {"stride": one(1, 2), "groups": grp}
        if g.chance(0.5): kw["dilation"] = one(1, 2)
        if g.chance(0.6): kw["padding"] = g.pick(["same", "valid"]) if not tr and g.chance(0.3) else one(0, 2)
        if kw.get("padding") == "same": kw["stride"] = 1
        if tr and g.chance(0.3): kw["output_padding"] = g.int(0, 1)
        return [x, w] + ([g.t([co], dt)] if g.chance(0.5) else []), kw
    return make
for n in (1, 2, 3):
    reg(f"torch.nn.functional.conv{n}d", conv(n, False)); reg(f"torch.nn.functional.conv_transpose{n}d", conv(n, True))
def pool(n, avg):
    def make(g):
        x = g.t(([g.int(1, 3)] if g.chance(0.85) else []) + [g.int(1, 3)] + [g.int(2, 9) for _ in range(n)], g.pick(["float32", "float32", "float64"]), perm=False)
        one = lambda a, b: g.int(a, b) if g.chance(0.5) else {"u": [g.int(a, b) for _ in range(n)]}
        kw = {"ceil_mode": g.chance(0.4)}
        if g.chance(0.6): kw["stride"] = one(1, 3)
        if g.chance(0.5): kw["padding"] = one(0, 1)
        if not avg and g.chance(0.3): kw["dilation"] = one(1, 2)
        return [x, one(1, 4)], kw
    return make
def adapt(n):
    return lambda g: [g.t(([g.int(1, 3)] if g.chance(0.85) else []) + [g.int(1, 3)] + [g.int(1, 9) for _ in range(n)], perm=False), g.int(1, 4) if g.chance(0.5) else {"u": [g.pick([g.int(1, 4), None]) if n > 1 else g.int(1, 4) for _ in range(n)]}]
for n in (1, 2, 3):
    reg(f"torch.nn.functional.max_pool{n}d", pool(n, False)); reg(f"torch.nn.functional.avg_pool{n}d", pool(n, True))
    reg(f"torch.nn.functional.adaptive_avg_pool{n}d torch.nn.functional.adaptive_max_pool{n}d", adapt(n))
for n in (1, 2): reg(f"torch.nn.functional.lp_pool{n}d", (lambda n: lambda g: [g.t([2, 3] + [g.int(4, 9)] * n, perm=False), {"f": 2.0}, g.int(1, 3)])(n))
for n in (2, 3): reg(f"torch.nn.functional.fractional_max_pool{n}d", (lambda n: lambda g: ([g.t([2, 3] + [8] * n, perm=False), 2], {"output_size": g.int(2, 4)}))(n))
for n in (1, 2, 3): reg(f"torch.nn.functional.max_unpool{n}d", (lambda n: lambda g: [g.t([2, 3] + [4] * n, perm=False), g.t([2, 3] + [4] * n, "int64", perm=False), 2])(n))
def norm_in(g, lo=2, hi=4): return g.t([g.int(1, 4) for _ in range(g.int(lo, hi))], g.pick(["float32", "float32", "float64", "bfloat16"]), perm=g.chance(0.5))
def layer_norm(g):
    x = norm_in(g, 1, 4); k = g.int(1, len(x["t"])); s = x["t"][-k:]
    if g.chance(0.04): s = [s[0] + 1] + s[1:]
    return [x, {"l": s}] + ([g.t(s, x["d"]), g.t(s, x["d"])] if g.chance(0.6) else [])
reg("torch.nn.functional.layer_norm", layer_norm); reg("torch.nn.functional.rms_norm", lambda g: (lambda a: a[:3])(layer_norm(g)))
def batch_norm(g):
    x = norm_in(g, 2, 5); c = x["t"][1] + (1 if g.chance(0.04) else 0); st = lambda: {"t": [c], "d": x["d"]}
    return [x, st(), st()] + ([g.t([c], x["d"]), g.t([c], x["d"])] if g.chance(0.7) else []), {"training": g.chance(0.4)}
reg("torch.nn.functional.batch_norm", batch_norm)
reg("torch.nn.functional.group_norm", lambda g: (lambda x, n: [x, n] + ([g.t([x["t"][1]], x["d"]), g.t([x["t"][1]], x["d"])] if g.chance(0.6) else []))(g.t([g.int(1, 3), 6] + g.shape(0, 2), g.pick(["float32", "float64"])), g.pick([1, 2, 3, 6, 4])))
reg("torch.nn.functional.instance_norm", lambda g: (lambda x: ([x], {"weight": g.t([x["t"][1]]), "bias": g.t([x["t"][1]])} if g.chance(0.5) else {}))(g.t([g.int(1, 3), g.int(1, 3)] + [g.int(2, 5)] * g.int(1, 3), perm=g.chance(0.3))))
reg("torch.nn.functional.normalize", lambda g: ([(x := norm_in(g, 1, 4))], {"dim": g.dim(x)} if g.chance(0.6) else {})); reg("torch.nn.functional.local_response_norm", lambda g: [g.t([2, 4] + [g.int(1, 4)] * g.int(1, 2), perm=False), g.int(1, 3)])
ACT = "relu relu6 gelu silu mish hardswish hardsigmoid softplus elu selu celu leaky_relu logsigmoid softsign tanhshrink hardtanh softshrink hardshrink rrelu"
reg(" ".join("torch.nn.functional." + n for n in ACT.split()), lambda g: [g.any(dtypes=["float32", "float32", "float64", "bfloat16", "int64", "bool"])])
reg(" ".join("torch.nn.functional." + n for n in "relu relu6 silu mish hardswish hardsigmoid elu leaky_relu hardtanh selu celu".split()), lambda g: ([g.any(dtypes=["float32", "float32", "float64", "bfloat16", "int64"])], {"inplace": True} if g.chance(0.3) else {}))
reg("torch.relu torch.selu torch.celu torch.hardshrink", lambda g: [g.any(dtypes=["float32", "int64", "float64"])]); reg("torch.nn.functional.threshold", lambda g: [g.any(dtypes=["float32"]), g.f(), g.f()])
reg("torch.nn.functional.glu", lambda g: [g.t(g.shape(0, 3) + [g.pick([2, 4, 3])])]); reg("torch.nn.functional.prelu", lambda g: (lambda a: [a, g.t([1] if g.chance(0.5) or len(a["t"]) < 2 else [a["t"][1]])])(g.any(0, 4, ["float32"])))
reg("torch.nn.functional.softmax torch.nn.functional.log_softmax torch.softmax Tensor.softmax torch.log_softmax Tensor.log_softmax torch.nn.functional.softmin", lambda g: ([(x := g.any(dtypes=FLOATS + ["int64"])), g.dim(x)], {"dtype": {"dt": "float32"}} if g.chance(0.3) else {}))
reg("torch.nn.functional.dropout torch.nn.functional.alpha_dropout torch.nn.functional.feature_alpha_dropout torch.nn.functional.dropout1d torch.nn.functional.dropout2d torch.nn.functional.dropout3d", lambda g: ([g.any(2, 4, ["float32"])], {"training": g.chance(0.7), "p": g.pick([{"f": 0.5}, {"f": 0.0}, {"f": 1.5}])}))
reg("torch.nn.functional.gumbel_softmax", lambda g: [g.any(1, 3, ["float32"])])
def sdpa(g):
    b, h, s, t, d = g.int(1, 2), g.pick([1, 2, 4]), g.int(1, 5), g.int(1, 5), g.int(1, 4)
    hk = g.pick([1, 2]) if g.chance(0.2) else h
    if g.chance(0.15): b = None
    lead = lambda x: ([b] if b else []) + [x]
    q, k, v = g.t(lead(h) + [s, d], perm=False), g.t(lead(hk) + [t, d + (1 if g.chance(0.03) else 0)], perm=False), g.t(lead(hk) + [t, d if g.chance(0.8) else d + 1], perm=False)
    kw = {}
    if g.chance(0.3): kw["attn_mask"] = g.t(g.pick([[s, t], [1, t], lead(1) + [s, t]]), g.pick(["bool", "float32"]), perm=False); kw["attn_mask"].pop("g", None)
    elif g.chance(0.3): kw["is_causal"] = True
    if hk != h and g.chance(0.7): kw["enable_gqa"] = True
    return [q, k, v], kw
reg("torch.nn.functional.scaled_dot_product_attention", sdpa)
reg("torch.nn.functional.embedding", lambda g: [g.t(g.shape(0, 3), "int64", values=None, perm=False), g.t([4, g.int(1, 5)], "float32")])
reg("torch.nn.functional.embedding_bag", lambda g: ([g.t([g.int(1, 3), g.int(1, 4)], "int64", perm=False), g.t([4, g.int(1, 5)], perm=False)], {"mode": g.pick(["sum", "mean", "max"])})); reg("torch.nn.functional.one_hot", lambda g: [g.t(g.shape(0, 2), "int64", values=None), 4])
def pad(g):
    x = g.any(1, 5, ["float32"]); n = g.int(1, len(x["t"])); m = g.pick(["constant", "constant", "reflect", "replicate", "circular"])
    if m != "constant": x = g.t([g.int(1, 3) for _ in range(g.int(2, 4))], perm=False); n = max(1, len(x["t"]) - g.pick([1, 2])); x["t"][-n:] = [g.int(3, 5)] * n; x.pop("v", None); x.pop("p", None)
    return [x, {"u": [g.int(-1 if m == "constant" and g.chance(0.2) else 0, 2) for _ in range(2 * n)]}], {"mode": m}
reg("torch.nn.functional.pad", pad)
def interp(g):
    n = g.int(1, 3); m = g.pick({1: ["nearest", "linear", "area", "nearest-exact"], 2: ["nearest", "bilinear", "bicubic", "area"], 3: ["nearest", "trilinear", "area"]}[n]); k = {"mode": m}
    if g.chance(0.5): k["size"] = g.int(1, 9) if g.chance(0.5) else {"u": [g.int(1, 9) for _ in range(n)]}
    else: k["scale_factor"] = {"f": g.pick([2.0, 0.5, 1.5, 1.7])} if g.chance(0.7) else 2
    if m.endswith("linear") and g.chance(0.5): k["align_corners"] = g.chance(0.5)
    return [g.t([g.int(1, 2), g.int(1, 3)] + [g.int(2, 7) for _ in range(n)], perm=False)], k
reg("torch.nn.functional.interpolate", interp); reg("torch.nn.functional.upsample", interp)
reg("torch.nn.functional.grid_sample", lambda g: ([g.t([2, 3, 5, 6], perm=False), g.t([2, 4, 3, 2], perm=False)], {"mode": g.pick(["bilinear", "nearest", "bicubic"]), "align_corners": False}) if g.chance(0.7) else [g.t([1, 2, 3, 4, 5], perm=False), g.t([1, 2, 2, 2, 3], perm=False)])
reg("torch.nn.functional.affine_grid", lambda g: ([g.t([2, 2, 3], perm=False), {"l": [2, 3, 4, 5]}] if g.chance(0.6) else [g.t([2, 3, 4], perm=False), {"l": [2, 3, 2, 4, 5]}], {"align_corners": False}))
reg("torch.nn.functional.unfold", lambda g: ([g.t(([2] if g.chance(0.8) else []) + [3, g.int(4, 7), g.int(4, 7)], perm=False), g.int(1, 3)], {"padding": g.int(0, 1), "stride": g.int(1, 2), "dilation": g.int(1, 2)})); reg("torch.nn.functional.fold", lambda g: ([g.t([2, 12, 9], perm=False), {"u": [4, 4]}, 2]))
reg("torch.nn.functional.pixel_shuffle torch.pixel_shuffle", lambda g: [g.t(g.shape(0, 1) + [8, 3, 3]), 2]); reg("torch.nn.functional.pixel_unshuffle", lambda g: [g.t(g.shape(0, 1) + [2, 4, 4]), g.pick([2, 3])]); reg("torch.nn.functional.channel_shuffle torch.channel_shuffle", lambda g: [g.t([2, 6, 3], perm=False), g.pick([2, 3, 4])])
def loss(names, same=True, pos=False):
    def make(g):
        x = g.any(0, 3, ["float32", "float64"])
        return [x, g.t(x["t"], x["d"])], {"reduction": g.pick(["mean", "sum", "none"])}
    reg(names, make)
loss("torch.nn.functional.mse_loss torch.nn.functional.l1_loss torch.nn.functional.smooth_l1_loss torch.nn.functional.huber_loss torch.nn.functional.binary_cross_entropy torch.nn.functional.binary_cross_entropy_with_logits torch.nn.functional.kl_div torch.nn.functional.poisson_nll_loss torch.nn.functional.soft_margin_loss torch.nn.functional.hinge_embedding_loss")
def ce(g):
    c = g.int(3, 5); n = g.shape(0, 1); sp = g.shape(0, 2, 3) if n else []
    x = g.t(n + [c] + sp, perm=False)
    return [x, g.t(n + sp, "int64", values=None, perm=False)], ({"reduction": g.pick(["mean", "sum", "none"])} if g.chance(0.6) else {"label_smoothing": {"f": 0.1}} if g.chance(0.4) else {})
reg("torch.nn.functional.cross_entropy", ce); reg("torch.nn.functional.nll_loss", lambda g: (lambda r: (r[0], {k: v for k, v in r[1].items() if k == "reduction"}))(ce(g)))
reg("torch.nn.functional.cosine_similarity torch.cosine_similarity", lambda g: (lambda x: ([x, g.t(x["t"])], {"dim": g.dim(x)}))(g.any(1, 3, ["float32"]))); reg("torch.nn.functional.pairwise_distance", lambda g: [g.t([3, 4]), g.t([3, 4])]); reg("torch.cdist", lambda g: [g.t(g.shape(0, 1) + [3, 4], perm=False), g.t([5, 4], perm=False)]); reg("torch.nn.functional.triplet_margin_loss", lambda g: [g.t([3, 4]), g.t([3, 4]), g.t([3, 4])]); reg("torch.nn.functional.margin_ranking_loss", lambda g: [g.t([3]), g.t([3]), g.t([3])]); reg("torch.nn.functional.gaussian_nll_loss", lambda g: [g.t([3, 2]), g.t([3, 2]), g.t([3, 2], values=[1.0] * 6)]); reg("torch.nn.functional.cosine_embedding_loss", lambda g: [g.t([3, 4]), g.t([3, 4]), g.t([3])]); reg("torch.nn.functional.multilabel_soft_margin_loss", lambda g: [g.t([3, 4]), g.t([3, 4])]); reg("torch.nn.functional.ctc_loss", lambda g: [g.t([6, 2, 5], perm=False), {"t": [2, 3], "d": "int64", "v": [1, 2, 3, 1, 2, 3]}, {"u": [6, 6]}, {"u": [3, 2]}])

# ---- indexing
def index(g, s):
    items, d = [], 0
    n = len(s["t"])
    dots = False
    while d < n and g.chance(0.75):
        u = g.r.random(); e = s["t"][d]
        if u < 0.2: items.append(g.int(-e, e - 1) if e else 0); d += 1
        elif u < 0.45: items.append({"s": [g.pick([None, 0, 1, -2]), g.pick([None, 2, 4, -1]), g.pick([None, 1, 2])]}); d += 1
        elif u < 0.55: items.append(None)
        elif u < 0.62 and not dots: items.append({"e": 1}); dots = True
        elif u < 0.75 and e: items.append({"l": [g.int(-e, e - 1) for _ in range(g.int(1, 3))]}); d += 1
        elif u < 0.9 and e:
            sh = g.shape(0, 2, 3); sh = [max(1, x) for x in sh]
            items.append({"t": sh, "d": "int64", "v": [g.int(-e, e - 1) for _ in range(numel(sh))]}); d += 1
        elif u < 0.96: items.append({"t": [e], "d": "bool", "v": [g.chance(0.5) for _ in range(e)]}); d += 1
        else: items.append(g.chance(0.5))
    return {"u": items} if len(items) != 1 or g.chance(0.5) else items[0]
reg("Tensor.__getitem__", lambda g: [(s := g.any(0, 4, ["float32", "int64"])), index(g, s)])
def setitem(g):
    g.grad = False
    s = g.any(0, 4, ["float32", "int64"])
    return [s, index(g, s), g.num() if g.chance(0.6) else g.t([1], s["d"]) if g.chance(0.5) else g.partner(s)]
reg("Tensor.__setitem__", setitem)
def gather(g):
    s = g.any(1, 3, ["float32", "int64"]); d = g.int(0, len(s["t"]) - 1); sh = [max(0, x - (1 if g.chance(0.3) and x > 1 else 0)) for x in s["t"]]; sh[d] = g.int(1, 4)
    return s, d, {"t": sh, "d": "int64", "v": [0] * numel(sh)}
both("gather", lambda g: list(gather(g))); both("take_along_dim", lambda g: (lambda s, d, i: [s, i, d])(*gather(g)))
def scatter(g):
    s, d, i = gather(g); i["t"][d] = min(i["t"][d], s["t"][d]); i["v"] = [0] * numel(i["t"])
    return [s, d, i, g.t(i["t"], s["d"], perm=False)]
both("scatter scatter_add", scatter); reg("Tensor.scatter_ Tensor.scatter_add_", scatter); both("scatter", lambda g: scatter(g)[:3] + [g.int(0, 2)] if g.chance(0.3) else scatter(g)); both("scatter_reduce", lambda g: scatter(g) + ["sum"])
def isel(g):
    s = g.any(1, 4, ["float32", "int64"]); d = g.int(0, len(s["t"]) - 1); n = g.int(1, 3)
    return s, d, {"t": [n], "d": "int64", "v": [0] * n}
both("index_select", lambda g: list(isel(g)))
def iadd(g):
    s, d, i = isel(g); sh = list(s["t"]); sh[d] = i["t"][0]
    return [s, d, i, g.t(sh, s["d"])]
both("index_add index_copy", iadd); reg("Tensor.index_add_ Tensor.index_copy_", iadd); both("index_fill", lambda g: list(isel(g)) + [g.int(0, 2)])
def mfill(g):
    a = g.any(dtypes=["float32", "int64", "float64"]); m = g.t(a["t"] if g.chance(0.6) else [1 if g.chance(0.4) else d for d in a["t"]], "bool" if g.chance(0.95) else "float32")
    return [a, m, g.num() if g.chance(0.8) else g.t([], a["d"])]
both("masked_fill", mfill); reg("Tensor.masked_fill_", mfill)
both("masked_select", lambda g: (lambda a: [a, {"t": a["t"], "d": "bool", "v": [g.chance(0.5) for _ in range(numel(a["t"]))]}])(g.any(0, 3, ["float32"]))); both("nonzero argwhere", lambda g: [g.t(g.shape(0, 3), "int64", known=True)]); both("take", lambda g: [g.t([3, 4]), {"t": [2, 2], "d": "int64", "v": [0, 3, 5, 11]}])
both("select_scatter", lambda g: [g.t([3, 4]), g.t([4]), 0, 1]); both("masked_scatter", lambda g: [g.t([3, 4]), {"t": [3, 4], "d": "bool", "v": [True] * 12}, g.t([12])])

# ---- linalg and fft
sq = lambda g: g.t(g.shape(0, 2) + [3, 3], g.pick(["float32", "float64"]), perm=False)
reg("torch.linalg.det torch.det torch.logdet torch.linalg.slogdet torch.slogdet torch.linalg.inv torch.inverse torch.linalg.eigvalsh torch.linalg.eigh torch.linalg.eig torch.linalg.eigvals torch.linalg.matrix_exp torch.matrix_exp torch.linalg.pinv torch.pinverse", lambda g: [sq(g)])
reg("torch.linalg.svd torch.linalg.svdvals torch.linalg.qr torch.linalg.matrix_rank torch.linalg.cond", lambda g: [g.t(g.shape(0, 1) + [g.int(1, 4), g.int(1, 4)], "float32", perm=False)])
reg("torch.linalg.solve", lambda g: [g.t([2, 3, 3], perm=False), g.t([2, 3, 2], perm=False)]); reg("torch.linalg.matrix_power torch.matrix_power", lambda g: [sq(g), g.int(0, 4)]); reg("torch.linalg.norm torch.linalg.matrix_norm", lambda g: [g.t([3, 4])]); both("cross", lambda g: ([g.t([2, 3]), g.t([2, 3])], {"dim": -1})); reg("torch.linalg.cross", lambda g: [g.t([2, 3]), g.t([2, 3])])
reg("torch.fft.fft torch.fft.ifft torch.fft.rfft torch.fft.irfft torch.fft.hfft torch.fft.ihfft", lambda g: ([(s := g.any(1, 3, ["float32"]))], {"n": g.int(1, 6)} if g.chance(0.4) else {"dim": g.dim(s, 0)}))
reg("torch.fft.fft2 torch.fft.ifft2 torch.fft.rfft2 torch.fft.irfft2 torch.fft.fftn torch.fft.ifftn torch.fft.rfftn torch.fft.irfftn", lambda g: [g.any(2, 4, ["float32"])])
reg("torch.fft.hfft2 torch.fft.hfftn torch.fft.ihfft2 torch.fft.ihfftn", lambda g: [g.any(2, 4, ["float32"])])
reg("torch.linalg.householder_product torch.orgqr", lambda g: (lambda b: [g.t(b + [4, 3], "float32", perm=False), g.t(b + [g.int(1, 3)], "float32", perm=False)])(g.shape(0, 1)))
reg("torch.linalg.cholesky_ex torch.linalg.inv_ex torch.linalg.lu_factor_ex torch.linalg.ldl_factor torch.geqrf", lambda g: [sq(g)])
reg("torch.linalg.solve_ex", lambda g: [g.t([2, 3, 3], perm=False), g.t([2, 3, 2], perm=False)])
reg("torch.linalg.lu_solve", lambda g: [g.t([3, 3], "float32", perm=False), {"t": [3], "d": "int32", "v": [1, 2, 3]}, g.t([g.pick([3, 3, 2]), 2], "float32", perm=False)])
reg("torch.lu_solve", lambda g: [g.t([3, 2], "float32", perm=False), g.t([3, 3], "float32", perm=False), {"t": [3], "d": "int32", "v": [1, 2, 3]}])
reg("torch.linalg.tensorinv", lambda g: ([g.t([2, 3, 6], "float32", perm=False)], {"ind": g.pick([2, 2, 1, 0])}))
reg("torch.linalg.tensorsolve", lambda g: [g.t([2, 3, 6], "float32", perm=False), g.t([2, g.pick([3, 3, 4])], "float32", perm=False)])
reg("torch.spmm", lambda g: list(mm(g)[:2]))
reg(" ".join(f"torch.special.{n}chebyshev_polynomial_{k}" for n in ("", "shifted_") for k in "tuvw") , lambda g: [g.any(0, 3, ["float32"]), g.int(0, 3)])
reg("torch.special.scaled_modified_bessel_k0 torch.special.scaled_modified_bessel_k1", lambda g: [g.any()])
reg("torch.fft.fftshift torch.fft.ifftshift", lambda g: [g.any(1, 3, ["float32"])]); reg("torch.fft.fftfreq torch.fft.rfftfreq", lambda g: [g.int(1, 6)])
reg("torch.stft", lambda g: ([g.t([2, 40], perm=False), 8], {"hop_length": g.int(2, 4), "return_complex": True, "window": {"t": [8], "d": "float32"}, "center": g.chance(0.7)}))
reg("torch.polar torch.complex", lambda g: (lambda s: [s, g.t(s["t"], s["d"])])(g.any(0, 3, ["float32", "float64"])))
