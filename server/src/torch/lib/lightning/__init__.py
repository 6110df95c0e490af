"""lightning: its PyTorch part."""
from . import pytorch
from .pytorch import LightningDataModule
from .pytorch import LightningModule
from .pytorch import Trainer
from .pytorch import callbacks
from .pytorch import seed_everything
