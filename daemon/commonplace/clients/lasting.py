"""A session that outlives its daemon: asked again by the prompt's name, so that nothing is run twice."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from commonplace.clients.connection import DaemonConnection, Decide
from commonplace.clients.wire import DaemonGone, Json


class LastingSession:
    """A session over one connection after another."""

    def __init__(
        self,
        connection: DaemonConnection,
        session: str,
        vault: Path,
        reconnect: Callable[[], DaemonConnection],
        say: Callable[[str], None],
    ) -> None:
        """Go on with a session that the connection has begun or resumed.

        Args:
            connection: to the daemon that runs now.
            session: its id.
            vault: the session's vault.
            reconnect: connects to the next daemon, and starts it where none runs.
            say: tells the user what happens.

        """
        self.connection = connection
        self._session = session
        self._vault = vault
        self._reconnect = reconnect
        self._say = say

    def prompt(self, question: str, filters: Sequence[str], decide: Decide = lambda _: None) -> Iterator[Json]:
        """Ask, and yield each update until the turn has ended; where the daemon goes, the next one tells the rest.

        A turn that had begun is not run twice: how it ended is told instead.

        Raises:
            ClientError.

        """
        name = str(uuid.uuid4())
        try:
            yield from self.connection.prompt(self._session, question, filters, decide, prompt_id=name)
        except DaemonGone as gone:
            self._say(f"The daemon has gone ({gone.reason}). Connecting again ...")
            self.connect_again()
            yield from self.connection.prompt(self._session, question, filters, decide, prompt_id=name)

    def rest(self, decide: Decide, *, running: bool) -> Iterator[Json]:
        """Yield what the connection has missed and, of a turn that is under way, all until its end.

        Raises:
            ClientError.

        """
        try:
            yield from self.connection.rest(decide, running=running)
        except DaemonGone as gone:
            self._say(f"The daemon has gone ({gone.reason}). Connecting again ...")
            running = self.connect_again()
            yield from self.connection.rest(decide, running=running)

    def connect_again(self) -> bool:
        """Connect to the daemon that runs now, and go on where the last connection stopped.

        Returns:
            Whether a turn is under way.

        Raises:
            ClientError: none could be started, or the session is kept no more.

        """
        connection = self._reconnect()
        running = connection.resume_session(self._session, self._vault, after=self.connection.seq)
        self.connection = connection
        return running

    def cancel(self) -> None:
        """Ask the daemon to end the turn; ``prompt`` then comes to its end.

        Raises:
            ClientError.

        """
        self.connection.cancel(self._session)
