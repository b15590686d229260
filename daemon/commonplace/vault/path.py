"""The only way to name a note. A path that cannot be parsed cannot reach the disk."""

import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from commonplace.vault.errors import PathRefused

LONGEST_PATH = 1_000
LONGEST_NAME_BYTES = 240
"""File systems take 255 bytes a name; the temporary file of a write needs a few of them."""

_DRIVE = re.compile(r"^[A-Za-z]:")
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{device}{number}" for device in ("com", "lpt") for number in "0123456789¹²³"]
)
_FORBIDDEN = re.compile(r"[:\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Colon, backslash, and Unicode's categories Cc (control), Zl and Zp (ends of lines), Cs (half a character)."""
_NOT_PORTABLE = frozenset('<>"|?*#^[]')
"""A human's note may have them; Windows refuses the first six, and no link can name the rest."""


@dataclass(frozen=True, order=True, slots=True)
class NotePath:
    """The path of a note or folder: relative to the vault, with "/", in NFC, without a step upwards.

    Make one with ``parse``; the constructor does not check.
    """

    value: str

    @classmethod
    def parse(cls, text: object) -> "NotePath":
        """Check a name that comes from outside, such as an argument that a model wrote.

        Raises:
            PathRefused: with the reason, and what to write instead.

        """
        if not isinstance(text, str):
            raise PathRefused(f"A path must be text, not {type(text).__name__}; write it like 'entities/jane_doe.md'.")
        value = unicodedata.normalize("NFC", text)
        if not value.strip():
            raise PathRefused("The path is empty; write it like 'entities/jane_doe.md'.")
        if len(value) > LONGEST_PATH:
            raise PathRefused(f"The path has {len(value)} characters; {LONGEST_PATH} are allowed.")
        if value.startswith(("/", "~")) or _DRIVE.match(value):
            raise PathRefused(f"{_quoted(value)} is not relative to the vault; write it like 'entities/jane_doe.md'.")
        parts = [part for part in value.removesuffix("/").split("/") if part != "."]
        for part in parts:
            _check_part(part, value)
        if not parts:
            raise PathRefused("The path names the vault itself; name a note in it.")
        if parts[0].startswith("~") or _DRIVE.match(parts[0]):
            raise PathRefused(f"{_quoted(value)} is not relative to the vault; write it like 'entities/jane_doe.md'.")
        return cls("/".join(parts))

    @property
    def parts(self) -> tuple[str, ...]:
        """The names from the vault's root downwards."""
        return tuple(self.value.split("/"))

    @property
    def name(self) -> str:
        """The last name, with its extension."""
        return self.value.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The last name without its extension."""
        return self.name.rpartition(".")[0] or self.name

    @property
    def parent(self) -> "NotePath | None":
        """The folder, or None at the vault's root."""
        folder = self.value.rpartition("/")[0]
        return NotePath(folder) if folder else None

    @property
    def is_markdown(self) -> bool:
        """Whether the name ends in ``.md``."""
        return self.name.lower().endswith(".md")

    def check_portable(self) -> None:
        """Refuse, for a new note, what only some systems or no link can name.

        Raises:
            PathRefused.

        """
        if bad := next((character for character in self.value if character in _NOT_PORTABLE), None):
            raise PathRefused(
                f"{_quoted(self.value)} holds {bad!r}, which not every system or link takes; leave it out."
            )

    def within(self, folder: str) -> bool:
        """Whether the path lies below the folder ("" is the vault's root)."""
        return not folder or self.value.startswith(folder + "/")

    def __str__(self) -> str:
        return self.value


def locate(root: Path, path: NotePath) -> Path:
    """Where the path lies on disk, after a proof that it lies in the vault and has no twin.

    ``root`` is the vault's real path. Each existing part is looked at once: a symbolic link must lead to
    somewhere in the vault, and a name that differs from an existing one in case or Unicode form alone is
    refused, since one file system would keep both and the next would merge them.

    Raises:
        PathRefused: the path leads out of the vault, or to a twin.

    """
    here = str(root)
    for index, part in enumerate(path.parts):
        there = f"{here}/{part}"
        try:
            mode = os.lstat(there).st_mode
        except FileNotFoundError:
            twin = _find_twin(here, part)
            if twin is None:
                return Path(here, *path.parts[index:])
            if unicodedata.normalize("NFC", twin) != part:
                standing = "/".join((*path.parts[:index], twin))
                raise PathRefused(
                    f"{_quoted(path.value)} and {_quoted(standing)} differ in capitals only; use the name that stands."
                ) from None
            there = f"{here}/{twin}"
            mode = os.lstat(there).st_mode
        except (NotADirectoryError, PermissionError) as error:
            raise PathRefused(f"{_quoted(path.value)} cannot be reached: {error.strerror}.") from None
        if stat.S_ISLNK(mode):
            _check_link(root, there, path)
        here = there
    return Path(here)


def _check_part(part: str, whole: str) -> None:
    if not part:
        raise PathRefused(f"{_quoted(whole)} has an empty step; write single slashes.")
    if part == "..":
        raise PathRefused(f"{_quoted(whole)} steps out of a folder with '..'; write the path from the vault's root.")
    if part.startswith("."):
        raise PathRefused(f"{_quoted(whole)} is hidden; names that begin with a dot are not notes.")
    if part[-1] in " ." or part[0] == " ":
        raise PathRefused(f"{_quoted(whole)} has a name with a space or dot at its edge; leave it out.")
    if bad := _FORBIDDEN.search(part):
        raise PathRefused(f"{_quoted(whole)} holds {bad[0]!r}, which not every system takes in a name; leave it out.")
    if len(part.encode("utf-8", "surrogatepass")) > LONGEST_NAME_BYTES:
        raise PathRefused(f"A name in the path is longer than {LONGEST_NAME_BYTES} bytes; shorten it.")
    if part.split(".")[0].rstrip().casefold() in _RESERVED:
        raise PathRefused(f"{_quoted(whole)} uses a name that Windows keeps for itself; choose another.")


def _find_twin(folder: str, part: str) -> str | None:
    wanted = _folded(part)
    try:
        with os.scandir(folder) as entries:
            return next((entry.name for entry in entries if _folded(entry.name) == wanted), None)
    except OSError:
        return None


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _check_link(root: Path, link: str, path: NotePath) -> None:
    target = os.path.realpath(link)
    if os.path.commonpath([target, root]) != str(root):
        raise PathRefused(f"{_quoted(path.value)} is a symbolic link that leads out of the vault; it is left alone.")
    inside = Path(target).relative_to(root).parts
    if any(part.startswith(".") for part in inside):
        raise PathRefused(f"{_quoted(path.value)} is a symbolic link into a hidden folder; it is left alone.")


def _quoted(value: str) -> str:
    return repr(value if len(value) <= 80 else value[:77] + "...")
