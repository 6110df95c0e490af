"""A Llama-3-style decoder with grouped-query attention, written the wasteful way.

It computes what Llama 3 8B computes, and every line of it looks reasonable. EcoCompute
shows what five of its habits cost, and fixes them: ECO100, ECO102, ECO150, ECO161, ECO300.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class LlamaConfig:
    vocab_size: int = 128_256
    dim: int = 4096
    n_layers: int = 32
    n_heads: int = 32
    n_kv_heads: int = 8
    hidden_dim: int = 14_336
    norm_eps: float = 1e-5
    rope_theta: float = 500_000.0
    dtype: torch.dtype = torch.bfloat16


class RMSNorm(nn.Module):
    def __init__(self, dim: int, eps: float, dtype: torch.dtype):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim, dtype=dtype))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = x.float()
        h = h * torch.rsqrt(h.pow(2).mean(-1, keepdim=True) + self.eps)
        return self.weight * h.type_as(x)


def rope_table(seq_len: int, head_dim: int, theta: float, device: torch.device):
    """Cosines and sines of the rotary positions, each (seq_len, head_dim)."""
    freqs = theta ** (-torch.arange(0, head_dim, 2, device=device).float() / head_dim)
    angles = torch.outer(torch.arange(seq_len, device=device).float(), freqs)
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos(), angles.sin()


def apply_rope(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotates x of shape (batch, heads, seq_len, head_dim)."""
    left, right = x.chunk(2, dim=-1)
    rotated = torch.cat((-right, left), dim=-1)
    return (x * cos + rotated * sin).type_as(x)


class Attention(nn.Module):
    def __init__(self, cfg: LlamaConfig):
        super().__init__()
        self.n_heads = cfg.n_heads
        self.n_kv_heads = cfg.n_kv_heads
        self.n_rep = cfg.n_heads // cfg.n_kv_heads
        self.head_dim = cfg.dim // cfg.n_heads
        self.wq = nn.Linear(cfg.dim, cfg.n_heads * self.head_dim, bias=False, dtype=cfg.dtype)
        self.wk = nn.Linear(cfg.dim, cfg.n_kv_heads * self.head_dim, bias=False, dtype=cfg.dtype)
        self.wv = nn.Linear(cfg.dim, cfg.n_kv_heads * self.head_dim, bias=False, dtype=cfg.dtype)
        self.wo = nn.Linear(cfg.n_heads * self.head_dim, cfg.dim, bias=False, dtype=cfg.dtype)

    def forward(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        batch, seq_len, _ = x.shape
        q = self.wq(x).view(batch, seq_len, self.n_heads, self.head_dim).transpose(1, 2)
        k = self.wk(x).view(batch, seq_len, self.n_kv_heads, self.head_dim).transpose(1, 2)
        v = self.wv(x).view(batch, seq_len, self.n_kv_heads, self.head_dim).transpose(1, 2)
        q, k = apply_rope(q, cos, sin), apply_rope(k, cos, sin)

        # n_rep query heads share one key and value head
        k = k.repeat_interleave(self.n_rep, dim=1)
        v = v.repeat_interleave(self.n_rep, dim=1)

        scores = torch.matmul(q, k.transpose(-2, -1)) * self.head_dim**-0.5
        future = torch.ones(seq_len, seq_len, dtype=torch.bool, device=x.device).triu(1)
        scores = scores.masked_fill(future, float("-inf"))
        weights = F.softmax(scores, dim=-1, dtype=torch.float32).type_as(q)
        out = torch.matmul(weights, v)

        return self.wo(out.transpose(1, 2).reshape(batch, seq_len, -1))


class FeedForward(nn.Module):
    """SwiGLU."""

    def __init__(self, cfg: LlamaConfig):
        super().__init__()
        self.w1 = nn.Linear(cfg.dim, cfg.hidden_dim, bias=False, dtype=cfg.dtype)
        self.w2 = nn.Linear(cfg.hidden_dim, cfg.dim, bias=False, dtype=cfg.dtype)
        self.w3 = nn.Linear(cfg.dim, cfg.hidden_dim, bias=False, dtype=cfg.dtype)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.w2(F.silu(self.w1(x)) * self.w3(x))


class Block(nn.Module):
    def __init__(self, cfg: LlamaConfig):
        super().__init__()
        self.attention_norm = RMSNorm(cfg.dim, cfg.norm_eps, cfg.dtype)
        self.attention = Attention(cfg)
        self.ffn_norm = RMSNorm(cfg.dim, cfg.norm_eps, cfg.dtype)
        self.ffn = FeedForward(cfg)

    def forward(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.attention_norm(x), cos, sin)
        return x + self.ffn(self.ffn_norm(x))


# eco: tokens=(1,2048) int64
class Llama(nn.Module):
    def __init__(self, cfg: LlamaConfig):
        super().__init__()
        self.cfg = cfg
        self.embedding = nn.Embedding(cfg.vocab_size, cfg.dim, dtype=cfg.dtype)
        self.layers = nn.ModuleList([Block(cfg) for _ in range(cfg.n_layers)])
        self.norm = RMSNorm(cfg.dim, cfg.norm_eps, cfg.dtype)
        self.lm_head = nn.Linear(cfg.dim, cfg.vocab_size, bias=False, dtype=cfg.dtype)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Logits of the token that follows: (batch, seq_len) -> (batch, vocab_size)."""
        head_dim = self.cfg.dim // self.cfg.n_heads
        cos, sin = rope_table(tokens.shape[1], head_dim, self.cfg.rope_theta, tokens.device)
        h = self.embedding(tokens)
        for layer in self.layers:
            h = layer(h, cos, sin)
        logits = self.lm_head(self.norm(h))
        return logits[:, -1]


def next_token(model: Llama, tokens: torch.Tensor) -> torch.Tensor:
    """Prefill: the most likely token after `tokens`, (batch, 1)."""
    model.eval()
    logits = model(tokens)
    return logits.argmax(dim=-1, keepdim=True)


def main() -> None:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    with device:
        model = Llama(LlamaConfig())
        prompt = torch.randint(0, model.cfg.vocab_size, (1, 2048))
    print(next_token(model, prompt))


if __name__ == "__main__":
    main()
