"""The daemon: one process a user, on the loopback address, ready at once, gone without a trace."""

import asyncio
import gc
import logging
import math
import os
import signal
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from aiohttp import WSCloseCode, web
from filelock import FileLock, Timeout

from commonplace import __version__
from commonplace.agent.sandbox import Sandbox
from commonplace.filters.looks import SharedLooks
from commonplace.home import (
    Discovery,
    NotPrivate,
    discovery_file,
    find_daemon,
    lock_file,
    make_private_folder,
)
from commonplace.install import installed_version
from commonplace.models.base import Model
from commonplace.models.stale import end_stale_group, group_file
from commonplace.server.archive import ArchiveError, open_archive
from commonplace.server.connection import serve_client
from commonplace.server.damage import damage
from commonplace.server.door import Door
from commonplace.server.editors import Editors
from commonplace.server.engine import Engines
from commonplace.server.feed import Feed
from commonplace.server.guard import GRANT, LOOPBACK, PROTOCOL, BackOff, guard, limit_connections
from commonplace.server.keys import Keys
from commonplace.server.line import Line, Socket
from commonplace.server.live_config import LiveConfig
from commonplace.server.moves import carry_over
from commonplace.server.page import ENTER, FILES, OPEN_ROUTES, Pages
from commonplace.server.port import last_port, remember_port
from commonplace.server.repairs import Repairs
from commonplace.server.scope import Begun
from commonplace.server.services import Life, Services, StartedBy
from commonplace.server.sessions import Sessions, Shared
from commonplace.server.upkeep import keep_up
from commonplace.server.vaults import Vaults
from commonplace.settings import Config, ModelConfig
from commonplace.vault.index.progress import Progress
from commonplace.vault.journal import Journal
from commonplace.vault.origins import Origins

logger = logging.getLogger(__name__)

LARGEST_MESSAGE = 1024 * 1024
MOST_CONNECTIONS = 600
_TIDY_SECONDS = 6 * 3600.0
_LOOK_SECONDS = 15.0

Ending = Literal["asked", "idle", "upgraded"]


