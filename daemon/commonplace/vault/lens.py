"""A seam: what somebody does not get to see of a memory."""

from typing import Protocol

from commonplace.vault.path import NotePath


class Lens(Protocol):
    """Hides notes, and parts of others; every line stays in its place."""

    def hides(self, path: NotePath) -> bool:
        """Whether the note or folder is not there for whoever looks."""
        ...

    def hides_text(self, path: NotePath, text: str) -> bool:
        """Whether a note that says this is not there."""
        ...

    def seen(self, text: str) -> str:
        """A note's text, line for line, with what is hidden masked."""
        ...

    def said(self, text: str) -> str:
        """Any other text, such as what was said before: without what is hidden."""
        ...
