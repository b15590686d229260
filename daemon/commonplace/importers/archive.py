"""The files of an export: a zip, or the folder that it was unpacked to. Nothing of it is ever unpacked by its names."""

import stat
import tempfile
import zipfile
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from commonplace.importers.base import ExportRefused, kind_of

MOST_ENTRIES = 200_000
MOST_BYTES = 4_000_000_000
"""What may be read of one export, unpacked."""
MOST_RATIO = 250
"""How much smaller a file may be packed than unpacked; notes and conversations come to 5 to 50."""
_WORTH_A_LOOK = 10_000_000
_KINDS = (".json", ".md", ".csv", ".html", ".zip")
_ENCRYPTED = 0x1


class Archive:
    """The files of an export that may hold something to import, each by its path in it."""

    def __init__(self, place: Path) -> None:
        """Look at what there is; a zip in the zip is looked into, one level deep.

        Raises:
            ExportRefused: it is damaged, no export, or made to do harm.

        """
        self.place = place
        self._files: dict[str, tuple[zipfile.ZipFile, zipfile.ZipInfo] | Path] = {}
        self.others: Counter[str] = Counter()
        """What else there is, in words, and how often."""
        self._bytes = 0
        if place.is_dir():
            self._add_folder(place)
        else:
            with _told(place):
                self._add_zip(zipfile.ZipFile(place), is_inner=False)

    def names(self, ending: str) -> list[str]:
        """The files whose name ends so, sorted."""
        return sorted(name for name in self._files if name.lower().endswith(ending))

    def fingerprint(self) -> str:
        """A text that is the same as long as the files are."""
        return "\n".join(f"{name} {self._mark(name)}" for name in sorted(self._files))

    def size(self, name: str) -> int:
        """Bytes of a file, unpacked."""
        found = self._files[name]
        return found.stat().st_size if isinstance(found, Path) else found[1].file_size

    @contextmanager
    def open(self, name: str) -> Generator[IO[bytes]]:
        """Read a file; what is wrong with it is told as ``ExportRefused``."""
        found = self._files[name]
        with _told(self.place), found.open("rb") if isinstance(found, Path) else found[0].open(found[1]) as file:
            yield file

    def _mark(self, name: str) -> str:
        found = self._files[name]
        if isinstance(found, Path):
            return f"{found.stat().st_size} {found.stat().st_mtime_ns}"
        return f"{found[1].file_size} {found[1].CRC}"

    def _add_folder(self, folder: Path) -> None:
        for found in sorted(folder.rglob("*")):
            inside = found.relative_to(folder)
            if any(part.startswith(".") for part in inside.parts) or found.is_symlink() or not found.is_file():
                continue
            if found.suffix.lower() in _KINDS and found.suffix.lower() != ".zip":
                self._files[inside.as_posix()] = found
            else:
                self.others[kind_of(found.name)] += 1

    def _add_zip(self, archive: zipfile.ZipFile, *, is_inner: bool) -> None:
        entries = archive.infolist()
        if len(entries) + len(self._files) > MOST_ENTRIES:
            raise ExportRefused(
                f"{self.place.name} holds more than {MOST_ENTRIES:,} files; that is no export of notes."
            )
        for entry in entries:
            name = entry.filename.replace("\\", "/")
            self._check(entry, name)
            if entry.is_dir() or "__MACOSX" in name:
                continue
            if PurePosixPath(name).suffix.lower() not in _KINDS:
                self.others[kind_of(name)] += 1
                continue
            self._check_size(entry)
            if name.lower().endswith(".zip"):
                if is_inner:
                    raise ExportRefused(
                        f"{self.place.name} holds zips in a zip in a zip; unpack it and name the folder."
                    )
                self._add_zip(self._inner(archive, entry), is_inner=True)
            else:
                self._files[name] = (archive, entry)

    def _inner(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> zipfile.ZipFile:
        """A zip of the zip: copied to a file without a name, since one that is packed cannot be looked through."""
        copy = tempfile.TemporaryFile()  # noqa: SIM115 (it lasts as long as the archive)
        with archive.open(entry) as file:
            while piece := file.read(1 << 20):
                copy.write(piece)
        copy.seek(0)
        return zipfile.ZipFile(copy)

    def _check(self, entry: zipfile.ZipInfo, name: str) -> None:
        if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/"):
            raise ExportRefused(
                f"{self.place.name} names a file outside itself ({name[:80]!r}), as no export does. Nothing was read."
            )
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise ExportRefused(
                f"{self.place.name} holds a symbolic link ({name[:80]!r}), as no export does. Nothing was read."
            )
        if entry.flag_bits & _ENCRYPTED:
            raise ExportRefused(f"{self.place.name} is encrypted; unpack it with its password and name the folder.")

    def _check_size(self, entry: zipfile.ZipInfo) -> None:
        self._bytes += entry.file_size
        ratio = entry.file_size / max(entry.compress_size, 1)
        if self._bytes > MOST_BYTES or (entry.file_size > _WORTH_A_LOOK and ratio > MOST_RATIO):
            raise ExportRefused(
                f"{self.place.name} would unpack to {max(self._bytes, entry.file_size):,} bytes or more from "
                f"{self.place.stat().st_size:,}; that is a zip bomb or no export of notes. Nothing was read."
            )


@contextmanager
def _told(place: Path) -> Generator[None]:
    """Say what is wrong with a zip in one sentence."""
    try:
        yield
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        raise ExportRefused(
            f"{place.name} is no whole zip file ({error or 'it ends too early'}). Download the export again."
        ) from None
    except FileNotFoundError:
        raise ExportRefused(f"There is no {place}. Name the export that you downloaded.") from None
    except OSError as error:
        raise ExportRefused(f"{place.name} cannot be read: {error.strerror or error}.") from None
