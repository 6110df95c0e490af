"""Fourier transforms: every name is a native operator."""
