import torch
import torch.nn.functional as F


def repeat_kv(x, n_rep):
    b, h, s, d = x.shape
    return x[:, :, None, :, :].expand(b, h, n_rep, s, d).reshape(b, h * n_rep, s, d)


def interleave(q, k, v):
    k = k.repeat_interleave(4, dim=1)
    v = v.repeat_interleave(4, dim=1)
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)  # seen: attention bfloat16 1x32x512x128


def helper(q, k, v):
    keys, values = repeat_kv(k, 4), repeat_kv(v, 4)
    return F.scaled_dot_product_attention(q, keys, values)  # seen: attention bfloat16 1x32x512x128


def grouped():
    return [torch.randn(2, heads, 96, 16) for heads in (8, 2, 2)]


CASES = {"interleave": (lambda: interleave, grouped), "helper": (lambda: helper, grouped)}
