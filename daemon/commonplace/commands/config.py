"""``config``: every setting and where it came from; set one, unset one."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commonplace.clients.plain import printable
from commonplace.commands.common import say
from commonplace.home import home_folder

if TYPE_CHECKING:
    from commonplace.config_sources import Setting

_READ_AT_START = ("daemon.port",)

KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="Such as model.name.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands, below ``config``."""
    config = typer.Typer(
        rich_markup_mode=None,
        help="Show every setting and where it came from; change one.",
        invoke_without_command=True,
    )
    config.callback(epilog="Example: commonplace config --json")(show)
    config.command("path")(path)
    config.command("set", epilog="Example: commonplace config set model.backend openai")(set_one)
    config.command("unset", epilog="Example: commonplace config unset model.name")(unset)
    app.add_typer(config, name="config")


def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """Show every setting and where it came from: flag, environment, file or default."""
    if context.invoked_subcommand is not None:
        return
    from commonplace.config_sources import explain_config

    daemon = _status_of_daemon()
    settings = explain_config(home_folder(), daemon.get("flags", {}))
    in_daemon = daemon.get("settings", {})
    differs = {each.key: in_daemon[each.key] for each in settings if in_daemon.get(each.key, each.value) != each.value}
    if as_json:
        print(json.dumps([_as_json(setting, differs) for setting in settings], indent=2, ensure_ascii=False))
        return
    keys = max(len(setting.key) for setting in settings)
    values = max(len(_text(setting.value)) for setting in settings)
    for setting in settings:
        came_from = f"{setting.source} {setting.detail}".strip()
        other = f" (the running daemon has {_text(differs[setting.key])})" if setting.key in differs else ""
        print(printable(f"{setting.key:{keys}}  {_text(setting.value):{values}}  {came_from}{other}"))
    if differs:
        say("The daemon that runs was started with other settings and keeps to them. Type: commonplace restart")


def path() -> None:
    """Print the path of config.toml."""
    from commonplace.config import config_file

    print(config_file(home_folder()))


def set_one(key: KeyArgument, value: Annotated[str, typer.Argument(metavar="VALUE")]) -> None:
    """Set a value in config.toml; comments and order stay."""
    from commonplace.config_edit import set_value

    set_value(home_folder(), key, value)
    later = " It holds from the daemon's next start on. Type: commonplace restart" if key in _READ_AT_START else ""
    print(printable(f"Set {key} to {value}.{later}"))


def unset(key: KeyArgument) -> None:
    """Take a value out of config.toml; its default holds again."""
    from commonplace.config_edit import unset_value

    if not unset_value(home_folder(), key):
        print(f"{key} does not stand in config.toml.")


def _status_of_daemon() -> dict[str, Any]:
    """What the daemon that runs now says of itself; nothing where none runs."""
    from commonplace.clients import launch

    connection = launch.connect_to_running(home_folder())
    if connection is None:
        return {}
    with connection:
        return dict(connection.status())


def _as_json(setting: "Setting", differs: Mapping[str, Any]) -> dict[str, Any]:
    told = {"key": setting.key, "value": setting.value, "source": setting.source, "where": setting.detail}
    return {**told, "daemon": differs[setting.key]} if setting.key in differs else told


def _text(value: object) -> str:
    if value is None:
        return "-"
    return str(value).lower() if isinstance(value, bool) else str(value) or '""'
