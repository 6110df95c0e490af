"""Data sets and transforms, for workspaces whose Python has no torchvision; where there is one only these two are ours."""
from . import datasets
from . import transforms
