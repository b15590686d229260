"""From what a user calls a model to the settings that name it."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from commonplace.models.base import ModelError
from commonplace.models.program import find_program
from commonplace.models.published import WEIGHTS
from commonplace.models.servers import USUAL_PORTS, NoAnswer, find_servers, list_models

_LIST = "Type: commonplace model list"


@dataclass(frozen=True, slots=True)
class Named:
    """The settings for a model."""

    backend: Literal["reader", "auto", "mlx", "vllm", "openai"]
    name: str = ""
    base_url: str = ""


def named(text: str, model: str = "") -> Named:
    """Read what the user typed: a word, weights, ``server/model`` of the list, or a server's address.

    Raises:
        ModelError: nothing has that name; with what to type.

    """
    if text == "reader" or text == "auto":
        return Named(text)
    if text.startswith(("http://", "https://")):
        return Named("openai", model or _only_model(text), text)
    kind, _, rest = text.partition("/")
    if kind in USUAL_PORTS and rest:
        return _at_server(kind, rest)
    for weights in WEIGHTS:
        if text in (weights.name, weights.name.partition("/")[2]):
            return Named(weights.backend, weights.name)
    if text and Path(text).expanduser().is_dir():
        if not (Path(text).expanduser() / "config.json").is_file():
            raise ModelError(f"The folder {text} holds no weights: it has no config.json.", _LIST)
        backend = "vllm" if sys.platform == "linux" and find_program("vllm") else "mlx"
        return Named(backend, str(Path(text).expanduser().absolute()))
    if rest:
        return Named("mlx" if "mlx" in text.casefold() else "vllm", text)
    raise ModelError(f"There is no model {text!r}.", _LIST)


def _at_server(kind: str, model: str) -> Named:
    found = next((server for server in find_servers() if server.kind == kind), None)
    if found is None:
        raise ModelError(f"No {kind} answers on port {USUAL_PORTS[kind]} of this machine.", "Start it and try again.")
    if found.models and model not in found.models:
        known = ", ".join(found.models)
        raise ModelError(f"{kind} has no model {model!r}; it has {known}.", _LIST)
    return Named("openai", model, found.base_url)


def _only_model(base_url: str) -> str:
    """The model of a server that has one."""
    try:
        models = list_models(base_url, seconds=10.0)
    except NoAnswer as error:
        raise ModelError(
            f"{base_url} does not list its models: {error}.", "Name one: commonplace model use URL --model NAME"
        ) from None
    if len(models) != 1:
        known = ", ".join(models) or "none"
        raise ModelError(f"{base_url} has several models or none: {known}.", "Name one with --model")
    return models[0]
