"""How the files and keys of a memory are spelled. Pure."""

import re


def entity_path(name: str) -> str:
    """Return the path of a new entity: "Blue Fern Bakery" gives ``entities/blue_fern_bakery.md``."""
    return f"entities/{snake(name) or 'unnamed'}.md"


def snake(words: str) -> str:
    """Return words as keys and file names have them: ``blue_fern_bakery``."""
    return "_".join(re.findall(r"[^\W_]+", words.casefold()))
