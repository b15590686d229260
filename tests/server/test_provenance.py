"""``_commonplace/why`` and ``_commonplace/forget`` over a real socket, on real files."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Awaitable[Any]]
ASKED = "My shoe size is 39"
LINE = "- shoe_size: 39"


class Talk:
    """A client of a daemon whose vault has a line that a turn wrote."""

    def __init__(self, daemon: Any, client: Any) -> None:
        self.daemon = daemon
        self.client = client
        self.vault: Path = daemon.vault

    async def say(self, text: str) -> None:
        session = await self.client.new_session(self.vault)
        answered = await self.client.prompt(session, text)
        assert answered["result"]["stopReason"] == "end_turn"

    async def why(self, path: str, line: int | None = None) -> Any:
        return await self.client.call("_commonplace/why", {"vault": str(self.vault), "path": path, "line": line})

    async def forget(self, fact: str, **more: object) -> Any:
        return await self.client.call("_commonplace/forget", {"vault": str(self.vault), "fact": fact, **more})

    async def forget_at_once(self, fact: str, **more: object) -> Any:
        planned = await self.forget(fact)
        return (await self.forget(fact, plan=planned["result"]["plan"], **more))["result"]

    def user(self) -> str:
        return (self.vault / "user.md").read_text()

    @property
    def line(self) -> int:
        return self.user().split("\n").index(LINE) + 1


@pytest.fixture
async def talk(start: Start, vault: Path) -> Talk:
    (vault / ".obsidian").mkdir()
    (vault / ".obsidian" / "app.json").write_text('{"trashOption": "local"}')
    (vault / "entities" / "dria.md").write_text("# Dria\n- office: [[entities/harbour_house.md]]\n")
    (vault / "entities" / "harbour_house.md").write_text("# Harbour House\n- floor: 3\n")
    (vault / "entities" / "jane.md").write_text("# Jane Doe\n- works_in: [[entities/harbour_house.md]]\n")
    daemon = await start()
    talk = Talk(daemon, await daemon.connect())
    await talk.say(ASKED)
    assert LINE in talk.user()
    return talk


@pytest.mark.parametrize("name", ["user.md", "user", "{root}/user.md", "USER"])
async def test_why_names_the_sentence_by_any_name_of_the_note(talk: Talk, name: str) -> None:
    told = (await talk.why(name.format(root=talk.vault), talk.line))["result"]
    assert told["path"] == "user.md"
    (line,) = told["lines"]
    assert (line["writer"], line["asked"], line["edited"], line["text"]) == ("turn", ASKED, False, LINE)
    assert line["turn"].startswith(line["session"])


async def test_why_tells_all_lines_of_turns_and_what_a_human_edited_since(talk: Talk) -> None:
    (talk.vault / "user.md").write_text("A line of mine.\n" + talk.user().replace(LINE, "- shoe_size: 40"))
    (line,) = (await talk.why("user.md"))["result"]["lines"]
    assert (line["text"], line["written"], line["edited"]) == ("- shoe_size: 40", LINE, True)
    assert (await talk.why("user.md", 1))["result"]["lines"][0]["writer"] == "human"
    assert (await talk.why("entities/jane.md"))["result"]["lines"] == []


async def test_why_follows_a_note_that_was_renamed(talk: Talk) -> None:
    await talk.why("user.md")
    (talk.vault / "user.md").rename(talk.vault / "Me.md")
    (line,) = (await talk.why("Me.md"))["result"]["lines"]
    assert line["asked"] == ASKED


@pytest.mark.parametrize(
    ("path", "line", "said"),
    [
        ("nobody.md", None, "no such note in the vault"),
        ("nobody", 1, "such as user.md"),
        ("user.md", 99, "no line 99"),
        ("../out.md", 1, ".."),
    ],
)
async def test_why_of_nothing_is_refused_in_a_sentence(talk: Talk, path: str, line: int | None, said: str) -> None:
    assert said in (await talk.why(path, line))["error"]["message"]


async def test_forget_shows_first_and_changes_nothing(talk: Talk) -> None:
    before = contents(talk.vault)
    told = (await talk.forget("employer: [[entities/dria.md]]"))["result"]
    assert [(note["change"], note["path"]) for note in told["notes"]] == [
        ("changed", "user.md"),
        ("deleted", "entities/dria.md"),
    ]
    assert told["notes"][0]["diff"] == ["-- employer: [[entities/dria.md]]"]
    assert contents(talk.vault) == before


async def test_forget_takes_what_only_the_fact_needs_and_can_be_undone(talk: Talk) -> None:
    before = contents(talk.vault)
    told = await talk.forget_at_once("employer: [[entities/dria.md]]")
    assert "employer" not in talk.user()
    assert not (talk.vault / "entities" / "dria.md").exists()
    assert (talk.vault / ".trash" / "dria.md").exists()
    assert (talk.vault / "entities" / "harbour_house.md").exists(), "Jane leads there too"
    await talk.client.call("_commonplace/undo", {"vault": str(talk.vault), "turns": [told["turn"]]})
    after = contents(talk.vault)
    assert {name: after[name] for name in before} == before


async def test_forget_takes_entities_along_a_chain(talk: Talk) -> None:
    (talk.vault / "entities" / "jane.md").write_text("# Jane Doe\n")
    await talk.forget_at_once("employer: [[entities/dria.md]]")
    assert sorted(path.name for path in (talk.vault / "entities").iterdir()) == ["jane.md"]


async def test_a_humans_note_that_links_an_entity_keeps_it(talk: Talk) -> None:
    (talk.vault / "Diary.md").write_text("Lunch with [[dria]] people.\n")
    await talk.forget_at_once("employer: [[entities/dria.md]]")
    assert (talk.vault / "entities" / "dria.md").exists()


async def test_forget_of_a_line_in_a_note_that_is_not_there_says_so(talk: Talk) -> None:
    assert "no such note in the vault" in (await talk.forget("nobody.md:1"))["error"]["message"]
    assert "No line of the memory says that" in (await talk.forget("meeting at 10:30"))["error"]["message"]


async def test_forget_carries_out_only_what_was_shown(talk: Talk) -> None:
    planned = (await talk.forget("shoe_size: 39"))["result"]
    (talk.vault / "user.md").write_text(talk.user() + "A line of mine.\n")
    refused = await talk.forget("shoe_size: 39", plan=planned["plan"])
    assert "changed meanwhile" in refused["error"]["message"]
    assert LINE in talk.user()


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("harbour_house", "entities/dria.md:2, entities/jane.md:2"),
        ("nobody ever said this", "NOTE:LINE"),
        ("Diary.md:1", "your own note"),
        ("user.md:99", "no text in line 99"),
    ],
)
async def test_forget_asks_where_it_is_not_clear(talk: Talk, fact: str, said: str) -> None:
    (talk.vault / "Diary.md").write_text("Mine.\n")
    before = contents(talk.vault)
    assert said in (await talk.forget(fact))["error"]["message"]
    assert contents(talk.vault) == before


async def test_purge_leaves_nothing_in_our_files_and_says_what_it_cannot_reach(talk: Talk) -> None:
    await talk.say("My favourite drink is smoked lapsang tea.")
    await talk.why("user.md")
    assert places_that_say("lapsang", talk.daemon.home)
    told = await talk.forget_at_once("smoked lapsang tea", purge=True)
    assert "lapsang" not in talk.user()
    assert told["purged"]["journal"] > 0
    assert any("File Recovery" in place for place in told["out_of_reach"])
    while places_that_say("lapsang", talk.daemon.home):
        await asyncio.sleep(0.02)  # the index is made again meanwhile; the test's own limit ends this
    assert (await talk.why("user.md", talk.line))["result"]["lines"][0]["asked"] == ASKED


async def test_purge_takes_the_deleted_notes_from_the_vaults_trash(talk: Talk) -> None:
    told = await talk.forget_at_once("employer: [[entities/dria.md]]", purge=True)
    assert told["purged"]["trash"] == 1
    assert list((talk.vault / ".trash").iterdir()) == []


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.md")}


def places_that_say(text: str, home: Path) -> list[str]:
    files = (path for path in home.rglob("*") if path.is_file())
    return [str(path) for path in files if text.encode() in path.read_bytes().lower()]
