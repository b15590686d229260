"""What went wrong on the way to a server, or on the disk, in words instead of numbers."""

import errno
import os
import socket

_NO_NETWORK = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


def in_words(error: BaseException) -> str | None:
    """What the first error says that has words, of this one and those that it came from; None where none has."""
    at: BaseException | None = error
    while at is not None:
        if (said := _said(at)) is not None:
            return said
        reason = getattr(at, "reason", None)
        at = reason if isinstance(reason, BaseException) else at.__cause__ or at.__context__
    return None


def _said(error: BaseException) -> str | None:
    match error:
        case socket.gaierror():
            return "the name of the server is not known here; is there a network?"
        case ConnectionRefusedError():
            return "nothing answers there"
        case TimeoutError():
            return "no answer came in time"
        case ConnectionError():
            return "the connection broke"
        case OSError(verify_message=str()):
            return "its certificate is not trusted"
        case OSError(errno=int(number)) if number in _NO_NETWORK:
            return "there is no network"
        case OSError(errno=int(number)) if number > 0:
            return os.strerror(number).lower()
        case _:
            return None
