"""The embedded default model: answers from facts and links, without weights."""

from commonplace.models.reader.reader import ReaderModel

__all__ = ["ReaderModel"]
