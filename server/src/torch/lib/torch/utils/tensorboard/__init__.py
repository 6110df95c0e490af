"""Logging: nothing is written."""


class SummaryWriter:
    def __init__(self, log_dir=None, *args, **kwargs):
        self.log_dir = log_dir

    def _nothing(self, *args, **kwargs):
        return None

    add_scalar = _nothing
    add_scalars = _nothing
    add_histogram = _nothing
    add_image = _nothing
    add_images = _nothing
    add_figure = _nothing
    add_text = _nothing
    add_graph = _nothing
    add_hparams = _nothing
    add_embedding = _nothing
    flush = _nothing
    close = _nothing
