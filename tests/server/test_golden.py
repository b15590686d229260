"""What goes over the wire, message by message, as other clients' tests read it: ``tests/golden/*.json``.

Each file is a conversation: who sent, and the message. What differs from run to run (ids, times, the vault's folder)
stands there by a name in capitals. ``pytest tests/server/test_golden.py --write-golden`` writes them anew.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from acp.schema import RequestPermissionRequest, SessionNotification

from commonplace import __version__
from commonplace.models.scripted import ScriptedModel
from commonplace.server.extensions import method_names

StartDaemon = Callable[..., Awaitable[Any]]
Json = Mapping[str, Any]

GOLDEN = Path(__file__).parent.parent / "golden"
PROTOCOL = Path(__file__).parents[2] / "docs/protocol.md"
READ = '<think>\nI look.\n</think>\n<python>\nuser = read_file("user.md")\n</python>'
WRITE = '<python>\nok = update_file("entities/dria.md", "- city: Oslo", "- city: Bergen")\n</python>'
REPLY = "<think>\nFound.\n</think>\n<python></python>\n<reply>\nYou are Robin.\n</reply>"


class Recorder:
    """A client that keeps the whole conversation in the order in which it took place."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.kept: list[tuple[str, Json]] = []

    async def call(self, method: str, params: Mapping[str, object], decide: str | None = None) -> Json:
        number = await self.client.send(method, params)
        self.kept.append(("client", {"jsonrpc": "2.0", "id": number, "method": method, "params": params}))
        while True:
            message = await self.client.receive()
            if message.get("method") == "_commonplace/index":  # it comes when the vault's index has come further
                continue
            self.kept.append(("daemon", message))
            if message.get("method") == "session/request_permission" and decide is not None:
                outcome = {"outcome": {"outcome": "selected", "optionId": decide}}
                answer = {"jsonrpc": "2.0", "id": message["id"], "result": outcome}
                await self.client.socket.send_json(answer)
                self.kept.append(("client", answer))
            if message.get("id") == number and "method" not in message:
                return message

    async def edit_once(self, buffer: str) -> None:
        """Answer as an editor with that text until an edit was made."""
        while True:
            message = await self.client.receive()
            if message.get("method") == "_commonplace/index":
                continue
            is_edit = message["method"] == "_commonplace/edit"
            answer = {
                "jsonrpc": "2.0",
                "id": message["id"],
                "result": {"applied": True} if is_edit else {"text": buffer},
            }
            await self.client.socket.send_json(answer)
            self.kept += [("daemon", message), ("client", answer)]
            if is_edit:
                return

    async def until_touched(self) -> None:
        while (message := await self.client.receive()).get("method") != "_commonplace/touched":
            pass
        self.kept.append(("daemon", message))

    def conversation(self, **names: str) -> str:
        """All of it as text, with the names in place of what differs."""
        lines = [json.dumps({"from": sender, "message": message}) for sender, message in _joined(self.kept)]
        text = "[\n" + ",\n".join(lines) + "\n]\n"
        for value, name in names.items():
            text = text.replace(name, value)
        text = re.sub(r'"(\w*milliseconds)": [\d.]+', r'"\1": 1.5', text)
        text = re.sub(r'"updatedAt": "[^"]+"', '"updatedAt": "2026-01-31T12:00:00+00:00"', text)
        text = re.sub(r'"question": "[0-9a-f]{16}"', '"question": "QUESTION"', text)
        return text.replace(f'"version": "{__version__}"', '"version": "VERSION"')


def _joined(kept: list[tuple[str, Json]]) -> list[tuple[str, Json]]:
    """Deltas in a row as one: how many of them leave together differs from run to run."""
    told: list[tuple[str, Json]] = []
    for sender, message in kept:
        before: Json = told[-1][1] if told else {}
        if _stream(message) is not None and _stream(message) == _stream(before):
            told[-1] = (sender, _one(before, message))
        else:
            told.append((sender, message))
    return told


def _stream(message: Json) -> object:
    if message.get("method") != "session/update":
        return None
    update, meta = message["params"]["update"], message["params"].get("_meta", {}).get("commonplace", {})
    is_text = update["sessionUpdate"] in ("agent_thought_chunk", "agent_message_chunk") and "notice" not in meta
    return (update["sessionUpdate"], update.get("toolCallId")) if is_text or "code_delta" in meta else None


def _one(before: Json, after: Json) -> Json:
    one = json.loads(json.dumps(after))
    metas = [message["params"]["_meta"]["commonplace"] for message in (before, after)]
    meta = one["params"]["_meta"]["commonplace"]
    meta["first"] = metas[0].get("first", metas[0]["seq"])
    if "code_delta" in meta:
        meta["code_delta"] = metas[0]["code_delta"] + metas[1]["code_delta"]
    else:
        texts = [message["params"]["update"]["content"]["text"] for message in (before, after)]
        one["params"]["update"]["content"]["text"] = "".join(texts)
    return one


