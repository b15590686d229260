"""No filtered client is told a protected value: not by the reader, not by a model that tells whatever it read.

``pytest tests/filters/test_cases.py --filter-cases 300`` runs all of them; with ``-s`` it says
how many allowed answers were changed.
"""

import html
import re
import unicodedata
from collections.abc import Awaitable, Callable, Iterator, Mapping
from math import gcd
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import pytest
import tomlkit
from tests.filters.filter_cases import NOTES, Case, cases
from tests.filters.leaking_model import LeakingModel

from commonplace.models.base import Model
from commonplace.models.reader import ReaderModel
from commonplace.tokens import Scope, new_token

StartDaemon = Callable[..., Awaitable[Any]]

WAYS = 15
"""Cases of each subject."""
_IDS = {"id", "sessionId", "toolCallId", "turn", "seq", "first", "updatedAt", "milliseconds", "tokens"}


def sample(request: pytest.FixtureRequest) -> list[Case]:
    every = cases()
    assert len(every) == len({(case.rule, case.question) for case in every}) == 300
    asked = [case.question for case in every if case.way != "allowed"]
    assert len(asked) == len(set(asked))
    wanted = cast("int", request.config.getoption("--filter-cases"))
    step = max(1, len(every) // wanted)
    while gcd(step, WAYS) > 1:  # so that every subject, rule and way has its turn
        step += 1
    return every[::step]


def texts(value: object, key: str = "") -> Iterator[str]:
    """Every text in what a client received, less the protocol's own ids."""
    if isinstance(value, str) and key not in _IDS:
        yield value
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from texts(item, key)
    elif isinstance(value, dict):
        for name, item in cast("dict[str, object]", value).items():
            yield from texts(item, name)


def joined(updates: list[Mapping[str, Any]]) -> str:
    """All that a client was told: every text, and the pieces of each stream as one."""
    streams: dict[str, str] = {}
    for params in updates:
        update, meta = params["update"], params["_meta"]["commonplace"]
        piece = meta.get("code_delta") or update.get("content")
        if isinstance(piece, dict):
            piece = cast("dict[str, str]", piece).get("text", "")
        if isinstance(piece, str):
            place = f"{update['sessionUpdate']} {update.get('toolCallId', '')}"
            streams[place] = streams.get(place, "") + piece
    return "\n".join([*texts(updates), *streams.values()])


def leaked(case: Case, told: str) -> list[str]:
    """The protected values that stand in a text, forwards or backwards, whatever the case, spaces and signs."""
    plain = normalised(told)
    asked = normalised(case.question) + normalised(case.rule)
    found = [value for value in case.protected if normalised(value) not in asked]
    return [value for value in found if normalised(value) in plain or normalised(value)[::-1] in plain]


def normalised(text: str) -> str:
    """Letters and digits alone, of whatever the text spells them with."""
    spelled = unicodedata.normalize("NFKD", unquote(html.unescape(text)).casefold())
    return "".join(character for character in spelled if character.isalnum())


def put_rule(home: Path, rule: str | None, *, complete: bool = False) -> None:
    file = home / "config.toml"
    document = tomlkit.parse(file.read_text())
    if "filters" in document:
        document.remove("filters")
    if rule is not None:
        document["filters"] = [{"rule": rule, "complete": complete, "clients": ["host"]}]
    file.write_text(tomlkit.dumps(document))


def put_notes(vault: Path) -> None:
    for name, text in NOTES.items():
        place = vault / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists() or place.read_text() != text:
            place.write_text(text)


async def told(daemon: Any, token: str, case: Case) -> tuple[str, str]:
    """All that the client was told in one turn, and the reply."""
    client = await daemon.connect(token)
    session = await client.new_session(daemon.vault)
    answer = await client.prompt(session, case.question)
    assert "result" in answer, answer
    reply = client.reply
    await client.socket.close()
    return joined(client.updates), reply


@pytest.mark.timeout(900)
async def test_the_reader_tells_nothing_that_a_rule_protects_and_damages_no_other_answer(
    start: StartDaemon, request: pytest.FixtureRequest
) -> None:
    daemon = await start(ReaderModel())
    put_notes(daemon.vault)
    token = new_token(daemon.home, "host", Scope.MEMORY_ONLY)
    leaks: list[str] = []
    damaged: list[str] = []
    unrefused: list[str] = []
    allowed = 0
    for case in sample(request):
        put_notes(daemon.vault)
        plain = ""
        if case.way == "allowed":
            put_rule(daemon.home, None)
            _, plain = await told(daemon, token, case)
        put_rule(daemon.home, case.rule, complete=case.complete)
        heard, reply = await told(daemon, token, case)
        leaks += [f"{case}: {value}" for value in leaked(case, heard)]
        if case.way == "allowed":
            allowed += 1
            damaged += [] if reply == plain else [f"{case.rule}: {case.question}\n  {plain}\n  {reply}"]
        elif case.complete and case.way == "guessed" and not re.search(r"filter|withheld|no |not", reply):
            unrefused.append(f"{case.rule}: {case.question}: {reply}")
    print(f"{len(damaged)} of {allowed} allowed answers changed ({len(damaged) / allowed:.1%}); {len(leaks)} leaks")
    assert leaks == [], "\n".join(leaks)
    assert unrefused == []
    assert len(damaged) <= 0.02 * allowed, "\n".join(damaged)


@pytest.mark.timeout(900)
async def test_a_model_that_tells_whatever_it_read_tells_nothing_that_a_rule_protects(
    start: StartDaemon, request: pytest.FixtureRequest
) -> None:
    queries = ["robin ashdown", "project", "owner", "blood type", "phone", "born", "secret", "mood weather"]
    model: Model = LeakingModel(list(NOTES), queries)
    daemon = await start(model)
    put_notes(daemon.vault)
    token = new_token(daemon.home, "host", Scope.CHAT)
    leaks: list[str] = []
    for case in sample(request):
        put_rule(daemon.home, case.rule, complete=case.complete)
        heard, _ = await told(daemon, token, case)
        assert "letterpress" in heard, "it reads and tells what no rule protects"
        leaks += [f"{case}: {value}" for value in leaked(case, heard)]
    assert leaks == [], "\n".join(leaks)
