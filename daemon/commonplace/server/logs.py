"""The log: ids, sizes and times, never what anybody wrote."""

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

from commonplace.home import log_file, make_private_folder

_OURS = "commonplace"


class Discreet(logging.Formatter):
    """Writes our own lines as they are, and of a library's only that there was one: it may quote a message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        if record.name.partition(".")[0] != _OURS:
            told = logging.LogRecord(record.name, record.levelno, "", 0, "reports %s", (_place(record),), None)
            told.created, told.msecs = record.created, record.msecs
            return super().format(told)
        record.exc_info = record.exc_text = None
        return super().format(record)


def start_logging(home: Path) -> Path:
    """Log to a rotating file in the home folder, libraries' warnings too; the file."""
    path = log_file(home)
    make_private_folder(path.parent)
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(Discreet())
    logging.getLogger().addHandler(handler)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    return path


def _place(record: logging.LogRecord) -> str:
    """What was logged, without its words: an exception's kind and place, else the place of the logging call."""
    if record.exc_info and record.exc_info[0] is not None:
        frames = traceback.extract_tb(record.exc_info[2])
        where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        return f"{record.exc_info[0].__name__}{where}"
    return f"something at {record.pathname}:{record.lineno}"
