"""The older name of lightning.pytorch."""
from lightning.pytorch import LightningDataModule
from lightning.pytorch import LightningModule
from lightning.pytorch import Trainer
from lightning.pytorch import callbacks
from lightning.pytorch import loggers
from lightning.pytorch import seed_everything
