"""Sparse tensors: native."""
