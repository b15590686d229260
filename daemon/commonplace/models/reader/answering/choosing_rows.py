"""Answers from the rows of a table, which must account for every word of the question. Pure."""

import re
from collections.abc import Sequence

from commonplace.models.reader.answering import saying
from commonplace.models.reader.answering.answered import Answer
from commonplace.models.reader.answering.asking_rows import SPENDING, Asked, read_asked
from commonplace.models.reader.answering.matching_tables import SAME, Fit, fit_of
from commonplace.models.reader.answering.quantities import dimension_of, sense_of
from commonplace.models.reader.answering.row_measures import bounded, is_day, is_money, is_time, measured, total
from commonplace.models.reader.language.words import best_likeness, make_word, words_of
from commonplace.models.reader.message.names import mark_names
from commonplace.models.reader.notes.facts import Fact, without_links
from commonplace.models.reader.notes.scene import Match, Scene

SURE, WEAK = 0.9, 0.72
"""The score of an answer of which the table accounts for every word, and of one where only its note does."""


def answer_about_rows(message: str, scene: Scene) -> Answer | None:
    """Answer a question over the rows of the one table that accounts for it; None where none does, or two as well."""
    marked = mark_names(message, scene.known)
    asked = read_asked(marked.text)
    if asked is None:
        return None
    fits = [
        fit
        for note in scene.known.notes.values()
        for table in note.tables
        if (fit := fit_of(asked, table, note, [marked.paths[mark] for mark in asked.marks], scene))
    ]
    answers = [(fit.of_place, found) for fit in fits if (found := _answer(asked, fit))]
    best = max((place for place, _ in answers), default=0)
    likely = [found for place, found in answers if place == best]
    return likely[0] if len(likely) == 1 else None


def _answer(asked: Asked, fit: Fit) -> Answer | None:
    chosen = _chosen(asked, fit)
    if chosen is None:
        return None
    rows, used = chosen
    column = _measure_column(asked, fit)
    if asked.bound:
        if column is None:
            return None
        every = rows
        rows = [r for r in rows if bounded(fit.table.heads[column], fit.column(column)[r], asked.bound)]
        if not rows:
            return _said(saying.no_row(_name_of(fit), len(every), fit.note), fit, every, [column])
        used = [*used, column]
    if asked.most:
        return _most(asked, fit, rows, column)
    if asked.opening in ("how many", "how much") or asked.sums:
        return _amount(asked, fit, rows, used, column)
    shown = _shown(asked, fit, used)
    if not shown and not _may_name(asked, fit, used):
        return None
    return _said(_listed(fit, rows, shown or used), fit, rows, [*used, *shown])


def _shown(asked: Asked, fit: Fit, used: Sequence[int]) -> list[int]:
    """Return the columns that are asked for, beside those that the rows are chosen by."""
    shown = [c for c in fit.heads if c not in used]
    if asked.opening == "when":
        return [c for c in shown if _is_of_days(fit, c)] or _told_of(asked, fit) if used else []
    if asked.opening in _NAMING and used:
        return []
    return _told_of(asked, fit) if not shown and set(used) == {0} else shown


def _may_name(asked: Asked, fit: Fit, used: Sequence[int]) -> bool:
    """Say whether the names of the rows are an answer where no column is asked for."""
    if asked.opening == "when":
        return bool(used) and _is_of_days(fit, 0)
    if set(used) <= {0}:
        return bool(fit.of_kind) and (asked.opening in _NAMING or (asked.opening == "what" and not used))
    return True


def _is_of_days(fit: Fit, column: int) -> bool:
    return all(is_day(cell) for cell in fit.column(column))


def _told_of(asked: Asked, fit: Fit) -> list[int]:
    """Return the columns that tell of a row that is named: its days for "when", else its only other column."""
    others = list(range(1, len(fit.table.heads)))
    if asked.opening == "when":
        return [c for c in others if _is_of_days(fit, c)]
    return others if len(others) == 1 and asked.opening in ("what", "where", "how much") else []


def _chosen(asked: Asked, fit: Fit) -> tuple[list[int], list[int]] | None:
    """Return the rows that a question's words choose, and the columns that they are chosen by."""
    everything = list(range(len(fit.table.rows)))
    wanted = [_in_said_columns(places, fit) for places in fit.cells]
    if not wanted:
        return (everything, []) if not asked.negated else None
    sets = [{r for r, _ in places} for places in wanted]
    rows = [r for r in everything if all(r in one for one in sets)]
    if not rows and asked.either:
        rows = [r for r in everything if any(r in one for one in sets)]
    if asked.negated:
        rows = [r for r in everything if r not in rows]
    used = list(dict.fromkeys(c for places in wanted for r, c in places if r in rows or asked.negated))
    return (rows, used) if rows else None


def _in_said_columns(places: frozenset[tuple[int, int]], fit: Fit) -> frozenset[tuple[int, int]]:
    here = frozenset(place for place in places if place[1] in fit.heads)
    return here or places


