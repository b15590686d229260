"""Changing one value of config.toml, with the rest of the file as it was."""

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import tomlkit
from filelock import FileLock
from tomlkit.exceptions import ParseError

from commonplace.config import ConfigError, Layers, checked, config_file
from commonplace.home import make_private_folder, write_private_file
from commonplace.settings import Config


def set_value(home: Path, key: str, text: str) -> None:
    """Set ``key``, such as ``model.name``, to the text: as TOML if that is what the setting takes.

    Raises:
        ConfigError: there is no such setting, or it cannot have that value; the file is as it was.

    """
    parts = _parts(key)
    if parts[-1] == "api_key":
        raise ConfigError(
            "A key that is typed here stays in the shell's history. Name the variable that holds it: "
            "commonplace config set model.api_key_env OPENAI_API_KEY"
        )
    with _locked(home):
        refusal: ConfigError | None = None
        for value in _readings(text):
            document = _document(home)
            _table(document, parts[:-1])[parts[-1]] = value
            try:
                _write(home, document)
            except ConfigError as error:
                refusal = error
            else:
                return
        assert refusal is not None
        raise refusal


def set_texts(home: Path, texts: Mapping[str, str | None]) -> None:
    """Set several keys to texts in one write; None takes a key out.

    Raises:
        ConfigError: they make no config that can be used; the file is as it was.

    """
    with _locked(home):
        document = _document(home)
        for key, text in texts.items():
            *outer, last = _parts(key)
            table = _table(document, outer)
            if text is not None:
                table[last] = text
            elif last in table:
                del table[last]
        _write(home, document)


def unset_value(home: Path, key: str) -> bool:
    """Take ``key`` out of the file, so that its default holds again; False if it was not there.

    A file that cannot be used is mended so, one key after another.

    Raises:
        ConfigError: the file cannot be used without it; it is as it was.

    """
    parts = _parts(key)
    with _locked(home):
        document: Any = _document(home)
        table = document
        could_be_used = _can_be_used(home, document)
        for part in parts[:-1]:
            table = table.get(part, {})
        if parts[-1] not in table:
            return False
        del table[parts[-1]]
        if parts[0] not in Config.model_fields and not document.get(parts[0], True):
            del document[parts[0]]
        if could_be_used:
            _write(home, document)
        else:
            write_private_file(config_file(home).resolve(), tomlkit.dumps(document))
        return True


def move_vault(home: Path, name: str, path: Path) -> None:
    """Tell where the folder of a registered vault is now; its name and its memory's folder stay.

    The daemon learns of it by ``follow_moves``.

    Raises:
        ConfigError: no vault has that name, or another one is there; the file is as it was.

    """
    path = path.expanduser().resolve()
    with _locked(home):
        document = _document(home)
        vaults = _vaults_with(document, name)
        for other, entry in vaults.items():
            if other != name and Path(entry["path"]).expanduser().resolve() == path:
                raise ConfigError(f"{path} is registered as {other!r}. Type: commonplace vault remove {other!r}")
        before = Path(vaults[name]["path"]).expanduser().resolve()
        vaults[name]["path"] = str(path)
        told = _moves(home)
        _write_moves(home, [*told, (before, path)])
        try:
            _write(home, document)
        except BaseException:
            _write_moves(home, told)
            raise


def follow_moves(home: Path, carry: Callable[[Path, Path], None]) -> None:
    """Call ``carry`` with the old and new folder of each vault that was moved since the last call, in order.

    Where it raises, all are told again next time.
    """
    if _moves_file(home).exists():
        with _locked(home):
            for old, new in _moves(home):
                carry(old, new)
            _write_moves(home, [])


def _moves_file(home: Path) -> Path:
    return home / "moves.json"


def _moves(home: Path) -> list[tuple[Path, Path]]:
    try:
        return [(Path(old), Path(new)) for old, new in json.loads(_moves_file(home).read_text(encoding="utf-8"))]
    except (FileNotFoundError, ValueError):
        return []


def _write_moves(home: Path, moves: Sequence[tuple[Path, Path]]) -> None:
    if moves:
        write_private_file(_moves_file(home), json.dumps([[str(old), str(new)] for old, new in moves]))
    else:
        _moves_file(home).unlink(missing_ok=True)


