"""Random, seeded calls of operators, run by real PyTorch and written as JSON lines.

  generate.py --seed 1 --count 1000 [--only NAME] [--names FILE]   new cases, with this PyTorch's answers
  generate.py --replay CASES.jsonl                                 answers of this PyTorch for recorded cases

A case: {"op", "a": args, "k": kwargs, "g": grad mode}. Values: ints, strings, bools and null as in JSON;
{"f": x} float; {"t": shape, "d": dtype, "p": permutation, "v": values, "g": 1} tensor; {"l": [...]} list;
{"u": [...]} tuple; {"dt": name} dtype; {"s": [start, stop, step]} slice; {"e": 1} Ellipsis; {"mf": name} memory
format. An answer: {"o": outputs, "n": kernels that are not views, "b": bytes read and written by them,
"F": FLOPs, "B": backward FLOPs} or {"x": exception type}.
"""
import argparse, json, math, random, re, sys, warnings
import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
import os
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cases import Gen, TABLE

V2 = int(torch.__version__.split(".")[0]) >= 2


def prod(xs):
    r = 1
    for x in xs: r *= int(x)
    return r


def conv(a, o):
    x, w = a[0], a[1]
    return x.shape[0] * prod((x.shape if a[6] else o.shape)[2:]) * prod(w.shape) * 2


def conv_back(a, o):
    go, x, w, tr, mask = a[0], a[1], a[2], a[7], a[10]
    n = 0
    if mask[0]: n += go.shape[0] * prod((go.shape if not tr else x.shape)[2:]) * prod(w.shape) * 2
    if mask[1]:
        if tr: n += prod(w.shape[2:]) * go.shape[1] * prod(x.shape) * 2
        else: n += prod(w.shape[2:]) * x.shape[1] * prod(go.shape) * 2
    return n


def sdpa(a, o):
    q, k, v = a[:3]
    return 2 * prod(q.shape[:3]) * k.shape[2] * (q.shape[3] + v.shape[3])


def sdpa_back(a, o):
    # as the composite on the meta device counts: four products, without the scores that a fused kernel forms again
    q, k, v = a[1:4]
    return 2 * prod(q.shape[:3]) * k.shape[2] * (2 * q.shape[3] + 2 * v.shape[3])


FLOPS = {
    "mm": lambda a, o: 2 * a[0].shape[0] * a[0].shape[1] * a[1].shape[1],
    "addmm": lambda a, o: 2 * a[1].shape[0] * a[1].shape[1] * a[2].shape[1],
    "bmm": lambda a, o: 2 * a[0].shape[0] * a[0].shape[1] * a[0].shape[2] * a[1].shape[2],
    "baddbmm": lambda a, o: 2 * a[1].shape[0] * a[1].shape[1] * a[1].shape[2] * a[2].shape[2],
    "convolution": conv, "_convolution": conv, "convolution_backward": conv_back,
    "_scaled_dot_product_flash_attention_for_cpu": sdpa, "_scaled_dot_product_flash_attention_for_cpu_backward": sdpa_back,
}
FLOPS["baddbmm_"] = FLOPS["baddbmm"]; FLOPS["addmm_"] = FLOPS["addmm"]
# these depend on the values of tensors, which static analysis does not have, or on the CPU's libraries
DATA = re.compile(r"ZeroDivision|out of bounds|invalid max index|probability tensor|p_in >= 0|all elements of input should|idx < num_embeddings|Class values must|MKL FFT|singular|index out of range|not positive|normal expects|mkldnn|invalid multinomial|all elements of target|valid range")
ALLOC = {"empty", "empty_like", "new_empty", "empty_strided", "new_empty_strided", "_unsafe_view", "_reshape_alias", "detach",
         "alias", "lift_fresh", "lift", "_conj", "_neg_view", "set_", "resize_"}


