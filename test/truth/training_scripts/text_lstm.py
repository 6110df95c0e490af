"""Sentences of the same length collated by hand; embeddings and an LSTM."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader


class Tagger(nn.Module):
    def __init__(self, vocab, dim, tags):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim, padding_idx=0)
        self.lstm = nn.LSTM(dim, dim, bidirectional=True, batch_first=True)
        self.out = nn.Linear(2 * dim, tags)

    def forward(self, tokens):
        y, (h, c) = self.lstm(self.emb(tokens))
        return self.out(y)


def collate(items):
    return torch.stack([torch.tensor(t) for t, _ in items]), torch.stack([torch.tensor(t) for _, t in items])


class Trainer:
    def __init__(self, config):
        self.config = config
        self.model = Tagger(config['vocab'], config['dim'], 6)
        self.optimizer = getattr(torch.optim, config['optimizer'])(self.model.parameters(), lr=config['lr'])
        self.criterion = nn.CrossEntropyLoss()

    def _train_epoch(self, loader):
        total = 0.0
        for tokens, tags in loader:
            self.optimizer.zero_grad()
            loss = self._loss(tokens, tags)
            loss.backward()
            nn.utils.clip_grad_value_(self.model.parameters(), 0.5)
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    def _loss(self, tokens, tags):
        scores = self.model(tokens)
        return self.criterion(scores.reshape(-1, scores.size(-1)), tags.reshape(-1))

    def train(self, data):
        loader = DataLoader(data, batch_size=self.config['batch_size'], collate_fn=collate, shuffle=True)
        for epoch in range(self.config['epochs']):
            print(epoch, self._train_epoch(loader))


CONFIG = {'vocab': 40, 'dim': 12, 'optimizer': 'RAdam', 'lr': 1e-3, 'batch_size': 5, 'epochs': 2}

if __name__ == '__main__':
    sentences = [([1 + (i + j) % 30 for j in range(9)], [j % 6 for j in range(9)]) for i in range(25)]
    Trainer(CONFIG).train(sentences)
