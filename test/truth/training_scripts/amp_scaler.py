"""Mixed precision with a loss scaler, gradients unscaled before they are clipped."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

device = 'cuda' if torch.cuda.is_available() else 'cpu'


class Encoder(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(width, 4, 64, batch_first=True, dropout=0.0)
        self.head = nn.Linear(width, 5)

    def forward(self, x):
        return self.head(self.layer(x).mean(dim=1))


def train_one_epoch(model, loader, optimizer, scaler, criterion):
    model.train()
    for x, y in loader:
        x, y = x.to(device, non_blocking=True), y.to(device, non_blocking=True)
        optimizer.zero_grad()
        with torch.autocast(device_type=device, dtype=torch.bfloat16):
            loss = criterion(model(x), y)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()


def run():
    model = Encoder().to(device)
    loader = DataLoader(TensorDataset(torch.randn(24, 10, 32), torch.randint(5, (24,))), batch_size=4)
    optimizer = torch.optim.Adam(model.parameters(), weight_decay=1e-4)
    scaler = torch.amp.GradScaler(device)
    for epoch in range(2):
        train_one_epoch(model, loader, optimizer, scaler, nn.CrossEntropyLoss(label_smoothing=0.1))


if __name__ == '__main__':
    run()
