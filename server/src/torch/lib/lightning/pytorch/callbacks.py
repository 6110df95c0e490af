"""Callbacks do no work on the device."""


class Callback:
    def __init__(self, *args, **kwargs):
        pass


class ModelCheckpoint(Callback):
    best_model_path = ''


class EarlyStopping(Callback):
    pass


class LearningRateMonitor(Callback):
    pass


class TQDMProgressBar(Callback):
    pass


class RichProgressBar(Callback):
    pass


class DeviceStatsMonitor(Callback):
    pass


class ModelSummary(Callback):
    pass
