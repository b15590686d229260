"""Something at the Nth system call that changes the disk: an error, death, or somebody else's write."""

import errno
import os
import secrets
import signal
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from commonplace.vault import exchange

CALLS = ("open", "write", "fsync", "link", "rename", "replace", "unlink", "mkdir", "ftruncate")


class SystemCalls:
    """Counts the calls that change the disk, and does something at the chosen ones, just before they are done."""

    def __init__(self, actions: Mapping[int, Callable[[], None]]) -> None:
        self.count = 0
        self._actions = actions
        self._acting = False

    @contextmanager
    def watched(self) -> Generator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for name in CALLS:
                patch.setattr(os, name, self._counted(getattr(os, name)))
            rename = getattr(exchange, "_rename_with")  # noqa: B009  # the one gate to renameat2, which is private
            patch.setattr(exchange, "_rename_with", self._counted(rename))
            yield

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            if self._acting:
                return call(*arguments, **named)
            self.count += 1
            action = self._actions.get(self.count)
            if action in (fail, die) and call.__name__ == "write" and len(arguments[1]) > 1:
                call(arguments[0], arguments[1][: len(arguments[1]) // 2])
            if action is not None:
                self._acting = True
                try:
                    action()
                finally:
                    self._acting = False
            return call(*arguments, **named)

        return counted


def fail() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def in_a_process_of_its_own(work: Callable[[], None]) -> bool:
    """Run it in a fork; whether it lived to the end."""
    child = os.fork()
    if child == 0:
        exchange.PROCESS = secrets.token_hex(4)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
