"""Reading the settings from ``~/.commonplace/config.toml``, and registering a vault there.

A flag goes over the environment, the environment over the file: COMMONPLACE_MODEL__BACKEND is ``backend`` in
``[model]``.
"""

import os
import stat
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import tomlkit
from filelock import FileLock
from pydantic import BaseModel, ValidationError
from pydantic_settings import EnvSettingsSource, SettingsError

from commonplace.home import make_private_folder, write_private_file
from commonplace.keychain import KeychainError, read_key
from commonplace.settings import (
    AgentConfig,
    Config,
    DaemonConfig,
    FilterConfig,
    JournalConfig,
    McpConfig,
    ModelConfig,
    SessionsConfig,
    VaultConfig,
)


class ConfigError(Exception):
    """The config cannot be used; the text names the file, the key and what to write."""


def config_file(home: Path) -> Path:
    """The path of ``config.toml``."""
    return home / "config.toml"


Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layers:
    """Where values come from; each goes over the next."""

    flags: Table
    environment: Table
    file: Table

    def merged(self) -> Table:
        """One table, in which the upper source has the word."""
        return _over(self.flags, _over(self.environment, self.file))


def load_config(home: Path, flags: Mapping[str, Any] = {}) -> Config:
    """Read the config; defaults where there is no file.

    Args:
        home: the folder of config.toml.
        flags: values of the command line by their dotted names, such as ``daemon.port``.

    Raises:
        ConfigError.

    """
    return checked(home, read_layers(home, flags), flags)


def read_flags(texts: Iterable[str]) -> dict[str, Any]:
    """The settings in ``KEY=VALUE`` texts of the command line, by key.

    Raises:
        ConfigError: one is no such text, or is a key that the process list would show.

    """
    flags: dict[str, Any] = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign or not key:
            raise ConfigError(f"{text!r} is no setting. Type it as KEY=VALUE, such as --set model.backend=openai")
        if key.endswith("api_key"):
            raise ConfigError(
                "A key on the command line can be seen by others; name its variable in model.api_key_env."
            )
        flags[key] = value
    return flags


def read_layers(home: Path, flags: Mapping[str, Any] = {}) -> Layers:
    """What stands in each source, unchecked.

    Raises:
        ConfigError: the file is no TOML, or a variable is no value.

    """
    try:
        environment = EnvSettingsSource(Config)()
    except SettingsError as error:
        raise ConfigError(f"COMMONPLACE_MODEL__BACKEND and its like set one value each, but: {error}.") from None
    _refuse_unknown_sections(os.environ)
    return Layers(_nested(flags), environment, _read_toml(config_file(home)))


def _refuse_unknown_sections(environment: Iterable[str]) -> None:
    """Refuse a variable of no section, which the settings library passes over."""
    for variable in environment:
        place = variable.lower().removeprefix("commonplace_").split("__")
        if variable.upper().startswith("COMMONPLACE_") and len(place) > 1 and place[0] not in Config.model_fields:
            raise ConfigError(f"{variable}: {no_setting(place)}")


def checked(home: Path, layers: Layers, flags: Iterable[str] = ()) -> Config:
    """The config that the sources make together.

    Raises:
        ConfigError: naming the source, the key and what to write.

    """
    path = config_file(home)
    try:
        config = Config(**layers.merged())
    except ValidationError as error:
        raise ConfigError(_explain(path, error, flags)) from None
    if config.default_vault is not None and config.default_vault not in config.vaults:
        known = ", ".join(map(repr, config.vaults)) or "none"
        raise ConfigError(f"{path}: default_vault is {config.default_vault!r}, but the vaults are: {known}.")
    if config.prompt_file is not None:
        config.prompt_file = home / config.prompt_file.expanduser()
    if "api_key" in layers.file.get("model", {}):
        _refuse_readable_by_others(path)
    return config


def _over(upper: Table, lower: Table) -> Table:
    """The lower table with the upper one's values in their places."""
    merged = dict(lower)
    for key, value in upper.items():
        below = merged.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            merged[key] = _over(cast("Table", value), cast("Table", below))
        else:
            merged[key] = value
    return merged


def _nested(flags: Mapping[str, Any]) -> Table:
    """``{"daemon.port": 1}`` as ``{"daemon": {"port": 1}}``."""
    tables: Table = {}
    for name, value in flags.items():
        for part in reversed(name.split(".")):
            value = {part: value}
        tables = _over(value, tables)
    return tables


