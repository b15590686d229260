"""The daemon: one process a user, on the loopback address, ready at once, gone without a trace."""

import asyncio
import logging
import os
import secrets
import signal
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

from aiohttp import web
from filelock import FileLock, Timeout

from commonplace import __version__
from commonplace.agent.prompt import load_prompt
from commonplace.agent.sandbox import Sandbox
from commonplace.config import Config, ConfigError, load_config
from commonplace.home import Discovery, discovery_file, find_daemon, lock_file, make_private_folder
from commonplace.models.base import Model
from commonplace.server.archive import ArchiveError, open_archive
from commonplace.server.connection import serve_client
from commonplace.server.feed import Feed
from commonplace.server.guard import LOOPBACK, PROTOCOL, guard, limit_connections
from commonplace.server.running import Engine
from commonplace.server.services import Services
from commonplace.server.sessions import Sessions, Shared
from commonplace.server.vaults import LiveConfig, Vaults
from commonplace.vault.journal import Journal

logger = logging.getLogger(__name__)

LARGEST_MESSAGE = 1024 * 1024
MOST_CONNECTIONS = 600
_TIDY_SECONDS = 6 * 3600.0


class DaemonError(Exception):
    """The daemon cannot start; the text says why and what to type."""


class DaemonRuns(DaemonError):
    """Another daemon holds the lock: it serves, is about to, or is just ending."""


@dataclass(frozen=True, slots=True)
class Running:
    """A daemon that accepts prompts."""

    discovery: Discovery
    stopping: asyncio.Event
    """Set it to end the daemon."""
    address: tuple[str, int]
    """Where it listens."""
    routes: tuple[str, ...]
    """The paths that it serves."""


async def run_daemon(
    config: Config,
    home: Path,
    model: Model,
    *,
    port: int | None = None,
    idle_seconds: float | None = None,
    ready: Callable[[Discovery], None] = lambda _: None,
) -> None:
    """Serve until SIGTERM, SIGINT, a client's shutdown or, with ``idle_seconds``, long silence.

    ``ready`` is called once prompts are accepted.

    Raises:
        DaemonError.

    """
    async with start_daemon(config, home, model, port=port, idle_seconds=idle_seconds) as running:
        ready(running.discovery)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, running.stopping.set)
        await running.stopping.wait()


@asynccontextmanager
async def start_daemon(
    config: Config,
    home: Path,
    model: Model,
    *,
    port: int | None = None,
    idle_seconds: float | None = None,
) -> AsyncGenerator[Running]:
    """Hold the lock, bind, write ``daemon.json`` and serve while the block runs.

    Raises:
        DaemonRuns: another daemon holds the lock.
        DaemonError: the port is taken, or the prompt file cannot be read.

    """
    make_private_folder(home)
    lock = _held_lock(home)
    try:
        async with _Server(config, home, model).serving(config.daemon.port if port is None else port) as server:
            running = Running(server.announce(), server.stopping, server.address, server.routes)
            watchers = [
                asyncio.create_task(server.end_when_idle(idle_seconds)),
                asyncio.create_task(server.drop_old_sessions()),
            ]
            try:
                yield running
            finally:
                for watcher in watchers:
                    watcher.cancel()
                server.withdraw()
    finally:
        lock.release()


def start_logging(home: Path) -> Path:
    """Log to a rotating file in the home folder; ids, sizes and times, never what anybody wrote."""
    path = make_private_folder(home / "logs") / "daemon.log"
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger("commonplace")
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    return path


