"""``filter``: what may not be told, to every client or to one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commonplace.clients.plain import printable
from commonplace.home import home_folder

if TYPE_CHECKING:
    from commonplace.filters.lens import FilterLens
    from commonplace.filters.rule import Rule
    from commonplace.settings import VaultConfig

RuleArgument = Annotated[str, typer.Argument(metavar="RULE", help='In your words, such as "do not tell my phone".')]
ClientOption = Annotated[
    list[str] | None,
    typer.Option("--client", help='For one client: its token\'s name, "mcp", "acp", or "own" for yours; repeatable.'),
]
CompleteOption = Annotated[
    bool, typer.Option("--complete", help="Refuse an answer that would tell it; else it is masked in its place.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands, below ``filter``."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What may not be told.")
    group.command("add", epilog='Example: commonplace filter add "do not tell my phone number" --client mcp')(add)
    group.command("list", epilog="Example: commonplace filter list")(list_all)
    group.command("remove", epilog="Example: commonplace filter remove 2")(remove)
    group.command("test", epilog='Example: commonplace filter test "no phone numbers" --text "Call 555 0100"')(test)
    app.add_typer(group, name="filter")


def add(rule: RuleArgument, client: ClientOption = None, complete: CompleteOption = False) -> None:
    """Add a rule; it holds from the next question on."""
    from commonplace.config import load_config
    from commonplace.config_edit import add_filter
    from commonplace.filters.describe import found_by, named_by
    from commonplace.filters.rule import parse_rule

    parsed = parse_rule(rule, complete=complete)
    if not add_filter(home_folder(), parsed.text, complete=complete, clients=client or []):
        print("This rule stands already; nothing was added.")
    print(printable(named_by(parsed)))
    chosen = load_config(home_folder()).chosen_vault()
    if chosen is not None and chosen.path.expanduser().is_dir() and not parsed.rests_on_the_model:
        print(found_by(parsed, _lens(parsed, chosen)))
    if unknown := [name for name in client or [] if name not in _known_clients()]:
        print(
            printable(
                f"No client is called {' or '.join(map(repr, unknown))} now, so it holds for none until one is. "
                "Type: commonplace token list"
            )
        )


def list_all() -> None:
    """List the rules, for whom they hold, and what each names."""
    from commonplace.config import load_config
    from commonplace.filters.describe import named_by
    from commonplace.filters.rule import parse_rule

    filters = load_config(home_folder()).filters
    if not filters:
        print('There is no filter. Type: commonplace filter add "do not tell my phone number"')
    for number, each in enumerate(filters, start=1):
        print(printable(f"{number}  {each.rule}  (for {', '.join(each.clients) or 'every client'})"))
        print(printable(f"   {named_by(parse_rule(each.rule, complete=each.complete))}"))


def remove(number: Annotated[int, typer.Argument(metavar="NUMBER", help="As `filter list` shows it.")]) -> None:
    """Take a rule out."""
    from commonplace.config_edit import remove_filter

    print(printable(f"Removed: {remove_filter(home_folder(), number)}"))


def test(
    rule: RuleArgument,
    text: Annotated[str | None, typer.Option("--text", help="Show what of this text would be told.")] = None,
    vault: Annotated[str | None, typer.Option("--vault", help="A vault's folder or registered name.")] = None,
    complete: CompleteOption = False,
) -> None:
    """Show what a rule withholds, without adding it."""
    from commonplace.config import load_config
    from commonplace.filters.describe import found_by, named_by
    from commonplace.filters.mask import Mask
    from commonplace.filters.rule import parse_rule

    parsed = parse_rule(rule, complete=complete)
    print(printable(named_by(parsed)))
    config = load_config(home_folder())
    chosen = config.vault_named(vault) if vault else config.chosen_vault()
    mask = Mask([parsed])
    if chosen is not None:
        lens = _lens(parsed, chosen)
        mask = lens.mask
        if not parsed.rests_on_the_model:
            print(found_by(parsed, lens))
    if text is not None:
        print(printable(_told(parsed, mask.refusal(text), mask.text(text))))


def _told(rule: "Rule", refusal: str | None, masked: str) -> str:
    return refusal if rule.complete and refusal is not None else masked


def _lens(rule: "Rule", chosen: "VaultConfig") -> "FilterLens":
    """A vault as it is seen under the rule alone."""
    from commonplace.filters.lens import FilterLens
    from commonplace.filters.looks import Looks
    from commonplace.vault.memory import Memory
    from commonplace.vault.notes import Vault

    lens = FilterLens(Looks([rule], Memory(Vault(Path(chosen.path).expanduser()), chosen.memory)))
    lens.look()
    return lens


def _known_clients() -> set[str]:
    from commonplace.tokens import read_tokens

    return {"own", "mcp", "acp", *(token.name for token in read_tokens(home_folder()))}
