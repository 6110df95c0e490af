"""Loggers do no work on the device."""


class Logger:
    def __init__(self, *args, **kwargs):
        pass

    def log_metrics(self, *args, **kwargs):
        pass

    log_hyperparams = watch = log_metrics


class TensorBoardLogger(Logger):
    pass


class CSVLogger(Logger):
    pass


class WandbLogger(Logger):
    pass
