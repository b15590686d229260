"""What every turn needs, whatever the session: a model, a sandbox, a prompt, as they are configured now."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from commonplace.agent.prompt import PromptUnreadable, load_prompt
from commonplace.agent.sandbox import Sandbox
from commonplace.agent.turn import TurnLimits
from commonplace.config import ConfigError
from commonplace.models.base import Model
from commonplace.models.published import is_mem_agent, prompt_file
from commonplace.models.servers import is_this_machine
from commonplace.server.live_config import LiveConfig, Stamp, stamp_of
from commonplace.settings import Config, ModelConfig

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """What one turn runs on; a change of the config makes another."""

    model: Model
    sandbox: Sandbox
    system_prompt: str | None = None
    searches: bool = True
    """Whether the model knows ``search_notes``."""
    host: str | None = None
    """The machine on which the model runs, where it is not this one."""
    limits: TurnLimits = field(default_factory=TurnLimits)


class Engines:
    """Hands each turn the engine of the config as it is now, and closes a model when its last turn has ended.

    Args:
        model: the first model.
        sandbox: where blocks run, for all of them.
        config: where the model and the prompt are set.
        make_model: makes another model after a change; without it the first one stays.

    """

    def __init__(
        self,
        model: Model,
        sandbox: Sandbox,
        config: LiveConfig,
        make_model: Callable[[ModelConfig], Model] | None = None,
    ) -> None:
        self.problem: str | None = None
        """Why the settings as they stand now could not be taken."""
        self._config = config
        self._make_model = make_model
        settings = config.current()
        self._made_of = self._signature(settings)
        self._engine = made_engine(model, sandbox, settings, config.home)
        self._turns: Counter[Model] = Counter()
        self._replaced: set[Model] = set()

    @property
    def model_name(self) -> str:
        """The model that the next turn runs on."""
        return self._current().model.name

    @property
    def model_host(self) -> str | None:
        """The machine on which the next turn's model runs, where it is not this one."""
        return self._current().host

    def take(self) -> Engine:
        """The engine for a turn that begins; it is given back with ``release``."""
        engine = self._current()
        self._turns[engine.model] += 1
        return engine

    async def release(self, engine: Engine) -> None:
        """The turn has ended."""
        self._turns[engine.model] -= 1
        for model in [model for model in self._replaced if not self._turns[model]]:
            self._replaced.discard(model)
            del self._turns[model]
            await model.close()

    async def close(self) -> None:
        """Close every model."""
        for model in (*self._replaced, self._engine.model):
            await model.close()

    def _current(self) -> Engine:
        settings = self._config.current()
        signature = self._signature(settings)
        if signature != self._made_of:
            self._made_of = signature
            self._replace(settings)
        return self._engine

    def _replace(self, settings: Config) -> None:
        before = self._engine
        try:
            model = self._make_model(settings.model) if self._make_model else before.model
            made = made_engine(model, before.sandbox, settings, self._config.home)
        except (PromptUnreadable, ConfigError) as error:
            self.problem = f"{error} Until then the model and the prompt of before hold."
            logger.warning("the model or the prompt cannot be changed; those of before hold")
            return
        self.problem = None
        self._engine = made
        if model is not before.model:
            self._replaced.add(before.model)
            logger.info("turns run on the model %s from now on", model.name)

    def _signature(self, settings: Config) -> tuple[ModelConfig, Stamp, object]:
        prompt = settings.prompt_file or prompt_file(self._config.home / "prompts")
        return settings.model, stamp_of(prompt), prompt


def made_engine(model: Model, sandbox: Sandbox, settings: Config, home: Path) -> Engine:
    """What turns of a model run on; mem-agent's weights know ten tools, and the prompt that they were trained with.

    Raises:
        PromptUnreadable: the user's own prompt file cannot be read.

    """
    prompt = system_prompt(model, settings, home)
    limits = TurnLimits(answer_seconds=settings.model.answer_minutes * 60)
    return Engine(model, sandbox, prompt, settings.model.searches(model.name), _host(settings.model), limits)


def system_prompt(model: Model, settings: Config, home: Path) -> str:
    """What a model is told before anything else.

    Raises:
        PromptUnreadable: the user's own prompt file cannot be read.

    """
    published = prompt_file(home / "prompts")
    trained = published if is_mem_agent(model.name) and published.is_file() else None
    return load_prompt(settings.prompt_file or trained, searches=settings.model.searches(model.name))


def _host(model: ModelConfig) -> str | None:
    if model.backend != "openai" or is_this_machine(model.base_url):
        return None
    return urlsplit(model.base_url).hostname