@pytest.fixture
def compare(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    def check(name: str, text: str) -> None:
        file = GOLDEN / f"{name}.json"
        if request.config.getoption("--write-golden"):
            file.write_text(text)
        assert json.loads(text) == json.loads(file.read_text())

    return check


def asking(session: str, text: str, **meta: object) -> Mapping[str, object]:
    prompt = [{"type": "text", "text": text}]
    return {"sessionId": session, "prompt": prompt, "_meta": {"commonplace": meta}}


async def begun(client: Any, vault: Path) -> tuple[Recorder, str]:
    recorder = Recorder(client)
    await recorder.call("initialize", {"protocolVersion": 1})
    answer = await recorder.call("session/new", {"cwd": str(vault), "mcpServers": []})
    return recorder, answer["result"]["sessionId"]


async def test_a_turn(start: StartDaemon, compare: Any) -> None:
    daemon = await start(ScriptedModel([READ, WRITE, REPLY]))
    recorder, session = await begun(await daemon.connect(), daemon.vault)
    await recorder.call("session/prompt", asking(session, "Who am I?", prompt_id="p1", filters=["no age"]))
    compare("turn", recorder.conversation(SESSION=session, VAULT=str(daemon.vault)))


async def test_a_review(start: StartDaemon, compare: Any) -> None:
    daemon = await start(ScriptedModel([WRITE, REPLY]))
    recorder, session = await begun(await daemon.connect(), daemon.vault)
    await recorder.call("session/set_mode", {"sessionId": session, "modeId": "review"})
    await recorder.call("session/prompt", asking(session, "Dria moved."), decide="allow_once")
    compare("review", recorder.conversation(SESSION=session, VAULT=str(daemon.vault)))


async def test_sessions_told_again(start: StartDaemon, compare: Any) -> None:
    daemon = await start(ScriptedModel([REPLY]))
    first, session = await begun(await daemon.connect(), daemon.vault)
    await first.call("session/prompt", asking(session, "Who am I?", prompt_id="p1"))
    recorder = Recorder(await daemon.connect())
    place: dict[str, object] = {"sessionId": session, "cwd": str(daemon.vault)}
    await recorder.call("session/list", {"cwd": str(daemon.vault)})
    await recorder.call("session/load", {**place, "mcpServers": []})
    await recorder.call("session/resume", {**place, "_meta": {"commonplace": {"after": 4}}})
    await recorder.call("_commonplace/replay", {"sessionId": session, "after": 5})
    await recorder.call("session/close", {"sessionId": session})
    await recorder.call("session/delete", {"sessionId": session})
    await recorder.call("session/load", {**place, "mcpServers": []})
    compare("sessions", recorder.conversation(SESSION=session, VAULT=str(daemon.vault)))


async def test_a_session_in_batches(start: StartDaemon, compare: Any) -> None:
    daemon = await start(ScriptedModel([WRITE, REPLY]))
    first, session = await begun(await daemon.connect(), daemon.vault)
    await first.call("session/prompt", asking(session, "Dria moved.", prompt_id="p1"))
    recorder = Recorder(await daemon.connect())
    batches = {"_meta": {"commonplace": {"batches": True}}}
    await recorder.call("initialize", {"protocolVersion": 1, "clientCapabilities": batches})
    await recorder.call("session/load", {"sessionId": session, "cwd": str(daemon.vault), "mcpServers": []})
    compare("batch", recorder.conversation(SESSION=session, VAULT=str(daemon.vault)))


async def test_a_feed(start: StartDaemon, compare: Any) -> None:
    daemon = await start(ScriptedModel([WRITE, REPLY]))
    recorder = Recorder(await daemon.connect())
    await recorder.call("_commonplace/feed", {"vault": str(daemon.vault)})
    other, session = await begun(await daemon.connect(), daemon.vault)
    await other.call("session/prompt", asking(session, "Dria moved."))
    await recorder.until_touched()
    compare("feed", recorder.conversation(SESSION=session, VAULT=str(daemon.vault)))


async def test_an_editor(start: StartDaemon, compare: Any) -> None:
    daemon = await start(ScriptedModel([WRITE, REPLY]))
    recorder = Recorder(await daemon.connect())
    await recorder.call("_commonplace/editor", {"vault": str(daemon.vault), "open": ["entities/dria.md"]})
    other, session = await begun(await daemon.connect(), daemon.vault)
    number = await other.client.send("session/prompt", asking(session, "Dria moved."))
    await recorder.edit_once("# Dria \U0001f642\n- city: Oslo\n- typed just now, not sa")
    await other.client.answer(number)
    await recorder.call("_commonplace/closed", {"path": "entities/dria.md"})
    await recorder.call("_commonplace/opened", {"path": "user.md"})
    compare("editor", recorder.conversation(SESSION=session, VAULT=str(daemon.vault)))


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_the_golden_messages_fit_the_protocols_schema_and_are_documented(file: Path) -> None:
    documented = PROTOCOL.read_text()
    for kept in json.loads(file.read_text()):
        message = kept["message"]
        match message.get("method"):
            case "session/update":
                SessionNotification.model_validate(message["params"])
            case "_commonplace/updates":
                for update in message["params"]["updates"]:
                    SessionNotification.model_validate(update)
            case "session/request_permission":
                RequestPermissionRequest.model_validate(message["params"])
            case _:
                pass
        body: Any = message.get("params") or message.get("result") or {}
        ours: dict[str, object] = body.get("_meta", {}).get("commonplace", {})
        for key in ours:
            assert f"`{key}`" in documented, key


def test_every_method_of_ours_is_documented() -> None:
    documented = PROTOCOL.read_text()
    for name in (*method_names(), "replay", "feed", "touched", "updates", "editor", "opened", "closed", "read", "edit"):
        assert f"`_commonplace/{name}`" in documented, name
