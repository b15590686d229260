"""``commonplace acp``: an editor's own client, the SDK's, speaks with the daemon over standard input and output."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from acp import PROTOCOL_VERSION, spawn_agent_process, text_block
from acp.interfaces import Client

from commonplace.clients import launch
from commonplace.clients.acp_stdio import Beginnings, for_daemon
from commonplace.config import config_file, register_vault
from commonplace.config_edit import set_texts
from commonplace.tokens import Scope, TokenError, kept_token, new_token, read_tokens


class Editor:
    """A client as an editor has one: it keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[Any] = []

    async def session_update(self, session_id: str, update: Any, **_: Any) -> None:
        self.said.append(update)

    async def request_permission(self, **_: Any) -> Any:
        raise AssertionError("no change is asked for here")

    def on_connect(self, conn: Any) -> None:
        """Nothing is sent from here."""

    @property
    def reply(self) -> str:
        return "".join(each.content.text for each in self.said if each.session_update == "agent_message_chunk")


@pytest.fixture
def home(tmp_path: Path) -> Any:
    home = tmp_path / "home"
    vault = tmp_path / "vault"
    (vault / "entities").mkdir(parents=True)
    (vault / "user.md").write_text("# User\n- user_name: Robin Ashdown\n- phone: 555 0100\n")
    (vault / "Diary.md").write_text("I was in Lisbon.\n")
    register_vault(home, vault)
    yield home
    launch.stop(home)


@asynccontextmanager
async def editor_on(home: Path, project: Path) -> AsyncGenerator[tuple[Editor, Any, str]]:
    editor = Editor()
    environment = {**os.environ, "COMMONPLACE_HOME": str(home)}
    command = (sys.executable, "-m", "commonplace", "acp")
    async with spawn_agent_process(cast("Client", editor), *command, env=environment) as (agent, _):
        await agent.initialize(protocol_version=PROTOCOL_VERSION)
        session = await agent.new_session(cwd=str(project), mcp_servers=[])
        yield editor, agent, session.session_id


async def test_an_editor_asks_about_the_default_vault_whatever_its_project_is(home: Path, tmp_path: Path) -> None:
    async with editor_on(home, tmp_path / "some project") as (editor, agent, session):
        answer = await agent.prompt(session_id=session, prompt=[text_block("What is my name?")])
        assert answer.stop_reason == "end_turn"
        assert "Robin Ashdown" in editor.reply
        listed = await agent.list_sessions(cwd=str(tmp_path))
        assert [each.session_id for each in listed.sessions] == [session]
    assert [(token.name, token.scope) for token in read_tokens(home)] == [("acp", Scope.MEMORY_ONLY)]


async def test_an_editors_filters_hold_and_it_sees_the_memory_alone(home: Path, tmp_path: Path) -> None:
    with config_file(home).open("a") as config:
        config.write('\n[[filters]]\nrule = "no phone numbers"\nclients = ["acp"]\n')
    async with editor_on(home, tmp_path) as (editor, agent, session):
        await agent.prompt(session_id=session, prompt=[text_block("What is my phone?")])
        await agent.prompt(session_id=session, prompt=[text_block("What do you know about Diary?")])
        assert "555 0100" not in str(editor.said)
        assert "Lisbon" not in str(editor.said)


async def test_a_model_on_another_machine_is_said_to_be_there_before_the_first_prompt(
    home: Path, tmp_path: Path
) -> None:
    set_texts(home, {"model.backend": "openai", "model.base_url": "https://models.example.invalid/v1"})
    async with editor_on(home, tmp_path) as (editor, agent, session):
        async with asyncio.timeout(10):
            while not editor.reply:
                await asyncio.sleep(0.01)
        assert "models.example.invalid, not on this machine" in editor.reply
        editor.said.clear()
        await agent.load_session(session_id=session, cwd=str(tmp_path), mcp_servers=[])
        async with asyncio.timeout(10):
            while not editor.reply:
                await asyncio.sleep(0.01)
        assert "not on this machine" in editor.reply


@pytest.mark.parametrize("message", ['{"method": "session/new", "id": []}', '{"method": "session/load", "params": 7}'])
def test_a_session_that_begins_with_nonsense_is_followed_by_no_notice(message: str) -> None:
    beginnings = Beginnings("Mind.")
    beginnings.hear(json.loads(message))
    assert beginnings.notice_after('{"id": null, "error": {}}') is None


def test_a_line_that_is_no_message_is_none_and_the_project_becomes_the_vault(tmp_path: Path) -> None:
    for line in (b"x", b"[1]", b"\xff\xfe", b"[" * 100_000):
        assert for_daemon(line, tmp_path) is None
    asked = for_daemon(b'{"id":1,"method":"session/new","params":{"cwd":"/project"}}', tmp_path)
    assert asked is not None
    assert str(tmp_path) in asked
    assert "/project" not in asked


def test_the_token_of_a_door_is_made_once_and_one_of_its_name_is_not_taken_over(tmp_path: Path) -> None:
    token = kept_token(tmp_path, "acp", Scope.MEMORY_ONLY)
    assert kept_token(tmp_path, "acp", Scope.MEMORY_ONLY) == token
    assert (tmp_path / "doors" / "acp").stat().st_mode & 0o077 == 0 or sys.platform == "win32"
    new_token(tmp_path, "mcp", Scope.FULL)
    with pytest.raises(TokenError, match="commonplace token revoke mcp"):
        kept_token(tmp_path, "mcp", Scope.MEMORY_ONLY)
