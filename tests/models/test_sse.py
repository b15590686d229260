"""Server-sent events come out whole, however the network cut their bytes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.models.sse import LARGEST_EVENT, EventTooLarge, ServerSentEvents

LINE_ENDS = ("\n", "\r\n", "\r")


def events_of(*chunks: bytes) -> list[str]:
    parser = ServerSentEvents()
    return [event for chunk in chunks for event in parser.feed(chunk)] + parser.close()


@pytest.mark.parametrize("end", LINE_ENDS)
def test_every_line_end_of_the_standard_is_understood(end: str) -> None:
    assert events_of(f"data: one{end}{end}data: two{end}{end}".encode()) == ["one", "two"]


def test_several_data_lines_are_one_event() -> None:
    assert events_of(b"data: one\ndata: two\n\n") == ["one\ntwo"]


def test_one_space_after_the_colon_is_not_data() -> None:
    assert events_of(b"data:a\n\ndata: b\n\ndata:  c\n\n") == ["a", "b", " c"]


def test_comments_and_other_fields_are_no_events() -> None:
    assert events_of(b": ping\n\nevent: delta\nid: 7\nretry: 10\ndata: x\n\n: ping\n\n") == ["x"]


def test_a_byte_order_mark_is_not_part_of_the_first_field() -> None:
    assert events_of(b"\xef\xbb\xbfdata: x\n\n") == ["x"]


def test_the_last_event_may_lack_its_empty_line() -> None:
    assert events_of(b"data: x\n\ndata: [DONE]") == ["x", "[DONE]"]


def test_a_stream_without_events_has_none() -> None:
    assert events_of(b"<html>\n\n<p>Not found</p></html>") == []


def test_bytes_that_are_not_utf_8_do_not_stop_the_stream() -> None:
    assert events_of(b"data: a\xffb\n\ndata: c\n\n") == ["a\N{REPLACEMENT CHARACTER}b", "c"]


def test_a_server_cannot_fill_the_memory() -> None:
    with pytest.raises(EventTooLarge):
        events_of(b"data: " + b"x" * LARGEST_EVENT)
    with pytest.raises(EventTooLarge):
        events_of(b"data: " + b"x" * (LARGEST_EVENT // 2) + b"\n", b"data: " + b"x" * (LARGEST_EVENT // 2) + b"\n")


LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\ufeff"), min_size=1, max_size=8)


@given(
    events=st.lists(st.lists(LINES, min_size=1, max_size=3), max_size=4),
    end=st.sampled_from(LINE_ENDS),
    cuts=st.lists(st.integers(0, 200), max_size=12),
)
def test_the_same_events_however_the_bytes_are_cut(events: list[list[str]], end: str, cuts: list[int]) -> None:
    sent = "".join("".join(f"data: {line}{end}" for line in event) + end for event in events).encode()
    places = [0, *sorted(min(cut, len(sent)) for cut in cuts), len(sent)]
    assert events_of(*(sent[start:stop] for start, stop in pairwise(places))) == ["\n".join(event) for event in events]
