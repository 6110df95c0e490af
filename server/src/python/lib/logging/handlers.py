"""logging.handlers: nothing is written."""
from logging import FileHandler, Handler, StreamHandler

RotatingFileHandler = TimedRotatingFileHandler = WatchedFileHandler = FileHandler
QueueHandler = SocketHandler = Handler