class Mode(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.names, self.bytes, self.flops, self.quiet = [], 0, 0, False

    def __torch_dispatch__(self, f, types, args=(), kwargs=None):
        out = f(*args, **(kwargs or {}))
        name = f._schema.name.split("::")[-1]
        self.flops += FLOPS[name](list(args) + [False] * 12, out) if name in FLOPS else 0
        if self.quiet or name in ALLOC or any(r.alias_info is not None and not r.alias_info.is_write for r in f._schema.returns):
            return out
        self.names.append(name)
        for t in tree_flatten((args, kwargs or {}))[0] + tree_flatten(out)[0]:
            if isinstance(t, torch.Tensor): self.bytes += t.numel() * t.element_size()
        return out


def value_of(spec, made):
    if isinstance(spec, dict):
        if "f" in spec: return float(spec["f"])
        if "t" in spec:
            t = tensor_of(spec)
            made.append(t)
            return t
        if "l" in spec: return [value_of(s, made) for s in spec["l"]]
        if "u" in spec: return tuple(value_of(s, made) for s in spec["u"])
        if "dt" in spec: return getattr(torch, spec["dt"])
        if "mf" in spec: return getattr(torch, spec["mf"])
        if "s" in spec: return slice(*[value_of(s, made) for s in spec["s"]])
        if "e" in spec: return Ellipsis
        raise ValueError(spec)
    return spec


def tensor_of(spec):
    shape, dt = spec["t"], getattr(torch, spec["d"])
    perm = spec.get("p")
    base = [shape[perm.index(i)] for i in range(len(shape))] if perm else shape
    if "v" in spec: t = torch.tensor(spec["v"], dtype=dt).reshape(base)
    elif dt.is_floating_point or dt.is_complex: t = torch.rand(base).to(dt) if not dt.is_complex else torch.rand(base, dtype=dt)
    elif dt == torch.bool: t = torch.rand(base) > 0.5
    else: t = torch.randint(0, 3, base).to(dt)
    if perm: t = t.permute(perm)
    if spec.get("g"): t.requires_grad_(True)
    return t


def encode(o):
    if isinstance(o, torch.Tensor):
        r = {"t": list(o.shape), "d": str(o.dtype)[6:], "s": list(o.stride())}
        if o.requires_grad: r["g"] = 1
        if o.numel() <= 24 and not o.is_complex() and not o.requires_grad:
            r["v"] = [None if (isinstance(x, float) and not math.isfinite(x)) else x for x in o.detach().double().flatten().tolist()] if o.dtype != torch.bool else [int(x) for x in o.flatten().tolist()]
        return r
    if isinstance(o, torch.Size): return {"u": list(o)}
    if isinstance(o, (list, tuple)): return {"u": [encode(x) for x in o]}
    if isinstance(o, float): return {"f": o if math.isfinite(o) else None}
    if isinstance(o, torch.dtype): return {"dt": str(o)[6:]}
    if o is None or isinstance(o, (bool, int, str)): return o
    return {"?": type(o).__name__}


def lookup(name):
    if name == "Tensor.__getitem__": return lambda t, i: t[i]
    if name == "Tensor.__setitem__":
        def setitem(t, i, v):
            t[i] = v
            return t
        return setitem
    obj = torch
    for part in (["Tensor", name[7:]] if name.startswith("Tensor.") else name[6:].split(".")):
        if not hasattr(obj, part): return None
        obj = getattr(obj, part)
    return obj


def answer(case):
    fn = lookup(case["op"])
    if fn is None: return None
    # PyTorch 1.13 hands bools to dispatch modes as ints, and its oneDNN gives wrong extents to bfloat16 transposed convolutions
    if not V2 and (any(isinstance(x, bool) for x in case["a"]) or any(isinstance(v, bool) for k, v in case.get("k", {}).items() if k in ("min", "max", "value"))): return {"skip": "bool"}
    if not V2 and "conv_transpose" in case["op"] and case["a"][0]["d"] == "bfloat16": return {"skip": "oneDNN"}
    torch.manual_seed(0)
    made = []
    grad = bool(case.get("g"))
    try:
        args = [value_of(x, made) for x in case["a"]]
        kwargs = {k: value_of(v, made) for k, v in case.get("k", {}).items()}
    except Exception as e:
        return {"skip": str(e)}
    mode = Mode()
    try:
        with torch.set_grad_enabled(grad), mode:
            out = fn(*args, **kwargs)
    except NotImplementedError as e:
        # a kernel this build lacks says nothing about the call
        return {"skip": str(e)[:80]}
    except Exception as e:
        text = str(e)
        if "not implemented for" in text and (not V2 or "Half" in text or "BFloat16" in text): return {"skip": text[:80]}
        if DATA.search(text): return {"skip": text[:80]}
        return {"x": type(e).__name__, "m": text[:160].split("\n")[0]}
    if out is NotImplemented: return {"x": "TypeError"}
    r = {"o": encode(out), "n": mode.names, "b": mode.bytes, "F": mode.flops}
    if grad:
        outs = [t for t in tree_flatten(out)[0] if isinstance(t, torch.Tensor) and t.requires_grad]
        if outs:
            back = Mode()
            try:
                total = sum((t.abs() if t.is_complex() else t).sum() for t in outs)
                with back: total.backward()
                r["B"] = back.flops
            except Exception: pass
    return r


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--count", type=int, default=1000)
    ap.add_argument("--only", default="")
    ap.add_argument("--replay")
    ap.add_argument("--names", help="operators the catalogue declares, one per line: each gets its turn")
    a = ap.parse_args()
    if a.replay:
        for line in open(a.replay):
            case = json.loads(line)
            print(json.dumps(answer(case)), flush=False)
        return
    names = [n for n in TABLE if a.only in n]
    if a.names:
        declared = set(open(a.names).read().split())
        names = [n for n in names if n in declared]
    names = [n for n in names if lookup(n) is not None]
    rng = random.Random(a.seed)
    done = 0
    while done < a.count:
        name = names[done % len(names)] if a.count >= len(names) else rng.choice(names)
        g = Gen(rng)
        made = TABLE[name](g)
        args, kwargs = made if isinstance(made, tuple) else (made, {})
        case = {"op": name, "a": args}
        if kwargs: case["k"] = kwargs
        if g.grad: case["g"] = 1
        r = answer(case)
        done += 1
        if r is None or "skip" in r: continue
        print(json.dumps({**case, "r": r}))


if __name__ == "__main__":
    main()
