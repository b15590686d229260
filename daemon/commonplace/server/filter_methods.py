"""``_commonplace/filters``: a client's rules, listed, tried, added and removed."""

import asyncio
from collections.abc import Mapping
from typing import Any, Literal

from acp import RequestError
from pydantic import BaseModel, ConfigDict, Field

from commonplace.config import ConfigError
from commonplace.config_edit import add_filter, remove_filter
from commonplace.filters.describe import named_by
from commonplace.filters.mask import Mask
from commonplace.filters.rule import RuleError, parse_rule
from commonplace.server.parameters import checked
from commonplace.server.requests import INVALID_PARAMS
from commonplace.server.services import Services
from commonplace.settings import FilterConfig

Json = dict[str, Any]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="ignore")

    action: Literal["list", "add", "remove", "test"] = "list"
    rule: str = ""
    complete: bool = False
    clients: list[str] = []
    number: int = Field(default=0, ge=0)
    """Of ``remove``: as ``list`` gives it, from 1."""
    text: str = Field(default="", max_length=100_000)
    """Of ``test``: what is to be told."""


async def filters(services: Services, parameters: Mapping[str, Any]) -> Json:
    """List the rules after adding one, removing one, or trying one on a text."""
    asked = checked(_Asked, parameters)
    try:
        return await asyncio.to_thread(_done, services, asked)
    except (RuleError, ConfigError) as error:
        raise RequestError(INVALID_PARAMS, str(error)) from None


def _done(services: Services, asked: _Asked) -> Json:
    told: Json = {}
    if asked.action == "add":
        add_filter(services.home, parse_rule(asked.rule).text, complete=asked.complete, clients=asked.clients)
    elif asked.action == "remove":
        told["removed"] = remove_filter(services.home, asked.number)
    elif asked.action == "test":
        rule = parse_rule(asked.rule, complete=asked.complete)
        mask = Mask([rule])
        told |= {"names": named_by(rule), "told": mask.refusal(asked.text) or mask.text(asked.text)}
    standing = services.config.current().filters
    return {**told, "filters": [_listed(number, each) for number, each in enumerate(standing, start=1)]}


def _listed(number: int, one: FilterConfig) -> Json:
    rule = parse_rule(one.rule, complete=one.complete)
    return {"number": number, **one.model_dump(), "names": named_by(rule), "model_alone": rule.rests_on_the_model}
