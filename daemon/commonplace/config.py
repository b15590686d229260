"""What the user has set in ``~/.commonplace/config.toml``: the model, the vaults, the daemon.

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
from typing import Any, Literal, cast

import tomlkit
from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from commonplace.filters.rule import MOST_RULES, Rule, RuleError, parse_rule
from commonplace.home import make_private_folder, write_private_file
from commonplace.keychain import KeychainError, read_key
from commonplace.models.published import is_mem_agent
from commonplace.models.settings import DEFAULT_VLLM_WEIGHTS, DEFAULT_WEIGHTS


class ConfigError(Exception):
    """The config cannot be used; the text names the file, the key and what to write."""


class ModelConfig(BaseModel):
    """``[model]``: who writes the answers."""

    model_config = ConfigDict(extra="forbid")

    backend: Literal["reader", "auto", "mlx", "vllm", "openai"] = "reader"
    """"reader" is built in; "mlx" are weights in the daemon's process, on Apple Silicon; "vllm" is a server that the
    daemon starts and ends, on an NVIDIA GPU; "openai" is any server with an OpenAI-compatible API; "auto" looks what
    the machine can do when the daemon starts."""
    base_url: str = "http://127.0.0.1:11434/v1"
    """Where the server is; the default is Ollama's address."""
    name: str = ""
    """The model's name at that server; for mlx a folder of weights, or a repository of the Hugging Face hub."""
    api_key: SecretStr | None = None
    api_key_env: str | None = None
    """The environment variable that holds the key."""
    api_key_keyring: str | None = None
    """The name under which the system's keyring holds the key."""
    temperature: float = Field(default=0.0, ge=0.0, le=2.0)
    seed: int | None = Field(default=None, ge=0, lt=2**31)
    """What a temperature above 0 draws from: the same prompt then gets the same answer again; unless set, another."""
    max_tokens: int = Field(default=4096, ge=16)
    first_token_seconds: float = Field(default=120.0, gt=0)
    idle_seconds: float = Field(default=60.0, gt=0)
    """The longest silence between two tokens."""
    answer_minutes: float = Field(default=10.0, gt=0)
    """How long the model may write at one output, from its first word on."""
    unload_minutes: float = Field(default=15.0, gt=0)
    """After so long without a prompt, local weights leave the memory."""
    context_tokens: int | None = Field(default=None, ge=1024)
    """The model's window, prompt and answer together; unless set, what the model says of itself."""
    vllm_command: str = "vllm"
    """The program that is started for vllm, by its name or its path."""
    vllm_args: list[str] = []
    """More arguments for ``vllm serve``, such as ["--tensor-parallel-size", "2"]."""
    start_minutes: float = Field(default=15.0, gt=0)
    """How long vllm may take to load its weights."""
    search_notes: bool | None = None
    """Whether it gets the tool of that name; unless set, every model but mem-agent's published weights."""

    @property
    def weights(self) -> str:
        """The model's name, or what its backend takes where none is given."""
        return self.name or {"mlx": DEFAULT_WEIGHTS, "vllm": DEFAULT_VLLM_WEIGHTS}.get(self.backend, "")

    def searches(self, name: str) -> bool:
        """Whether a model of that name gets ``search_notes``; mem-agent's weights know the ten tools without it."""
        return not is_mem_agent(name) if self.search_notes is None else self.search_notes


class DaemonConfig(BaseModel):
    """``[daemon]``."""

    model_config = ConfigDict(extra="forbid")

    port: int = Field(default=0, ge=0, le=65535)
    """0 takes a free one; clients find it in daemon.json."""
    idle_minutes: float = Field(default=10.0, gt=0)
    """After so long without a client, a daemon that a client started ends."""
    waiting_hours: float = Field(default=24.0, gt=0)
    """After so long without a client, a turn that waits for the user's leave keeps the daemon no more."""


Mode = Literal["auto", "review", "read-only"]
"""How a session treats writes: done at once, each asked for first, or none."""


