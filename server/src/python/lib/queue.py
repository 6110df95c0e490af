"""queue: queues in one thread."""


class Empty(Exception):
    pass


class Full(Exception):
    pass


class Queue:
    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self._items = []

    def put(self, item, block=True, timeout=None):
        if 0 < self.maxsize <= len(self._items):
            raise Full
        self._items.append(item)

    def get(self, block=True, timeout=None):
        if not self._items:
            raise Empty
        return self._items.pop(0)

    def put_nowait(self, item):
        self.put(item)

    def get_nowait(self):
        return self.get()

    def qsize(self):
        return len(self._items)

    def empty(self):
        return not self._items

    def full(self):
        return 0 < self.maxsize <= len(self._items)

    def task_done(self):
        pass

    def join(self):
        pass


SimpleQueue = Queue


class LifoQueue(Queue):
    def get(self, block=True, timeout=None):
        if not self._items:
            raise Empty
        return self._items.pop()


class PriorityQueue(Queue):
    def get(self, block=True, timeout=None):
        if not self._items:
            raise Empty
        item = min(self._items)
        self._items.remove(item)
        return item