def remove_vault(home: Path, name: str) -> str | None:
    """Register a vault no more; its notes stay. The name of the default vault from now on.

    Raises:
        ConfigError: no vault has that name; the file is as it was.

    """
    with _locked(home):
        document: Any = _document(home)
        vaults = _vaults_with(document, name)
        del vaults[name]
        if document.get("default_vault") == name:
            del document["default_vault"]
            if vaults:
                document["default_vault"] = str(next(iter(vaults)))
        _write(home, document)
        return str(document["default_vault"]) if "default_vault" in document else None


def _vaults_with(document: Any, name: str) -> Any:
    vaults = document.get("vaults", {})
    if name not in vaults:
        near = get_close_matches(name, list(vaults), n=1)
        meant = f"; did you mean {near[0]!r}?" if near else ". Type: commonplace vault list"
        raise ConfigError(f"No vault is registered as {name!r}{meant}")
    return vaults


def add_filter(home: Path, rule: str, *, complete: bool = False, clients: Iterable[str] = ()) -> bool:
    """Add a rule to ``[[filters]]``; False if it stands there already for these clients, so that nothing was added.

    Raises:
        ConfigError: it is none, or the file cannot be used; the file is as it was.

    """
    entry = tomlkit.table()
    entry["rule"] = rule
    if complete:
        entry["complete"] = True
    if named := sorted(set(clients)):
        entry["clients"] = named
    with _locked(home):
        document = _document(home)
        standing: Any = document.setdefault("filters", tomlkit.aot())
        if any(each == entry for each in standing):
            return False
        standing.append(entry)
        _write(home, document)
        return True


def remove_filter(home: Path, number: int) -> str:
    """Take the rule of that number, from 1, out of the file; its words.

    Raises:
        ConfigError: there is none of that number.

    """
    with _locked(home):
        document: Any = _document(home)
        standing: Any = document.get("filters", [])
        if not 1 <= number <= len(standing):
            raise ConfigError(f"There is no filter {number}. Type: commonplace filter list")
        removed = str(standing[number - 1]["rule"])
        del standing[number - 1]
        if not standing:
            del document["filters"]
        _write(home, document)
        return removed


def _parts(key: str) -> list[str]:
    """The key's parts as TOML reads them: ``vaults."my notes".path`` has three."""
    try:
        inner: Any = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        raise ConfigError(f"{key!r} is no key. Type: commonplace config") from None
    parts: list[str] = []
    while isinstance(inner, dict):
        name, inner = next(iter(cast("dict[str, Any]", inner).items()))
        parts.append(name)
    return parts


def _readings(text: str) -> Iterable[Any]:
    """What the text may mean: a number or true, else itself."""
    with suppress(ParseError, ValueError):
        yield tomlkit.value(text)
    yield text


def _locked(home: Path) -> FileLock:
    make_private_folder(home)
    return FileLock(home / "config.lock")


def _document(home: Path) -> tomlkit.TOMLDocument:
    file = config_file(home)
    try:
        return tomlkit.parse(file.read_text(encoding="utf-8-sig")) if file.exists() else tomlkit.document()
    except ParseError as error:
        raise ConfigError(f"{file} is not valid TOML: {error}. Correct that line.") from None


def _table(document: tomlkit.TOMLDocument, parts: Iterable[str]) -> Any:
    table: Any = document
    for part in parts:
        if not isinstance(table.get(part), dict):
            table[part] = tomlkit.table()
        table = table[part]
    return table


def _can_be_used(home: Path, document: tomlkit.TOMLDocument) -> bool:
    try:
        checked(home, Layers({}, {}, tomllib.loads(tomlkit.dumps(document))))
    except ConfigError:
        return False
    return True


def _write(home: Path, document: tomlkit.TOMLDocument) -> None:
    """Write the document if it is a config that can be used."""
    text = tomlkit.dumps(document)
    checked(home, Layers({}, {}, tomllib.loads(text)))
    write_private_file(config_file(home).resolve(), text)
