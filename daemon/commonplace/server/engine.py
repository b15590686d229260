"""What every turn needs, whatever the session: a model, a sandbox, a prompt, as they are configured now."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from commonplace.agent.prompt import PromptUnreadable, load_prompt
from commonplace.agent.sandbox import Sandbox
from commonplace.config import Config, ConfigError, ModelConfig
from commonplace.models.base import Model
from commonplace.server.live_config import LiveConfig, Stamp, stamp_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """What one turn runs on; a change of the config makes another."""

    model: Model
    sandbox: Sandbox
    system_prompt: str | None = None
    searches: bool = True
    """Whether the model knows ``search_notes``."""


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
        self._engine = Engine(model, sandbox, _prompt(settings), settings.model.searches)
        self._turns: Counter[Model] = Counter()
        self._replaced: set[Model] = set()

    @property
    def model_name(self) -> str:
        """The model that the next turn runs on."""
        return self._current().model.name

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
            prompt = _prompt(settings)
            model = self._make_model(settings.model) if self._make_model else before.model
        except (PromptUnreadable, ConfigError) as error:
            self.problem = f"{error} Until then the model and the prompt of before hold."
            logger.warning("the model or the prompt cannot be changed; those of before hold")
            return
        self.problem = None
        self._engine = Engine(model, before.sandbox, prompt, settings.model.searches)
        if model is not before.model:
            self._replaced.add(before.model)
            logger.info("turns run on the model %s from now on", model.name)

    @staticmethod
    def _signature(settings: Config) -> tuple[ModelConfig, Stamp, object]:
        prompt = settings.prompt_file
        return settings.model, stamp_of(prompt) if prompt else None, prompt


def _prompt(settings: Config) -> str:
    return load_prompt(settings.prompt_file, searches=settings.model.searches)
