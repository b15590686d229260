"""What the parameters of our own methods name: checked values and open vaults; a wrong one is refused in a sentence."""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeVar

from acp import RequestError
from pydantic import BaseModel, ValidationError

from commonplace.config import ConfigError
from commonplace.server.answering import refuse
from commonplace.server.requests import INVALID_PARAMS
from commonplace.server.services import Services
from commonplace.server.vaults import OpenVault, VaultUnknown
from commonplace.vault.errors import VaultError

Asked = TypeVar("Asked", bound=BaseModel)


def checked(kind: type[Asked], parameters: Mapping[str, Any]) -> Asked:
    """The parameters as their kind has them.

    Raises:
        RequestError: naming the one that is wrong, never its value.

    """
    try:
        return kind.model_validate(parameters)
    except ValidationError as error:
        refuse(error)


async def opened_vault(services: Services, name: str) -> OpenVault:
    """The vault of that folder or name.

    Raises:
        RequestError: it is not registered, not there, or the config cannot be read.

    """
    try:
        return await asyncio.to_thread(services.vaults.open, name)
    except (VaultUnknown, VaultError, ConfigError) as error:
        raise RequestError(INVALID_PARAMS, str(error)) from None
