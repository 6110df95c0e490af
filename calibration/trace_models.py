"""Writes data/model_kernels.json: the kernels that the measured models launch, counted by PyTorch on the meta device.

Run with a Python that has torch, timm and transformers: python calibration/trace_models.py
Each kernel is [count, kind, fields, flops, elementwise, elements, weight_elements]; every number that
depends on the batch is [constant, per_sample], from two traces. `elements` counts tensor elements read
and written, so that bytes follow from the element size of the measured run.
"""
import json
import os
import sys

import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import conv_flop_count

# torchvision without its compiled operators still registers shapes for them: declare them so that it imports.
_operators = torch.library.Library("torchvision", "DEF")
try:
    for _name in ("nms", "qnms"):
        _operators.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
except RuntimeError:
    pass  # it has them

VIEWS = {
    "view", "_unsafe_view", "t", "transpose", "permute", "expand", "slice", "select", "unsqueeze", "squeeze", "split",
    "split_with_sizes", "detach", "as_strided", "alias", "unbind", "reshape", "chunk", "unfold", "diagonal", "lift_fresh",
    "empty", "empty_like", "new_empty", "size", "view_as_real", "view_as_complex", "_reshape_alias", "unsafe_split", "real", "imag",
}
PATTERNS = {
    "_softmax": "softmax", "native_layer_norm": "norm", "native_group_norm": "norm", "_native_batch_norm_legit": "norm",
    "cudnn_batch_norm": "norm", "mean": "reduction", "sum": "reduction", "amax": "reduction", "var_mean": "reduction",
    "max_pool2d_with_indices": "pool", "avg_pool2d": "pool", "_adaptive_avg_pool2d": "pool", "cat": "copy", "clone": "copy",
    "copy_": "copy", "_to_copy": "copy", "contiguous": "copy", "stack": "copy", "embedding": "gather", "index": "gather",
    "gather": "gather", "index_select": "gather", "constant_pad_nd": "copy", "roll": "copy", "arange": "factory",
    "full": "factory", "zeros": "factory", "ones": "factory", "scalar_tensor": "factory", "rms_norm": "norm",
}


def tensors(tree):
    if isinstance(tree, torch.Tensor):
        return [tree]
    if isinstance(tree, (list, tuple)):
        return [t for x in tree for t in tensors(x)]
    if isinstance(tree, dict):
        return [t for x in tree.values() for t in tensors(x)]
    return []


