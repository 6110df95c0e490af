"""Handles of hooks."""
from ..nn.modules.module import RemovableHandle
