"""``commonplace mcp``: the SDK's own client, on standard input and output and over HTTP."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from typer.testing import CliRunner

from commonplace.cli import app
from commonplace.clients import launch
from commonplace.config import config_file, register_vault
from commonplace.config_edit import set_texts
from commonplace.tokens import Scope, kept_token

NOT_FOUND = -32602
COMMAND = ["-m", "commonplace", "mcp"]


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    vault = tmp_path / "vault"
    (vault / "entities").mkdir(parents=True)
    (vault / "user.md").write_text(
        "# User\n- user_name: Robin Ashdown\n- phone: 555 0100\n- employer: [[entities/dria.md]]\n"
    )
    (vault / "entities" / "dria.md").write_text("# Dria\n- city: Oslo\n")
    (vault / "Diary.md").write_text("I was in Lisbon.\n")
    return vault


@pytest.fixture
def home(tmp_path: Path, vault: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    register_vault(home, vault)
    with config_file(home).open("a") as config:
        config.write('\n[[filters]]\nrule = "no phone numbers"\nclients = ["mcp"]\n')
    yield home
    launch.stop(home)


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "COMMONPLACE_HOME": str(home)}


@asynccontextmanager
async def on_stdio(home: Path, **options: Any) -> AsyncGenerator[Client]:
    parameters = StdioServerParameters(command=sys.executable, args=COMMAND, env=environment(home))
    async with Client(stdio_client(parameters), **options) as client:
        yield client


@asynccontextmanager
async def over_http(home: Path, token: str, **options: Any) -> AsyncGenerator[Client]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [*COMMAND, "--http", "--port", str(port)]
    server = await asyncio.create_subprocess_exec(sys.executable, *command, env=environment(home))
    try:
        for _ in range(300):
            try:
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
                break
            except OSError:
                await asyncio.sleep(0.1)
        url = f"http://127.0.0.1:{port}/mcp"
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, trust_env=False) as http,
            Client(streamable_http_client(url, http_client=http), **options) as client,
        ):
            yield client
    finally:
        server.terminate()
        await server.wait()


async def told(client: Client, tool: str, **arguments: Any) -> str:
    answer = await client.call_tool(tool, arguments)
    text = "\n".join(getattr(block, "text", "") for block in answer.content)
    return f"error: {text}" if answer.is_error else text


async def check_the_tools(client: Client, vault: Path) -> None:
    names = {tool.name for tool in (await client.list_tools()).tools}
    assert names == {"use_memory_agent", "read_note", "search_notes", "backlinks", "follow_link", "list_notes"}
    steps: list[float] = []

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        steps.append(progress)

    question = {"question": "In which city is my employer?"}
    answer = await client.call_tool("use_memory_agent", question, progress_callback=progress)
    assert "Oslo" in str(answer.content)
    assert steps == sorted(set(steps))
    assert steps
    assert "- user_name: Robin Ashdown" in await told(client, "read_note", path="user.md")
    assert await told(client, "backlinks", path="entities/dria.md") == "user.md"
    assert "- city: Oslo" in await told(client, "follow_link", link="[[entities/dria.md]]")
    assert "entities/dria.md" in await told(client, "search_notes", words="Oslo")
    assert (await told(client, "list_notes")).split() == ["user.md", "entities/dria.md"]
    resource = await client.read_resource("note:///entities/dria.md")
    assert "- city: Oslo" in str(resource.contents)
    heard = [
        await told(client, "use_memory_agent", question="What is my phone?"),
        await told(client, "read_note", path="user.md"),
        await told(client, "search_notes", words="phone 555"),
        await told(client, "read_note", path="Diary.md"),
        await told(client, "use_memory_agent", question="My hobby is letterpress"),
    ]
    assert "555 0100" not in str(heard)
    assert heard[3].startswith("error: ")
    assert "Lisbon" not in str(heard)
    assert "letterpress" not in (vault / "user.md").read_text()
    missing = await told(client, "read_note", path="entities/nobody.md")
    assert missing.startswith("error: ")
    assert "list_notes shows what does" in missing
    for name in ("entities/nobody.md", "Diary.md"):
        with pytest.raises(MCPError, match=name) as refused:
            await client.read_resource(f"note:///{name}")
        assert refused.value.error.code == NOT_FOUND
    with pytest.raises(MCPError):
        await client.read_resource("note:///entities/nobody.md")


async def test_a_host_on_standard_input_and_output(home: Path, vault: Path) -> None:
    async with on_stdio(home) as client:
        await check_the_tools(client, vault)


async def test_a_host_over_http(home: Path, vault: Path) -> None:
    async with over_http(home, kept_token(home, "mcp", Scope.MEMORY_ONLY)) as client:
        await check_the_tools(client, vault)


async def test_over_http_nothing_is_said_without_the_token(home: Path) -> None:
    kept_token(home, "mcp", Scope.MEMORY_ONLY)
    with pytest.raises(BaseExceptionGroup):
        async with over_http(home, "another"):
            pass


async def test_a_host_that_dies_in_mid_call_harms_nothing_and_the_next_one_writes_where_the_config_lets_it(
    home: Path, vault: Path
) -> None:
    with config_file(home).open("a") as config:
        config.write('\n[mcp]\nmode = "auto"\n')
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        *COMMAND,
        env=environment(home),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert server.stdin is not None
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
    for message in (
        {"id": 1, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {
            "id": 2,
            "method": "tools/call",
            "params": {"name": "use_memory_agent", "arguments": {"question": "Who am I?"}},
        },
    ):
        server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
    await server.stdin.drain()
    server.kill()
    await server.wait()
    async with on_stdio(home) as client:
        assert "Robin" in await told(client, "use_memory_agent", question="What is my name?")
        await told(client, "use_memory_agent", question="My hobby is letterpress")
    assert "- phone: 555 0100\n- hobby: letterpress\n" in (vault / "user.md").read_text()


async def test_a_host_is_told_that_the_model_runs_on_another_machine_before_it_asks(home: Path) -> None:
    set_texts(home, {"model.backend": "openai", "model.base_url": "https://models.example.invalid/v1"})
    async with on_stdio(home) as client:
        assert "models.example.invalid, not on this machine" in str(client.instructions)


async def check_that_changes_are_told(client: Client, vault: Path) -> None:
    """A host that listens hears of a human's edit, a new note and one that is gone; and only of what it asked for."""
    listed = {resource.uri for resource in (await client.list_resources()).resources}
    assert listed == {"note:///user.md", "note:///entities/dria.md"}
    heard: asyncio.Queue[str] = asyncio.Queue()
    dria = "note:///entities/dria.md"

    async def listen() -> None:
        async with client.listen(resources_list_changed=True, resource_subscriptions=[dria]) as events:
            heard.put_nowait("listening")
            async for event in events:
                heard.put_nowait(getattr(event, "uri", "list"))

    listening = asyncio.create_task(listen())
    try:
        async with asyncio.timeout(60):
            assert await heard.get() == "listening"
            await asyncio.sleep(1.0)
            (vault / "user.md").write_text("# User\n- user_name: Robin Ashdown\n- employer: [[entities/dria.md]]\n")
            (vault / "entities" / "dria.md").write_text("# Dria\n- city: Bergen\n")
            assert await heard.get() == dria
            assert "Bergen" in str((await client.read_resource(dria)).contents)
            (vault / "entities" / "jane doe.md").write_text("# Jane Doe\n")
            assert await heard.get() == "list"
            listed = {resource.uri for resource in (await client.list_resources()).resources}
            assert "note:///entities/jane%20doe.md" in listed
            assert "# Jane Doe" in str((await client.read_resource("note:///entities/jane%20doe.md")).contents)
            (vault / "entities" / "jane doe.md").unlink()
            assert await heard.get() == "list"
    finally:
        listening.cancel()


