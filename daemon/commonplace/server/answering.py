"""What becomes of a request that is wrong, or that meets a mistake of ours: one sentence that quotes nothing."""

import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NoReturn, cast

from acp import RequestError
from pydantic import ValidationError

from commonplace.server.requests import invalid

logger = logging.getLogger(__name__)

INTERNAL_ERROR = -32603

Handler = Callable[[str, Any, bool], Awaitable[Any]]


def answering(handler: Handler) -> Handler:
    """The protocol library's router with every refusal in a sentence.

    Of ``_meta``, which the library spreads over a method's arguments, only what is ours is passed on: else a client
    could put a value past the checks of the schema.
    """

    async def handle(method: str, params: Any, is_notification: bool) -> Any:
        try:
            return await handler(method, _known(params), is_notification)
        except ValidationError as error:
            refuse(error)
        except RequestError:
            raise
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            logger.error("a request failed: %s at %s:%d", type(error).__name__, frame.filename, frame.lineno)
            raise RequestError(INTERNAL_ERROR, "Something went wrong inside the daemon; its log says where.") from None

    return handle


def refuse(error: ValidationError) -> NoReturn:
    """Refuse parameters: which one is wrong, and what it must be; never what it was.

    Raises:
        RequestError: always.

    """
    first = error.errors(include_input=False, include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    if not name:
        invalid(_NO_OBJECT)
    match first["type"]:
        case "missing":
            invalid(f"{name} is missing.")
        case "union_tag_invalid" | "union_tag_not_found":
            invalid(f"{name} has no type that is known here.")
        case "model_type" | "model_attributes_type" | "dict_type":
            invalid(f"{name} must be an object.")
        case _:
            says = first["msg"].removeprefix("Input should be ")
            invalid(f"{name} must be {says}." if says != first["msg"] else f"{name} is not what it must be.")


def _known(params: Any) -> Any:
    if params is None:
        return {}
    if not isinstance(params, dict):
        invalid(_NO_OBJECT)
    given = cast("Mapping[str, Any]", params)
    if "_meta" not in given:
        return given
    meta = cast("Mapping[str, Any]", given["_meta"] if isinstance(given["_meta"], dict) else {})
    return {**given, "_meta": {name: value for name, value in meta.items() if name == "commonplace"}}


_NO_OBJECT = "The parameters must be one JSON object."
