"""Every setting, its value, and where it came from."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, SecretStr

from commonplace.config import Layers, checked, config_file, read_layers
from commonplace.settings import Config

MASK = "********"

Kind = Literal["flag", "environment", "file", "default"]
Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One value as the daemon sees it; keys are masked."""

    key: str
    value: Any
    """A text, a number or None."""
    source: Kind
    detail: str
    """The variable, or the file with its line; "" for a default."""


def explain_config(home: Path, flags: Mapping[str, Any] = {}) -> list[Setting]:
    """All settings in the order of the file's tables.

    Raises:
        ConfigError.

    """
    layers = read_layers(home, flags)
    config = checked(home, layers, flags)
    file = config_file(home)
    lines = lines_of_keys(file.read_text(encoding="utf-8-sig") if file.exists() else "")
    return [_setting(place, value, layers, file, lines) for place, value in _leaves(config)]


def shown_values(config: Config) -> Mapping[str, Any]:
    """Every value of a config by its dotted key, keys and passwords masked."""
    return {".".join(place): _shown(value) for place, value in _leaves(config)}


def lines_of_keys(text: str) -> Mapping[Place, int]:
    """The line, counted from 1, on which each value of a TOML text begins.

    The text is read again and again, each time one line longer: what is new began after the last text that
    could be read.
    """
    found: dict[Place, int] = {}
    begins, lines = 1, text.splitlines(keepends=True)
    for number in range(1, len(lines) + 1):
        try:
            table = tomllib.loads("".join(lines[:number]))
        except tomllib.TOMLDecodeError:
            continue
        for place in _places(table):
            found.setdefault(place, begins)
        begins = number + 1
    return found


def _leaves(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _leaves(getattr(value, name), (*place, name))
    elif isinstance(value, dict):
        for name, inner in cast("dict[str, object]", value).items():
            yield from _leaves(inner, (*place, name))
    else:
        yield place, value


def _setting(place: Place, value: object, layers: Layers, file: Path, lines: Mapping[Place, int]) -> Setting:
    key = ".".join(place)
    shown = _shown(value)
    if _has(layers.flags, place):
        return Setting(key, shown, "flag", "")
    if _has(layers.environment, place):
        return Setting(key, shown, "environment", "COMMONPLACE_" + "__".join(place).upper())
    if _has(layers.file, place):
        line = f", line {lines[place]}" if place in lines else ""
        return Setting(key, shown, "file", f"{file}{line}")
    return Setting(key, shown, "default", "")


def _shown(value: object) -> object:
    """A value that may stand on a screen: no key, and no password in an address."""
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, str):
        return re.sub(r"(?<=://)[^/@\s]+(?=@)", MASK, value)
    if isinstance(value, list):
        items = cast("list[object]", value)
        return [item.model_dump() if isinstance(item, BaseModel) else item for item in items]
    return str(value) if isinstance(value, Path) else value


def _has(table: Mapping[str, Any], place: Place) -> bool:
    inner: Any = table
    for part in place:
        if not isinstance(inner, Mapping) or part not in inner:
            return False
        inner = cast("Mapping[str, Any]", inner)[part]
    return True


def _places(table: Mapping[str, Any], place: Place = ()) -> Iterator[Place]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _places(cast("dict[str, Any]", value), (*place, name))
        else:
            yield (*place, name)
