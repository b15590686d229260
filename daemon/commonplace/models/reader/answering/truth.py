"""Yes or no: whether the notes say something of somebody, and what they say instead where they do not. Pure."""

import re
from collections.abc import Iterator

from commonplace.models.reader.answering import saying
from commonplace.models.reader.answering.answered import Answer
from commonplace.models.reader.answering.calling import SURE, facts_called
from commonplace.models.reader.answering.groups import NOT_SAID
from commonplace.models.reader.answering.phrase import Phrase, Related
from commonplace.models.reader.answering.relating import meant
from commonplace.models.reader.language.matching import is_agent
from commonplace.models.reader.language.words import Word, best_likeness, words_of
from commonplace.models.reader.notes.facts import Fact, without_links
from commonplace.models.reader.notes.scene import Match, Meant, Scene


def whether(subject: Phrase, said: str, scene: Scene) -> Answer | None:
    """Say yes where a fact's key and value account for all that is said, no where a fact denies it.

    Where the notes say another value of the very thing, that is told, as what stands there instead.
    """
    asked = [word for word in words_of(said) if word.text not in NOT_SAID]
    owners = meant(subject, scene) if asked else []
    found = [answer for owner in owners for answer in _said_of(owner, asked, scene)]
    found += list(_had(subject, owners, said, scene))
    if not found:
        found = [answer for owner in owners for answer in _said_instead(owner, asked, said, scene)]
    return max(found, key=lambda answer: answer.score, default=None)


def whether_same(one: Phrase, other: Phrase, scene: Scene) -> Answer | None:
    """Say whether somebody is who a phrase means: "is Otto my brother"."""
    here, there = meant(one, scene), [end for end in meant(other, scene) if end.relation]
    same = [end for end in there if any(end.path == this.path for this in here)]
    if not here or not there or (not same and max(end.score for end in there) < SURE):
        return None
    relation = (same or there)[0].relation
    note = scene.known.notes.get(relation.note) if relation else None
    if relation is None or note is None:
        return None
    evidence = Match(note, relation, 0.9)
    return Answer(saying.whether(bool(same), note, relation), (evidence,), 0.9)


def _said_of(owner: Meant, asked: list[Word], scene: Scene) -> Iterator[Answer]:
    note = scene.note(owner.path, owner.relation)
    for fact in note.statements if note else ():
        truth = _TRUTH.get(fact.value.casefold())
        value, key = words_of(without_links(fact.value)), fact.key_words
        by_value = [word for word in asked if truth is None and best_likeness(word, value) >= 1]
        by_key = [word for word in asked if word not in by_value and best_likeness(word, key) >= 0.7]
        share = sum(w.weight for w in (*by_value, *by_key)) / sum(w.weight for w in asked)
        if share >= 0.75 and (by_value or truth is not None) and note:
            score = share * owner.score
            yield Answer(saying.whether(truth is not False, note, fact), (Match(note, fact, score),), score)


def _had(subject: Phrase, owners: list[Meant], said: str, scene: Scene) -> Iterator[Answer]:
    """Say that it stands there: what somebody has, "do I have a cat", or a tie, "is she married"."""
    thing = _HAS.fullmatch(said)
    what = thing["what"] if thing else said
    if not thing and len(words_of(said)) > 1:
        return
    for owner in owners:
        for match in facts_called(what, owner, scene):
            nothing = match.fact.value.casefold() in _NOTHING
            if match.score >= SURE and (match.fact.links or nothing or thing):
                score = 0.9 * owner.score
                said_so = saying.whether(not nothing, match.note, match.fact)
                yield Answer(said_so, (Match(match.note, match.fact, score),), score)
    for end in meant(Related(what, subject), scene) if thing else ():
        note = scene.known.notes.get(end.relation.note) if end.relation else None
        if note and end.relation:
            evidence = Match(note, end.relation, 0.85)
            yield Answer(f"Yes: {saying.names([scene.name(end.path)], [end.relation])}", (evidence,), 0.85)


def _said_instead(owner: Meant, asked: list[Word], said: str, scene: Scene) -> Iterator[Answer]:
    """Tell another value of the verb or noun that is said, or of what such a value is one of."""
    note = scene.note(owner.path, owner.relation)
    for fact in note.statements if note else ():
        key, value = fact.key_words, words_of(without_links(fact.value))
        by_key = [word for word in asked if best_likeness(word, key) >= SURE]
        rest = [word for word in asked if word not in by_key]
        named = any(word.weight > 0.5 for word in by_key) or _is_slot_of(said, fact, scene)
        if (
            fact.value.casefold() in _TRUTH
            or not note
            or not named
            or not rest
            or any(best_likeness(word, value) for word in rest)
        ):
            continue
        score = 0.65 * owner.score
        number = re.search(r"\d", said) is not None
        told = saying.whether(False, note, fact) if number else saying.not_said(note, fact)
        yield Answer(told, (Match(note, fact, score),), score)


def _is_slot_of(said: str, fact: Fact, scene: Scene) -> bool:
    """Say whether what is said could only be another value of a fact: a number of an age, a trade of an occupation."""
    word = said.removeprefix("a ").removeprefix("an ").removesuffix(" years old").strip()
    if " " in word:
        return False
    if word.isdigit():
        slot = "age"
    elif word in _COLOURS:
        slot = "colour"
    elif (is_agent(word) and not word.endswith(_NO_TRADES)) or _is_value_of("occupation", word, scene):
        slot = "occupation"
    elif _is_value_of("type", word, scene):
        slot = "type"
    else:
        return False
    return any(best_likeness(wanted, fact.key_words) >= SURE for wanted in words_of(slot))


def _is_value_of(key: str, word: str, scene: Scene) -> bool:
    """Say whether a note that was read has a word for the value of a key."""
    wanted = words_of(key)
    return any(
        fact.value.casefold() == word and best_likeness(wanted[0], fact.key_words) >= SURE
        for note in scene.known.notes.values()
        for fact in note.facts
    )


_HAS = re.compile(r"(?:have|has|own|owns|got|keep) (?:an? |any )?(?P<what>[a-z][\w -]*)")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_NOTHING = frozenset(("none", "no", "never", "nothing", "single", "0", "-", "n/a"))
_COLOURS = frozenset("black white red green blue yellow brown grey gray orange purple pink silver golden".split())  # noqa: SIM905  # words read better in a row
_NO_TRADES = ("smoker", "drinker", "eater", "sleeper", "lover", "speaker", "swimmer", "owner", "member", "winner")
"""What people are besides their trade."""