def _measure_column(asked: Asked, fit: Fit) -> int | None:
    """Return the column whose cells are compared or added up."""
    heads = fit.table.heads
    numeric = [
        c
        for c in range(1, len(heads))
        if sum(measured(heads[c], cell) is not None for cell in fit.column(c)) * 2 > len(fit.table.rows)
    ]
    said = [c for c in fit.heads if c in numeric]
    if said:
        return said[0]
    adjective = asked.most or (asked.bound.adjective if asked.bound else "")
    for key, _ in dimension_of(adjective):
        for c in numeric:
            if _says(key, heads[c]) or (key in _TIMES and is_time(heads[c], fit.column(c)[0], "minute")):
                return c
    money = [c for c in numeric if all(is_money(cell) for cell in fit.column(c))]
    if asked.bound and asked.bound.unit:
        unit = make_word(asked.bound.unit)
        for c in numeric:
            if best_likeness(unit, words_of(f"{heads[c]} {fit.column(c)[0]}")) >= SAME or is_time(
                heads[c], fit.column(c)[0], unit.text
            ):
                return c
        money = money if is_money(f"1 {asked.bound.unit}") else []
        return money[0] if len(money) == 1 else None
    if _asks_for_money(asked):
        return money[0] if len(money) == 1 else None
    counted = [c for c in numeric if not any(is_day(cell) for cell in fit.column(c))]
    is_general = adjective in _GENERAL or not adjective
    return counted[0] if len(counted) == 1 and is_general else None


def _says(key: str, head: str) -> bool:
    return any(best_likeness(word, words_of(head)) >= SAME for word in words_of(key))


def _asks_for_money(asked: Asked) -> bool:
    adjective = asked.most or (asked.bound.adjective if asked.bound else "")
    keys = [key for key, _ in dimension_of(adjective)]
    return "price" in keys or not SPENDING.isdisjoint(asked.words)


def _most(asked: Asked, fit: Fit, rows: Sequence[int], column: int | None) -> Answer | None:
    if column is None or len(rows) < 2:
        return None
    head = fit.table.heads[column]
    timed = is_time(head, fit.column(column)[0], "minute")
    signs = [sign for key, sign in dimension_of(asked.most) if _says(key, head) or (timed and key in _TIMES)]
    sign = (signs[0] if signs else _sense(asked.most)) * (-1 if asked.least else 1)
    values = {r: measured(fit.table.heads[column], fit.column(column)[r], fit.table.rows[r][1]) for r in rows}
    known = {r: value for r, value in values.items() if value is not None}
    if len(known) < 2:
        return None
    top = max(sign * value for value in known.values())
    winners = [r for r, value in known.items() if sign * value == top]
    said = f"{_listed(fit, winners, [column]).rpartition(' (')[0]}, among {len(known)} ({fit.note.path})."
    return _said(said, fit, winners, [column])


def _sense(most: str) -> int:
    return -1 if most in ("least", "fewest", "worst") else sense_of(most)


def _amount(asked: Asked, fit: Fit, rows: Sequence[int], used: Sequence[int], column: int | None) -> Answer | None:
    """Count the rows, or add up what a column says of them."""
    is_count = asked.opening == "how many" and not (column is not None and column in fit.heads) and not asked.sums
    if is_count or (asked.bound and asked.opening == "how many"):
        if not fit.of_place:
            return None
        names = [_row_name(fit, r) for r in rows]
        return _said(saying.counted(names, _name_of(fit), [_cell(fit, rows[0], 0)]), fit, rows, used)
    if column is None:
        return None
    if len(rows) == 1:
        return _said(_listed(fit, rows, [column]), fit, rows, [*used, column])
    whole = total([fit.column(column)[r] for r in rows], [fit.table.rows[r][1] for r in rows], asked.period)
    if whole is None:
        return None
    each = ", ".join(f"{_row_name(fit, r)} {fit.column(column)[r]}" for r in rows)
    return _said(f"{whole} together: {each} ({fit.note.path}).", fit, rows, [*used, column])


def _listed(fit: Fit, rows: Sequence[int], columns: Sequence[int]) -> str:
    """Say the names of rows with what columns say of them."""
    told = [c for c in columns if not all(fit.column(c)[r] in _row_name(fit, r) for r in rows)]
    if not told:
        return f"{', '.join(_row_name(fit, r) for r in rows)} ({fit.note.path})."
    said = [
        f"{_row_name(fit, r)}: {', '.join(f'{fit.table.heads[c].casefold()} {fit.column(c)[r]}' for c in told)}"
        for r in rows
    ]
    return f"{'; '.join(said)} ({fit.note.path})."


def _said(said: str, fit: Fit, rows: Sequence[int], columns: Sequence[int]) -> Answer:
    facts = [_cell(fit, r, c) for r in rows for c in dict.fromkeys((0, *columns))]
    score = WEAK if fit.is_weak else SURE
    return Answer(said, tuple(Match(fit.note, fact, score) for fact in facts), score)


def _cell(fit: Fit, row: int, column: int) -> Fact:
    """Return a cell as a fact, under the head of its column."""
    number, cells = fit.table.rows[row]
    return Fact(fit.note.path, fit.table.heading, fit.table.heads[column], cells[column], "", number, ())


def _row_name(fit: Fit, row: int) -> str:
    """Return what a row is called; a bare number or letter says little without the next cell."""
    name, *others = (without_links(cell) for cell in fit.table.rows[row][1])
    plain = others and not re.search(r"[^\W\d_]{2}", name) and re.search(r"[^\W\d_]{3}", others[0])
    return f"{name} {others[0]}" if plain else name


def _name_of(fit: Fit) -> str:
    return (fit.table.heading or fit.table.heads[0]).casefold()


_NAMING = ("which", "who", "whose", "list", "name", "names of", "name of", "show")
_TIMES = ("time", "duration")
_GENERAL = frozenset(
    """
    most least fewest highest lowest largest smallest biggest best worst greatest more less fewer higher lower larger
    smaller bigger
    """.split()  # noqa: SIM905  # a table of words reads better than a list of strings
)
"""Adjectives that may be said of whatever a table counts."""
