"""The ten tools: the scaffold's names and answers, and refusals that say what to do instead."""

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.agent.matching import NoSingleMatch, find_single
from commonplace.agent.sandbox import ToolRefused
from commonplace.agent.tools import Tools
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault

MakeMemory = Callable[..., Memory]
TEN = {
    "create_file": ["file_path", "content"],
    "update_file": ["file_path", "old_content", "new_content"],
    "read_file": ["file_path"],
    "delete_file": ["file_path"],
    "check_if_file_exists": ["file_path"],
    "create_dir": ["dir_path"],
    "list_files": [],
    "check_if_dir_exists": ["dir_path"],
    "get_size": ["file_or_dir_path"],
    "go_to_link": ["link_string"],
}


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_tools_are_the_scaffolds_ten_and_a_search_for_who_knows_it(make_memory: MakeMemory) -> None:
    assert set(Tools(make_memory()).functions()) - set(TEN) == {"search_notes"}
    functions = Tools(make_memory(), searches=False).functions()
    assert {name: list(inspect.signature(tool).parameters) for name, tool in functions.items()} == TEN


async def test_notes_are_read_listed_measured_and_looked_for(make_memory: MakeMemory) -> None:
    tools = Tools(make_memory())
    assert await tools.read_file("entities/dria.md") == "# Dria\n- type: company\n"
    assert await tools.list_files() == "user.md\nentities/\n  dria.md"
    assert await tools.check_if_file_exists("user.md") is True
    assert await tools.check_if_file_exists("entities") is False
    assert await tools.check_if_dir_exists("entities") is True
    assert await tools.check_if_dir_exists("user.md") is False
    assert await tools.get_size("entities/dria.md") == 23
    assert await tools.get_size() == await tools.get_size("user.md") + 23


async def test_a_note_that_is_not_there_is_an_error_text(make_memory: MakeMemory) -> None:
    assert await Tools(make_memory()).read_file("entities/no.md") == (
        "Error: entities/no.md does not exist; list_files() shows what does."
    )


@pytest.mark.parametrize(
    "link",
    [
        "[[entities/dria.md]]",
        "[[dria]]",
        "dria",
        "entities/dria",
        "[[Dria#Team|the lab]]",
        "![[dria.md]]",
        "[the lab](entities/dria.md#Team)",
        "entities%2Fdria.md",
    ],
)
async def test_a_link_is_followed_however_it_is_spelled(make_memory: MakeMemory, link: str) -> None:
    assert (await Tools(make_memory()).go_to_link(link)).startswith("# Dria")


@pytest.mark.parametrize("link", ["[[nobody]]", "", "[[../../etc/passwd]]", "[[.obsidian/app.json]]"])
async def test_a_link_that_leads_nowhere_is_an_error_text_as_for_read_file(make_memory: MakeMemory, link: str) -> None:
    said = await Tools(make_memory()).go_to_link(link)
    assert said.startswith("Error: ")
    assert "leads nowhere" in said


async def test_the_size_of_the_memory_leaves_out_what_leads_out_of_the_vault(
    make_memory: MakeMemory, tmp_path_factory: pytest.TempPathFactory
) -> None:
    memory = make_memory()
    size = await Tools(memory).get_size()
    outside = tmp_path_factory.mktemp("outside") / "secret.md"
    outside.write_text("secret")
    (memory.vault.root / "entities/out.md").symlink_to(outside)
    assert await Tools(memory).get_size() == size


async def test_create_writes_a_note_and_never_over_one(make_memory: MakeMemory) -> None:
    memory = make_memory()
    tools = Tools(memory)
    assert await tools.create_file("entities/jane_doe.md", "# Jane Doe\n- employer: [[dria]]\n") is True
    assert (memory.vault.root / "entities/jane_doe.md").read_text() == (
        '---\naliases:\n  - "Jane Doe"\n---\n# Jane Doe\n- employer: [[entities/dria.md]]\n'
    )
    before = contents(memory.vault.root)
    with pytest.raises(ToolRefused, match="update_file"):
        await tools.create_file("entities/dria.md", "# Dria\n")
    assert contents(memory.vault.root) == before


async def test_a_note_that_the_turn_has_read_may_be_written_anew(make_memory: MakeMemory) -> None:
    memory = make_memory({"Memory/user.md": "# User\r\n- employer: [[Memory/entities/x.md]]\r\n"}, "Memory")
    place = memory.vault.root / "Memory/user.md"
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n").replace(b"\r\r", b"\r"))
    tools = Tools(memory)
    shown = await tools.read_file("user.md")
    assert await tools.create_file("user.md", shown + "- age: 4\n") is True
    assert place.read_bytes() == b"# User\r\n- employer: [[Memory/entities/x.md]]\r\n- age: 4\r\n"
    assert await tools.create_file("user.md", "# User\n- age: 5\n") is True, "it knows what it wrote itself"
    place.write_text("# User\n- age: 6, says the human\n")
    with pytest.raises(ToolRefused, match="changed after you read it"):
        await tools.create_file("user.md", "# User\n")
    with pytest.raises(ToolRefused, match="update_file"):
        await Tools(memory).create_file("user.md", "# User\n")
    assert place.read_text() == "# User\n- age: 6, says the human\n"


