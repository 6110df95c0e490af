# --- residual_of_another_width
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(64, 128, 3, padding=1)
        self.conv2 = nn.Conv2d(128, 128, 3, padding=1)

    def forward(self, x):
        out = torch.relu(self.conv1(x))
        out = self.conv2(out)
        return torch.relu(out + x)


Block()(torch.randn(1, 64, 16, 16))
# --- residual_of_one_width
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(64, 128, 3, padding=1)
        self.conv2 = nn.Conv2d(128, 64, 3, padding=1)

    def forward(self, x):
        out = torch.relu(self.conv1(x))
        out = self.conv2(out)
        return torch.relu(out + x)


Block()(torch.randn(1, 64, 16, 16))
# --- gate_of_another_width
import torch
from torch import nn


class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Linear(64, 256)
        self.gate = nn.Linear(64, 128)

    def forward(self, x):
        a = self.up(x)
        g = torch.sigmoid(self.gate(x))
        return a * g


Gated()(torch.randn(2, 64))
# --- gate_of_one_width
import torch
from torch import nn


class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Linear(64, 256)
        self.gate = nn.Linear(64, 256)

    def forward(self, x):
        a = self.up(x)
        g = torch.sigmoid(self.gate(x))
        return a * g


Gated()(torch.randn(2, 64))
# --- positions_longer_than_the_model
import torch
from torch import nn


class Embedder(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(100, 32)
        self.positions = nn.Parameter(torch.zeros(1, 49, 32))

    def forward(self, tokens):
        return self.tokens(tokens) + self.positions


Embedder()(torch.randint(0, 100, (2, 49)))
# --- positions_of_another_width
import torch
from torch import nn


class Embedder(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(100, 32)
        self.positions = nn.Embedding(512, 48)

    def forward(self, tokens):
        steps = torch.arange(tokens.shape[1])
        return self.tokens(tokens) + self.positions(steps)


Embedder()(torch.randint(0, 100, (2, 49)))
# --- mask_added_to_scores
import torch
from torch import nn


class Causal(nn.Module):
    def __init__(self):
        super().__init__()
        self.qk = nn.Linear(32, 64)
        self.register_buffer('mask', torch.ones(128, 128).tril())

    def forward(self, x):
        q, k = self.qk(x).chunk(2, dim=-1)
        scores = q @ k.transpose(-2, -1)
        t = x.shape[1]
        return scores.masked_fill(self.mask[:t, :t] == 0, float('-inf')).softmax(-1)


Causal()(torch.randn(2, 12, 32))
# --- expand_to_another_size
import torch
from torch import nn


class Queries(nn.Module):
    def __init__(self):
        super().__init__()
        self.queries = nn.Parameter(torch.randn(4, 32))
        self.proj = nn.Linear(32, 32)

    def forward(self, x):
        q = self.queries.expand(8, 32)
        return self.proj(x) @ q.T


Queries()(torch.randn(2, 32))
# --- time_embedding_is_a_vector
import torch
from torch import nn


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, padding=1)
        self.time = nn.Linear(16, 32)
        self.register_buffer('freqs', torch.arange(8).float())

    def forward(self, x, t):
        angles = t[:, None] * self.freqs[None, :]
        emb = self.time(torch.cat([angles.sin(), angles.cos()], dim=-1))
        return self.conv(x) + emb[:, :, None, None]


Denoiser()(torch.randn(2, 3, 32, 32), torch.rand(2))
# --- time_embedding_of_another_width
import torch
from torch import nn


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, padding=1)
        self.time = nn.Linear(16, 48)

    def forward(self, x):
        emb = self.time(torch.zeros(1, 16))
        return self.conv(x) + emb[:, :, None, None]


Denoiser()(torch.randn(2, 3, 32, 32))
# --- pooling_of_a_pair
import torch
from torch import nn


class SequencePooling(nn.Module):
    def __init__(self, mode='mean', supports_masking=False):
        super().__init__()
        self.mode = mode
        self.supports_masking = supports_masking

    def forward(self, seq_value_len_list):
        if self.supports_masking:
            embedded, mask = seq_value_len_list
            mask = mask.float().unsqueeze(2)
        else:
            embedded, lengths = seq_value_len_list
            row = torch.arange(0, embedded.shape[1], 1).to(lengths.device)
            mask = torch.transpose(row < torch.unsqueeze(lengths, dim=-1), 1, 2)
        mask = torch.repeat_interleave(mask, embedded.shape[-1], dim=2)
        hist = embedded * mask.float()
        return torch.sum(hist, dim=1, keepdim=True)


SequencePooling()((torch.randn(2, 7, 5), torch.tensor([[3], [7]])))
