"""``_commonplace/open_page``: a code by which the chat is opened as a page."""

from collections.abc import Mapping
from typing import Any

from acp import RequestError
from pydantic import BaseModel, ConfigDict

from commonplace.server.page import CODE_SECONDS, NoPage
from commonplace.server.parameters import checked, opened_vault
from commonplace.server.requests import INVALID_PARAMS
from commonplace.server.services import Services


class _OpenAsked(BaseModel):
    model_config = ConfigDict(extra="ignore")

    vault: str | None = None
    """The vault to begin with: its folder or registered name."""
    file: bool = False
    """Whether to write a file that leads a browser to the page."""
    shell: str | None = None
    """What the page stands in, where that is no browser."""


async def open_page(services: Services, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """A one-time code, the page's address with it, and on request the file that leads there."""
    asked = checked(_OpenAsked, parameters)
    told: dict[str, str] = {}
    if asked.vault is not None:
        told["vault"] = str((await opened_vault(services, asked.vault)).root)
    if asked.shell is not None:
        told["shell"] = asked.shell
    try:
        opening = await services.pages.open(told, with_file=asked.file)
    except NoPage as error:
        raise RequestError(INVALID_PARAMS, str(error)) from None
    return {
        "code": opening.code,
        "address": opening.address,
        "file": None if opening.file is None else str(opening.file),
        "seconds": CODE_SECONDS,
    }
