"""Linear algebra: every name is a native operator."""
