"""Python's types as TypeScript's: dataclasses and TypedDicts as interfaces, with what their docstrings say."""

import ast
import inspect
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

_PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null"}


def interfaces(types: Iterable[type]) -> str:
    """An interface for each type, in their order."""
    return "\n".join(map(_interface, types))


def _interface(made: type) -> str:
    lines = [_comment("", inspect.getdoc(made) or ""), f"export interface {made.__name__} {{"]
    said = _said(made)
    optional: frozenset[str] = getattr(made, "__optional_keys__", frozenset())
    for name, hint in get_type_hints(made).items():
        if name in said:
            lines.append(_comment("  ", said[name]))
        lines.append(f"  readonly {name}{'?' if name in optional else ''}: {_type(hint)};")
    return "\n".join([*lines, "}", ""])


def _type(hint: Any) -> str:
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, given = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " | ".join(map(_type, given))
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in given)
    if origin in (list, Sequence):
        inner = _type(given[0])
        return f"readonly ({inner})[]" if "|" in inner else f"readonly {inner}[]"
    if origin in (dict, Mapping):
        return f"Readonly<Record<{_type(given[0])}, {_type(given[1])}>>"
    assert is_typeddict(hint) or hasattr(hint, "__dataclass_fields__"), f"no TypeScript is known for {hint}"
    return hint.__name__


def _said(made: type) -> Mapping[str, str]:
    """What stands below each field."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(made))).body
    assert isinstance(body, ast.ClassDef)
    said: dict[str, str] = {}
    for field, text in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            assert isinstance(field.target, ast.Name)
            said[field.target.id] = ast.literal_eval(text.value)
    return said


def _comment(indent: str, text: str) -> str:
    lines = text.replace("``", "`").strip().split("\n")
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */"
    return "\n".join([f"{indent}/**", *(f"{indent} * {line}".rstrip() for line in lines), f"{indent} */"])
