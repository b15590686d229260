"""Whatever a filtered client asks for, and however it comes to it, tells nothing that its rules withhold."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import Any

import pytest
import tomlkit

from commonplace.models.base import Message, Meter
from commonplace.models.scripted import ScriptedModel

StartDaemon = Callable[..., Awaitable[Any]]

NOTES = {
    "user.md": (
        "---\nage: 38\ndiet: vegan\n---\n# User\n- user_name: Robin Ashdown\n- hobby: letterpress\n"
        "- baker: [[entities/fern.md]]\n- plan: [[entities/house_plan.md]]\n\n"
        "## Health\n- walnuts make me ill\n- therapist: [[entities/tomas.md]]\n\n## Other\n- teal\n"
    ),
    "entities/fern.md": "---\naliases: [Blue Fern Bakery]\n---\n# Fern\n- owner: Halvard Moe\n",
    "entities/house_plan.md": (
        "---\ntags: [secret]\n---\n# House plan\n- seller: Aslaug Vik\n- what: 3 rooms by the mill\n"
    ),
    "entities/tomas.md": "# Tomas\n- city: Voss\n- blood_type: B+\n",
    "entities/diary/winter.md": "# Winter\n- weather: sleet for nine days\n- mood: melancholy\n",
    "Private/letters.md": "# Letters\n- to: Ingeborg\n",
}
RULES = (
    "never mention Blue Fern Bakery",
    "nothing tagged #secret",
    "hide diary/",
    "hide Private/",
    "do not tell my age",
    "no health",
    "my diet",
)
WITHHELD = (
    "Fern",
    "fern.md",
    "Halvard",
    "House plan",
    "house_plan",
    "Aslaug",
    "rooms by the mill",
    "winter",
    "Winter",
    "sleet",
    "melancholy",
    "letters.md",
    "Ingeborg",
    "walnut",
    '"38"',
    "age: 38",
    "vegan",
    "B+",
)
READS = "r = [read_file(p) for p in {}]\nl = list_files()"
WRITES = (
    'update_file("user.md", "- walnuts make me ill", "- walnuts make me ill\\n- so does kiwi fruit")\n'
    'update_file("entities/house_plan.md", "- what: 3 rooms by the mill", "- what: 3 rooms by the mill, and a barn")\n'
    'update_file("entities/diary/winter.md", "- mood: melancholy", "- mood: melancholy")\n'
    'update_file("user.md", "- so does kiwi fruit", "- so does kiwi fruit, much")'
)
BLOCK = "<think>\nI go.\n</think>\n<python>\n{}\n</python>"
SAYS = "<think>\nHm.\n</think>\n<python></python>\n<reply>\n{}\n</reply>"


def put_notes(daemon: Any) -> None:
    for name, text in NOTES.items():
        place = daemon.vault / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def put_rules(daemon: Any, *rules: str) -> None:
    file = daemon.home / "config.toml"
    document = tomlkit.parse(file.read_text())
    document["filters"] = [{"rule": rule, "clients": ["own"]} for rule in rules]
    file.write_text(tomlkit.dumps(document))


def withheld_in(told: object) -> list[str]:
    text = json.dumps(told, ensure_ascii=False)
    return [value for value in WITHHELD if value in text]


@pytest.fixture
async def spoken(start: StartDaemon) -> Any:
    """A daemon whose user read and wrote everything, then put their rules."""
    script = [BLOCK.format(READS.format(tuple(NOTES))), BLOCK.format(WRITES), SAYS.format("Done; you are vegan.")]
    daemon = await start(ScriptedModel(script))
    put_notes(daemon)
    own = await daemon.connect()
    session = await own.new_session(daemon.vault)
    await own.prompt(session, "I am vegan. Look through my notes.")
    assert withheld_in(own.updates)
    put_rules(daemon, *RULES)
    return daemon, session


ASKED: Sequence[tuple[str, Mapping[str, object]]] = [
    ("session/list", {}),
    ("_commonplace/notes", {"cwd": "VAULT"}),
    ("_commonplace/overview", {"cwd": "VAULT"}),
    ("_commonplace/facts", {"vault": "VAULT"}),
    ("_commonplace/history", {"vault": "VAULT", "diff": True}),
    ("_commonplace/why", {"vault": "VAULT", "path": "user.md"}),
    ("_commonplace/why", {"vault": "VAULT", "path": "user.md", "line": 12}),
    ("_commonplace/why", {"vault": "VAULT", "path": "user.md", "line": 2}),
    ("_commonplace/why", {"vault": "VAULT", "path": "entities/diary/winter.md", "line": 3}),
    ("_commonplace/doctor", {"vault": "VAULT"}),
    ("_commonplace/forget", {"vault": "VAULT", "fact": "kiwi fruit"}),
    ("_commonplace/forget", {"vault": "VAULT", "fact": "user.md:2"}),
    ("_commonplace/undo", {"vault": "VAULT", "preview": True}),
    ("_commonplace/look", {"vault": "VAULT", "action": "list"}),
    ("_commonplace/look", {"vault": "VAULT", "action": "backlinks", "of": "entities/tomas.md"}),
    ("_commonplace/look", {"vault": "VAULT", "action": "search", "of": "walnuts vegan teal"}),
    ("_commonplace/undo", {"vault": "VAULT"}),
]


async def test_each_method_withholds_what_the_rules_name_be_it_the_first_that_a_client_calls(spoken: Any) -> None:
    daemon, _ = spoken
    for method, parameters in ASKED:
        client = await daemon.connect()
        filled = {name: str(daemon.vault) if value == "VAULT" else value for name, value in parameters.items()}
        told = await client.call(method, filled)
        assert withheld_in(told) == [], (method, parameters)
        if "backlinks" in filled.values():
            assert "user.md" not in str(told), "a withheld line links there"
        await client.socket.close()


async def test_a_session_of_before_the_rules_is_told_again_without_what_they_name(spoken: Any) -> None:
    daemon, session = spoken
    client = await daemon.connect()
    await client.call("session/load", {"sessionId": session, "cwd": str(daemon.vault), "mcpServers": []})
    assert len(client.updates) > 10
    assert [found for update in client.updates if (found := withheld_in(update))] == []
    assert "Robin Ashdown" in str(client.updates)


class _Waiting:
    """Says what is withheld when it is let."""

    name = "waiting"

    def __init__(self) -> None:
        self.may = asyncio.Event()

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        yield "<think>\nx\n</think>\n<python></python>\n<reply>\nI begin. "
        await self.may.wait()
        yield "You are vegan.\n</reply>"

    async def close(self) -> None:
        """Nothing is held."""


async def test_a_client_that_is_told_the_session_is_busy_hears_the_turn_through_its_rules(start: StartDaemon) -> None:
    model = _Waiting()
    daemon = await start(model)
    put_notes(daemon)
    first = await daemon.connect()
    session = await first.new_session(daemon.vault)
    await first.start_prompt(session, "Go on.")
    while not first.of_kind("agent_message_chunk"):
        await first.take()
    put_rules(daemon, "my diet")
    second = await daemon.connect()
    assert "error" in await second.prompt(session, "And I?")
    model.may.set()
    await second.until_ended()
    assert "vegan" not in str(second.updates)


async def test_what_an_undo_could_not_take_back_is_told_as_it_is_seen(start: StartDaemon) -> None:
    change = 'update_file("user.md", "- walnuts make me ill", "- walnuts make me ill, 38 of them")'
    daemon = await start(ScriptedModel([BLOCK.format(change), SAYS.format("Done.")]))
    put_notes(daemon)
    own = await daemon.connect()
    await own.prompt(await own.new_session(daemon.vault), "Note that.")
    user = daemon.vault / "user.md"
    user.write_text(user.read_text().replace("walnuts make me ill, 38 of them", "kiwi does"))
    put_rules(daemon, *RULES)
    client = await daemon.connect()
    told = await client.call("_commonplace/undo", {"vault": str(daemon.vault)})
    assert "conflict" in str(told)
    assert withheld_in(told) == []


FORGETS = 'delete_file("entities/house_plan.md")\ndelete_file("entities/fern.md")'


async def test_a_withheld_note_that_is_no_longer_there_stays_withheld_in_what_is_told_of_before(
    start: StartDaemon,
) -> None:
    reads = BLOCK.format(READS.format(("entities/house_plan.md", "entities/fern.md")))
    daemon = await start(ScriptedModel([reads, BLOCK.format(FORGETS), SAYS.format("Done.")]))
    put_notes(daemon)
    own = await daemon.connect()
    session = await own.new_session(daemon.vault)
    await own.prompt(session, "Drop the plan.")
    assert not (daemon.vault / "entities/house_plan.md").exists()
    put_rules(daemon, *RULES)
    client = await daemon.connect()
    for method in ("history", "undo"):
        asked = {"vault": str(daemon.vault), "diff": True, "preview": True}
        told = await client.call(f"_commonplace/{method}", asked)
        assert withheld_in(told) == [], method
    await client.call("session/load", {"sessionId": session, "cwd": str(daemon.vault), "mcpServers": []})
    assert [found for update in client.updates if (found := withheld_in(update))] == []
