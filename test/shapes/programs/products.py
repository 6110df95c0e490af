# --- linear_after_linear
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Linear(32, 128)
        self.down = nn.Linear(256, 32)

    def forward(self, x):
        h = torch.relu(self.up(x))
        return self.down(h)


Net()(torch.randn(4, 32))
# --- linear_after_linear_fits
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Linear(32, 128)
        self.down = nn.Linear(128, 32)

    def forward(self, x):
        h = torch.relu(self.up(x))
        return self.down(h)


Net()(torch.randn(4, 32))
# --- classifier_after_adaptive_pool
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(128, 10)

    def forward(self, x):
        x = self.pool(self.features(x))
        x = torch.flatten(x, 1)
        return self.fc(x)


Net()(torch.randn(2, 3, 64, 64))
# --- classifier_after_adaptive_pool_fits
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.pool(self.features(x))
        x = torch.flatten(x, 1)
        return self.fc(x)


Net()(torch.randn(2, 3, 64, 64))
# --- lenet_takes_one_size_only
import torch
from torch import nn
import torch.nn.functional as F


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 9 * 9, 120)
        self.fc2 = nn.Linear(120, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        return self.fc2(torch.relu(self.fc1(x)))


LeNet()(torch.randn(1, 1, 48, 48))
# --- stated_size_does_not_fit
import torch
from torch import nn
import torch.nn.functional as F


# eco: x=(1,1,28,28) float32
class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.fc1 = nn.Linear(6 * 14 * 14, 120)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        return self.fc1(torch.flatten(x, 1))


LeNet()(torch.randn(1, 1, 28, 28))
# --- stated_size_fits
import torch
from torch import nn
import torch.nn.functional as F


# eco: x=(1,1,28,28) float32
class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.fc1 = nn.Linear(6 * 12 * 12, 120)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        return self.fc1(torch.flatten(x, 1))


LeNet()(torch.randn(1, 1, 28, 28))
# --- scores_without_transpose
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.query = nn.Linear(dim, 48)
        self.key = nn.Linear(dim, 32)

    def forward(self, x):
        q = self.query(x)
        k = self.key(x)
        return (q @ k.transpose(-2, -1)).softmax(-1)


Attention()(torch.randn(2, 10, 64))
# --- scores_with_transpose
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.query = nn.Linear(dim, 32)
        self.key = nn.Linear(dim, 32)

    def forward(self, x):
        q = self.query(x)
        k = self.key(x)
        return (q @ k.transpose(-2, -1)).softmax(-1)


Attention()(torch.randn(2, 10, 64))
# --- transformer_ffn_in_loop
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.up = nn.Linear(dim, hidden)
        self.down = nn.Linear(hidden, dim)

    def forward(self, x):
        return x + self.down(torch.nn.functional.gelu(self.up(self.norm(x))))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(1000, 96)
        self.blocks = nn.ModuleList([Block(96, 4 * 96), Block(96, 4 * 96)])
        self.head = nn.Linear(128, 1000)

    def forward(self, idx):
        x = self.embed(idx)
        for block in self.blocks:
            x = block(x)
        return self.head(x)


Model()(torch.randint(0, 1000, (2, 16)))
# --- transformer_ffn_in_loop_fits
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.up = nn.Linear(dim, hidden)
        self.down = nn.Linear(hidden, dim)

    def forward(self, x):
        return x + self.down(torch.nn.functional.gelu(self.up(self.norm(x))))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(1000, 96)
        self.blocks = nn.ModuleList([Block(96, 4 * 96), Block(96, 4 * 96)])
        self.head = nn.Linear(96, 1000)

    def forward(self, idx):
        x = self.embed(idx)
        for block in self.blocks:
            x = block(x)
        return self.head(x)


Model()(torch.randint(0, 1000, (2, 16)))
# --- lstm_then_wide_linear
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(500, 32)
        self.lstm = nn.LSTM(32, 64, batch_first=True, bidirectional=True)
        self.out = nn.Linear(64, 9)

    def forward(self, tokens):
        h, _ = self.lstm(self.embed(tokens))
        return self.out(h)


Tagger()(torch.randint(0, 500, (2, 7)))
# --- lstm_then_wide_linear_fits
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(500, 32)
        self.lstm = nn.LSTM(32, 64, batch_first=True, bidirectional=True)
        self.out = nn.Linear(128, 9)

    def forward(self, tokens):
        h, _ = self.lstm(self.embed(tokens))
        return self.out(h)


Tagger()(torch.randint(0, 500, (2, 7)))
# --- gru_gets_another_size
import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(500, 24)
        self.gru = nn.GRU(32, 64, batch_first=True)

    def forward(self, tokens):
        return self.gru(self.embed(tokens))[0]


Encoder()(torch.randint(0, 500, (2, 7)))
# --- einsum_labels_clash
import torch
from torch import nn


class Bilinear(nn.Module):
    def __init__(self):
        super().__init__()
        self.left = nn.Linear(16, 8)
        self.weight = nn.Parameter(torch.randn(12, 4))

    def forward(self, x):
        h = self.left(x)
        return torch.einsum('bi,ij->bj', h, self.weight)


Bilinear()(torch.randn(3, 16))
# --- einsum_labels_fit
import torch
from torch import nn


class Bilinear(nn.Module):
    def __init__(self):
        super().__init__()
        self.left = nn.Linear(16, 8)
        self.weight = nn.Parameter(torch.randn(8, 4))

    def forward(self, x):
        h = self.left(x)
        return torch.einsum('bi,ij->bj', h, self.weight)


Bilinear()(torch.randn(3, 16))
# --- two_inputs_of_different_size
import torch
from torch import nn


class Fusion(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = nn.Linear(512, 64)
        self.text = nn.Linear(300, 64)

    def forward(self, image, text):
        return self.image(image) + self.text(text)


Fusion()(torch.randn(2, 512), torch.randn(2, 300))
# --- caught_by_the_code
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 16)
        self.b = nn.Linear(32, 8)

    def forward(self, x):
        h = self.a(x)
        try:
            return self.b(h)
        except RuntimeError:
            return h


Net()(torch.randn(2, 8))
# --- inside_with
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 16)
        self.b = nn.Linear(32, 8)

    def forward(self, x):
        with torch.no_grad():
            h = self.a(x)
            return self.b(h)


Net()(torch.randn(2, 8))
