"""Special functions: every name is a native operator."""
