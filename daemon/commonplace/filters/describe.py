"""What a rule does, in words for the user."""

from collections.abc import Iterator

from commonplace.filters.lens import FilterLens
from commonplace.filters.rule import Rule

MODEL_ALONE = "Nothing outside the model can hold this rule; it rests on the model alone."
IF_ANY = "Where notes have nothing that is called so, the rule rests on the model alone."
NOT_ENGLISH = "Rules are read as English; whatever else this one means rests on the model alone."
NOT_HERE = "Nothing in this vault goes by what it names, so here it rests on the model alone."


def named_by(rule: Rule) -> str:
    """What a rule names, in one sentence."""
    if rule.rests_on_the_model:
        return MODEL_ALONE
    said = [f"Withholds {'; '.join(_parts(rule))}."]
    if rule.complete:
        said.append("An answer that would tell it is refused.")
    if not rule.is_in_english:
        said.append(NOT_ENGLISH)
    elif not rule.is_held:
        said.append(IF_ANY)
    return " ".join(said)


def found_by(rule: Rule, lens: FilterLens) -> str:
    """What of a vault a rule withholds; ``lens`` has looked at it with this rule alone."""
    whole, parts = len(lens.hidden), len(lens.masks_notes)
    if not whole and not parts:
        return "Nothing of it stands in this vault now; look at how it is spelled." if rule.is_held else NOT_HERE
    return f"In this vault: {_counted(whole, 'note')} withheld whole, parts of {_counted(parts, 'other note')}."


def _parts(rule: Rule) -> Iterator[str]:
    yield from (f"every {kind}" if kind != "health" else "facts about health" for kind in sorted(rule.kinds))
    yield from (f'the name "{name}" and the note of that name' for name in rule.names)
    yield from (f'facts, sections and notes called "{phrase}"' for phrase in rule.phrases)
    yield from (f"the notes in {folder}/" for folder in rule.folders)
    yield from (f"the notes tagged #{tag}" for tag in rule.tags)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
