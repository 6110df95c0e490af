"""A teacher without gradients, a student with two losses."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
from tqdm import tqdm


def mlp(width):
    return nn.Sequential(nn.Flatten(), nn.Linear(64, width), nn.ReLU(), nn.Linear(width, 10))


class Distiller:
    def __init__(self, teacher, student, T=2.0, alpha=0.5):
        self.teacher = teacher.eval()
        self.student = student
        self.T = T
        self.alpha = alpha
        self.optimizer = torch.optim.AdamW(student.parameters(), lr=1e-3, fused=False, foreach=False)

    def training_step(self, batch):
        x, y = batch
        with torch.no_grad():
            soft = F.softmax(self.teacher(x) / self.T, dim=-1)
        logits = self.student(x)
        kd = F.kl_div(F.log_softmax(logits / self.T, dim=-1), soft, reduction='batchmean') * self.T**2
        return self.alpha * kd + (1 - self.alpha) * F.cross_entropy(logits, y)

    def fit(self, loader, epochs):
        for epoch in range(epochs):
            for batch in tqdm(loader):
                self.optimizer.zero_grad()
                loss = self.training_step(batch)
                loss.backward()
                self.optimizer.step()


if __name__ == '__main__':
    data = TensorDataset(torch.randn(40, 1, 8, 8), torch.randint(10, (40,)))
    Distiller(mlp(128), mlp(32)).fit(DataLoader(data, batch_size=10), epochs=3)
