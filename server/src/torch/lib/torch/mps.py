"""Apple GPUs: not the device that is modelled."""


def is_available():
    return False


def device_count():
    return 0


def empty_cache():
    return None


def synchronize():
    return None


def current_allocated_memory():
    return 0


driver_allocated_memory = current_allocated_memory
recommended_max_memory = current_allocated_memory


def manual_seed(seed):
    return None