@dataclass(frozen=True, slots=True)
class Start:
    """How a daemon is to run."""

    port: int | None = None
    """None takes the config's."""
    started_by: StartedBy = "hand"
    """One that a client started ends after long silence, as ``[daemon]`` of the config has it."""
    flags: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Settings of the command line, which go over the config at each reading."""
    make_model: Callable[[ModelConfig], Model] | None = None
    """Makes another model when the config names one; without it the first one stays."""


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
    ending: Callable[[], Ending]
    """Why it ends."""


async def run_daemon(
    config: Config, home: Path, model: Model, start: Start, ready: Callable[[Discovery], None] = lambda _: None
) -> Ending:
    """Serve until SIGTERM, SIGINT, a client's shutdown, long silence or an upgrade; why it ended.

    The writes in hand are finished.

    ``ready`` is called once prompts are accepted.

    Raises:
        DaemonError.

    """
    async with _started(config, home, model, start) as running:
        ready(running.discovery)
        # What has been imported lives as long as the process. A look through all of it for garbage would stop every
        # turn for some 80 ms, time and again.
        gc.freeze()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, running.stopping.set)
        await running.stopping.wait()
        return running.ending()


@asynccontextmanager
async def start_daemon(config: Config, home: Path, model: Model, **settings: Any) -> AsyncGenerator[Running]:
    """Hold the lock, bind, write ``daemon.json`` and serve while the block runs.

    Args:
        config: the settings at the start.
        home: the folder of all that is ours.
        model: who answers.
        settings: the fields of ``Start``.

    Raises:
        DaemonRuns: another daemon holds the lock.
        DaemonError: the port is taken, or the prompt file cannot be read.

    """
    async with _started(config, home, model, Start(**settings)) as running:
        yield running


@asynccontextmanager
async def _started(config: Config, home: Path, model: Model, start: Start) -> AsyncGenerator[Running]:
    make_private_folder(home)
    lock = _held_lock(home)
    try:
        server = _Server(config, home, model, start)
        async with server.serving(config.daemon.port if start.port is None else start.port):
            running = Running(server.announce(), server.stopping, server.address, server.routes, lambda: server.ending)
            watchers = [
                asyncio.create_task(server.end_in_time(ends_when_idle=start.started_by == "client")),
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


class _Server:
    def __init__(self, config: Config, home: Path, model: Model, start: Start) -> None:
        self._home = home
        self._keys = Keys(home)
        self.address = (LOOPBACK, 0)
        self._back_off = BackOff()
        self._pages = Pages(home, lambda: self.address[1], self._keys, self._back_off)
        self._began = time.monotonic()
        self._clients: set[Line] = set()
        self._last_seen = time.monotonic()
        self._sandbox = Sandbox()
        self._config = LiveConfig(home, config, start.flags)
        self._engines = Engines(model, self._sandbox, self._config, start.make_model)
        self._journal = Journal(home / "journal")
        try:
            self._archive = open_archive(home, self._journal)
        except ArchiveError as error:
            raise DaemonError(str(error)) from None
        self._loop = asyncio.get_running_loop()
        self._feed = Feed()
        self._sessions = Sessions(Shared(self._engines, self._archive.log, self._archive.records, self._feed))
        self.stopping = asyncio.Event()
        self.ending: Ending = "asked"
        self._origins = Origins(home / "origins.db", self._journal)
        editors = Editors()
        self._services = Services(
            home=home,
            sessions=self._sessions,
            retention=self._archive.retention,
            feed=self._feed,
            vaults=Vaults(self._current_config, self._journal, home / "index", self._tell_progress, editors.of),
            editors=editors,
            journal=self._journal,
            origins=self._origins,
            purgeable={"provenance": self._origins, "sessions": self._archive.retention},
            config=self._config,
            engines=self._engines,
            keys=self._keys,
            pages=self._pages,
            looks=SharedLooks(self._journal),
            begun=Begun(),
            repairs=Repairs(),
            life=Life(
                began=time.time(),
                started_by=start.started_by,
                clients=lambda: len(self._clients),
                stop=self.stopping.set,
                rotate_token=self._rotate_token,
                drop_revoked=self._drop_revoked,
            ),
        )
        self._door: Door | None = None
        self.routes: tuple[str, ...] = ()

    def _current_config(self) -> Config:
        config = self._config.current()
        carry_over(self._home, (self._journal, self._origins, self._archive.retention))
        return config

    @asynccontextmanager
    async def serving(self, port: int) -> AsyncGenerator[None]:
        await asyncio.to_thread(end_stale_group, group_file(self._home / "models"))
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        try:
            async with self._listening(runner, port):
                warming = asyncio.create_task(self._sandbox.start())
                indexing = asyncio.create_task(asyncio.to_thread(self._services.vaults.open_default))
                upkeep = asyncio.create_task(keep_up(self._services.vaults, self._journal, self._origins))
                try:
                    yield
                finally:
                    warming.cancel()
                    upkeep.cancel()
                    await asyncio.wait((upkeep,))
                    await indexing
                    await self._sessions.end_all()
                    for line in self._clients:
                        line.hang_up(WSCloseCode.GOING_AWAY, "the daemon ends")
        finally:
            await runner.cleanup()
            await self._sandbox.close()
            await self._engines.close()
            await asyncio.to_thread(self._services.vaults.close)
            self._archive.log.close()
            self._origins.close()
            self._journal.close()

    @asynccontextmanager
    async def _listening(self, runner: web.AppRunner, port: int) -> AsyncGenerator[None]:
        assert runner.server is not None
        self._door = Door(runner.server)
        try:
            listener = await self._listen_at(self._door, port or last_port(self._home), port)
        except OSError as error:
            reason = (error.strerror or "").rpartition("): ")[2]  # asyncio puts the address before it
            raise DaemonError(
                f"Port {port} cannot be used: {reason}. Type: commonplace serve --port 0 (takes a free one)"
            ) from None
        self.address = listener.sockets[0].getsockname()
        try:
            yield
        finally:
            listener.close()
            self._door.close()

    async def _listen_at(self, door: Door, *ports: int) -> asyncio.Server:
        """Listen at the first of the ports that is free."""
        for port in ports[:-1]:
            with suppress(OSError):
                return await self._listen_at(door, port)
        loop = asyncio.get_running_loop()
        return await loop.create_server(door, LOOPBACK, ports[-1], reuse_address=os.name != "nt")

    def _tell_progress(self, root: Path, progress: Progress) -> None:
        """Pass an index's progress from its thread to the clients."""
        self._loop.call_soon_threadsafe(self._feed.tell_progress, str(root), progress)

    def announce(self) -> Discovery:
        self._pages.sweep()
        discovery = Discovery(self.address[1], self._keys.own, os.getpid(), __version__)
        discovery.write(self._home)
        remember_port(self._home, self.address[1])
        logger.info("daemon %s listens on port %d, pid %d", __version__, self.address[1], os.getpid())
        for told in damage(self._home):
            logger.error(told)
        return discovery

    def withdraw(self) -> None:
        """Remove ``daemon.json`` if it is still ours, and what leads to the page."""
        self._pages.sweep()
        with suppress(NotPrivate):
            found = find_daemon(self._home)
            if found is not None and found.token == self._keys.own:
                discovery_file(self._home).unlink(missing_ok=True)
        logger.info("daemon ends, pid %d", os.getpid())

    async def end_in_time(self, *, ends_when_idle: bool) -> None:
        """End after so long without a client and without a turn, or in any such moment after an upgrade.

        A turn that waits for leave nobody can give, since no client is there, is waited for as well, but not for ever.
        """
        while not self.stopping.is_set():
            rule = self._config.current().daemon
            idle = rule.idle_minutes * 60 if ends_when_idle else math.inf
            await asyncio.sleep(min(idle / 4, _LOOK_SECONDS))
            now = time.monotonic()
            if self._clients or self._sessions.working:
                self._last_seen = now
            elif self._sessions.running and now - self._last_seen < rule.waiting_hours * 3600:
                continue
            elif installed_version() not in (__version__, None):
                self._end("upgraded")
            elif now - self._last_seen >= idle:
                self._end("idle")

    def _end(self, ending: Ending) -> None:
        logger.info("daemon ends by itself: %s", ending)
        self.ending = ending
        self.stopping.set()

    def _rotate_token(self) -> None:
        self._keys.rotate()
        self.announce()

    def _drop_revoked(self) -> None:
        for line in self._clients:
            if not self._keys.holds(line.grant):
                line.hang_up(WSCloseCode.POLICY_VIOLATION, "the token was revoked")

    async def drop_old_sessions(self) -> None:
        """Apply the rule of ``[sessions]`` at the start and every few hours, as the config then is."""
        while True:
            rule = self._config.current().sessions
            with suppress(sqlite3.Error):
                await asyncio.to_thread(self._archive.retention.prune, rule, self._sessions.running)
            await asyncio.sleep(_TIDY_SECONDS)

    def _application(self) -> web.Application:
        check = guard(
            self._keys,
            lambda: self.address[1],
            self._admit,
            back_off=self._back_off,
            without_token=OPEN_ROUTES,
        )
        application = web.Application(middlewares=[check], client_max_size=LARGEST_MESSAGE)
        application.router.add_get("/acp", limit_connections(MOST_CONNECTIONS)(self._serve_socket))
        application.router.add_get("/health", self._health)
        for route in FILES:
            application.router.add_get(route, self._pages.serve, allow_head=False)
        application.router.add_post(ENTER, self._pages.enter)
        self.routes = tuple(resource.canonical for resource in application.router.resources())
        return application

    def _admit(self, request: web.Request) -> None:
        if self._door is not None:
            self._door.admit(request.protocol)

    async def _serve_socket(self, request: web.Request) -> web.StreamResponse:
        socket = Socket(LARGEST_MESSAGE, protocols=[PROTOCOL], heartbeat=30.0, compress=False)
        await socket.prepare(request)
        line = Line(socket, request[GRANT])
        self._clients.add(line)
        try:
            await serve_client(line, self._services)
        finally:
            self._clients.discard(line)
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
        found = None
        with suppress(NotPrivate):
            found = find_daemon(home)
        who = f" (pid {found.pid}, port {found.port})" if found else ""
        raise DaemonRuns(f"A daemon runs already{who}. Type: commonplace stop") from None
    return lock
