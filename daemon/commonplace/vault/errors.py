"""What can go wrong with notes. ``str(error)`` says what happened and what to do instead."""

import errno
from collections.abc import Generator
from contextlib import contextmanager


class VaultError(Exception):
    """Anything that the vault refuses or cannot do; nothing on disk has changed."""

    def __init__(self, what: str, instead: str = "") -> None:
        """Say what happened, and what a tool of the agent would do ``instead``, which is nothing to tell a person."""
        super().__init__(f"{what}; {instead}" if instead else what)
        self.plain = f"{what}." if instead else what
        """The same for a person."""


class PathRefused(VaultError):
    """The name cannot stand for a note or folder of this vault."""


class VaultMissing(VaultError):
    """The vault's folder is not there or is not a folder."""


class NoteNotFound(VaultError):
    """No note stands at that path."""


class NoteExists(VaultError):
    """A note stands at that path already."""


class NotANote(VaultError):
    """A folder, or something else that is no regular file, stands where a note should."""


class NoteNotText(VaultError):
    """The file is not UTF-8."""


class NoteTooLarge(VaultError):
    """The note is over the size limit."""


class MemoryFull(VaultError):
    """The write would take a folder or the memory over its size limit."""


class NoteConflict(VaultError):
    """The note changed after it was read."""


class NoteRefused(VaultError):
    """The operating system refused: permissions, a read-only or a full disk."""


class EditorSilent(VaultError):
    """The editor in which the note is open does not answer; an edit may have been done or not."""


class ConventionError(VaultError):
    """What the agent wants to add breaks a convention of the memory."""


@contextmanager
def system_errors(path: object) -> Generator[None]:
    """Say what the system refuses in one sentence, as a ``VaultError``; the path is shown as it prints."""
    try:
        yield
    except IsADirectoryError:
        raise folder_instead(path) from None
    except UnicodeEncodeError:
        raise NoteNotText(f"The text for {path} holds half of a character (a lone surrogate).") from None
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "the disk is full" if full else error.strerror or type(error).__name__
        raise NoteRefused(f"{path} could not be reached or changed: {reason}. The note is as it was.") from error


def folder_instead(path: object) -> NotANote:
    """A folder stands where a note should."""
    return NotANote(f"{path} is a folder, not a note; name a note in it, such as '{path}/name.md'.")


def changed_meanwhile(path: object) -> NoteConflict:
    """The note is not the one that was read."""
    return NoteConflict(f"{path} was changed after it was read", "read it again and repeat the edit.")


def exists_already(path: object) -> NoteExists:
    """A note stands where a new one should."""
    return NoteExists(f"{path} exists already", "read it and change it with update_file.")
