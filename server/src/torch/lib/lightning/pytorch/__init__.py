"""Lightning: modules, and a trainer that runs the loop which Lightning documents for automatic optimisation."""
from . import callbacks
from . import loggers
from .core import LightningDataModule
from .core import LightningModule
from .trainer import Trainer
from .trainer import seed_everything
