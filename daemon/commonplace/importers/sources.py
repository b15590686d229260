"""The sources, by the name that is typed."""

from collections.abc import Callable, Mapping
from pathlib import Path

from commonplace.importers.base import Importer
from commonplace.importers.chatgpt import ChatGPT
from commonplace.importers.claude import Claude
from commonplace.importers.markdown import MarkdownFolder
from commonplace.importers.notion import Notion

SOURCES: Mapping[str, Callable[[Path], Importer]] = {
    "chatgpt": ChatGPT,
    "claude": Claude,
    "notion": Notion,
    "markdown": MarkdownFolder,
}
