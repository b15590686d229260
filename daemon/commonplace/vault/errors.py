"""What can go wrong with notes. ``str(error)`` says what happened and what to do instead."""


class VaultError(Exception):
    """Anything that the vault refuses or cannot do; nothing on disk has changed."""


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


class NoteConflict(VaultError):
    """The note changed after it was read."""


class NoteRefused(VaultError):
    """The operating system refused: permissions, a read-only or a full disk."""


class ConventionError(VaultError):
    """What the agent wants to add breaks a convention of the memory."""
