"""What hosts of the Model Context Protocol want in their configuration, and where it goes. Pure."""

import json
import shutil
import sys
from collections.abc import Mapping

HOSTS: Mapping[str, str] = {
    "claude-desktop": (
        "claude_desktop_config.json (macOS: ~/Library/Application Support/Claude/, Windows: %APPDATA%\\Claude\\)"
    ),
    "claude-code": ".mcp.json in your project's folder",
    "lmstudio": "mcp.json (in LM Studio: Program, Install, Edit mcp.json; on disk ~/.lmstudio/mcp.json)",
    "cursor": "~/.cursor/mcp.json, or .cursor/mcp.json in your project's folder",
}
"""Each host, and the file that its configuration goes into."""
STARTS_ITS_SERVERS = "claude-desktop"
"""The host whose file takes commands alone; a server over HTTP it reaches from its maker's machines, not from yours."""
_NAMES_THE_TRANSPORT = "claude-code"
"""The others know a server over HTTP by its ``url``."""


def configuration(host: str, vault: str | None, home: str | None, token: str | None, port: int) -> str:
    """The JSON: over HTTP where there is a token, else a command on standard input and output.

    A host starts the command in a folder and an environment of its own: ``home`` is COMMONPLACE_HOME, where it is set.
    """
    command = shutil.which("commonplace")
    start = [command] if command else [sys.executable, "-m", "commonplace"]
    arguments = [*start[1:], "mcp", *(["--vault", vault] if vault else [])]
    server: dict[str, object] = {"command": start[0], "args": arguments}
    if home is not None:
        server["env"] = {"COMMONPLACE_HOME": home}
    if token is not None:
        headers = {"Authorization": f"Bearer {token}"}
        server = {"url": f"http://127.0.0.1:{port}/mcp", "headers": headers}
        if host == _NAMES_THE_TRANSPORT:
            server = {"type": "http", **server}
    return json.dumps({"mcpServers": {"commonplace": server}}, indent=2)
