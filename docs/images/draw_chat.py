"""Draws docs/images/chat.svg: a real conversation with the template vault, as the terminal shows it.

.venv/bin/python docs/images/draw_chat.py
"""

import asyncio
import io
import re
import tempfile
import threading
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from commonplace.clients.connection import DaemonConnection
from commonplace.clients.terminal import TerminalView
from commonplace.config import load_config, register_vault
from commonplace.home import Discovery
from commonplace.models.reader import ReaderModel
from commonplace.server.daemon import start_daemon
from commonplace.setup import make_from_template

QUESTIONS = [
    "In which city does my sister live?",
    "My favorite tea is now genmaicha, please update it.",
    "What is my blood type?",
]
PAPER = TerminalTheme(
    (250, 248, 243),
    (52, 48, 42),
    [
        (52, 48, 42),
        (176, 58, 46),
        (76, 125, 60),
        (166, 120, 30),
        (52, 96, 150),
        (130, 80, 130),
        (40, 125, 130),
        (90, 86, 80),
    ],
)


def converse(discovery: Discovery, vault: Path, console: Console) -> None:
    """Ask the questions and show each turn."""
    view = TerminalView(console)
    with DaemonConnection(discovery) as connection:
        session = connection.new_session(vault)
        for question in QUESTIONS:
            console.print(Text("> ", style="bold cyan") + Text(question))
            for params in connection.prompt(session, question):
                view.show(params)
            view.end()
            console.print()


async def main() -> None:
    """Start a daemon in a throw-away home, talk with it, write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        home, vault = Path(folder) / "home", Path(folder) / "vault"
        make_from_template(vault)
        register_vault(home, vault)
        console = Console(record=True, width=88, file=io.StringIO(), force_terminal=True, highlight=False)
        async with start_daemon(load_config(home), home, ReaderModel()) as running:
            talk = threading.Thread(target=converse, args=(running.discovery, vault, console))
            talk.start()
            while talk.is_alive():
                await asyncio.sleep(0.05)
        svg = console.export_svg(title="commonplace chat", theme=PAPER)
    without_remote_fonts = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    Path(__file__).with_name("chat.svg").write_text(without_remote_fonts, encoding="utf-8")


asyncio.run(main())