class _Server:
    def __init__(self, config: Config, home: Path, model: Model) -> None:
        self._home = home
        self._model = model
        self._token = secrets.token_urlsafe(32)
        self.address = (LOOPBACK, 0)
        self._began = time.monotonic()
        self._clients: set[web.WebSocketResponse] = set()
        self._last_seen = time.monotonic()
        self._sandbox = Sandbox()
        searches = config.model.searches
        engine = Engine(model, self._sandbox, load_prompt(config.prompt_file, searches=searches), searches)
        self._journal = Journal(home / "journal")
        try:
            self._archive = open_archive(home, self._journal)
        except ArchiveError as error:
            raise DaemonError(str(error)) from None
        feed = Feed()
        self._sessions = Sessions(Shared(engine, self._archive.log, self._archive.records, feed))
        self.stopping = asyncio.Event()
        self._services = Services(
            home=home,
            sessions=self._sessions,
            retention=self._archive.retention,
            feed=feed,
            vaults=Vaults(LiveConfig(home), self._journal, home / "index"),
            journal=self._journal,
            model_name=model.name,
            stop=self.stopping.set,
        )
        self.routes: tuple[str, ...] = ()

    @asynccontextmanager
    async def serving(self, port: int) -> AsyncGenerator["_Server"]:
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        site = web.TCPSite(runner, LOOPBACK, port, reuse_address=os.name != "nt")
        try:
            try:
                await site.start()
            except OSError as error:
                reason = (error.strerror or "").rpartition("): ")[2]  # asyncio puts the address before it
                raise DaemonError(
                    f"Port {port} cannot be used: {reason}. Type: commonplace serve --port 0 (takes a free one)"
                ) from None
            self.address = (runner.addresses[0][0], runner.addresses[0][1])
            warming = asyncio.create_task(self._sandbox.start())
            indexing = asyncio.create_task(asyncio.to_thread(self._services.vaults.open_default))
            try:
                yield self
            finally:
                warming.cancel()
                await indexing
                await self._sessions.end_all()
                for socket in tuple(self._clients):
                    await socket.close(code=1001, message=b"the daemon ends")
        finally:
            await runner.cleanup()
            await self._sandbox.close()
            await self._model.close()
            await asyncio.to_thread(self._services.vaults.close)
            self._archive.log.close()
            self._journal.close()

    def announce(self) -> Discovery:
        discovery = Discovery(self.address[1], self._token, os.getpid(), __version__)
        discovery.write(self._home)
        logger.info("daemon %s listens on port %d, pid %d", __version__, self.address[1], os.getpid())
        return discovery

    def withdraw(self) -> None:
        """Remove ``daemon.json`` if it is still ours."""
        found = find_daemon(self._home)
        if found is not None and found.token == self._token:
            discovery_file(self._home).unlink(missing_ok=True)
        logger.info("daemon ends, pid %d", os.getpid())

    async def end_when_idle(self, seconds: float | None) -> None:
        """End after so long without a client and without a turn; None never ends."""
        while seconds is not None:
            await asyncio.sleep(min(seconds / 4, 15.0))
            if self._clients or self._sessions.running:
                self._last_seen = time.monotonic()
            elif time.monotonic() - self._last_seen >= seconds:
                logger.info("daemon was idle for %.0f s", seconds)
                self.stopping.set()

    async def drop_old_sessions(self) -> None:
        """Apply the rule of ``[sessions]`` at the start and every few hours, as the config then is."""
        while True:
            with suppress(ConfigError, sqlite3.Error):
                rule = load_config(self._home).sessions
                await asyncio.to_thread(self._archive.retention.prune, rule, self._sessions.running)
            await asyncio.sleep(_TIDY_SECONDS)

    def _application(self) -> web.Application:
        application = web.Application(
            middlewares=[guard(self._token, lambda: self.address[1])], client_max_size=LARGEST_MESSAGE
        )
        application.router.add_get("/acp", limit_connections(MOST_CONNECTIONS)(self._serve_socket))
        application.router.add_get("/health", self._health)
        self.routes = tuple(resource.canonical for resource in application.router.resources())
        return application

    async def _serve_socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(
            protocols=[PROTOCOL], max_msg_size=LARGEST_MESSAGE, heartbeat=30.0, compress=False
        )
        await socket.prepare(request)
        self._clients.add(socket)
        try:
            await serve_client(socket, self._services)
        finally:
            self._clients.discard(socket)
            self._last_seen = time.monotonic()
        return socket

    async def _health(self, _: web.Request) -> web.Response:
        uptime = round(time.monotonic() - self._began, 1)
        return web.json_response({"version": __version__, "pid": os.getpid(), "uptime_seconds": uptime})


def _held_lock(home: Path) -> FileLock:
    lock = FileLock(lock_file(home), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        found = find_daemon(home)
        who = f" (pid {found.pid}, port {found.port})" if found else ""
        raise DaemonRuns(f"A daemon runs already{who}. Type: commonplace stop") from None
    return lock