async def test_changes_of_notes_are_told_on_standard_input_and_output(home: Path, vault: Path) -> None:
    async with on_stdio(home) as client:
        await check_that_changes_are_told(client, vault)


async def test_changes_of_notes_are_told_over_http(home: Path, vault: Path) -> None:
    async with over_http(home, kept_token(home, "mcp", Scope.MEMORY_ONLY)) as client:
        await check_that_changes_are_told(client, vault)


@pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")
async def test_a_host_of_before_2026_subscribes_to_notes(home: Path, vault: Path) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(message: Any) -> None:
        heard.put_nowait(str(getattr(message, "method", "")))

    async with on_stdio(home, mode="legacy", message_handler=hear) as client, asyncio.timeout(60):
        capabilities = client.server_capabilities
        assert capabilities.resources is not None
        assert (capabilities.resources.subscribe, capabilities.resources.list_changed) == (True, True)
        session: Any = client.session
        await session.subscribe_resource("note:///entities/dria.md")
        await asyncio.sleep(1.0)
        (vault / "entities" / "dria.md").write_text("# Dria\n- city: Bergen\n")
        assert await heard.get() == "notifications/resources/updated"
        (vault / "entities" / "jane_doe.md").write_text("# Jane Doe\n")
        while await heard.get() != "notifications/resources/list_changed":
            pass
        await session.unsubscribe_resource("note:///entities/dria.md")
        (vault / "entities" / "dria.md").write_text("# Dria\n- city: Tromsø\n")
        (vault / "entities" / "jane_doe.md").unlink()
        assert await heard.get() == "notifications/resources/list_changed"


