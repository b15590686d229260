"""Outputs that come to no end by themselves: a model that goes round in circles, or writes for too long."""

import time

from commonplace.models.base import AnswerUnended, ModelError

_LEAST = 2_000
"""Characters, about 500 tokens: a ruled line or the empty rows of a table are shorter."""
_TIMES = 6
_PROBE = 32
_LONGEST = 6_000
_LOOK_EVERY = 200

_OTHERWISE = (
    "Ask again in other words, raise the temperature a little (commonplace config set model.temperature 0.3), "
    "or choose another model (commonplace model list)."
)
_SLOW = (
    "Ask again, choose a faster model (commonplace model list), or allow it more: "
    "commonplace config set model.answer_minutes {:g}"
)


def repeated(text: str) -> str | None:
    """The passage of which the end of a text consists, letter by letter and over and over; None where it is alive.

    Rows of a table, lines of a list and code that are merely alike differ somewhere, and so are no repetition.
    """
    end = text[-_LONGEST:]
    probe = end[-_PROBE:]
    at = end.rfind(probe, 0, -1)
    while at >= 0:
        period = len(end) - len(probe) - at
        span = max(_LEAST, _TIMES * period)
        if span > len(end):
            return None
        if end[-span:-period] == end[-span + period :]:
            return end[-period:]
        at = end.rfind(probe, 0, at + len(probe) - 1)
    return None


class Endless:
    """Listens to one output of a model, and ends it when it repeats itself or outlasts the time from its first word."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadline: float | None = None
        self._end = ""
        self._unread = 0

    def hear(self, delta: str) -> None:
        """More of the output.

        Raises:
            AnswerUnended: it repeats itself.
            ModelError: it takes too long.

        """
        now = time.monotonic()
        self._deadline = self._deadline or now + self._seconds
        if now > self._deadline:
            minutes = self._seconds / 60
            raise ModelError(f"The model came to no end within {minutes:g} minutes.", _SLOW.format(2 * minutes))
        self._end += delta
        self._unread += len(delta)
        if self._unread >= _LOOK_EVERY:
            self._unread = 0
            self._end = self._end[-_LONGEST:]
            if repeated(self._end) is not None:
                raise AnswerUnended("The model repeats itself and would come to no end.", _OTHERWISE)