async def test_a_note_too_long_to_be_shown_whole_is_not_written_anew(make_memory: MakeMemory) -> None:
    memory = make_memory({"user.md": "# User\n" + "- a: fact\n" * 1_000})
    tools = Tools(memory)
    await tools.read_file("user.md")
    with pytest.raises(ToolRefused, match="too long"):
        await tools.create_file("user.md", "# User\n")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("notes/x.md", "# X\n", "not part of the memory"),
        ("entities/x.txt", "# X\n", "not part of the memory"),
        ("entities/Jane Doe.md", "# Jane\n", "snake_case"),
        ("entities/jane.md", "no title", "begins with a title"),
        ("../x.md", "# X\n", "steps out"),
        ("entities/x.md", 7, "must be text"),
        (None, "# X\n", "must be text"),
        ("entities/a\x00.md", "# X\n", "holds"),
        ("entities/x.md", "# X\n\ud800", "lone surrogate"),
        ("entities/x.md", "# X\n" + "y" * 1_000_001, "bytes"),
        ("entities/second.md", "# DRIA\n", "about"),
    ],
)
async def test_a_note_that_breaks_a_rule_is_refused_and_nothing_changes(
    make_memory: MakeMemory, name: object, content: object, reason: str
) -> None:
    memory = make_memory()
    before = contents(memory.vault.root)
    with pytest.raises(ToolRefused, match=reason):
        await Tools(memory).create_file(name, content)
    assert contents(memory.vault.root) == before


async def test_update_replaces_the_one_place(make_memory: MakeMemory) -> None:
    memory = make_memory()
    assert await Tools(memory).update_file("user.md", "Robin Ashdown", "Robin Birch") is True
    assert "- user_name: Robin Birch\n\n## User" in (memory.vault.root / "user.md").read_text()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("- user_name: Somebody", "x", "does not stand in the note"),
        ("User", "x", "more than one place"),
        ("", "x", "old_content is empty"),
        (7, "x", "must be text"),
        ("Robin", None, "must be text"),
        ("Robin", "\n```dataviewjs\n", "run as code"),
    ],
)
async def test_an_update_that_cannot_be_done_says_what_to_do_and_changes_nothing(
    make_memory: MakeMemory, old: object, new: object, reason: str
) -> None:
    memory = make_memory()
    before = contents(memory.vault.root)
    answer = await Tools(memory).update_file("user.md", old, new)
    assert isinstance(answer, str)
    assert answer.startswith("Error: ")
    assert reason in answer
    assert contents(memory.vault.root) == before


async def test_an_update_finds_the_old_text_however_its_links_are_spelled(make_memory: MakeMemory) -> None:
    memory = make_memory({"user.md": "- employer: [[dria]]\n- age: 4\n", "entities/dria.md": "# Dria\n"})
    old = "- employer: [[entities/dria.md]]\n- age: 4"
    assert await Tools(memory).update_file("user.md", old, old.replace("4", "5")) is True
    assert (memory.vault.root / "user.md").read_text() == "- employer: [[dria]]\n- age: 5\n"


async def test_an_update_in_a_memory_folder_leaves_its_links_as_obsidian_needs_them(make_memory: MakeMemory) -> None:
    notes = {"Memory/user.md": "- employer: [[Memory/entities/dria.md]]\n", "Memory/entities/dria.md": "# Dria\n"}
    memory = make_memory(notes, "Memory")
    tools = Tools(memory)
    shown = await tools.read_file("user.md")
    assert shown == "- employer: [[entities/dria.md]]\n"
    assert await tools.update_file("user.md", shown, shown + "- rival: [[entities/dria.md|them]]\n") is True
    assert (memory.vault.root / "Memory/user.md").read_text() == (
        "- employer: [[Memory/entities/dria.md]]\n- rival: [[Memory/entities/dria.md|them]]\n"
    )


async def test_carriage_returns_in_a_note_are_no_obstacle(make_memory: MakeMemory) -> None:
    memory = make_memory({})
    (memory.vault.root / "user.md").write_bytes(b"# User\r\n- age: 4\r\n")
    assert await Tools(memory).update_file("user.md", "# User\n- age: 4", "# User\n- age: 5") is True
    assert (memory.vault.root / "user.md").read_bytes() == b"# User\r\n- age: 5\r\n"


async def test_delete_moves_to_the_trash_but_user_md_and_the_humans_notes_stay(make_memory: MakeMemory) -> None:
    memory = make_memory({"user.md": "# User\n", "entities/x.md": "# X\n", "Diary/today.md": "Snow."})
    tools = Tools(memory)
    assert await tools.delete_file("entities/x.md") is True
    assert (memory.vault.root / ".trash/x.md").read_text() == "# X\n"
    for name, reason in [
        ("user.md", "where the memory starts"),
        ("Diary/today.md", "the user's own"),
        ("entities", "."),
    ]:
        with pytest.raises(ToolRefused, match=reason):
            await tools.delete_file(name)
    assert (memory.vault.root / "Diary/today.md").exists()


