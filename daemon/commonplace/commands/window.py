"""``window``: the chat in a window of its own, or in the browser."""

from typing import Annotated

import typer

from commonplace.commands.common import VaultOption, choose_vault, say
from commonplace.home import home_folder


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: commonplace window --browser")(window)


def window(
    vault: VaultOption = None,
    browser: Annotated[bool, typer.Option("--browser", help="Open the same chat in your browser.")] = False,
    code: Annotated[
        bool, typer.Option("--code", help="Print a code that lets an open page in; it is good once, for a minute.")
    ] = False,
) -> None:
    """Talk with your vault in a window of its own."""
    from commonplace.clients import launch
    from commonplace.clients.window import load_webview, show_window

    home = home_folder()
    if not (browser or code):
        load_webview()
    chosen = choose_vault(home, vault)
    with launch.connect(home, say) as connection:
        if code:
            opening = connection.open_page(chosen)
            say(f"For the page at {str(opening['address']).partition('#')[0]}, once, within a minute:")
            print(opening["code"])
        elif browser:
            _open_browser(str(connection.open_page(chosen, file=True)["file"]))
        else:
            show_window(home, connection, chosen)


def _open_browser(file: str) -> None:
    """Lead the browser there by a file: its arguments are everybody's to read, and the code is not."""
    import webbrowser
    from pathlib import Path

    if webbrowser.open(Path(file).as_uri()):
        say("The chat opens in your browser. If it does not, type: commonplace window --code")
    else:
        say(f"No browser was found here. Within a minute, open this file in one: {file}")
