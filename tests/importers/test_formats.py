"""What each kind of export becomes, and which ones are refused in one sentence."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from commonplace.importers.base import ExportRefused, ImportedNote, Importer
from commonplace.importers.chatgpt import ChatGPT
from commonplace.importers.claude import Claude
from commonplace.importers.markdown import MarkdownFolder
from commonplace.importers.notion import Notion
from commonplace.importers.rendering import rendered
from exports import (
    chatgpt_conversation,
    chatgpt_export,
    chatgpt_message,
    claude_conversation,
    claude_export,
    claude_message,
    notion_export,
    packed,
)

BOATS = "11111111111111111111111111111111"
PLANS = "22222222222222222222222222222222"
TASKS = "33333333333333333333333333333333"


def golden(importer: Importer, paths: dict[str, str] | None = None) -> list[str]:
    return [rendered(note, importer.name, note.title, (paths or {}).get) for note in importer.notes()]


def by_title(importer: Importer) -> dict[str, ImportedNote]:
    return {note.title: note for note in importer.notes()}


def test_a_conversation_of_chatgpt_is_the_branch_that_was_shown_without_what_was_hidden(tmp_path: Path) -> None:
    hidden: dict[str, Any] = {"metadata": {"is_visually_hidden_from_conversation": True}}
    conversation = chatgpt_conversation(
        "6f1c",
        "Trip to Oslo",
        [
            chatgpt_message("system", "You are helpful."),
            chatgpt_message("user", "My profile", **hidden),
            chatgpt_message(
                "user", "Where to?\n# Not a title", {"content_type": "image_asset_pointer"}, time=1_709_647_320
            ),
            chatgpt_message("assistant", "search(oslo)", recipient="web.run"),
            chatgpt_message("tool", "a page"),
            {
                **chatgpt_message("assistant"),
                "content": {"content_type": "thoughts", "thoughts": [{"content": "hm"}]},
            },
            chatgpt_message("assistant", "To [[Oslo]], see [it](it.md).\ue200cite\ue202turn0\ue201\n- key: value"),
        ],
    )
    conversation["mapping"]["other"] = {
        "id": "other",
        "parent": "m2",
        "message": chatgpt_message("assistant", "A branch that was given up"),
    }
    importer = ChatGPT(chatgpt_export(tmp_path / "export.zip", [conversation]))
    assert golden(importer) == [
        '---\nimported: "chatgpt:6f1c"\ncreated: 2024-03-05\nupdated: 2024-03-05T14:02:00\n'
        'aliases:\n  - "Trip to Oslo"\n---\n# Trip to Oslo\n\n'
        "## You (2024-03-05 14:02)\n> Where to?\n> # Not a title\n> (an image)\n\n"
        "## ChatGPT\n> To \\[\\[Oslo]], see \\[it](it.md).\n> - key: value\n"
    ]


def test_an_export_of_chatgpt_in_several_files_with_odd_conversations_tells_what_it_left_out(tmp_path: Path) -> None:
    said = [chatgpt_message("user", "Hello")]
    code = {**chatgpt_message("assistant"), "content": {"content_type": "code", "language": "python", "text": "x = 1"}}
    lost = chatgpt_conversation("lost", "No current node", [*said, code], current_node="gone")
    ring = chatgpt_conversation("ring", "A ring", said)
    ring["mapping"]["root"]["parent"] = "m0"
    export = packed(
        tmp_path / "export.zip",
        {
            "conversations-000.json": json.dumps([chatgpt_conversation("a", "A", said), lost, ring]),
            "conversations-001.json": json.dumps(
                [chatgpt_conversation("b", "B", said), {"id": "c"}, 7, chatgpt_conversation("d", "D", [])]
            ),
            "shared_conversations.json": "[]",
        },
    )
    importer = ChatGPT(export)
    assert [note.id for note in importer.notes()] == ["a", "lost", "ring", "b"]
    assert importer.skipped == {"of a form that this version does not know": 2, "without words": 1}
    assert "> ```python\n> x = 1\n> ```" in by_title(importer)["No current node"].text


def test_a_conversation_of_claude_has_what_was_said_and_names_its_files(tmp_path: Path) -> None:
    messages = [
        claude_message("human", "Read this", attachments=[{"file_name": "plan.txt", "extracted_content": "secret"}]),
        {
            **claude_message("assistant", "Done.", "```dataviewjs\nrun()\n```"),
            "content": [
                {"type": "thinking", "thinking": "hm"},
                {"type": "tool_use", "name": "x"},
                {"type": "text", "text": "Done.\n```dataviewjs\nrun()"},
            ],
        },
        {"sender": "human", "text": "An older one", "created_at": None},
    ]
    importer = Claude(claude_export(tmp_path / "data.zip", [claude_conversation("u1", "", messages)]))
    assert golden(importer) == [
        '---\nimported: "claude:u1"\ncreated: 2024-03-05\nupdated: 2024-03-05T14:02:00\n'
        'aliases:\n  - ""\n---\n# \n\n'
        "## You (2024-03-05 14:02)\n> Read this\n> (attached: plan.txt)\n\n"
        "## Claude (2024-03-05 14:02)\n> Done.\n> ```text dataviewjs\n> run()\n> ```\n\n"
        "## You\n> An older one\n"
    ]


def test_texts_of_attached_files_are_told_to_be_left_out(tmp_path: Path) -> None:
    attached = [{"file_name": "plan.txt", "extracted_content": "secret"}]
    said = claude_message("human", "Read this", attachments=attached)
    importer = Claude(claude_export(tmp_path / "data.zip", [claude_conversation("u1", "Plan", [said])]))
    assert all("secret" not in note.text for note in importer.notes())
    assert importer.skipped == {"texts of attached files": 1}


def test_pages_of_notion_keep_titles_facts_and_links_and_databases_list_their_rows(tmp_path: Path) -> None:
    export = notion_export(
        tmp_path / "Export.zip",
        {
            f"Boats {BOATS}.md": f"# Boats: old & new\n\nSee [the plans](Boats%20{BOATS}/Plans%20{PLANS}.md) "
            f"and [Tasks](Tasks%20{TASKS}.csv).\n![photo](Boats/photo.png)\n",
            f"Boats {BOATS}/Plans {PLANS}.md": "# Plans\n\nStatus: Done\nDue: 2024-03-05\n\nText with [[brackets]].\n",
            f"Tasks {TASKS}.csv": "Name,Status\n",
            f"Tasks {TASKS}_all.csv": 'Name,Status,Note\nPlans,Done,\n"Buy, sell",,"two\nlines"\n',
            "Boats/photo.png": "not read",
        },
    )
    paths = {id_: f"entities/notion/{name}.md" for id_, name in ((BOATS, "boats"), (PLANS, "plans"), (TASKS, "tasks"))}
    importer = Notion(export)
    assert golden(importer, paths) == [
        f'---\nimported: "notion:{BOATS}"\naliases:\n  - "Boats: old & new"\n---\n# Boats: old & new\n\n'
        "See [[entities/notion/plans.md|the plans]] and [[entities/notion/tasks.md|Tasks]].\n"
        "!\\[photo](Boats/photo.png)\n",
        f'---\nimported: "notion:{PLANS}"\naliases:\n  - "Plans"\n---\n# Plans\n\n'
        "- Status: Done\n- Due: 2024-03-05\n\nText with \\[\\[brackets]].\n",
        f'---\nimported: "notion:{TASKS}"\naliases:\n  - "Tasks"\n---\n# Tasks\n\n'
        "- Plans (Status is Done)\n- Buy, sell (Note is two lines)\n",
    ]
    assert [note.folder for note in importer.notes()] == [(), ("Boats",), ()]
    assert importer.skipped == {"images": 1}


def test_a_folder_of_markdown_keeps_properties_links_and_folders(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    (folder / "People").mkdir(parents=True)
    (folder / ".obsidian").mkdir()
    (folder / ".obsidian" / "hidden.md").write_text("no")
    (folder / "People" / "Jane Doe.md").write_text(
        '---\naliases: [JD]\ntags: [friend]\nboss: "[[Gone]]"\n---\n# Jane Doe\nMet at [[Boats#Sail|the club]].\n'
    )
    (folder / "Boats.md").write_bytes("﻿Of [Jane](People/Jane%20Doe.md), `[[code]]`, ![[a.png]]\r\n".encode())
    (folder / "latin.md").write_bytes(b"caf\xe9")
    (folder / "away.md").symlink_to("/etc/hostname")
    (folder / "Pal.md").write_text("To [[JD]].\n")
    (folder / "page.md").write_text("<!DOCTYPE html><p>")
    for other in ("a.html", "b.html", "a.png", "notes.txt", "map.canvas", "song.mp3"):
        (folder / other).write_text("")
    importer = MarkdownFolder(folder)
    paths = {
        "old/People/Jane%20Doe.md": "entities/markdown/people/jane_doe.md",
        "old/Boats.md": "entities/markdown/boats.md",
        "old/Pal.md": "entities/markdown/pal.md",
    }
    assert golden(importer, paths) == [
        '---\nimported: "markdown:old/Boats.md"\naliases:\n  - "Boats"\n---\n# Boats\n\n'
        "Of [[entities/markdown/people/jane_doe.md|Jane]], `[[code]]`, !\\[\\[a.png]]\n",
        '---\nimported: "markdown:old/Pal.md"\naliases:\n  - "Pal"\n---\n# Pal\n\n'
        "To [[entities/markdown/people/jane_doe.md|JD]].\n",
        '---\nimported: "markdown:old/People/Jane%20Doe.md"\naliases:\n  - "Jane Doe"\n'
        'tags: [friend]\nboss: "Gone"\n---\n'
        "# Jane Doe\n\nMet at [[entities/markdown/boats.md#Sail|the club]].\n",
    ]
    assert by_title(importer)["Jane Doe"].aliases == ("JD",)
    assert importer.skipped == {
        "HTML pages": 2,
        "images": 1,
        "text that is not in files ending in .md": 1,
        "canvases": 1,
        "other files": 1,
        "HTML pages under a markdown name": 1,
        "not in UTF-8 (latin.md)": 1,
    }


def test_notes_of_one_name_in_two_folders_are_two_notes(tmp_path: Path) -> None:
    for name in ("work", "home"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(f"# {name}\n")
    ids = {next(MarkdownFolder(tmp_path / name).notes()).id for name in ("work", "home")}
    assert ids == {"work/README.md", "home/README.md"}


def test_properties_that_are_no_yaml_stay_in_the_text(tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("---\nkey: [open\n---\nText\n")
    (text,) = golden(MarkdownFolder(tmp_path))
    assert text.endswith("---\n# note\n\n```yaml\nkey: [open\n```\nText\n")


def zip_with(place: Path, entry: zipfile.ZipInfo, data: str = "[]") -> Path:
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("conversations.json", "[]")
        archive.writestr(entry, data)
    return place


def symlink(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o120777 << 16
    return entry


def encrypted(place: Path) -> Path:
    packed(place, {"conversations.json": "[]"})
    data = bytearray(place.read_bytes())
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + flags] |= 1
    place.write_bytes(bytes(data))
    return place


def truncated(place: Path) -> Path:
    whole = chatgpt_export(place, [chatgpt_conversation("a", "A", [chatgpt_message("user", "Hello")])]).read_bytes()
    place.write_bytes(whole[: len(whole) // 2])
    return place


def test_what_is_no_whole_and_honest_export_is_refused_with_a_sentence(tmp_path: Path) -> None:
    place = tmp_path / "export.zip"
    odd = json.dumps([{"id": "a", "turns": []}])
    cases = {
        "no whole zip file": lambda: truncated(place),
        "There is no": lambda: tmp_path / "nothing.zip",
        "holds no conversations.json": lambda: packed(place, {"chat.html": "<html>"}),
        "holds no conversations.json, so": lambda: packed(place, {}),
        "another format than this version knows: none": lambda: packed(place, {"conversations.json": odd}),
        "conversations are no list": lambda: packed(place, {"conversations.json": '{"conversations": []}'}),
        "is damaged or not whole": lambda: packed(place, {"conversations.json": odd[:-5]}),
        "names a file outside itself": lambda: zip_with(place, zipfile.ZipInfo("../../.bashrc.json")),
        "outside itself ('/etc": lambda: zip_with(place, zipfile.ZipInfo("/etc/x.json")),
        "outside itself ('C:": lambda: zip_with(place, zipfile.ZipInfo("C:\\x.json")),
        "symbolic link": lambda: zip_with(place, symlink("link.json"), "/etc/passwd"),
        "is encrypted": lambda: encrypted(place),
        "zip bomb": lambda: packed(place, {"conversations.json": b"[" + b" " * 30_000_000 + b"]"}),
        "zips in a zip in a zip": lambda: packed(
            place,
            {"a.zip": packed(tmp_path / "a.zip", {"b.zip": packed(tmp_path / "b.zip", {}).read_bytes()}).read_bytes()},
        ),
    }
    for said, make in cases.items():
        with pytest.raises(ExportRefused) as refused:
            list(ChatGPT(make()).notes())
        assert said in str(refused.value), (said, refused.value)


def test_one_conversation_larger_than_any_is_ends_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commonplace.importers.conversations.MOST_OF_ONE", 200_000)
    small, large = (chatgpt_message("user", "x " * size) for size in (10_000, 200_000))
    export = chatgpt_export(tmp_path / "a.zip", [chatgpt_conversation(f"{n}", "S", [small]) for n in range(30)])
    assert len(list(ChatGPT(export).notes())) == 30
    with pytest.raises(ExportRefused, match="conversation of more than 200,000 bytes"):
        list(ChatGPT(chatgpt_export(tmp_path / "b.zip", [chatgpt_conversation("l", "L", [large])])).notes())


def test_html_in_the_place_of_markdown_is_refused_with_the_way_to_export_markdown(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match=r"Markdown & CSV as the format"):
        Notion(notion_export(tmp_path / "Export.zip", {f"Boats {BOATS}.html": "<html>"}))
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<html>")
    with pytest.raises(ExportRefused, match="holds 1 HTML file, which has to be converted first"):
        MarkdownFolder(tmp_path / "site")
    (tmp_path / "site" / "other.html").write_text("<html>")
    with pytest.raises(ExportRefused, match="holds 2 HTML files, which have to be converted first"):
        MarkdownFolder(tmp_path / "site")
    with pytest.raises(ExportRefused, match="is no folder"):
        MarkdownFolder(tmp_path / "nowhere")


def test_html_pages_under_a_markdown_name_are_left_out_and_told(tmp_path: Path) -> None:
    files = {f"Boats {BOATS}.md": "# Boats\n", f"Web {'7' * 32}.md": "<!DOCTYPE html>\n<html><body>x</body></html>"}
    notion = Notion(notion_export(tmp_path / "Export.zip", files))
    assert [note.title for note in notion.notes()] == ["Boats"]
    assert notion.skipped["HTML pages under a markdown name"] == 1


def test_the_export_of_another_program_is_told_for_what_it_is(tmp_path: Path) -> None:
    talk = chatgpt_conversation("a", "A", [chatgpt_message("user", "Hello")])
    export = chatgpt_export(tmp_path / "chats.zip", [talk], **{"chat.html": "<html>"})
    with pytest.raises(ExportRefused, match=r"conversations\.json, as exports of ChatGPT and Claude do, and no page"):
        Notion(export)


def test_an_export_that_was_unpacked_already_is_read_from_its_folder(tmp_path: Path) -> None:
    export = chatgpt_export(tmp_path / "a.zip", [chatgpt_conversation("a", "A", [chatgpt_message("user", "Hello")])])
    with zipfile.ZipFile(export) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert list(ChatGPT(tmp_path / "unpacked").notes()) == list(ChatGPT(export).notes())
