"""How a turn looks in a terminal and in a pipe."""

import io
import unicodedata
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from commonplace.clients.plain import PlainView, printable
from commonplace.clients.terminal import TerminalView

Json = Mapping[str, Any]


def update(kind: str, text: str | None = None, *, meta: Json | None = None, **rest: Any) -> Json:
    content = {} if text is None else {"content": {"type": "text", "text": text}}
    return {"update": {"sessionUpdate": kind, **content, **rest}, "_meta": {"commonplace": meta or {}}}


def thought(text: str, **meta: Any) -> Json:
    return update("agent_thought_chunk", text, meta=meta)


def reply(text: str) -> Json:
    return update("agent_message_chunk", text)


def step(status: str, title: str) -> Json:
    return update("tool_call_update", status=status, title=title)


def changed(before: str | None, after: str) -> Json:
    diff = {"type": "diff", "path": "/vault/user.md", "oldText": before, "newText": after}
    return {"update": {"sessionUpdate": "tool_call_update", "content": [diff]}}


def shown(*updates: Json, color: bool = False, height: int = 24) -> str:
    """What a terminal of 60 columns is sent for the updates."""
    file = io.StringIO()
    system = "truecolor" if color else None
    console = Console(
        file=file,
        force_terminal=color,
        color_system=system,
        width=60,
        height=height,
        highlight=False,
        no_color=not color,
    )
    view = TerminalView(console)
    for one in updates:
        view.show(one)
    view.end()
    return file.getvalue()


def test_a_turn_reads_from_top_to_bottom() -> None:
    text = shown(
        thought("I look "),
        thought("it up."),
        update("tool_call", title="Write Python", status="pending"),
        step("in_progress", "Read user.md"),
        step("completed", "Read user.md"),
        reply("Your name is **Robin**."),
    )
    assert [line.rstrip() for line in text.splitlines()] == [
        "I look it up.",
        "  · Read user.md",
        "Your name is Robin.",
    ]


def test_changed_lines_stand_under_their_step() -> None:
    text = shown(
        changed("# User\n- city: Oslo\n- age: 40\n", "# User\n- city: Bergen\n"), step("completed", "Changed user.md")
    )
    assert text.splitlines() == ["  · Changed user.md", "    - - city: Oslo", "    - - age: 40", "    + - city: Bergen"]


def test_lines_that_look_like_a_diff_header_are_shown() -> None:
    text = shown(changed("-- x\n", "++ y\n"), step("completed", "Changed user.md"))
    assert text.splitlines()[1:] == ["    - -- x", "    + ++ y"]


def test_a_new_note_and_a_long_change_stay_short() -> None:
    text = shown(changed(None, "".join(f"- {number}\n" for number in range(100))), step("completed", "Created x.md"))
    assert text.splitlines()[1] == "    + - 0"
    assert text.splitlines()[-1] == "    ... 88 more lines"


def test_a_change_is_shown_also_when_the_turn_is_cancelled_before_its_step_ends() -> None:
    text = shown(changed(None, "- a\n"), update("session_info_update", meta={"ended": {"reason": "cancelled"}}))
    assert text.splitlines() == ["  Stopped.", "    + - a"]


def changed_note(path: str, after: str) -> Json:
    diff = {"type": "diff", "path": f"/vault/{path}", "oldText": None, "newText": after}
    return update("tool_call_update", content=[diff], meta={"path": path})


def test_where_a_step_changed_several_notes_each_change_says_whose_it_is() -> None:
    text = shown(
        changed_note("entities/acme.md", "# Acme\n"),
        changed_note("Memory/user.md", "- employer: [[entities/acme.md]]\n"),
        step("completed", "Created entities/acme.md; changed user.md"),
    )
    assert text.splitlines()[1:] == [
        "    entities/acme.md",
        "    + # Acme",
        "    Memory/user.md",
        "    + - employer: [[entities/acme.md]]",
    ]


def failed(result: str) -> Json:
    return update("tool_call_update", status="failed", title="Create x.md", rawOutput={"result": result})


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (
            "({'a': '}, (b)'}, \"RuntimeError: x.md exists already; read it. (line 2: x = create_file('x.md'))\")",
            "x.md exists already; read it.",
        ),
        ("({}, 'ZeroDivisionError: division by zero (line 1: 1/0)')", "ZeroDivisionError: division by zero"),
        ("({}, 'The code used too much time and was stopped.')", "The code used too much time and was stopped."),
    ],
)
def test_a_failed_step_says_why(result: str, reason: str) -> None:
    lines = shown(failed(result)).replace("\n    ", "\n").splitlines()
    assert (lines[0], " ".join(lines[1:])) == ("  x Create x.md", reason)


