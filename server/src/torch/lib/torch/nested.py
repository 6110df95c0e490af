"""Nested tensors: native."""
