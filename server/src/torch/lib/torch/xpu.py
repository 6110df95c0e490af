"""Intel GPUs: not the device that is modelled."""


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


def manual_seed_all(seed):
    return None


def memory_allocated(device=None):
    return 0


memory_reserved = memory_allocated
max_memory_allocated = memory_allocated


def reset_peak_memory_stats(device=None):
    return None