class Recorder(TorchDispatchMode):
    def __init__(self, weights):
        super().__init__()
        self.rows = []
        self.weights = weights

    def add(self, kind, fields, flops, elementwise, ins, outs):
        w = sum(t.numel() for t in ins if id(t) in self.weights or (t._base is not None and id(t._base) in self.weights))
        self.rows.append((kind, tuple(fields), flops, elementwise, sum(t.numel() for t in ins) + sum(t.numel() for t in outs), w))

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        name = func._schema.name.split("::")[1]
        if name in VIEWS:
            return out
        ins, outs = tensors(args) + tensors(kwargs or {}), tensors(out)
        if name == "_native_batch_norm_legit_no_training":
            outs = outs[:1]
        if name in ("mm", "addmm"):
            a, b = args[-2:] if name == "mm" else args[1:3]
            m, k, n = a.shape[0], a.shape[1], b.shape[1]
            self.add("gemm", (1, m, n, k), 2 * m * n * k, 0, ins, outs)
        elif name in ("bmm", "baddbmm"):
            a, b = args[-2:] if name == "bmm" else args[1:3]
            bt, m, k, n = a.shape[0], a.shape[1], a.shape[2], b.shape[2]
            self.add("gemm", (bt, m, n, k), 2 * bt * m * n * k, 0, ins, outs)
        elif name == "convolution":
            x, w, groups = args[0], args[1], args[8]
            flops = conv_flop_count(x.shape, w.shape, out.shape, transposed=args[6])
            m = out.shape[0] * out[0, 0].numel()
            n, k = w.shape[0] // groups, w[0].numel()
            depthwise = int(groups > 1 and w.shape[1] == 1)
            self.add("conv", (groups, m, n, k, w[0, 0].numel(), depthwise), flops, 0, ins, outs)
        elif name == "embedding":
            self.add("gather", (out[..., 0].numel(), out.shape[-1]), 0, 0, [args[1], out], [out])
        else:
            pattern = PATTERNS.get(name, "elementwise")
            big = max(outs + ins, key=lambda t: t.numel())
            cols = big.shape[-1] if pattern in ("softmax", "norm") and big.ndim else 1
            self.add(pattern, (big.numel() // max(cols, 1), cols), 0, big.numel(), ins, outs)
        return out


def record(build, run):
    model = build()
    weights = {id(p) for p in model.parameters()} | {id(b) for b in model.buffers()}
    traces = []
    original = F.scaled_dot_product_attention
    for batch in (2, 3):
        rec = Recorder(weights)

        def sdpa(q, k, v, attn_mask=None, dropout_p=0.0, is_causal=False, **_):
            heads = q.shape[0] * (q.shape[1] if q.ndim > 3 else 1)
            s, t, d, dv = q.shape[-2], k.shape[-2], q.shape[-1], v.shape[-1]
            out = q.new_empty(*q.shape[:-1], dv)
            rec.add("attention", (heads, s, t, d, dv), 2 * heads * s * t * (d + dv), 0, [q, k, v], [out])
            return out

        F.scaled_dot_product_attention = sdpa
        try:
            with torch.no_grad(), rec:
                run(model, batch)
        finally:
            F.scaled_dot_product_attention = original
        traces.append(rec.rows)
    a, b = traces
    assert len(a) == len(b), "the two traces differ"

    def linear(x, y):
        slope = y - x
        return [x - 2 * slope, slope]

    merged = {}
    for x, y in zip(a, b):
        assert x[0] == y[0]
        fields = [linear(p, q) for p, q in zip(x[1], y[1])]
        key = json.dumps([x[0], fields, *[linear(x[i], y[i]) for i in range(2, 6)]])
        merged[key] = merged.get(key, 0) + 1
    params = sum(p.numel() for p in model.parameters())
    return {"params": params, "kernels": [[count, *json.loads(key)] for key, count in merged.items()]}


def timm_model(name, size):
    import timm

    return record(lambda: timm.create_model(name).eval().to("meta"), lambda m, b: m(torch.empty(b, 3, size, size, device="meta")))


def transformer(config, seq, cls):
    import transformers as hf

    def run(model, b):
        # With a mask the model does not look into the (absent) content of the position ids.
        ids = torch.zeros(b, seq, dtype=torch.long, device="meta")
        if cls is hf.GPT2LMHeadModel:
            model(ids, attention_mask=torch.zeros(b, 1, seq, seq, device="meta"))
        else:
            model(ids)

    def build():
        with torch.device("meta"):
            return cls(config).eval()

    return record(build, run)


def decode_step(config, cls, past):
    """One token with a cache of `past` tokens: what `generate()` runs per token."""
    import transformers as hf

    def run(model, b):
        cache = hf.DynamicCache()
        for layer in range(config.num_hidden_layers):
            shape = (b, config.num_key_value_heads, past, config.hidden_size // config.num_attention_heads)
            cache.update(torch.empty(shape, device="meta"), torch.empty(shape, device="meta"), layer)
        ids = torch.zeros(b, 1, dtype=torch.long, device="meta")
        if cls is hf.BloomForCausalLM:
            model(ids, past_key_values=cache, use_cache=True, attention_mask=torch.ones(b, past + 1, device="meta"))
            return
        model(ids, past_key_values=cache, use_cache=True, position_ids=torch.zeros(b, 1, dtype=torch.long, device="meta"), attention_mask=torch.zeros(b, 1, 1, past + 1, device="meta"))

    def build():
        with torch.device("meta"):
            return cls(config).eval()

    return record(build, run)


def main():
    import transformers as hf

    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    rows = [line.split("\t") for f in ("rows_core.tsv", "rows_extended.tsv") for line in open(os.path.join(folder, f))][1:]
    vision = sorted({(r[2], int(r[7])) for r in rows if r[1].startswith("timm")})
    vision += [("resnet18", 224), ("resnet50", 224)]
    out = {}
    for name, size in vision:
        key = f"{name}@{size}"
        if key in out:
            continue
        try:
            out[key] = timm_model(name, size)
            print(key, len(out[key]["kernels"]))
        except Exception as error:  # noqa: BLE001 - a model that cannot be traced is named and left out
            print(key, "left out:", repr(error)[:200], file=sys.stderr)
    eager = {"attn_implementation": "eager"}
    gpt = lambda layers, width, heads, seq: hf.GPT2Config(n_layer=layers, n_embd=width, n_head=heads, n_positions=seq, use_cache=False, **eager)
    bert = lambda layers, width, heads, ffn: hf.BertConfig(num_hidden_layers=layers, hidden_size=width, num_attention_heads=heads, intermediate_size=ffn, **eager)
    opt = hf.OPTConfig(hidden_size=2048, ffn_dim=8192, num_hidden_layers=24, num_attention_heads=32, word_embed_proj_dim=2048, use_cache=False, **eager)
    jobs = {
        "bert_large@512": (bert(24, 1024, 16, 4096), 512, hf.BertModel),
        "bert_large@384": (bert(24, 1024, 16, 4096), 384, hf.BertModel),
        "bert_base@384": (bert(12, 768, 12, 3072), 384, hf.BertModel),
        "gpt2_large@1024": (gpt(36, 1280, 20, 1024), 1024, hf.GPT2LMHeadModel),
        "gpt3_xl@2048": (gpt(24, 3072, 24, 2048), 2048, hf.GPT2LMHeadModel),
        "gpt3_27@2048": (gpt(32, 2560, 32, 2048), 2048, hf.GPT2LMHeadModel),
        "opt_13@2048": (opt, 2048, hf.OPTForCausalLM),
    }
    for key, (config, seq, cls) in jobs.items():
        try:
            out[key] = transformer(config, seq, cls)
            print(key, len(out[key]["kernels"]), out[key]["params"])
        except Exception as error:  # noqa: BLE001
            print(key, "left out:", repr(error)[:300], file=sys.stderr)
    llama = hf.LlamaConfig(**eager)
    llama.num_key_value_heads = llama.num_attention_heads
    out["llama_7b@decode256"] = decode_step(llama, hf.LlamaForCausalLM, 256)
    # Other decoders: how many kernels a layer launches, from the slope between two depths.
    for name, make in {
        "neox": lambda n: (hf.GPTNeoXConfig(num_hidden_layers=n, hidden_size=1024, num_attention_heads=16, vocab_size=1000, **eager), hf.GPTNeoXForCausalLM),
        "bloom": lambda n: (hf.BloomConfig(n_layer=n, hidden_size=1024, n_head=16, vocab_size=1000, **eager), hf.BloomForCausalLM),
    }.items():
        totals = []
        for depth in (4, 8):
            config, cls = make(depth)
            config.num_key_value_heads = config.num_attention_heads
            totals.append(sum(k[0] for k in decode_step(config, cls, 64)["kernels"]))
        print(name, "kernels per layer in a decode step", (totals[1] - totals[0]) / 4)
    print("llama decode", sum(k[0] for k in out["llama_7b@decode256"]["kernels"]), "kernels")
    with open(os.path.join(folder, "model_kernels.json"), "w") as f:
        f.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in out.items()) + "\n}\n")


main()
