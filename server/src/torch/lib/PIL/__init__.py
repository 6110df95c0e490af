"""Images as data sets and transforms see them: a mode and a size."""
