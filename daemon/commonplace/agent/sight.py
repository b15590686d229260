"""What a turn may see of the notes: all of them, or what the filters of its client leave."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from commonplace.agent.sandbox import ToolRefused
from commonplace.vault import search
from commonplace.vault.errors import NoteNotFound, VaultError
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Note
from commonplace.vault.path import NotePath
from commonplace.vault.search import Hit
from commonplace.vault.workspace import Workspace

_WITHHELD = "{} is withheld from this client by a filter of the user; nothing was written there."


class Sight:
    """Looks at notes through the memory's lens; what it does not show might as well not exist."""

    def __init__(self, memory: Memory, workspace: Workspace) -> None:
        self._memory = memory
        self._workspace = workspace

    def missing(self, path: NotePath) -> NoteNotFound:
        """What is said of a note that is not there, or not to be seen."""
        return NoteNotFound(f"{path} does not exist; list_files() shows what does.")

    async def note(self, path: NotePath) -> Note:
        """Read a note, whole and as it stands.

        Raises:
            VaultError: it cannot be read, or not be seen.

        """
        if not self._memory.reaches(path):
            raise self.missing(path)
        note = await self._workspace.read(path)
        if not self.shows(path, note.text):
            raise self.missing(path)
        return note

    def shows(self, path: NotePath, text: str) -> bool:
        """Whether a note of this text may be known of."""
        return self._memory.reaches(path) and not self._hides(path, text)

    async def allows(self, path: NotePath) -> bool:
        """Whether a note that stands may be known of, by what it says."""
        if self._memory.lens is None:
            return True
        with suppress(VaultError):
            return not self._hides(path, (await self._workspace.read(path)).text)
        return True

    async def size(self, paths: Iterable[NotePath]) -> int:
        """Bytes of the notes as they are seen; those that cannot be read or seen count nothing."""
        total = 0
        for path in paths:
            with suppress(VaultError):
                total += await self.size_of_note(path)
        return total

    async def size_of_note(self, path: NotePath) -> int:
        """Bytes of one note as it is seen.

        Raises:
            VaultError: it cannot be read, or not be seen.

        """
        return len((await self._seen(path)).encode("utf-8", "surrogatepass"))

    async def hits(self, hits: Sequence[Hit], query: str) -> list[Hit]:
        """The hits of a search that still are some in what is seen of their notes."""
        if self._memory.lens is None:
            return list(hits)
        found: list[Hit] = []
        for each in hits:
            with suppress(VaultError):
                again = search.hit(each.path, await self._seen(each.path), search.words_of(query))
                found += [again] if again is not None else []
        return found

    def check_open(self, path: NotePath, text: str = "") -> None:
        """Refuse to make a note or folder where a filter withholds one, or what is to stand there.

        Raises:
            ToolRefused.

        """
        if not self.shows(path, text):
            raise self.withheld(path)

    def finds(self, path: NotePath, words: Sequence[str]) -> bool:
        """Whether a search may count the note among its hits: by what is seen of it."""
        if not self._memory.reaches(path):
            return False
        if self._memory.lens is None:
            return True
        with suppress(VaultError):
            text = self._memory.vault.read(path).text
            found = search.hit(path, text, words) is not None and not self._hides(path, text)
            return found and search.hit(path, self._memory.seen(text), words) is not None
        return False

    def check_unmasked(self, path: NotePath, text: str) -> None:
        """Refuse to take away a note of which lines are masked.

        Raises:
            ToolRefused.

        """
        if self._memory.seen(text) != self._memory.shown(text):
            raise self.withheld(path)

    def withheld(self, path: NotePath, what: str = "{}") -> ToolRefused:
        """The refusal; ``what`` says which part of the note is meant."""
        return ToolRefused(_WITHHELD.format(what.format(self._memory.name(path))))

    def unmasked(self, note: Note, edited: str) -> str:
        """A note's text that was edited as it is seen, with its masked lines as they are.

        Raises:
            ToolRefused: the edit changes a masked line, or one by which a line is masked, such as its heading.

        """
        shown, seen = self._memory.shown(note.text), self._memory.seen(note.text)
        if seen == shown:
            return edited
        lines, masked, after = shown.split("\n"), seen.split("\n"), edited.split("\n")
        most = min(len(masked), len(after))
        head = next((at for at in range(most) if masked[at] != after[at]), most)
        tail = next((at for at in range(most - head) if masked[-1 - at] != after[-1 - at]), most - head)
        end = len(lines) - tail
        if lines[head:end] != masked[head:end]:
            raise self.withheld(note.path, "A line of {}")
        whole = [*lines[:head], *after[head : len(after) - tail], *lines[end:]]
        then = self._memory.seen("\n".join(whole)).split("\n")
        kept = [*range(head), *range(end - len(lines), 0)]
        if any(masked[at] != lines[at] and then[at] != masked[at] for at in kept):
            raise self.withheld(note.path, "A line of {}")
        return "\n".join(whole)

    async def _seen(self, path: NotePath) -> str:
        return self._memory.seen((await self.note(path)).text)

    def _hides(self, path: NotePath, text: str) -> bool:
        lens = self._memory.lens
        return lens is not None and lens.hides_text(path, text)
