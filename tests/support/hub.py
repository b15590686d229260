"""A stand-in for the Hugging Face hub, as far as its library asks for it to fetch a repository."""

import hashlib
import sys
import threading
import traceback
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps
from typing import cast

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(ThreadingHTTPServer):
    """Serves one repository on the loopback address; after ``break_after`` bytes of a file it hangs up, once."""

    daemon_threads = True

    def __init__(self, repository: str, files: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repository = repository
        self.files = files
        self.break_after: int | None = None
        self.stall_after: int | None = None
        self.stalled = threading.Event()
        """Set once a file stands still, after ``stall_after`` bytes."""
        self.go_on = threading.Event()
        self.sent: list[str] = []
        """The files whose bytes were asked for."""
        self.ranges: list[str] = []
        """The parts of files that were asked for."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Tell of no client that has hung up."""
        if not isinstance(sys.exception(), ConnectionError):
            traceback.print_exc()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def _answer(self, *, with_body: bool) -> None:
        hub, path = self._hub, self.path.partition("?")[0]
        api, files = f"/api/models/{hub.repository}", f"/{hub.repository}/resolve/{COMMIT}/"
        if path in (api, f"{api}/revision/main"):
            self._send(dumps({"id": hub.repository, "sha": COMMIT, "siblings": []}).encode(), with_body)
        elif path == f"{api}/tree/{COMMIT}":
            self._send(dumps([_entry(name, data) for name, data in hub.files.items()]).encode(), with_body)
        elif path.startswith(files) and path.removeprefix(files) in hub.files:
            if with_body:
                hub.sent.append(path.removeprefix(files))
            self._send_file(hub.files[path.removeprefix(files)], with_body)
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    @property
    def _hub(self) -> Hub:
        return cast("Hub", self.server)

    def _send(self, body: bytes, with_body: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _send_file(self, data: bytes, with_body: bool) -> None:
        start = 0
        if asked := self.headers.get("Range"):
            self._hub.ranges.append(asked)
            start = int(asked.removeprefix("bytes=").partition("-")[0])
        self.send_response(206 if asked else 200)
        self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(data) - start))
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if not with_body:
            return
        stall = self._hub.stall_after
        if stall is not None and len(data) > stall:
            self.wfile.write(data[start:stall])
            self._hub.stalled.set()
            self._hub.go_on.wait(60)
            return
        most = self._hub.break_after
        if most is None or len(data) <= most:
            self.wfile.write(data[start:])
            return
        self._hub.break_after = None
        self.wfile.write(data[start:most])
        self.close_connection = True


def _entry(name: str, data: bytes) -> Mapping[str, object]:
    return {"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}
