"""A client's side of the daemon: what may be asked of it, and a turn as it goes on."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType

from commonplace.clients.wire import ClientError, DaemonGone, Json, Wire, open_socket, result_of
from commonplace.home import PROTOCOL_VERSION, Discovery

Decide = Callable[[Json], str | None]


class DaemonConnection:
    """One connection to the daemon; use it as a context manager."""

    def __init__(self, discovery: Discovery) -> None:
        """Connect and introduce ourselves.

        Raises:
            ClientError: no daemon answers there, or it refuses.

        """
        with ExitStack() as stack:
            self._wire = Wire(stack.enter_context(open_socket(discovery.url, discovery.token)))
            self.mode = "auto"
            """The mode of the session that was begun last."""
            self.seq = 0
            """The number of the last update that ``prompt`` yielded."""
            self._missed: deque[Json] = deque()
            self.welcome: Json = self._wire.request("initialize", {"protocolVersion": PROTOCOL_VERSION})
            self._open = stack.pop_all()

    def __enter__(self) -> "DaemonConnection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._open.close()

    @property
    def model(self) -> str:
        """The name of the daemon's model."""
        return str(self.welcome.get("_meta", {}).get("commonplace", {}).get("model", "unknown"))

    @property
    def model_host(self) -> str | None:
        """The machine on which the model runs, where it is not this one."""
        return self.welcome.get("_meta", {}).get("commonplace", {}).get("model_host")

    @property
    def protocol(self) -> int:
        """The version of the protocol that the daemon speaks."""
        return int(self.welcome.get("protocolVersion", 0))

    @property
    def version(self) -> str:
        """The daemon's version."""
        return str(self.welcome.get("agentInfo", {}).get("version", "unknown"))

    def mode_of(self, vault: Path) -> str:
        """The mode in which a session on a registered vault begins."""
        root = vault.resolve()
        vaults: Sequence[Json] = self.status()["vaults"]
        return next((str(each.get("mode")) for each in vaults if Path(each["path"]).resolve() == root), "auto")

    def new_session(self, vault: Path, mode: str | None = None) -> str:
        """Begin a session on a registered vault, in the mode or in the vault's own; its id."""
        begun = self._wire.request("session/new", {"cwd": str(vault), "mcpServers": []})
        session = str(begun["sessionId"])
        self.mode = str(begun["modes"]["currentModeId"])
        if mode not in (None, self.mode):
            self.set_mode(session, str(mode))
        return session

    def sessions(self, vault: Path | None = None) -> Iterator[Json]:
        """The sessions that are kept, of one vault or of all, the latest first."""
        asked: dict[str, str] = {} if vault is None else {"cwd": str(vault)}
        while True:
            page = self._wire.request("session/list", asked)
            yield from page["sessions"]
            if not page.get("nextCursor"):
                return
            asked["cursor"] = page["nextCursor"]

    def name_session(self, session: str, title: str) -> None:
        """Give a session another title."""
        self._wire.request("_commonplace/name_session", {"sessionId": session, "title": title})

    def delete_session(self, session: str) -> None:
        """Drop a session with all that it said."""
        self._wire.request("session/delete", {"sessionId": session})

    def set_mode(self, session: str, mode: str) -> None:
        """Change how a session treats writes."""
        self._wire.request("session/set_mode", {"sessionId": session, "modeId": mode})
        self.mode = mode

    def resume_session(self, session: str, vault: Path, after: int | None = None) -> bool:
        """Go on with a session that another connection began; what it missed comes with ``rest`` or ``prompt``.

        Args:
            session: its id.
            vault: the session's vault.
            after: the number of the last update that was shown; None to be told what comes from now on.

        Returns:
            Whether a turn is under way in it.

        Raises:
            ClientError: there is no such session any more.

        """
        meta = {} if after is None else {"_meta": {"commonplace": {"after": after}}}
        resume = {"sessionId": session, "cwd": str(vault), **meta}
        request = self._wire.send("session/resume", resume)
        while (message := self._wire.receive()).get("id") != request or "method" in message:
            self._missed.append(message)
        told = result_of(message)
        self.mode = str(told["modes"]["currentModeId"])
        self.seq = int(told["_meta"]["commonplace"]["seq"]) if after is None else after
        return bool(told["_meta"]["commonplace"]["running"])

    def skip_to_last_turn(self) -> None:
        """Leave out of what was missed all that stands before the last prompt."""
        missed = list(self._missed)
        prompts = [number for number, message in enumerate(missed) if _update(message) == "user_message_chunk"]
        self._missed = deque(missed[prompts[-1] :] if prompts else ())

    def prompt(
        self,
        session: str,
        question: str,
        filters: Sequence[str] = (),
        decide: Decide = lambda _: None,
        *,
        prompt_id: str | None = None,
    ) -> Iterator[Json]:
        """Ask, and yield the parameters of each update until the turn has ended.

        Args:
            session: its id.
            question: the prompt.
            filters: what must not be told.
            decide: asks the user about a change; the option chosen, None leaves it to another client.
            prompt_id: our name for the prompt; the daemon runs no second turn for the same one.

        Raises:
            TurnFailed: the turn ended in an error.
            DaemonGone: the connection broke; send the prompt again by its name.
            ClientError: the daemon refused it.

        """
        text = question.encode("utf-8", "replace").decode("utf-8")
        asked = {
            "sessionId": session,
            "prompt": [{"type": "text", "text": text}],
            "_meta": {"commonplace": {"filters": list(filters), **({"prompt_id": prompt_id} if prompt_id else {})}},
        }
        request = self._wire.send("session/prompt", asked)
        while (message := self._next()).get("id") != request or "method" in message:
            yield from self._shown(message, decide)
        result_of(message)

    def rest(self, decide: Decide, *, running: bool) -> Iterator[Json]:
        """Yield what was missed of a session and, of a turn that is under way, all until its end.

        Args:
            decide: asks the user about a change.
            running: whether a turn is under way.

        Raises:
            DaemonGone: the connection broke.

        """
        while self._missed or running:
            for params in self._shown(self._next(), decide):
                running = running and "ended" not in params["_meta"]["commonplace"]
                yield params

    def take_in(self) -> ClientError | None:
        """Take in what has come meanwhile, for whoever waits for the user; why the connection closed, if it has.

        ``prompt`` yields what was taken in.
        """
        try:
            while (message := self._wire.received()) is not None:
                self._missed.append(message)
        except ClientError as closed:
            return closed
        return None

    def decision_on(self, question: Json) -> str | None:
        """What became meanwhile of a question to the user that was put to us; None while it is open."""
        call = question["toolCall"]["toolCallId"]
        told = (message["params"] for message in self._missed if message.get("method") == "session/update")
        states = (
            params["_meta"]["commonplace"].get("permission", {})
            for params in told
            if params["update"].get("toolCallId") == call
        )
        return next((str(state["outcome"]) for state in states if state.get("outcome")), None)

    def _next(self) -> Json:
        return self._missed.popleft() if self._missed else self._wire.receive()

    def _shown(self, message: Json, decide: Decide) -> Iterator[Json]:
        """The parameters of an update that is to be shown; a question is put to the user."""
        if message.get("method") == "session/request_permission":
            self._answer(message, decide(message["params"]))
        elif _update(message) not in (None, "available_commands_update"):
            self.seq = int(message["params"]["_meta"]["commonplace"]["seq"])
            yield message["params"]

    def _answer(self, question: Json, option: str | None) -> None:
        if self.decision_on(question["params"]) is not None:
            return
        answer: Json = {"error": {"code": -32601, "message": "Nobody can be asked here."}}
        if option is not None:
            answer = {"result": {"outcome": {"outcome": "selected", "optionId": option}}}
        self._wire.post({"jsonrpc": "2.0", "id": question["id"], **answer})

    def cancel(self, session: str) -> None:
        """Ask the daemon to end the session's turn; ``prompt`` then comes to its end."""
        self._wire.post({"jsonrpc": "2.0", "method": "session/cancel", "params": {"sessionId": session}})

    def indexes(self) -> Mapping[str, Json]:
        """How far the index of each open vault is, by the vault's folder."""
        return self._wire.request("_commonplace/index", {})["indexes"]

    def doctor(self, vault: Path | str) -> Json:
        """What is wrong with a vault's memory, and what serves it."""
        return self._wire.request("_commonplace/doctor", {"vault": str(vault)})

    def repair(self, vault: Path | str, repair: str) -> str:
        """Do a repair that ``doctor`` offered; the turn by which it is undone."""
        return str(self._wire.request("_commonplace/repair", {"vault": str(vault), "repair": repair})["turn"])

    def history(self, vault: Path, *, last: int, diff: bool) -> Json:
        """The turns that wrote to a registered vault, and how much the journal keeps."""
        return self._wire.request("_commonplace/history", {"vault": str(vault), "last": last, "diff": diff})

    def undo(
        self,
        vault: Path,
        turns: Sequence[str] | None = None,
        *,
        last: int = 1,
        preview: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Json:
        """Undo the named turns of a registered vault, or the last ones that are in force; or tell which it would be.

        ``progress`` is told how many notes of how many are done.
        """
        asked = {"vault": str(vault), "turns": turns, "last": last, "preview": preview}
        return self._wire.request("_commonplace/undo", {**asked, "progress": progress is not None}, progress)

    def why(self, vault: Path, path: str, line: int | None = None) -> Json:
        """Who wrote a line of a note, or which lines turns wrote."""
        return self._wire.request("_commonplace/why", {"vault": str(vault), "path": path, "line": line})

    def forget(self, vault: Path, fact: str, *, plan: str | None = None, purge: bool = False) -> Json:
        """What forgetting a fact takes; with the plan's name, do it."""
        asked = {"vault": str(vault), "fact": fact, "plan": plan, "purge": purge}
        return self._wire.request("_commonplace/forget", asked)

    def look(self, vault: Path, action: str, of: str = "") -> str:
        """Read in a vault without a turn: ``read``, ``search``, ``follow``, ``backlinks`` or ``list``."""
        return str(self._wire.request("_commonplace/look", {"vault": str(vault), "action": action, "of": of})["text"])

    def import_look(self, vault: Path, source: str, export: str) -> Json:
        """What a vault holds already of a source, and of names and bytes."""
        return self._wire.request("_commonplace/import_look", {"vault": str(vault), "source": source, "export": export})

    def import_notes(
        self,
        vault: Path,
        turn: str,
        asked: str,
        notes: Sequence[Json],
        additions: Sequence[Json] = (),
        linked: Sequence[Json] = (),
    ) -> Json:
        """Write new notes, lines into notes, and notes of the turn once more with more of their links.

        ``taken`` are the paths at which another note stands.
        """
        told = {"turn": turn, "asked": asked, "notes": list(notes), "additions": list(additions)}
        return self._wire.request("_commonplace/import_notes", {"vault": str(vault), **told, "linked": list(linked)})

    def changes(self, vault: Path) -> Iterator[None]:
        """Wait: yields at once, and whenever notes of the vault have changed."""
        self._wire.request("_commonplace/changes", {"vault": str(vault)})
        yield None
        while True:
            if self._wire.receive().get("method") == "_commonplace/changed":
                yield None

    def open_page(self, vault: Path, *, file: bool = False, shell: str | None = None) -> Json:
        """A one-time ``code`` for the chat's page, its ``address``, and if asked for the ``file`` that leads there."""
        return self._wire.request("_commonplace/open_page", {"vault": str(vault), "file": file, "shell": shell})

    def shut_down(self) -> None:
        """Ask the daemon to end; it may hang up before its answer is out."""
        with suppress(DaemonGone):
            self._wire.request("_commonplace/shutdown", {})

    def status(self) -> Json:
        """What the daemon says of itself."""
        return self._wire.request("_commonplace/status", {})

    def check_vaults(self) -> Sequence[Json]:
        """Whether the daemon may read the vaults: its answer for each."""
        return self._wire.request("_commonplace/check_vaults", {})["vaults"]

    def rotate_token(self) -> None:
        """Have the daemon replace its token."""
        self._wire.request("_commonplace/rotate_token", {})

    def tokens_changed(self) -> None:
        """Have the daemon hang up on clients whose token was revoked."""
        self._wire.request("_commonplace/tokens_changed", {})


def _update(message: Json) -> str | None:
    """The kind of update that a message is."""
    return message["params"]["update"]["sessionUpdate"] if message.get("method") == "session/update" else None