def register_vault(home: Path, path: Path, memory: str | None = None, name: str | None = None) -> str:
    """Add a vault to the config and return its name; comments and order of the file stay.

    A vault that is registered already keeps its name, and its memory's folder unless one is given. The first
    vault becomes the default one.

    Raises:
        ConfigError: the config is broken, or the name is another vault's.

    """
    make_private_folder(home)
    with FileLock(home / "config.lock"):
        config = load_config(home)
        path = path.expanduser().resolve()
        chosen = _name_of(path, config.vaults, name)
        known = config.vaults.get(chosen)
        if known is None or memory not in (None, known.memory):
            _write_vault(config_file(home).resolve(), chosen, path, memory or "", first=not config.vaults)
        return chosen


def _name_of(path: Path, vaults: Mapping[str, VaultConfig], wanted: str | None) -> str:
    at_path = [known for known, vault in vaults.items() if vault.path.expanduser().resolve() == path]
    if wanted is None:
        return at_path[0] if at_path else _free_name(path.name or "vault", vaults)
    if wanted in vaults and wanted not in at_path:
        raise ConfigError(f"A vault named {wanted!r} is registered already, at {vaults[wanted].path}; choose another.")
    return wanted


def _write_vault(file: Path, name: str, path: Path, memory: str, *, first: bool) -> None:
    document = tomlkit.parse(file.read_text(encoding="utf-8-sig")) if file.exists() else tomlkit.document()
    if first:
        document["default_vault"] = name
    vaults = document.setdefault("vaults", tomlkit.table(is_super_table=True))
    entry = vaults.setdefault(name, tomlkit.table())
    entry["path"] = str(path)
    entry["memory"] = memory
    if not memory:
        del entry["memory"]
    write_private_file(file, tomlkit.dumps(document))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Correct that line.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None


def _refuse_readable_by_others(path: Path) -> None:
    if os.name == "posix" and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigError(f"{path} holds a key and others can read it. Type: chmod 600 {path}")


def _explain(path: Path, error: ValidationError, flags: Iterable[str]) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    variable = "COMMONPLACE_" + "__".join(str(part) for part in first["loc"]).upper()
    where = "--set" if key in flags else variable if variable in os.environ else str(path)
    if first["type"] in ("model_type", "dict_type") and len(first["loc"]) == 1:
        such = {"vaults": "vaults.NAME.path"}.get(key, f"{key}.{_known_keys(first['loc'])[0]}")
        return f"{where}: {key} is a section of several settings, such as {such}."
    if first["type"] != "extra_forbidden":
        return f"{where}: {key}: {first['msg'].removeprefix('Value error, ')}."
    return f"{where}: {no_setting([str(part) for part in first['loc']])}"


def no_setting(place: Sequence[str]) -> str:
    """That there is no such setting, with the whole key of the one that may be meant."""
    *outer, last = place
    same = [f"{section}.{last}" for section in _SECTIONS if not outer and last in _known_keys([section])]
    known = _known_keys(outer) if not outer or outer[0] in Config.model_fields else []
    siblings = [".".join((*outer, near)) for near in get_close_matches(last, known, n=1)]
    every = [*Config.model_fields, *(f"{section}.{name}" for section in _SECTIONS for name in _known_keys([section]))]
    near = [*same, *siblings, *get_close_matches(".".join(place), every, n=1)]
    return f"there is no setting {'.'.join(place)!r}" + (f"; did you mean {near[0]!r}?" if near else ".")


_SECTIONS: Mapping[str, type[BaseModel]] = {
    "model": ModelConfig,
    "daemon": DaemonConfig,
    "agent": AgentConfig,
    "sessions": SessionsConfig,
    "journal": JournalConfig,
    "mcp": McpConfig,
}


def _known_keys(table: Iterable[int | str]) -> list[str]:
    models: Mapping[str, type[BaseModel]] = {**_SECTIONS, "filters": FilterConfig, "vaults": VaultConfig}
    outer = next(iter(table), None)
    return list((models[str(outer)] if outer in models else Config).model_fields)


def _free_name(wanted: str, taken: Mapping[str, object]) -> str:
    if wanted not in taken:
        return wanted
    return next(f"{wanted} {number}" for number in range(2, 10_000) if f"{wanted} {number}" not in taken)


def resolve_api_key(model: ModelConfig, environment: Mapping[str, str] = os.environ) -> str | None:
    """The key of the model's server: from the variable or the keyring, where one is named, else from the config.

    Raises:
        ConfigError: the variable is named and not set, or the keyring has no such key.

    """
    if model.api_key_env is None and model.api_key_keyring is not None:
        try:
            return read_key(model.api_key_keyring)
        except KeychainError as error:
            raise ConfigError(str(error)) from None
    if model.api_key_env is None:
        return model.api_key.get_secret_value() if model.api_key else None
    key = environment.get(model.api_key_env)
    if not key:
        raise ConfigError(f"The environment variable {model.api_key_env} is not set; set it, or change api_key_env.")
    return key
