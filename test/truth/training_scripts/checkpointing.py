"""Blocks are run again in the backward pass."""
import torch
import torch.nn as nn
from torch.utils.checkpoint import checkpoint, checkpoint_sequential


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.up = nn.Linear(d, 4 * d)
        self.down = nn.Linear(4 * d, d)

    def forward(self, x):
        return x + self.down(torch.nn.functional.silu(self.up(self.norm(x))))


class Model(nn.Module):
    def __init__(self, d=24, depth=3):
        super().__init__()
        self.embed = nn.Embedding(50, d)
        self.blocks = nn.ModuleList(Block(d) for _ in range(depth))
        self.tail = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, d), nn.ReLU())
        self.head = nn.Linear(d, 50)

    def forward(self, tokens):
        x = self.embed(tokens)
        for block in self.blocks:
            x = checkpoint(block, x, use_reentrant=False)
        return self.head(checkpoint_sequential(self.tail, 2, x, use_reentrant=False))


def main(steps=12):
    model = Model()
    opt = torch.optim.RMSprop(model.parameters(), lr=1e-4)
    for step in range(steps):
        tokens = torch.randint(0, 50, (2, 8))
        loss = nn.functional.cross_entropy(model(tokens).flatten(0, 1), tokens.flatten())
        opt.zero_grad()
        loss.backward()
        opt.step()


main()
