# --- channels_between_convolutions
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(64, 64, 3, padding=1)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        return self.conv2(x)


Net()(torch.randn(1, 3, 32, 32))
# --- channels_between_convolutions_fit
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, padding=1)
        self.conv2 = nn.Conv2d(64, 64, 3, padding=1)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        return self.conv2(x)


Net()(torch.randn(1, 3, 32, 32))
# --- batch_norm_features
import torch
from torch import nn


class ConvBN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3)
        self.bn = nn.BatchNorm2d(64)

    def forward(self, x):
        x = self.conv(x)
        return torch.relu(self.bn(x))


ConvBN()(torch.randn(2, 3, 32, 32))
# --- batch_norm_features_fit
import torch
from torch import nn


class ConvBN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3)
        self.bn = nn.BatchNorm2d(32)

    def forward(self, x):
        x = self.conv(x)
        return torch.relu(self.bn(x))


ConvBN()(torch.randn(2, 3, 32, 32))
# --- inside_sequential
import torch
from torch import nn


def block(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ReLU())


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = block(3, 16)
        self.body = nn.Sequential(block(16, 32), block(64, 64))

    def forward(self, x):
        x = self.stem(x)
        return self.body(x)


Encoder()(torch.randn(1, 3, 40, 40))
# --- unet_decoder_channels
import torch
from torch import nn


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc1 = nn.Conv2d(3, 16, 3, padding=1)
        self.enc2 = nn.Conv2d(16, 32, 3, padding=1, stride=2)
        self.up = nn.ConvTranspose2d(32, 16, 2, stride=2)
        self.dec = nn.Conv2d(16, 8, 3, padding=1)

    def forward(self, x):
        a = self.enc1(x)
        b = self.enc2(a)
        u = self.up(b)
        return self.dec(torch.cat([a, u], dim=1))


UNet()(torch.randn(1, 3, 64, 64))
# --- unet_decoder_channels_fit
import torch
from torch import nn


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc1 = nn.Conv2d(3, 16, 3, padding=1)
        self.enc2 = nn.Conv2d(16, 32, 3, padding=1, stride=2)
        self.up = nn.ConvTranspose2d(32, 16, 2, stride=2)
        self.dec = nn.Conv2d(32, 8, 3, padding=1)

    def forward(self, x):
        a = self.enc1(x)
        b = self.enc2(a)
        u = self.up(b)
        return self.dec(torch.cat([a, u], dim=1))


UNet()(torch.randn(1, 3, 64, 64))
# --- kernel_larger_than_stated_input
import torch
from torch import nn


# eco: x=(1,3,8,8) float32
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, stride=4)
        self.conv = nn.Conv2d(8, 8, 5)

    def forward(self, x):
        x = self.down(x)
        return self.conv(x)


Net()(torch.randn(1, 3, 8, 8))
# --- kernel_fits_larger_input
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, stride=4)
        self.conv = nn.Conv2d(8, 8, 5)

    def forward(self, x):
        x = self.down(x)
        return self.conv(x)


Net()(torch.randn(1, 3, 64, 64))
# --- halves_of_the_channels
import torch
from torch import nn


class Shuffle(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(24, 24, 1)

    def forward(self, x):
        left, right = x.chunk(2, dim=1)
        return torch.cat([left, self.conv(right)], dim=1)


Shuffle()(torch.randn(1, 48, 14, 14))
# --- depthwise_groups_do_not_divide
import torch
from torch import nn


class Depthwise(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(32, 48, 3, groups=32)

    def forward(self, x):
        return self.conv(x)


Depthwise()(torch.randn(1, 32, 14, 14))
# --- depthwise_groups_divide
import torch
from torch import nn


class Depthwise(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(32, 64, 3, groups=32)

    def forward(self, x):
        return self.conv(x)


Depthwise()(torch.randn(1, 32, 14, 14))
# --- conv1d_over_channels_last
import torch
from torch import nn


class Text(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 32)
        self.conv = nn.Conv1d(48, 64, 3, padding=1)

    def forward(self, tokens):
        x = self.embed(tokens)
        return self.conv(x.transpose(1, 2))


Text()(torch.randint(0, 100, (2, 20)))
# --- conv1d_over_channels_last_fits
import torch
from torch import nn


class Text(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 32)
        self.conv = nn.Conv1d(32, 64, 3, padding=1)

    def forward(self, tokens):
        x = self.embed(tokens)
        return self.conv(x.transpose(1, 2))


Text()(torch.randint(0, 100, (2, 20)))
