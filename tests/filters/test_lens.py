"""What a rule names is not there for the tools of a filtered turn: not read, not listed, not found, not written."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.agent.sandbox import ToolRefused
from commonplace.agent.tools import Tools
from commonplace.filters.lens import FilterLens
from commonplace.filters.looks import Looks, SharedLooks
from commonplace.filters.mask import Mask
from commonplace.filters.notes import Lines
from commonplace.filters.rule import parse_rules
from commonplace.filters.subjects import Subjects
from commonplace.vault.journal import Journal
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault

NOTES = {
    "user.md": (
        "---\naliases:\n  - Robin\nphone:\n  - 555 0100\n---\n# User\n- user_name: Robin Ashdown\n"
        "- blood_type: AB negative\n- baker: [[entities/blue_fern.md]]\n- hobby: letterpress\n\n"
        "## Health\n- walnuts make me ill\n\n## Other\n- teal\n"
        "| blood type | AB negative |\n"
    ),
    "entities/blue_fern.md": "---\naliases:\n  - Blue Fern Bakery\n---\n# Blue Fern\n- owner: Halvard Moe\n",
    "entities/plan.md": "# Plan\n- seller: Aslaug Vik\n\n#secret/house\n",
    "entities/diary/winter.md": "# Winter\n- mood: melancholy\n",
    "entities/tomas.md": "# Tomas\n- likes: Blue Fern Bakery\n- city: Voss\n- see: [[entities/diary/winter.md]]\n",
}
RULES = (
    "nothing about Blue Fern Bakery",
    "my blood type",
    "my phone",
    "no health",
    "nothing tagged #secret",
    "hide diary/",
)

Seen = Callable[..., Tools]


@pytest.fixture
def seen(tmp_path: Path) -> Seen:
    """The tools of a turn under rules, on a vault with the notes."""

    def begin(*rules: str) -> Tools:
        for name, text in NOTES.items():
            place = tmp_path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        memory = Memory(Vault(tmp_path))
        lens = FilterLens(Looks(parse_rules(rules or RULES), memory))
        lens.look()
        return Tools(memory.seen_as(lens=lens))

    return begin


async def test_a_note_is_read_line_for_line_without_what_is_withheld(seen: Seen) -> None:
    text = await seen().read_file("user.md")
    lines = text.split("\n")
    assert len(lines) == len(NOTES["user.md"].split("\n"))
    assert "- user_name: Robin Ashdown" in lines
    assert "- hobby: letterpress" in lines
    assert "- teal" in lines
    assert "- blood_type: [withheld: fact]" in lines
    for hidden in ("AB negative", "555 0100", "walnuts", "blue_fern", "Blue Fern"):
        assert hidden not in text


@pytest.mark.parametrize("path", ["entities/blue_fern.md", "entities/plan.md", "entities/diary/winter.md"])
async def test_a_withheld_note_answers_as_one_that_does_not_exist(seen: Seen, path: str) -> None:
    tools = seen()
    missing = await tools.read_file("entities/nobody.md")
    assert await tools.read_file(path) == missing.replace("entities/nobody.md", path)
    assert await tools.check_if_file_exists(path) is False
    assert "leads nowhere" in await tools.go_to_link(f"[[{path}]]") or "does not exist" in await tools.go_to_link(path)
    with pytest.raises(ToolRefused, match="does not exist"):
        await tools.get_size(path)
    assert path.rpartition("/")[2] not in await tools.list_files()


async def test_folders_sizes_and_searches_give_nothing_away(seen: Seen) -> None:
    tools = seen()
    assert await tools.check_if_dir_exists("entities/diary") is False
    assert "diary" not in await tools.list_files()
    for query in ("AB negative", "walnuts", "Halvard", "melancholy", "Aslaug", "bakery"):
        assert await tools.search_notes(query) == "No note holds these words.", query
    assert "letterpress" in await tools.search_notes("letterpress")
    tomas = await tools.read_file("entities/tomas.md")
    assert await tools.get_size("entities/tomas.md") == len(tomas.encode())
    assert "winter" not in tomas
    assert "- city: Voss" in tomas


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("entities/diary/spring.md", "# Spring\n"),
        ("entities/blue_fern.md", "# Blue Fern\n"),
        ("entities/fern.md", "# Blue Fern Bakery\n"),
        ("entities/plan.md", "# Plan\n"),
    ],
)
async def test_a_note_is_not_written_where_one_is_withheld(seen: Seen, tmp_path: Path, path: str, text: str) -> None:
    tools = seen()
    with pytest.raises(ToolRefused, match="withheld from this client by a filter of the user; nothing was written"):
        await tools.create_file(path, text)
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.md")} == set(NOTES)
    assert all((tmp_path / name).read_text("utf-8") == standing for name, standing in NOTES.items())


async def test_an_edit_beside_a_withheld_line_keeps_that_line_and_one_of_it_is_refused(
    seen: Seen, tmp_path: Path
) -> None:
    tools = seen()
    assert await tools.update_file("user.md", "- hobby: letterpress", "- hobby: bookbinding") is True
    assert (tmp_path / "user.md").read_text("utf-8") == NOTES["user.md"].replace("letterpress", "bookbinding")
    line = "- blood_type: [withheld: fact]"
    assert await tools.update_file("user.md", line, f"{line}\n- shoe_size: 43") is True
    assert "- blood_type: AB negative\n- shoe_size: 43\n" in (tmp_path / "user.md").read_text("utf-8")
    refused = await tools.update_file("user.md", line, "- blood_type: O")
    assert "withheld from this client" in str(refused)
    guessed = await tools.update_file("user.md", "- blood_type: AB negative", "- blood_type: O")
    wrong = await tools.update_file("user.md", "- blood_type: AB positive", "- blood_type: O")
    assert str(guessed).replace("AB negative", "AB positive") == str(wrong)
    assert "AB negative" in (tmp_path / "user.md").read_text("utf-8")


async def test_a_note_with_withheld_lines_is_neither_written_anew_nor_deleted(seen: Seen, tmp_path: Path) -> None:
    tools = seen()
    await tools.read_file("entities/tomas.md")
    with pytest.raises(ToolRefused, match="update_file"):
        await tools.create_file("entities/tomas.md", "# Tomas\n- city: Oslo\n")
    with pytest.raises(ToolRefused, match="withheld from this client"):
        await tools.delete_file("entities/tomas.md")
    assert (tmp_path / "entities/tomas.md").read_text("utf-8") == NOTES["entities/tomas.md"]


@pytest.mark.parametrize(
    "text",
    [
        "# Robin\n- blood_type:\n  - AB negative\n- city: Voss\n",
        "# Robin\n- **Blood type:** AB negative\n- city: Voss\n",
        "# Robin\nblood type:: AB negative\n- city: Voss\n",
        "# Robin\n| name | blood type |\n|---|---|\n| Bo | AB negative |\n\n- city: Voss\n",
        "# Robin\n## Blood type\nAB negative\n## Rest\n- city: Voss\n",
        "# Robin\nMy blood type is AB negative.\n- city: Voss\n",
        "# Robin\nBlood type\n----------\nAB negative\n\nRest\n----\n- city: Voss\n",
        "# Robin\n> [!info] Blood type\n> AB negative\n\n- city: Voss\n",
        "# Robin\n**Blood type**\nAB negative\n\n- city: Voss\n",
        "# Robin\n- **Blood type**\n  AB negative\n- city: Voss\n",
        "# Robin\n- Blood type\n\t- AB negative\n- city: Voss\n",
        "# Robin\n- blood_type: so and\n  AB negative\n- city: Voss\n",
        "# Robin\nBlood type\n: AB negative\n\n- city: Voss\n",
        "# Robin\n<dt>Blood type</dt>\n<dd>AB negative</dd>\n\n- city: Voss\n",
        "# Robin\n## Blood type: AB negative\n## Rest\n- city: Voss\n",
        "# Robin\nHe said that the type of his blood is\nAB negative. And more.\n- city: Voss\n",
        "# Robin\n| blood type | name |\n|---|---|\n| AB negative | Bo |\n\n- city: Voss\n",
        "# Robin\nname | blood type\n--- | ---\nBo | AB negative\n\n- city: Voss\n",
        "# Robin\n```\nname,blood type\nBo,AB negative\n```\n- city: Voss\n",
        '# Robin\n```json\n{\n  "blood type":\n    "AB negative"\n}\n```\n- city: Voss\n',
        "---\nblood_type: |\n  AB negative\n---\n# Robin\n- city: Voss\n",
        "---\nblood_type:\n  group: AB\n---\n# Robin\n- city: Voss\n",
        "---\nblood_type:\n- AB negative\n---\n# Robin\n- city: Voss\n",
        "---\nhealth: {blood_type: AB negative}\n---\n# Robin\n- city: Voss\n",
    ],
)
async def test_a_fact_is_withheld_in_whatever_form_it_is_written(seen: Seen, tmp_path: Path, text: str) -> None:
    tools = seen("do not tell my blood type")
    (tmp_path / "user.md").write_text("# User\n- city: Voss\n", encoding="utf-8")
    (tmp_path / "entities/robin.md").write_text(text, encoding="utf-8")
    read = await tools.read_file("entities/robin.md")
    assert "AB" not in read
    assert "- city: Voss" in read


async def test_beside_a_withheld_column_the_others_are_seen(seen: Seen, tmp_path: Path) -> None:
    tools = seen("do not tell my blood type", "no phone numbers")
    table = "# T\n| name | blood type | call |\n|---|---|---|\n| Bo | AB | 555 0100 |\n| Ada | O | no |\n"
    (tmp_path / "entities/table.md").write_text(table, encoding="utf-8")
    assert await tools.read_file("entities/table.md") == (
        "# T\n| name | blood type | call |\n|---|---|---|\n"
        "| Bo | [withheld: fact] | [withheld: phone number] |\n| Ada | [withheld: fact] | no |\n"
    )


async def test_a_value_that_goes_over_two_lines_is_withheld_in_both(seen: Seen, tmp_path: Path) -> None:
    tools = seen("no phone numbers", "nothing about Blue Fern Bakery")
    text = "# N\nWrite, or call +47 555\n01 234 today.\nI like Blue\nFern Bakery.\n- city: Voss\n"
    (tmp_path / "entities/over.md").write_text(text, encoding="utf-8")
    read = await tools.read_file("entities/over.md")
    assert read.count("\n") == text.count("\n")
    for hidden in ("555", "234", "Blue", "Fern"):
        assert hidden not in read
    assert "today." in read
    assert "- city: Voss" in read


async def test_a_note_titled_with_what_is_withheld_keeps_its_section(seen: Seen, tmp_path: Path) -> None:
    tools = seen("no health")
    (tmp_path / "entities/mine.md").write_text("# Health\n- walnuts make me ill\n", encoding="utf-8")
    assert "walnuts" not in await tools.read_file("entities/mine.md")
    (tmp_path / "entities/shop.md").write_text("# Blood oranges\n- city: Voss\n", encoding="utf-8")
    assert "Voss" in await tools.read_file("entities/shop.md")


async def test_a_path_to_a_withheld_note_is_withheld_however_the_link_is_written(seen: Seen, tmp_path: Path) -> None:
    tools = seen()
    text = "# L\nSee [it](entities/plan.md) and `entities/plan.md`, not [that](entities/tomas.md).\n"
    (tmp_path / "entities/links.md").write_text(text, encoding="utf-8")
    read = await tools.read_file("entities/links.md")
    assert "plan" not in read
    assert "entities/tomas.md" in read


async def test_a_note_that_is_tagged_meanwhile_is_withheld_at_once(seen: Seen, tmp_path: Path) -> None:
    tools = seen()
    assert "Voss" in await tools.read_file("entities/tomas.md")
    (tmp_path / "entities/tomas.md").write_text("# Tomas\n- city: Voss\n#secret\n", encoding="utf-8")
    assert "does not exist" in await tools.read_file("entities/tomas.md")
    assert await tools.check_if_file_exists("entities/tomas.md") is False


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("## Health", "## Gone"),
        ("## Health", "## Health\n## Other"),
        ("- teal\n| blood type", "- teal\n| type"),
        ("aliases:\n  - Robin\nphone:", "aliases:\n  - Robin\nplace:"),
    ],
)
async def test_an_edit_that_would_open_what_is_withheld_beside_it_is_refused(
    seen: Seen, tmp_path: Path, old: str, new: str
) -> None:
    assert "withheld from this client" in str(await seen().update_file("user.md", old, new))
    assert (tmp_path / "user.md").read_text("utf-8") == NOTES["user.md"]


async def test_a_withheld_note_is_changed_and_deleted_no_more_than_one_that_does_not_exist(
    seen: Seen, tmp_path: Path
) -> None:
    tools = seen()
    for path in ("entities/plan.md", "entities/diary/winter.md"):
        answers = [str(await tools.update_file(name, "- seller", "- x")) for name in (path, "entities/nobody.md")]
        assert answers[0] == answers[1].replace("entities/nobody.md", path)
        with pytest.raises(ToolRefused) as refused:
            await tools.delete_file(path)
        with pytest.raises(ToolRefused) as missing:
            await tools.delete_file("entities/nobody.md")
        assert str(refused.value) == str(missing.value).replace("entities/nobody.md", path)
        assert (tmp_path / path).read_text("utf-8") == NOTES[path]


async def test_a_refused_edit_quotes_no_withheld_value(seen: Seen, tmp_path: Path) -> None:
    tools = seen("do not tell my age")
    (tmp_path / "user.md").write_text("---\nage: 38\n---\n# User\n- hobby: letterpress\n", encoding="utf-8")
    refused = await tools.update_file("user.md", "- hobby: letterpress", "- hobby: letterpress\n- age: 40")
    assert "change it there" in str(refused)
    assert "38" not in str(refused)


async def test_fewer_hits_do_not_tell_that_a_withheld_line_holds_the_word(seen: Seen, tmp_path: Path) -> None:
    tools = seen()
    for number in range(12):
        (tmp_path / f"entities/nut_{number}.md").write_text("# Nut\n- kind: walnuts walnuts\n", encoding="utf-8")
    before = await tools.search_notes("walnuts")
    (tmp_path / "user.md").write_text("# User\n- hobby: letterpress\n", encoding="utf-8")
    assert await tools.search_notes("walnuts") == before


async def test_a_link_leads_to_the_note_that_is_seen_where_a_withheld_one_has_the_same_name(
    tmp_path: Path, seen: Seen
) -> None:
    seen()
    notes = {
        "entities/diary/long_winter.md": "# Long winter\n- weather: sleet\n",
        "entities/long_winter.md": "# Long winter\n- kind: a song\n",
        "user.md": "# User\n- song: [[entities/long_winter.md]]\n- diary: [[entities/diary/long_winter.md]]\n"
        "- likes: [[long_winter]]\n",
    }
    for name, text in notes.items():
        (tmp_path / name).write_text(text)
    memory = Memory(Vault(tmp_path))
    lens = FilterLens(Looks(parse_rules(["hide diary/"]), memory))
    lens.look()
    tools = Tools(memory.seen_as(lens=lens))
    text = await tools.read_file("user.md")
    assert "- song: [[entities/long_winter.md]]" in text
    assert "- likes: [[long_winter]]" in text
    assert "diary/" not in text
    for link in ("[[long_winter]]", "[[entities/long_winter.md]]", "long_winter"):
        assert "a song" in await tools.go_to_link(link)
    assert "sleet" not in await tools.go_to_link("[[entities/diary/long_winter.md]]")
    assert lens.said("# Long winter\n- kind: a song") == "# Long winter\n- kind: a song"


async def test_a_bare_link_leads_past_a_withheld_note_to_one_that_is_seen(tmp_path: Path) -> None:
    (tmp_path / "Private").mkdir()
    (tmp_path / "Work" / "old").mkdir(parents=True)
    (tmp_path / "user.md").write_text("# User\n- plan: [[plan]]\n")
    (tmp_path / "Private" / "plan.md").write_text("# Plan\n- buy: a boat\n")
    (tmp_path / "Work" / "old" / "plan.md").write_text("# Plan\n- sell: a mill\n")
    memory = Memory(Vault(tmp_path))
    lens = FilterLens(Looks(parse_rules(["hide Private/"]), memory))
    lens.look()
    tools = Tools(memory.seen_as(lens=lens))
    assert "[[plan]]" in await tools.read_file("user.md")
    assert "a mill" in await tools.go_to_link("[[plan]]")


def test_a_note_that_changed_is_looked_at_anew_though_its_time_and_its_size_are_as_they_were(tmp_path: Path) -> None:
    note = tmp_path / "plan.md"
    note.write_text("# Plan\n- tea: #public\n")
    lens = FilterLens(Looks(parse_rules(["hide #secret"]), Memory(Vault(tmp_path))))
    lens.look()
    assert lens.hidden == []
    then = note.stat()
    note.write_text("# Plan\n- tea: #secret\n")
    os.utime(note, ns=(then.st_atime_ns, then.st_mtime_ns))
    lens.look()
    assert [path.value for path in lens.hidden] == ["plan.md"]
    note.write_text("# Plan\n- tea: green\n")
    lens.look()
    assert lens.hidden == []


def test_what_was_read_under_a_lens_is_read_anew_when_another_note_withholds_a_value_of_it(tmp_path: Path) -> None:
    (tmp_path / "user.md").write_text("# User\n- likes: a Kestrel glider\n")
    lens = FilterLens(Looks(parse_rules(["do not tell my hobby"]), Memory(Vault(tmp_path))))
    lens.look()
    assert "Kestrel" in lens.seen("- likes: a Kestrel glider") + lens.said("a Kestrel glider")
    (tmp_path / "robin.md").write_text("# Robin\n- hobby: Kestrel glider\n")
    lens.look()
    assert "Kestrel" not in lens.seen("- likes: a Kestrel glider") + lens.said("a Kestrel glider")


@pytest.mark.parametrize("tags", ["tags: [secret]", "tags:\n  - secret/plans", 'tags: "\\x73ecret"', "tag: Secret"])
def test_tags_of_the_properties_withhold_a_note(tmp_path: Path, tags: str) -> None:
    (tmp_path / "plan.md").write_text(f"---\n{tags}\n---\n# Plan\n")
    lens = FilterLens(Looks(parse_rules(["hide #secret"]), Memory(Vault(tmp_path))))
    lens.look()
    assert [path.value for path in lens.hidden] == ["plan.md"]


def test_clients_with_the_same_rules_share_what_was_looked_at(tmp_path: Path) -> None:
    memory = Memory(Vault(tmp_path))
    shared = SharedLooks(Journal(tmp_path / "journal"))
    looks = shared.of(parse_rules(["hide #secret"]), memory)
    assert shared.of(parse_rules(["hide #secret"]), memory) is looks
    assert shared.of(parse_rules(["hide #private"]), memory) is not looks
    assert shared.of(parse_rules(["hide #secret"]), Memory(Vault(tmp_path), "Memory")) is not looks


_WORDS = ["blood", "bloodType", "blood_type", "type", "Age", "aged", "phones", "born", "is", "tea", "bloodtype"]
_MARKS = ["\n", "\n\n", "- ", ": ", ":: ", " ", "## ", "| ", "**", "`", "---\n", ". ", "{", ","]
_PIECES = st.sampled_from([*_WORDS, *_MARKS])


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_a_text_in_which_nothing_withheld_occurs_has_no_withheld_line(text: str) -> None:
    subjects = Subjects(parse_rules(["do not tell my blood type, phone or age"]))
    lines = Lines(subjects, Mask(()), str).seen(text.split("\n"))
    assert subjects.occur_in(text) or not any(line.taken for line in lines)
