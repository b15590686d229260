"""Deltas that are joined can be cut again at any number, and nothing of them is lost or told twice."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from commonplace.server.numbered import LONGEST_RUN, MOST_CHARACTERS, Numbered, Update, join, joined

STREAMS = st.sampled_from(["thought", "reply", "call-1", None])
UPDATES = st.lists(st.tuples(STREAMS, st.text(max_size=6)), max_size=40)


def numbered(said: list[tuple[str | None, str]]) -> list[Numbered]:
    return [
        Numbered("s", seq, Update({"sessionUpdate": str(stream)}, {}, stream, text if stream else ""))
        for seq, (stream, text) in enumerate(said, 1)
    ]


def told(updates: list[Numbered]) -> list[tuple[str | None, str]]:
    """What a client has in the end."""
    said: list[tuple[str | None, str]] = []
    for update in updates:
        stream = update.update.stream
        if stream is not None and said and said[-1][0] == stream:
            said[-1] = (stream, said[-1][1] + update.update.text)
        else:
            said.append((stream, update.update.text))
    return said


@given(UPDATES)
def test_joined_updates_say_the_same_under_numbers_that_follow_each_other(said: list[tuple[str | None, str]]) -> None:
    updates = numbered(said)
    whole = list(joined(updates))
    assert told(whole) == told(updates)
    assert [number for one in whole for number in range(one.first, one.seq + 1)] == list(range(1, len(said) + 1))
    assert not any(later.continues(before) for before, later in pairwise(whole))


@given(UPDATES, st.integers(0, 45))
def test_what_a_client_has_and_what_comes_after_are_the_whole(said: list[tuple[str | None, str]], seen: int) -> None:
    updates = numbered(said)
    rest = [part for one in joined(updates) if (part := one.after(seen)) is not None]
    assert told(updates[:seen] + rest) == told(updates)
    assert [one.first for one in rest[:1]] == ([seen + 1] if seen < len(said) else [])


@given(UPDATES)
def test_joining_twice_is_joining_once(said: list[tuple[str | None, str]]) -> None:
    once = list(joined(numbered(said)))
    assert list(joined(once)) == once


def test_a_run_has_an_end() -> None:
    short = numbered([("thought", "x")] * (LONGEST_RUN + 1))
    assert [one.seq for one in joined(short)] == [LONGEST_RUN, LONGEST_RUN + 1]
    long = numbered([("thought", "x" * (MOST_CHARACTERS // 2))] * 3)
    assert [one.seq for one in joined(long)] == [2, 3]


def test_an_update_says_on_the_wire_what_it_stands_for() -> None:
    run = numbered([("thought", "a "), ("thought", "b")])
    params = join(run).params()
    assert params["_meta"]["commonplace"] == {"seq": 2, "first": 1}
    assert params["update"]["content"] == {"type": "text", "text": "a b"}
    assert run[0].params()["_meta"]["commonplace"] == {"seq": 1}
