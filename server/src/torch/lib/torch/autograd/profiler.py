"""Profiling: ranges mark nothing."""


class profile:
    def __init__(self, *args, **kwargs):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return None

    def __call__(self, fn):
        return fn

    def step(self):
        return None

    def start(self):
        return None

    def stop(self):
        return None

    def key_averages(self, *args, **kwargs):
        return self

    def table(self, *args, **kwargs):
        return ''

    def export_chrome_trace(self, path):
        return None


record_function = profile
emit_nvtx = profile
emit_itt = profile
