"""logging: nothing is written."""
CRITICAL = FATAL = 50
ERROR = 40
WARNING = WARN = 30
INFO = 20
DEBUG = 10
NOTSET = 0
_names = {50: 'CRITICAL', 40: 'ERROR', 30: 'WARNING', 20: 'INFO', 10: 'DEBUG', 0: 'NOTSET'}


class Filter:
    def __init__(self, name=''):
        self.name = name

    def filter(self, record):
        return True


class Formatter:
    def __init__(self, fmt=None, datefmt=None, style='%', validate=True, **kwargs):
        self._fmt = fmt

    def format(self, record):
        return ''


class LogRecord:
    pass


class Handler:
    def __init__(self, level=0, *args, **kwargs):
        self.level = level
        self.formatter = None

    def setLevel(self, level):
        self.level = level

    def setFormatter(self, formatter):
        self.formatter = formatter

    def addFilter(self, filter):
        pass

    def flush(self):
        pass

    def close(self):
        pass

    def emit(self, record):
        pass

    def handle(self, record):
        pass


class StreamHandler(Handler):
    def __init__(self, stream=None):
        Handler.__init__(self)
        self.stream = stream


class FileHandler(StreamHandler):
    def __init__(self, filename, mode='a', encoding=None, delay=False, errors=None):
        StreamHandler.__init__(self)


class NullHandler(Handler):
    pass


class Logger:
    def __init__(self, name, level=NOTSET):
        self.name = name
        self.level = level
        self.handlers = []
        self.filters = []
        self.propagate = True
        self.disabled = False
        self.parent = None

    def setLevel(self, level):
        self.level = level

    def getEffectiveLevel(self):
        return self.level or WARNING

    def isEnabledFor(self, level):
        return level >= (self.level or WARNING)

    def debug(self, msg, *args, **kwargs):
        pass

    def info(self, msg, *args, **kwargs):
        pass

    def warning(self, msg, *args, **kwargs):
        pass

    def warn(self, msg, *args, **kwargs):
        pass

    def error(self, msg, *args, **kwargs):
        pass

    def exception(self, msg, *args, **kwargs):
        pass

    def critical(self, msg, *args, **kwargs):
        pass

    def log(self, level, msg, *args, **kwargs):
        pass

    # transformers adds these two to every logger
    def warning_once(self, *args, **kwargs):
        pass

    def info_once(self, *args, **kwargs):
        pass

    def addHandler(self, handler):
        self.handlers.append(handler)

    def removeHandler(self, handler):
        if handler in self.handlers:
            self.handlers.remove(handler)

    def hasHandlers(self):
        return bool(self.handlers)

    def addFilter(self, filter):
        self.filters.append(filter)

    def getChild(self, suffix):
        return getLogger(f'{self.name}.{suffix}')

    def __deepcopy__(self, memo):
        return self


class LoggerAdapter(Logger):
    def __init__(self, logger, extra=None):
        Logger.__init__(self, logger.name)
        self.logger = logger
        self.extra = extra


root = Logger('root', WARNING)
_loggers = {}


def getLogger(name=None):
    if name is None or name == 'root':
        return root
    if name not in _loggers:
        _loggers[name] = Logger(name)
        _loggers[name].parent = root
    return _loggers[name]


def getLevelName(level):
    if isinstance(level, str):
        for number, name in _names.items():
            if name == level:
                return number
        return f'Level {level}'
    return _names.get(level, f'Level {level}')


def basicConfig(**kwargs):
    pass


def captureWarnings(capture):
    pass


def disable(level=CRITICAL):
    pass


def shutdown():
    pass


def addLevelName(level, name):
    _names[level] = name


def setLoggerClass(cls):
    pass


def getLoggerClass():
    return Logger


def debug(msg, *args, **kwargs):
    pass


info = warning = warn = error = exception = critical = log = debug
lastResort = StreamHandler()
