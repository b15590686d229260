"""A client that keeps what it is told: ``taking_client.py PORT WIRE TOKEN SESSION FILE``.

PORT is the daemon's, WIRE that of a relay to it. The client follows the session from the last update that its
file holds, and connects again whenever it is cut off. It may be killed at any moment: a line that was torn by that
is dropped at the next start.
"""

import json
import sys
from pathlib import Path
from socket import create_connection

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.sync.client import connect


def last_number(file: Path) -> int:
    """The number of the last update that is whole."""
    whole, newline, _ = file.read_bytes().rpartition(b"\n")
    file.write_bytes(whole + newline)
    lines = whole.splitlines()
    return json.loads(lines[-1])["_meta"]["commonplace"]["seq"] if lines else 0


def follow(port: str, wire: str, token: str, session: str, file: Path) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    after = last_number(file)
    line = create_connection(("127.0.0.1", int(wire)), timeout=5)
    url = f"ws://127.0.0.1:{port}/acp"
    with connect(url, sock=line, additional_headers=headers, compression=None, proxy=None) as socket:
        place = {"sessionId": session, "cwd": "/", "_meta": {"commonplace": {"after": after}}}
        for number, (method, params) in enumerate((("initialize", {"protocolVersion": 1}), ("session/resume", place))):
            socket.send(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}))
        with file.open("a") as taken:
            for message in socket:
                params = json.loads(message)
                if params.get("method") == "session/update" and "_meta" in params["params"]:
                    taken.write(json.dumps(params["params"]) + "\n")
                    taken.flush()


def main() -> None:
    port, wire, token, session, file = sys.argv[1:]
    while True:
        try:
            follow(port, wire, token, session, Path(file))
        except (ConnectionClosed, InvalidHandshake, InvalidMessage, OSError, EOFError):
            continue


main()
