"""Gradients of four batches make one step; norms are clipped."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

ACCUMULATION = 4


def train(epochs=2):
    model = nn.Sequential(nn.Linear(32, 128), nn.GELU(), nn.Linear(128, 32))
    loader = DataLoader(TensorDataset(torch.randn(128, 32), torch.randn(128, 32)), batch_size=8)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for _ in range(epochs):
        for i, (x, y) in enumerate(loader):
            loss = nn.functional.mse_loss(model(x), y) / ACCUMULATION
            loss.backward()
            if (i + 1) % ACCUMULATION == 0:
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)


if __name__ == '__main__':
    train()
