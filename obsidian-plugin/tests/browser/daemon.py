"""A real daemon for the browser tests. Usage: daemon.py HOME PORT

Its model is the reader, unless ``script.json`` stands beside the home folder: {"outputs": [...], "chunk": 12,
"delay": 0.001}. The script is looked at anew for each answer, so that one daemon serves many tests.
"""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

from commonplace.config import load_config
from commonplace.models.base import Message, Meter, Model
from commonplace.models.reader import ReaderModel
from commonplace.models.scripted import ScriptedModel
from commonplace.server.daemon import Start, run_daemon


class ScriptFileModel:
    """Says what the script file tells it to; without one, what the reader would say."""

    name = "reader"

    def __init__(self, script: Path) -> None:
        self._script = script
        self._text = ""
        self._model: Model = ReaderModel()

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        """Continue the conversation."""
        text = self._script.read_text(encoding="utf-8") if self._script.exists() else ""
        if text != self._text:
            self._text = text
            self._model = _scripted(json.loads(text)) if text else ReaderModel()
        async for delta in self._model.stream(messages, meter):
            yield delta

    async def close(self) -> None:
        """Nothing is held."""


def _scripted(script: dict[str, Any]) -> Model:
    return ScriptedModel(script["outputs"], chunk=script.get("chunk"), delay=script.get("delay", 0.0))


home, port = Path(sys.argv[1]), int(sys.argv[2])
asyncio.run(run_daemon(load_config(home), home, ScriptFileModel(home.parent / "script.json"), Start(port=port)))
