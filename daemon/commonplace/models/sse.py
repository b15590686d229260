"""Server-sent events, as far as a stream of completions needs them (WHATWG HTML, section 9.2.6). Pure."""

LARGEST_EVENT = 4 * 1024 * 1024
"""Bytes that may wait for the end of an event; a server that sends more is not one of ours."""


class EventTooLarge(Exception):
    """The server sent more than ``LARGEST_EVENT`` bytes without ending an event."""


class ServerSentEvents:
    """Cuts bytes into the data of events; the same events however the bytes are cut."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[str] = []
        self._waiting = 0

    def feed(self, chunk: bytes) -> list[str]:
        """Take more bytes; the data of each event that is now whole.

        Raises:
            EventTooLarge.

        """
        *lines, self._rest = _normal(self._rest + chunk).split(b"\n")
        events = [event for line in lines if (event := self._line(line)) is not None]
        if self._waiting + len(self._rest) > LARGEST_EVENT:
            raise EventTooLarge
        return events

    def close(self) -> list[str]:
        """The data of an event that lacks its empty line: servers forget it before they hang up."""
        last, self._rest = self._rest.removesuffix(b"\r"), b""
        return [event for line in (last, b"") if (event := self._line(line)) is not None]

    def _line(self, line: bytes) -> str | None:
        if not line:
            data, self._data, self._waiting = self._data, [], 0
            return "\n".join(data) if data else None
        field, _, value = line.removeprefix(b"\xef\xbb\xbf").partition(b":")
        if field == b"data":
            self._data.append(value.removeprefix(b" ").decode("utf-8", "replace"))
            self._waiting += len(value)
        return None


def _normal(text: bytes) -> bytes:
    """Every line end as a line feed; a carriage return at the end may be half of one, so it waits."""
    end = b"\r" if text.endswith(b"\r") else b""
    return text.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n") + end
