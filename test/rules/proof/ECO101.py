import torch
import torch.nn.functional as F


def boolean(q, k, v):
    S = q.size(-2)
    mask = torch.ones(S, S, dtype=torch.bool, device=q.device).tril()
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


def additive(q, k, v):
    S = q.size(-2)
    mask = torch.triu(torch.full((S, S), float("-inf")), diagonal=1)
    return F.scaled_dot_product_attention(q, k, v, mask)


def inverted(q, k, v):
    S = q.size(-2)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=~torch.ones(S, S, dtype=torch.bool).triu(1), scale=0.3)


def three():
    return [torch.randn(2, 4, 64, 16) for _ in range(3)]


CASES = {"boolean": (lambda: boolean, three), "additive": (lambda: additive, three), "inverted": (lambda: inverted, three)}
