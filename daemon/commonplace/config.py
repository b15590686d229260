"""What the user has set in ``~/.commonplace/config.toml``: the model, the vaults, the daemon.

The environment overrides the file: COMMONPLACE_MODEL__BACKEND is ``backend`` in ``[model]``.
"""

import os
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from commonplace.home import make_private_folder, write_private_file


class ConfigError(Exception):
    """The config cannot be used; the text names the file, the key and what to write."""


class ModelConfig(BaseModel):
    """``[model]``: who writes the answers."""

    model_config = ConfigDict(extra="forbid")

    backend: Literal["reader", "openai"] = "reader"
    """"reader" is built in; "openai" is any server with an OpenAI-compatible API."""
    base_url: str = "http://127.0.0.1:11434/v1"
    """Where the server is; the default is Ollama's address."""
    name: str = ""
    """The model's name at that server."""
    api_key: SecretStr | None = None
    api_key_env: str | None = None
    """The environment variable that holds the key."""
    temperature: float = Field(default=0.0, ge=0.0, le=2.0)
    max_tokens: int = Field(default=4096, ge=16)
    first_token_seconds: float = Field(default=120.0, gt=0)
    idle_seconds: float = Field(default=60.0, gt=0)
    """The longest silence between two tokens."""


class DaemonConfig(BaseModel):
    """``[daemon]``."""

    model_config = ConfigDict(extra="forbid")

    port: int = Field(default=0, ge=0, le=65535)
    """0 takes a free one; clients find it in daemon.json."""
    idle_minutes: float = Field(default=10.0, gt=0)
    """After so long without a client, a daemon that a client started ends."""


class VaultConfig(BaseModel):
    """``[vaults.NAME]``."""

    model_config = ConfigDict(extra="forbid")

    path: Path
    memory: str = ""
    """The memory's folder in the vault; "" is its root."""


class Config(BaseSettings):
    """The whole of config.toml."""

    model_config = SettingsConfigDict(extra="forbid", env_prefix="COMMONPLACE_", env_nested_delimiter="__")

    model: ModelConfig = ModelConfig()
    daemon: DaemonConfig = DaemonConfig()
    vaults: dict[str, VaultConfig] = {}
    default_vault: str | None = None
    prompt_file: Path | None = None
    """A system prompt of the user's own; published weights were trained with theirs."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes over the file, whose values come as arguments."""
        return env_settings, init_settings

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


def load_config(home: Path) -> Config:
    """Read the config; defaults where there is no file.

    Raises:
        ConfigError.

    """
    path = config_file(home)
    values = _read_toml(path)
    try:
        return Config(**values)
    except ValidationError as error:
        raise ConfigError(_explain(path, error)) from None


def register_vault(home: Path, path: Path, memory: str = "", name: str | None = None) -> str:
    """Add a vault to the config and return its name; comments and order of the file stay.

    A vault that is registered already keeps its name. The first vault becomes the default one.

    Raises:
        ConfigError: the config is broken, or the name is another vault's.

    """
    config = load_config(home)
    path = path.expanduser().resolve()
    for known, vault in config.vaults.items():
        if vault.path.expanduser().resolve() == path and (name is None or name == known):
            return known
    if name is not None and name in config.vaults:
        raise ConfigError(
            f"A vault named {name!r} is registered already, at {config.vaults[name].path}; choose another."
        )
    chosen = name or _free_name(path.name or "vault", config.vaults)
    file = config_file(home)
    document = tomlkit.parse(file.read_text(encoding="utf-8")) if file.exists() else tomlkit.document()
    if config.default_vault is None and not config.vaults:
        document["default_vault"] = chosen
    vaults = document.setdefault("vaults", tomlkit.table(is_super_table=True))
    entry = tomlkit.table()
    entry["path"] = str(path)
    if memory:
        entry["memory"] = memory
    vaults[chosen] = entry
    make_private_folder(home)
    write_private_file(file, tomlkit.dumps(document))
    return chosen


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Correct that line.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None


def _explain(path: Path, error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] != "extra_forbidden":
        return f"{path}: {key}: {first['msg']}."
    near = get_close_matches(str(first["loc"][-1]), _known_keys(first["loc"][:-1]), n=1)
    return f"{path}: there is no setting {key!r}" + (f"; did you mean {near[0]!r}?" if near else ".")


def _known_keys(table: Iterable[int | str]) -> list[str]:
    models: Mapping[str, type[BaseModel]] = {"model": ModelConfig, "daemon": DaemonConfig, "vaults": VaultConfig}
    outer = next(iter(table), None)
    return list((models[str(outer)] if outer in models else Config).model_fields)


def _free_name(wanted: str, taken: Mapping[str, object]) -> str:
    if wanted not in taken:
        return wanted
    return next(f"{wanted} {number}" for number in range(2, 10_000) if f"{wanted} {number}" not in taken)


def resolve_api_key(model: ModelConfig, environment: Mapping[str, str] = os.environ) -> str | None:
    """The key of the model's server, from the environment variable that is named, else from the config.

    Raises:
        ConfigError: the variable is named and not set.

    """
    if model.api_key_env is None:
        return model.api_key.get_secret_value() if model.api_key else None
    key = environment.get(model.api_key_env)
    if not key:
        raise ConfigError(f"The environment variable {model.api_key_env} is not set; set it, or change api_key_env.")
    return key