async def test_a_note_that_a_filter_withholds_is_neither_listed_nor_told_of(home: Path, vault: Path) -> None:
    with config_file(home).open("a") as config:
        config.write('\n[[filters]]\nrule = "nothing about Dria"\nclients = ["mcp"]\n')
    async with on_stdio(home) as client:
        listed = {resource.uri for resource in (await client.list_resources()).resources}
        assert listed == {"note:///user.md"}
        with pytest.raises(MCPError):
            await client.read_resource("note:///entities/dria.md")


@pytest.mark.parametrize("host", ["claude-desktop", "claude-code", "lmstudio", "cursor"])
async def test_what_config_prints_for_a_host_starts_the_memory_from_wherever_the_host_is(
    home: Path, tmp_path: Path, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMONPLACE_HOME", str(home))
    monkeypatch.chdir(tmp_path)
    printed = CliRunner().invoke(app, ["mcp", "config", "--for", host, "--vault", "./vault"]).stdout
    server = json.loads(printed)["mcpServers"]["commonplace"]
    elsewhere = {name: value for name, value in os.environ.items() if name != "COMMONPLACE_HOME"}
    parameters = StdioServerParameters(
        command=server["command"], args=server["args"], env={**elsewhere, **server["env"]}, cwd="/"
    )
    async with Client(stdio_client(parameters)) as client:
        assert (await told(client, "list_notes")).split() == ["user.md", "entities/dria.md"]


@pytest.mark.parametrize(("host", "names"), [("claude-code", "type"), ("lmstudio", None), ("cursor", None)])
def test_a_host_over_http_gets_the_address_and_the_token_as_it_takes_them(
    home: Path, host: str, names: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMONPLACE_HOME", str(home))
    printed = CliRunner().invoke(app, ["mcp", "config", "--for", host, "--http", "--port", "9000"]).stdout
    server = json.loads(printed)["mcpServers"]["commonplace"]
    token = kept_token(home, "mcp", Scope.MEMORY_ONLY)
    expected = {"url": "http://127.0.0.1:9000/mcp", "headers": {"Authorization": f"Bearer {token}"}}
    assert server == ({"type": "http", **expected} if names else expected)


def test_a_host_that_takes_commands_alone_and_a_vault_that_is_not_there_are_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMONPLACE_HOME", str(home))
    desktop = CliRunner().invoke(app, ["mcp", "config", "--for", "claude-desktop", "--http"])
    assert (desktop.exit_code, desktop.stdout) == (2, "")
    assert "leave out --http" in desktop.stderr
    away = CliRunner().invoke(app, ["mcp", "config", "--for", "cursor", "--vault", "nowhere"])
    assert (away.exit_code != 0, away.stdout) == (True, "")