async def test_folders_are_made_in_entities_alone(make_memory: MakeMemory) -> None:
    memory = make_memory({"user.md": "# User\n"})
    tools = Tools(memory)
    assert await tools.create_dir("entities/people") is True
    assert (memory.vault.root / "entities/people").is_dir()
    with pytest.raises(ToolRefused, match="entities/ only"):
        await tools.create_dir("Diary")


async def test_the_humans_notes_are_read_and_not_written(make_memory: MakeMemory) -> None:
    tools = Tools(make_memory({"user.md": "# User\n", "Diary/today.md": "Snow."}))
    assert await tools.read_file("Diary/today.md") == "Snow."
    answer = await tools.update_file("Diary/today.md", "Snow", "Rain")
    assert "not part of the memory" in str(answer)


async def test_what_was_touched_is_recorded_once(make_memory: MakeMemory) -> None:
    tools = Tools(make_memory())
    await tools.read_file("user.md")
    await tools.read_file("entities/no.md")
    await tools.update_file("entities/dria.md", "company", "cooperative")
    record = tools.take_record()
    assert [(path.value, access) for path, access in record.touched] == [
        ("user.md", "read"),
        ("entities/dria.md", "write"),
    ]
    assert [(change.before, change.after) for change in record.changes] == [
        ("# Dria\n- type: company\n", "# Dria\n- type: cooperative\n")
    ]
    assert tools.take_record().touched == ()


@pytest.mark.parametrize("thing", [None, 7, b"user.md", ["user.md"], {"a": 1}, 1.5, "\x00", "../x", "x" * 5_000])
async def test_no_argument_of_any_kind_breaks_a_tool(make_memory: MakeMemory, thing: object) -> None:
    tools = Tools(make_memory())
    before = contents(tools_root(tools))
    for name, parameters in TEN.items():
        if not parameters:
            continue
        try:
            await tools.functions()[name](*[thing] * len(parameters))
        except ToolRefused as refusal:
            assert len(str(refusal)) < 1_000
    assert contents(tools_root(tools)) == before


def tools_root(tools: Tools) -> Path:
    return tools._memory.vault.root  # pyright: ignore[reportPrivateUsage]  # the root is all that is needed of it


TEXTS = st.lists(
    st.sampled_from(["- a: 1\n", "- b: [[x]]\n", "- b: [[entities/x.md]]\n", "a", "\n", "[[", "é"]), max_size=8
)


@given(TEXTS.map("".join), TEXTS.map("".join), TEXTS.map("".join))
def test_a_match_is_one_place_and_the_rest_stays(text: str, old: str, new: str) -> None:
    if not old:
        return
    try:
        match = find_single(text, old, new)
    except NoSingleMatch:
        assert text.count(old) != 1
        return
    assert 0 <= match.start < match.end <= len(text)
    if old in text:
        assert text[match.start : match.end] == old
        assert match.new == new


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(min_size=1, max_size=10))
async def test_an_update_of_any_text_replaces_exactly_once_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str, new: str, old: str
) -> None:
    root = tmp_path_factory.mktemp("vault")
    text = (before + old + after).replace("\r", "")
    raw = text.encode("utf-8", "surrogatepass")
    (root / "user.md").write_bytes(raw)
    answer = await Tools(Memory(Vault(root))).update_file("user.md", old, new)
    written = (root / "user.md").read_bytes()
    if answer is True:
        assert written.decode().count(new.replace("\r\n", "\n")) >= 1 or new == ""
    else:
        assert written == raw


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("---\nbirthday: 1980-05-01\n---\n# Dria\n", "birthday stands on line 2"),
        ("# Dria\nBirthday:: 1980-05-01\n", "Birthday stands on line 2"),
    ],
)
async def test_a_fact_is_changed_where_it_lives(make_memory: MakeMemory, note: str, said: str) -> None:
    memory = make_memory({"user.md": "# User\n", "entities/dria.md": note})
    tools = Tools(memory)
    refused = await tools.update_file("entities/dria.md", "# Dria\n", "# Dria\n- birthday: 1981-05-01\n")
    assert said in str(refused)
    assert await tools.update_file("entities/dria.md", "1980-05-01", "1981-05-01") is True
    assert await tools.update_file("entities/dria.md", "# Dria\n", "# Dria\n- city: Oslo\n") is True


async def test_a_key_with_a_list_or_a_link_may_stand_twice(make_memory: MakeMemory) -> None:
    note = '---\ntags: [a, b]\nfriend: "[[entities/ann.md]]"\n---\n# Dria\n'
    tools = Tools(make_memory({"user.md": "# User\n", "entities/dria.md": note}))
    assert await tools.update_file("entities/dria.md", "# Dria\n", "# Dria\n- friend: Bea\n- tags: c\n") is True