@given(st.text())
def test_a_failed_step_is_shown_whatever_its_result_looks_like(result: str) -> None:
    assert shown(failed(result)).startswith("  x Create x.md\n")


def test_a_stopped_reply_is_shown_once_and_above_the_word_that_it_was_stopped() -> None:
    cancelled = update("session_info_update", meta={"ended": {"reason": "cancelled"}})
    text = shown(reply("The tide"), reply(" turns at"), cancelled, color=True)
    assert "turns at" not in text.partition("Stopped.")[2]
    assert "turns at" in text.partition("Stopped.")[0].rpartition("\x1b[2K")[2]


def test_a_failed_step_and_a_notice_are_marked() -> None:
    text = shown(step("failed", "Read x.md"), thought("Nobody links x.md now.", notice=True))
    assert text.splitlines() == ["  x Read x.md", "! Nobody links x.md now."]


def test_steps_are_dimmed_and_changes_are_coloured() -> None:
    text = shown(changed("a\n", "b\n"), step("completed", "Changed user.md"), color=True)
    assert "\x1b[2m  · Changed user.md" in text
    assert "\x1b[31m    - a" in text
    assert "\x1b[32m    + b" in text


def test_a_reply_longer_than_the_screen_is_shown_whole_at_the_end() -> None:
    text = shown(*(reply(f"line {number}\n\n") for number in range(50)), color=True, height=10)
    assert text.count("line 49") == 1
    last_picture = text.rpartition("\x1b[2K")[2]
    assert [f"line {number}" for number in range(50) if f"line {number} " not in last_picture] == []


HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\x00\x7f\r\x08"


@pytest.mark.parametrize(
    "hostile",
    [thought(HOSTILE), thought(HOSTILE, notice=True), step("completed", HOSTILE), step("failed", HOSTILE)],
    ids=["thought", "notice", "step", "failed-step"],
)
def test_a_note_cannot_steer_the_terminal(hostile: Json) -> None:
    assert [char for char in shown(hostile) if char != "\n" and unicodedata.category(char) == "Cc"] == []


def test_a_reply_and_a_change_cannot_steer_the_terminal() -> None:
    text = shown(changed(HOSTILE, HOSTILE + "x"), step("completed", "x"), reply(f"a {HOSTILE} b [link]({HOSTILE})"))
    assert [char for char in text if char != "\n" and unicodedata.category(char) == "Cc"] == []


def test_a_reply_cannot_hide_where_a_link_leads() -> None:
    text = shown(reply("[your notes](https://evil.invalid/?q=secret)"), color=True)
    assert "\x1b]8" not in text
    assert "evil.invalid" in text


@given(st.text())
def test_printable_keeps_everything_but_control_characters(text: str) -> None:
    kept = printable(text)
    assert [char for char in kept if char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cs")] == []
    assert printable(kept) == kept
    assert kept == "".join(char for char in text if char in kept)


def test_emoji_and_joined_letters_are_printable() -> None:
    assert printable("👩\u200d🚀 \U0001fae9 नमस्ते") == "👩\u200d🚀 \U0001fae9 नमस्ते"


def test_a_pipe_gets_the_reply_alone(capsys: pytest.CaptureFixture[str]) -> None:
    view = PlainView()
    for one in (thought("Hm."), step("completed", "Read user.md"), reply("Rob"), reply("in\x1b[1m")):
        view.show(one)
    view.end()
    view.end()
    assert capsys.readouterr().out == "Robin[1m\n"


def test_the_cost_of_a_turn_is_one_line_where_the_model_counts_tokens() -> None:
    looked = {"prompt_tokens": 1200, "cached_tokens": 1000, "generated_tokens": 40, "first_token_milliseconds": 310.0}
    said = {"prompt_tokens": 1300, "cached_tokens": 1210, "generated_tokens": 60, "tokens_per_second": 30.0}
    text = shown(
        update("tool_call_update", status="completed", title="Read user.md", meta={"metrics": looked}),
        reply("You are Robin."),
        update("session_info_update", meta={"ended": {"reason": "end_turn"}, "metrics": said}),
    )
    told = " ".join(text.split())
    assert told.endswith(
        "100 tokens written, 2,500 read (2,210 known from before), first word after 0.3 s, 30 tokens a second"
    )
    uncounted = update(
        "session_info_update", meta={"ended": {"reason": "end_turn"}, "metrics": {"model_milliseconds": 1}}
    )
    assert shown(reply("You are Robin."), uncounted).strip() == "You are Robin."
