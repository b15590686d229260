"""A real daemon for the browser tests: its model is the reader, or says what a script file tells it to.

Usage: daemon.py HOME PORT [SCRIPT.json]   with {"outputs": [...], "chunk": 12, "delay": 0.001}
"""

import asyncio
import json
import sys
from pathlib import Path

from commonplace.config import load_config
from commonplace.models.base import Model
from commonplace.models.reader import ReaderModel
from commonplace.models.scripted import ScriptedModel
from commonplace.server.daemon import run_daemon


def model(arguments: list[str]) -> Model:
    """The model that the arguments ask for."""
    if not arguments:
        return ReaderModel()
    script = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    return ScriptedModel(script["outputs"], chunk=script.get("chunk"), delay=script.get("delay", 0.0))


home, port = Path(sys.argv[1]), int(sys.argv[2])
asyncio.run(run_daemon(load_config(home), home, model(sys.argv[3:]), port=port))
