"""The keyboard while an answer is being drawn."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

if sys.platform == "win32":

    @contextmanager
    def quiet_keyboard() -> Generator[None]:
        """A Windows console echoes only while a line is read."""
        yield

else:
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
