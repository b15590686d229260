"""A daemon as a process of its own, with a script for a model: ``scripted_daemon.py HOME SCRIPT.json``.

The script holds ``outputs``, ``chunk`` and ``delay``; with ``repeat`` the last output is said for ever.
"""

import asyncio
import json
import sys
from pathlib import Path

from commonplace.config import load_config
from commonplace.models.scripted import ScriptedModel
from commonplace.server.daemon import Start, run_daemon


def main() -> None:
    home, script = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    outputs = script["outputs"] * (10_000 if script.get("repeat") else 1)
    model = ScriptedModel(outputs, chunk=script.get("chunk"), delay=script.get("delay", 0.0))
    asyncio.run(run_daemon(load_config(home), home, model, Start(), lambda _: print("ready", flush=True)))


main()
