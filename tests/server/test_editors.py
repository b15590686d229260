"""A connected client is the editor of its vault: what it has open is read and changed there, whoever's turn it is."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.models.scripted import ScriptedModel
from commonplace.server.editors import utf16_changes
from commonplace.server.extensions import OUT_OF_SCOPE
from commonplace.tokens import Scope, new_token
from commonplace.vault.editor import edits_between

StartDaemon = Callable[..., Awaitable[Any]]

DRIA = "entities/dria.md"
MOVE = f'<python>ok = update_file("{DRIA}", "- city: Oslo", "- city: Bergen")</python>'
READ = f'<python>text = read_file("{DRIA}")</python>'
REPLY = "<python></python><reply>Done.</reply>"
ON_DISK = "# Dria\n- city: Oslo\n"
TYPED = "# Dria 🙂\n- city: Oslo\n- 👩‍🚀 typed just now, not sa"


class Editor:
    """A stand-in for Obsidian: it has notes open and answers the daemon as docs/protocol.md says."""

    def __init__(self, client: Any, buffers: dict[str, str]) -> None:
        self.client = client
        self.buffers = buffers
        self.edits = 0
        self.types_before_edits = 0
        self.silent: tuple[str, ...] = ()
        """Requests that it never answers."""
        self.does_silently = False
        self.says: list[object] = []
        """What it answers to every request, if anything is set."""
        self._serving: asyncio.Task[None] | None = None

    async def begin(self, vault: Path, opened: Iterable[str] | None = None) -> None:
        names = [*self.buffers] if opened is None else [*opened]
        answer = await self.client.call("_commonplace/editor", {"vault": str(vault), "open": names})
        assert answer["result"] == {"vault": str(vault)}
        self._serving = asyncio.create_task(self._serve())

    async def leave(self) -> None:
        assert self._serving is not None
        self._serving.cancel()
        await asyncio.wait([self._serving])
        await self.client.socket.close()

    async def _serve(self) -> None:
        async for frame in self.client.socket:
            message = json.loads(frame.data)
            if message.get("method") not in ("_commonplace/read", "_commonplace/edit"):
                continue
            silent = message["method"] in self.silent
            if silent and not self.does_silently:
                continue
            result = self.says[0] if self.says else self._answer(message["method"], message["params"])
            if not silent:
                await self.client.socket.send_json({"jsonrpc": "2.0", "id": message["id"], "result": result})

    def _answer(self, method: str, params: Any) -> Any:
        buffer = self.buffers.get(params["path"])
        if method == "_commonplace/read":
            return {"text": buffer}
        if self.types_before_edits and buffer is not None:
            self.types_before_edits -= 1
            buffer = self.buffers[params["path"]] = buffer + "."
        if buffer is None or hashlib.sha256(buffer.encode()).hexdigest() != params["base_hash"]:
            return {"applied": False}
        self.edits += 1
        self.buffers[params["path"]] = in_javascript(buffer, params["changes"])
        return {"applied": True}


def in_javascript(text: str, changes: Iterable[Any]) -> str:
    """The changes as a JavaScript string takes them: by UTF-16 code units of the text before any."""
    units = text.encode("utf-16-le")
    for change in reversed([*changes]):
        units = units[: 2 * change["from"]] + change["insert"].encode("utf-16-le") + units[2 * change["to"] :]
    return units.decode("utf-16-le")


async def editor_of(daemon: Any, **buffers: str) -> Editor:
    editor = Editor(await daemon.connect(), {DRIA: TYPED, **buffers})
    await editor.begin(daemon.vault)
    return editor


async def asked(daemon: Any) -> str:
    """A turn of another client; what its model was told in the last result."""
    client = await daemon.connect()
    await client.prompt(await client.new_session(daemon.vault), "Dria moved to Bergen.")
    return str([update["update"].get("rawOutput") for update in client.updates if "rawOutput" in update["update"]])


def disk(daemon: Any) -> str:
    return (daemon.vault / DRIA).read_text()


async def test_unsaved_typing_survives_another_clients_turn_and_its_undo(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([MOVE, REPLY]))
    editor = await editor_of(daemon)
    await asked(daemon)
    assert editor.buffers[DRIA] == TYPED.replace("Oslo", "Bergen")
    assert disk(daemon) == ON_DISK, "the file is the editor's to save"
    editor.buffers[DRIA] += "ved 🙂"
    other = await daemon.connect()
    undone = await other.call("_commonplace/undo", {"vault": str(daemon.vault)})
    assert undone["result"]["turns"][0]["notes"][0]["outcome"] == "merged"
    assert editor.buffers[DRIA] == TYPED + "ved 🙂"
    assert disk(daemon) == ON_DISK


async def test_what_is_typed_and_not_saved_is_what_a_turn_reads(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([READ, REPLY]))
    await editor_of(daemon)
    assert "typed just now" in await asked(daemon)


async def test_typing_between_the_read_and_the_edit_is_kept(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([MOVE, REPLY]))
    editor = await editor_of(daemon)
    editor.types_before_edits = 2
    await asked(daemon)
    assert editor.buffers[DRIA] == TYPED.replace("Oslo", "Bergen") + ".."
    assert editor.edits == 1


async def test_an_editor_that_never_answers_is_told_and_the_file_is_left_alone(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([MOVE, REPLY]))
    editor = await editor_of(daemon)
    editor.silent = ("_commonplace/read", "_commonplace/edit")
    assert "does not answer" in await asked(daemon)
    assert (editor.buffers[DRIA], disk(daemon)) == (TYPED, ON_DISK)


async def test_an_edit_whose_answer_is_lost_is_looked_for_in_the_editor(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([MOVE, REPLY]))
    editor = await editor_of(daemon)
    editor.silent, editor.does_silently = ("_commonplace/edit",), True
    assert "does not answer" not in await asked(daemon)
    assert (editor.edits, disk(daemon)) == (1, ON_DISK)


@pytest.mark.parametrize("answer", [{}, {"text": 7}, None, [], "text"])
async def test_an_answer_that_is_none_is_like_silence(start: StartDaemon, answer: object) -> None:
    daemon = await start(ScriptedModel([MOVE, REPLY]))
    editor = await editor_of(daemon)
    editor.says = [answer]
    assert "does not answer" in await asked(daemon)
    assert disk(daemon) == ON_DISK


async def test_closing_a_note_or_the_connection_gives_it_back_to_the_disk(start: StartDaemon) -> None:
    there = MOVE.replace("- city: Oslo", "- city: Bergen").replace('"- city: Bergen")', '"- city: Turku")')
    daemon = await start(ScriptedModel([MOVE, REPLY, there, REPLY]))
    client = await daemon.connect()
    editor = Editor(client, {DRIA: ON_DISK})
    await client.call("_commonplace/editor", {"vault": str(daemon.vault), "open": [DRIA]})
    assert (await client.call("_commonplace/closed", {"path": DRIA}))["result"] == {}
    await asked(daemon)
    assert disk(daemon) == "# Dria\n- city: Bergen\n"
    assert (await client.call("_commonplace/opened", {"path": DRIA}))["result"] == {}
    await editor.begin(daemon.vault)
    await editor.leave()
    await asked(daemon)
    assert disk(daemon) == "# Dria\n- city: Turku\n"


async def test_of_two_windows_the_one_that_opened_the_note_last_has_it(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([MOVE, REPLY, MOVE, REPLY]))
    first, second = await editor_of(daemon), await editor_of(daemon)
    await asked(daemon)
    assert (first.edits, second.edits) == (0, 1)
    await second.leave()
    await asked(daemon)
    assert (first.edits, second.edits, disk(daemon)) == (1, 1, ON_DISK)


async def test_no_filter_on_the_editor_spoils_what_is_written_into_its_note(start: StartDaemon) -> None:
    phone = "+47 555 01 234"
    daemon = await start(ScriptedModel([MOVE.replace("Bergen", phone), REPLY]))
    config = daemon.home / "config.toml"
    config.write_text(config.read_text() + '\n[[filters]]\nrule = "no phone numbers"\nclients = ["own"]\n')
    editor = await editor_of(daemon)
    client = await daemon.connect(new_token(daemon.home, "host", Scope.CHAT))
    await client.prompt(await client.new_session(daemon.vault), f"Dria's number is {phone}.")
    assert editor.buffers[DRIA] == TYPED.replace("Oslo", phone)


async def test_a_note_opened_by_the_name_of_a_link_is_the_note_behind_it(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([MOVE, REPLY]))
    (daemon.vault / "alias.md").symlink_to(daemon.vault / DRIA)
    editor = Editor(await daemon.connect(), {"alias.md": TYPED})
    await editor.begin(daemon.vault)
    await asked(daemon)
    assert editor.buffers["alias.md"] == TYPED.replace("Oslo", "Bergen")


async def test_a_crlf_note_edited_open_and_saved_is_undone_without_a_conflict(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([MOVE, REPLY]))
    place = daemon.vault / DRIA
    place.write_bytes(ON_DISK.replace("\n", "\r\n").encode())
    editor = Editor(await daemon.connect(), {DRIA: ON_DISK})
    await editor.begin(daemon.vault)
    await asked(daemon)
    place.write_bytes(editor.buffers[DRIA].replace("\n", "\r\n").encode())
    await editor.leave()
    client = await daemon.connect()
    await client.call("_commonplace/undo", {"vault": str(daemon.vault)})
    assert place.read_bytes() == ON_DISK.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("scope", [Scope.CHAT, Scope.READ_ONLY, Scope.MEMORY_ONLY])
async def test_only_the_daemons_own_token_may_be_the_editor(start: StartDaemon, scope: Scope) -> None:
    daemon = await start()
    client = await daemon.connect(new_token(daemon.home, "scoped", scope))
    for method, params in (
        ("editor", {"vault": str(daemon.vault), "open": [DRIA]}),
        ("opened", {"path": DRIA}),
        ("closed", {"path": DRIA}),
    ):
        assert (await client.call(f"_commonplace/{method}", params))["error"]["code"] == OUT_OF_SCOPE


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("editor", {}, "vault"),
        ("editor", {"vault": "/nowhere"}, "not a registered vault"),
        ("editor", {"vault": "VAULT", "open": "user.md"}, "open"),
        ("opened", {"path": DRIA}, "_commonplace/editor"),
        ("closed", {"path": 7}, "path"),
    ],
)
async def test_what_makes_no_sense_is_refused(start: StartDaemon, method: str, params: Any, reason: str) -> None:
    daemon = await start()
    client = await daemon.connect()
    given = {key: str(daemon.vault) if value == "VAULT" else value for key, value in params.items()}
    assert reason in (await client.call(f"_commonplace/{method}", given))["error"]["message"]


async def test_a_note_that_no_tool_can_name_is_no_error(start: StartDaemon) -> None:
    daemon = await start()
    client = await daemon.connect()
    names = [".obsidian/x.md", "../out.md", "a:b.md", ""]
    answer = await client.call("_commonplace/editor", {"vault": str(daemon.vault), "open": names})
    assert "result" in answer


texts = st.text(st.sampled_from("ab\n\r\u2028é🙂👩‍🚀"), max_size=30)


@given(texts, texts)
def test_changes_count_as_a_javascript_string_does(before: str, after: str) -> None:
    assert in_javascript(before, utf16_changes(before, edits_between(before, after))) == after
