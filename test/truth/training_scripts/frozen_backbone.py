"""Only the head learns: nothing flows into the frozen part."""
import torch
from torch import nn, optim


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.body = nn.Sequential(nn.Conv2d(8, 16, 3, stride=2), nn.BatchNorm2d(16), nn.ReLU(inplace=True))

    def forward(self, x):
        return self.body(self.stem(x)).mean((2, 3))


class Classifier(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.backbone = Backbone()
        self.head = nn.Linear(16, classes)

    def forward(self, x):
        return self.head(self.backbone(x))


def finetune(model, batches, optimizer):
    for images, labels in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()


if __name__ == '__main__':
    net = Classifier(4)
    for p in net.backbone.parameters():
        p.requires_grad = False
    # the last convolution of the backbone thaws
    for p in net.backbone.body[0].parameters():
        p.requires_grad_(True)
    dataset = [(torch.randn(4, 3, 16, 16), torch.randint(4, (4,))) for _ in range(12)]
    finetune(net, dataset, optim.SGD(filter(lambda p: p.requires_grad, net.parameters()), lr=0.01))
