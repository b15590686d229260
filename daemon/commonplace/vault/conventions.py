"""What the agent's own additions to a memory must look like. A human's text is never checked."""

import re
import unicodedata

from commonplace.vault.errors import ConventionError
from commonplace.vault.facts import facts
from commonplace.vault.frontmatter import aliases, body_start
from commonplace.vault.path import NotePath
from commonplace.vault.text import added_lines

USER_NOTE = "user.md"
ENTITIES = "entities"

_SNAKE_CASE = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
_TITLE = re.compile(r"\n# +(\S.*?)\s*#*$", re.MULTILINE)
"""It begins with a literal line end, for which ``re`` searches many times as quickly as for ``^``."""
_RUN_BY_A_PLUGIN = re.compile(
    r"^\s*(?:>\s*)*(?:`{3,}|~{3,})\s*\{?\s*(dataviewjs|dataview|templater|js-engine|meta-bind-js-view|meta-bind-button"
    r"|buttons?|custom-?js|run-\w+|tasks|jsx?:\S*|execute\S*)\b",
    re.IGNORECASE,
)
_INLINE_PLUGIN_CODE = re.compile(r"<%|`\$=|`=")


def entity_name(name: str) -> str:
    """The file name, without extension, for an entity that people call ``name``: "Jane Doe" -> "jane_doe"."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name).casefold())
    return unicodedata.normalize("NFC", "_".join(words)) or "unnamed"


def title(text: str) -> str | None:
    """The note's first top heading, or None."""
    start = body_start(text)
    found = _TITLE.search(text, start - 1) if start else _TITLE.search("\n" + text)
    return found[1] if found else None


def names_of(path: NotePath, text: str) -> tuple[str, ...]:
    """Everything that the note is called: its file name, its title, its aliases."""
    heading = title(text)
    return (path.stem, *([heading] if heading else []), *aliases(text))


def check_entity_path(inside: str) -> None:
    """Check the path of a new entity, given below the memory folder, such as "entities/jane_doe.md".

    Raises:
        ConventionError: with the path to write instead.

    """
    *folders, name = inside.split("/")
    stem = name.removesuffix(".md")
    good = [folders[0], *(entity_name(part) for part in [*folders[1:], stem])]
    suggestion = "/".join(good) + ".md"
    if not name.endswith(".md"):
        raise ConventionError(f"{inside!r} must end in .md; write {suggestion!r}.")
    for part in [*folders[1:], stem]:
        if not _SNAKE_CASE.fullmatch(part) or part != part.lower():
            raise ConventionError(f"{inside!r} is not snake_case; write {suggestion!r}.")


def check_entity_text(inside: str, text: str) -> None:
    """Check that a new entity has a title.

    Raises:
        ConventionError: with the line to add.

    """
    if title(text) is None:
        real_name = inside.rpartition("/")[2].removesuffix(".md").replace("_", " ").title()
        raise ConventionError(f"A new entity begins with a title; put the line '# {real_name}' first.")


def check_added_text(before: str | None, after: str) -> None:
    """Refuse added text that a plugin of the vault would execute when the note is opened.

    Raises:
        ConventionError: naming the line.

    """
    for index, line in added_lines(before, after):
        if _RUN_BY_A_PLUGIN.match(line) or _INLINE_PLUGIN_CODE.search(line):
            raise ConventionError(
                f"Line {index + 1} would be run as code by a plugin of the vault; write it as plain text."
            )


def without_plugin_code(text: str) -> str:
    """Text from elsewhere, changed where a plugin would find code to run, so that ``check_added_text`` takes it."""
    if "<%" in text or "`$=" in text or "`=" in text:
        text = _INLINE_PLUGIN_CODE.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)
    if "```" not in text and "~~~" not in text:
        return text
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if ("```" in line or "~~~" in line) and (found := _RUN_BY_A_PLUGIN.match(line)):
            lines[index] = f"{line[: found.start(1)]}text {line[found.start(1) :]}"
    return "\n".join(lines)


def check_fact_place(before: str, after: str) -> None:
    """Refuse a second fact under a key that the note states already as a property or as ``key:: value``.

    A key whose value is a list or a link may have several.

    Raises:
        ConventionError: naming the line to change instead. What stands there is not quoted: it may be withheld.

    """
    kept = {fact.key for fact in facts(after) if fact.form != "list"}
    standing = {
        fact.key.casefold(): fact
        for fact in facts(before)
        if fact.form != "list" and fact.key in kept and fact.value and not set(fact.value) & set("[],")
    }
    if not standing:
        return
    for _, line in added_lines(before, after):
        for added in facts(line):
            stated = standing.get(added.key.casefold().replace("_", " ")) or standing.get(added.key.casefold())
            if added.form == "list" and stated is not None:
                raise ConventionError(f"{stated.key} stands on line {stated.line} already; change it there.")


def with_alias(path: NotePath, text: str) -> str:
    """A new entity's text with its real name as alias, so that Obsidian finds it by that name.

    Text that brings its own frontmatter stays as it is.
    """
    heading = title(text)
    if heading is None or heading == path.stem or text.startswith("---"):
        return text
    quoted = heading.replace("\\", "\\\\").replace('"', '\\"')
    return f'---\naliases:\n  - "{quoted}"\n---\n{text}'
