"""Model servers: which answer on this machine, what they have, and whether an address is this machine at all."""

import ipaddress
import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, cast
from urllib.parse import urlsplit

from commonplace.models.trouble import in_words

USUAL_PORTS: Mapping[str, int] = {
    "ollama": 11434,
    "lm-studio": 1234,
    "llama-server": 8080,
    "vllm": 8000,
    "litellm": 4000,
}
"""Where each listens unless told otherwise."""
_SECONDS = 1.0
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Server:
    """A server with an OpenAI-compatible API that answers."""

    kind: str
    """What usually listens on its port."""
    base_url: str
    models: tuple[str, ...]
    wants_key: bool = False


def find_servers(ports: Mapping[str, int] = USUAL_PORTS) -> tuple[Server, ...]:
    """The servers that answer on this machine; one that says nothing for a second is left out."""

    def look(kind: str, port: int) -> Server | None:
        base_url = f"http://127.0.0.1:{port}/v1"
        try:
            return Server(kind, base_url, list_models(base_url))
        except KeyWanted:
            return Server(kind, base_url, (), wants_key=True)
        except NoAnswer:
            return None

    with ThreadPoolExecutor(len(ports) or 1) as pool:
        found = pool.map(look, ports, ports.values())
        return tuple(server for server in found if server is not None)


class NoAnswer(Exception):
    """There is no model server at the address; the text says why."""


class KeyWanted(NoAnswer):
    """The server wants a key, or another one."""


def list_models(base_url: str, key: str | None = None, seconds: float = _SECONDS) -> tuple[str, ...]:
    """The names of a server's models.

    Raises:
        NoAnswer, KeyWanted.

    """
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        request = urllib.request.Request(base_url.rstrip("/") + "/models", headers=headers)
        with _direct.open(request, timeout=seconds) as response:
            return _names(json.loads(response.read(_LARGEST)))
    except urllib.error.HTTPError as error:
        if error.code in (401, 403):
            raise KeyWanted("it wants a key") from None
        raise NoAnswer(f"it answers {error.code}") from None
    except OSError as error:
        raise NoAnswer(in_words(error) or str(error)) from None
    except (ValueError, HTTPException):
        raise NoAnswer("it is no model server") from None


def is_this_machine(base_url: str) -> bool:
    """Whether the address leads nowhere but to this machine: what is sent there leaves it for no network."""
    host = (urlsplit(base_url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Without the system's proxy: a model server is reached as the daemon reaches it."""


def _names(answer: object) -> tuple[str, ...]:
    models: object = cast("Mapping[str, Any]", answer).get("data") if isinstance(answer, dict) else None
    if not isinstance(models, list):
        raise ValueError("it is no model server")
    entries = [
        cast("Mapping[str, object]", entry) for entry in cast("Sequence[object]", models) if isinstance(entry, dict)
    ]
    return tuple(str(entry["id"]) for entry in entries if "id" in entry)
