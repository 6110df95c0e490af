"""Quantisable layers: in floating point they are the plain ones."""
from .modules.activation import MultiheadAttention
from .modules.rnn import LSTM
