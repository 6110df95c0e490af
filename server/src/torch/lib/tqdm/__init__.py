"""tqdm: a progress bar is its iterable."""


class tqdm:
    def __init__(self, iterable=None, desc=None, total=None, *args, **kwargs):
        self.iterable = iterable
        self.total = total
        self.n = 0

    def __iter__(self):
        return iter(self.iterable)

    def __len__(self):
        return len(self.iterable) if self.iterable is not None else self.total

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return None

    def update(self, n=1):
        return None

    def close(self):
        return None

    def set_description(self, desc=None, refresh=True):
        return None

    def set_postfix(self, ordered_dict=None, refresh=True, **kwargs):
        return None

    set_description_str = set_description
    set_postfix_str = set_description

    def refresh(self, *args, **kwargs):
        return None

    @staticmethod
    def write(s, *args, **kwargs):
        return None


def trange(*args, **kwargs):
    return tqdm(range(*args))


tqdm_notebook = tqdm
tnrange = trange
