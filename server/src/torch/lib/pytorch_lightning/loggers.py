"""The older name of lightning.pytorch.loggers."""
from lightning.pytorch.loggers import *
