"""What the reader does next, in the tags of the mem-agent contract."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """A thought, then either a python block or a reply."""

    thought: str
    code: str = ""
    reply: str = ""

    def __str__(self) -> str:
        block = f"\n{self.code}\n" if self.code else ""
        thought = f"<think>\n{self.thought}\n</think>\n\n<python>{block}</python>"
        return f"{thought}\n\n<reply>\n{self.reply}\n</reply>" if self.reply else thought
