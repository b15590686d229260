"""The keyboard while an answer is being drawn."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

_LOOK_SECONDS = 0.2

if sys.platform == "win32":

    @contextmanager
    def quiet_keyboard() -> Generator[None]:
        """A Windows console echoes only while a line is read."""
        yield

    @contextmanager
    def keyboard_for_an_answer() -> Generator[None]:
        """Nothing need be done for a question."""
        yield

    def wait_for_a_line(look: Callable[[], None]) -> None:
        """A Windows console cannot be waited for together with something else: the line is just read."""
        look()

else:
    import select
    import termios

    @contextmanager
    def quiet_keyboard() -> Generator[None]:
        """Do not echo what is typed meanwhile, ^C included: it would move the lines that are drawn over.

        What was typed is not lost; the next prompt reads it.
        """
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            yield
            return
        keyboard = sys.stdin.fileno()
        before = termios.tcgetattr(keyboard)
        quiet = termios.tcgetattr(keyboard)
        quiet[3] &= ~termios.ECHO
        termios.tcsetattr(keyboard, termios.TCSANOW, quiet)
        try:
            yield
        finally:
            termios.tcsetattr(keyboard, termios.TCSANOW, before)

    @contextmanager
    def keyboard_for_an_answer() -> Generator[None]:
        """Echo again while a question is asked. What was typed before it was asked is no answer to it."""
        keyboard = sys.stdin.fileno()
        before = termios.tcgetattr(keyboard)
        loud = termios.tcgetattr(keyboard)
        loud[3] |= termios.ECHO
        termios.tcsetattr(keyboard, termios.TCSANOW, loud)
        termios.tcflush(keyboard, termios.TCIFLUSH)
        try:
            yield
        finally:
            termios.tcsetattr(keyboard, termios.TCSANOW, before)

    def wait_for_a_line(look: Callable[[], None]) -> None:
        """Wait until a line was typed; ``look`` is called meanwhile, and may raise what ends the wait."""
        while True:
            look()
            if select.select([sys.stdin], [], [], _LOOK_SECONDS)[0]:
                return
