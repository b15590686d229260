"""A model that reads all that it can and tells it in every way that it has."""

from collections.abc import AsyncGenerator, Sequence

from commonplace.models.base import Message, Meter

READS = """
a = list_files()
b = [read_file(p) for p in {paths}]
c = [go_to_link(p) for p in {links}]
d = [search_notes(q) for q in {queries}]
e = [check_if_file_exists(p) for p in {paths}]
f = get_size("")
"""


class LeakingModel:
    """Reads the notes whose paths it knows, then thinks, codes and answers what it read, forwards and backwards."""

    name = "leaking"

    def __init__(self, paths: Sequence[str], queries: Sequence[str]) -> None:
        links = [f"[[{path}]]" for path in paths] + [path.rpartition("/")[2].removesuffix(".md") for path in paths]
        self._code = READS.format(paths=list(paths), links=links, queries=list(queries))
        self.seen = ""
        """All that it was ever shown of the current turn."""

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        if not messages[-1].content.startswith("<result>"):
            text = f"<think>\nI read.\n</think>\n<python>\n{self._code}\n</python>"
        elif "leaked" not in messages[-2].content:
            self.seen = "\n".join(message.content for message in messages[1:])
            read = messages[-1].content.replace("<", "(").replace(">", ")")
            text = (
                f"<think>\n{read}\n</think>\n<python>\nleaked = {read[::-1][:3000]!r}\nx = {read[:3000]!r}\n</python>"
            )
        else:
            read = self.seen.replace("<", "(").replace(">", ")")
            text = f"<think>\n{read[::-1]}\n</think>\n<python></python>\n<reply>\n{read}\n</reply>"
        for start in range(0, len(text), 23):
            yield text[start : start + 23]

    async def close(self) -> None:
        """Nothing is held."""
