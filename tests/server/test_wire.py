"""The TypeScript types of what is ours on the wire are those of the Python ones, and what is sent has these types.

``pytest tests/server/test_wire.py --write-golden`` writes them anew.
"""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

import pytest
from tests.support.typescript import interfaces

from commonplace.models.reader import ReaderModel
from commonplace.server import wire

StartDaemon = Callable[..., Awaitable[Any]]

ROOT = Path(__file__).parents[2]
TYPES = ROOT / "obsidian-plugin/src/protocol/wire.ts"
HEAD = (
    "/** What is ours on the wire. Made of daemon/commonplace/server/wire.py by\n"
    " * `pytest tests/server/test_wire.py --write-golden`; a change belongs there. */\n\n"
)


def test_the_sidebars_types_are_the_daemons(request: pytest.FixtureRequest) -> None:
    made = HEAD + interfaces(wire.TOLD)
    if request.config.getoption("--write-golden"):
        TYPES.write_text(made, encoding="utf-8")
    assert made == TYPES.read_text(encoding="utf-8")


def fits(told: Any, expected: Any) -> bool:
    """Whether it has the type, and nothing that the type does not name."""
    origin, given = get_origin(expected), get_args(expected)
    if origin in (Union, UnionType):
        return any(fits(told, one) for one in given)
    if origin is Literal:
        return told in given
    if origin is Sequence or origin is list:
        return isinstance(told, list) and all(fits(one, given[0]) for one in cast("list[Any]", told))
    if origin is Mapping:
        return isinstance(told, dict) and all(fits(one, given[1]) for one in cast("dict[str, Any]", told).values())
    if expected is float:
        return isinstance(told, int | float)
    if isinstance(expected, type) and expected.__module__ == "builtins":
        return type(told) is expected
    hints = get_type_hints(expected)
    optional: frozenset[str] = getattr(expected, "__optional_keys__", frozenset())
    named = set(told)
    return named <= set(hints) <= named | optional and all(fits(told[name], hints[name]) for name in told)


def metas() -> Iterator[tuple[str, object]]:
    for file in sorted((ROOT / "tests/golden").glob("*.json")):
        for kept in json.loads(file.read_text(encoding="utf-8")):
            params: dict[str, Any] = kept["message"].get("params", {})
            told: list[dict[str, Any]] = params.get("updates", [params])
            for one in told:
                if kept["from"] == "daemon" and "_meta" in one:
                    yield kept["message"]["method"], one["_meta"]["commonplace"]


def test_the_golden_updates_and_questions_have_these_types() -> None:
    seen = set[str]()
    for method, meta in metas():
        assert fits(meta, wire.QuestionMeta if method == "session/request_permission" else wire.UpdateMeta)
        seen.add(method)
    assert seen == {"session/update", "session/request_permission", "_commonplace/updates"}


async def test_answers_have_these_types(start: StartDaemon) -> None:
    daemon = await start(ReaderModel())
    client = await daemon.connect()
    vault = str(daemon.vault)

    async def told(name: str, **parameters: object) -> Any:
        answer = await client.call(f"_commonplace/{name}", parameters)
        return answer["result"]

    welcome = await client.call("initialize", {"protocolVersion": 1})
    assert fits(welcome["result"]["_meta"]["commonplace"], wire.WelcomeMeta)
    await told("feed", vault=vault)
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "My job title is Baker, can you add that please")
    assert fits(client.touched[-1], wire.TouchedNote)
    assert fits(await told("overview", cwd=vault), wire.OverviewAnswer)
    assert fits(await told("notes", cwd=vault), wire.NotesAnswer)
    assert fits(await told("vaults"), wire.VaultsAnswer)
    why = await told("why", vault=vault, path="user.md")
    assert fits(why, wire.WhyAnswer)
    assert fits(await told("facts", vault=vault), wire.FactsAnswer)
    plan = await told("forget", vault=vault, fact=f"user.md:{why['lines'][0]['line']}")
    assert fits(plan, wire.ForgetAnswer)
    (turn,) = (await told("history", vault=vault, last=1))["turns"]
    assert fits({name: turn[name] for name in wire.WrittenTurn.__required_keys__}, wire.WrittenTurn)
    (undone,) = (await told("undo", vault=vault, turns=[turn["turn"]]))["turns"]
    assert fits({name: undone[name] for name in wire.UndoneTurn.__required_keys__}, wire.UndoneTurn)
    assert fits(client.undone[-1], wire.UndoneNote)
