"""Finding one of the conversations that are kept, by what the user typed."""

from collections.abc import Iterable

from commonplace.clients.wire import ClientError, Json


def one_session(sessions: Iterable[Json], beginning: str) -> Json:
    """The session whose id begins so.

    Raises:
        ClientError: there is none, or more than one.

    """
    found = [session for session in sessions if beginning and session["sessionId"].startswith(beginning)]
    if len(found) == 1:
        return found[0]
    many = f"{len(found)} sessions begin" if found else "No session begins"
    raise ClientError(f"{many} with {beginning!r}. Type: commonplace sessions")


def latest_session(sessions: Iterable[Json]) -> Json:
    """The latest session.

    Raises:
        ClientError: none is kept.

    """
    found = next(iter(sessions), None)
    if found is None:
        raise ClientError("No conversation is kept here yet. Type: commonplace chat")
    return found