class AgentConfig(BaseModel):
    """``[agent]``."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode = "auto"
    """The mode in which a session begins."""


class SessionsConfig(BaseModel):
    """``[sessions]``: how long and how much of them is kept."""

    model_config = ConfigDict(extra="forbid")

    days: float = Field(default=90.0, gt=0)
    """A session goes this long after its last turn."""
    megabytes: float = Field(default=500.0, gt=0)
    """Beyond this the oldest sessions go."""


class JournalConfig(BaseModel):
    """``[journal]``: how far back turns can be undone."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(default=90, ge=0)
    megabytes: int = Field(default=500, ge=0)
    """Of notes' texts; what is beyond is forgotten, the oldest turns first."""


class FilterConfig(BaseModel):
    """``[[filters]]``: a rule about what may be said."""

    model_config = ConfigDict(extra="forbid")

    rule: str
    """In the user's words, such as "do not tell my phone number"."""
    complete: bool = False
    """Whether an answer that would tell it is refused whole; else it is masked in its place."""
    clients: list[str] = []
    """Names of tokens, and "own" for the clients that come with the daemon's own; every client unless set."""

    @field_validator("rule")
    @classmethod
    def _is_one(cls, rule: str) -> str:
        try:
            return parse_rule(rule).text
        except RuleError as error:
            raise ValueError(str(error).rstrip(".")) from None


class McpConfig(BaseModel):
    """``[mcp]``: what ``commonplace mcp`` lets its hosts do."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["read-only", "auto"] = "read-only"
    """A host cannot ask the user about a change, so there is no review."""


class VaultConfig(BaseModel):
    """``[vaults.NAME]``."""

    model_config = ConfigDict(extra="forbid")

    path: Path
    memory: str = ""
    """The memory's folder in the vault; "" is its root."""
    mode: Mode | None = None
    """The mode in which a session on this vault begins, where it differs from ``[agent]``."""

    @field_validator("path")
    @classmethod
    def _stands_by_itself(cls, path: Path) -> Path:
        """The daemon and its clients run in different folders, so a relative path would name several."""
        if not path.expanduser().is_absolute():
            raise ValueError("the path must begin with / or ~ (or a drive's letter)")
        return path


class Config(BaseSettings):
    """The whole of config.toml."""

    model_config = SettingsConfigDict(extra="forbid", env_prefix="COMMONPLACE_", env_nested_delimiter="__")

    model: ModelConfig = ModelConfig()
    daemon: DaemonConfig = DaemonConfig()
    agent: AgentConfig = AgentConfig()
    sessions: SessionsConfig = SessionsConfig()
    journal: JournalConfig = JournalConfig()
    filters: list[FilterConfig] = Field(default=[], max_length=MOST_RULES)
    mcp: McpConfig = McpConfig()
    vaults: dict[str, VaultConfig] = {}
    default_vault: str | None = None
    prompt_file: Path | None = None
    """A system prompt of the user's own, beside config.toml unless it is a whole path."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Every value comes as an argument: ``Layers`` has put one source over the other before."""
        return (init_settings,)

    def rules_for(self, client: str) -> tuple[Rule, ...]:
        """The filters that hold for a client, by its token's name."""
        held = (each for each in self.filters if not each.clients or client in each.clients)
        return tuple(parse_rule(each.rule, complete=each.complete) for each in held)

    def vault_named(self, name: str) -> VaultConfig | None:
        """The vault of that name, or at that path."""
        if name in self.vaults:
            return self.vaults[name]
        wanted = Path(name).expanduser().resolve()
        return next((vault for vault in self.vaults.values() if vault.path.expanduser().resolve() == wanted), None)

    def chosen_vault(self) -> VaultConfig | None:
        """The default vault, or the only one."""
        if self.default_vault:
            return self.vaults.get(self.default_vault)
        return next(iter(self.vaults.values()), None)


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
