"""What the user can set: each section of config.toml as a class, each setting with its default and its bounds."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from commonplace.filters.rule import MOST_RULES, Rule, RuleError, parse_rule
from commonplace.models.published import is_mem_agent
from commonplace.models.settings import DEFAULT_VLLM_WEIGHTS, DEFAULT_WEIGHTS


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
