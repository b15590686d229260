"""Python that models commonly write and Monty 1.4.0 refuses, rewritten or helped with a prelude.

Nothing is done to a block that does not need it: ``ast.unparse`` moves the lines of a traceback, and the
prelude costs about a millisecond.
"""

import ast
from dataclasses import dataclass

PRELUDE = """
def map(_function, *_iterables):
    return [_function(*_items) for _items in zip(*_iterables)]
def filter(_function, _iterable):
    return [_item for _item in _iterable if (_item if _function is None else _function(_item))]
def sorted(_iterable, *, key=None, reverse=False):
    _items = list(_iterable)
    if key is not None:
        _keyed = [(key(_item), _index) for _index, _item in enumerate(_items)]
        _keyed = [(_pair[0], -_pair[1] if reverse else _pair[1]) for _pair in _keyed]
        _keyed.sort(reverse=reverse)
        return [_items[abs(_pair[1])] for _pair in _keyed]
    _items.sort(reverse=reverse)
    return _items
def max(*_values, key=None, default=None):
    _items = list(_values[0]) if len(_values) == 1 else list(_values)
    if not _items:
        return default
    return sorted(_items, key=key, reverse=True)[0]
def min(*_values, key=None, default=None):
    _items = list(_values[0]) if len(_values) == 1 else list(_values)
    if not _items:
        return default
    return sorted(_items, key=key)[0]
"""

NEXT_PRELUDE = """
def next(_iterator, *_default):
    for _item in _iterator:
        return _item
    if _default:
        return _default[0]
    raise StopIteration()
"""

_TAKES_FUNCTION = frozenset({"map", "filter", "sorted", "max", "min"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A block ready to be fed: what to feed first, if anything, and the code."""

    prelude: str
    code: str


def prepare(code: str, tools: frozenset[str]) -> Prepared:
    """Look at the block once and rewrite what Monty would refuse; code that does not parse is left to Monty."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Prepared("", code)
    needs = _Needs(tools)
    try:
        needs.visit(tree)
        if needs.rewrite:
            code = ast.unparse(ast.fix_missing_locations(_Rewrite().visit(tree)))
    except RecursionError:
        return Prepared("", code)
    return Prepared(needs.prelude, code)


class _Needs(ast.NodeVisitor):
    """What of the shim the block needs."""

    def __init__(self, tools: frozenset[str]) -> None:
        self._callbacks = set(tools)
        self.rewrite = False
        self._functional = False
        self._next = False

    @property
    def prelude(self) -> str:
        return (PRELUDE if self._functional else "") + (NEXT_PRELUDE if self._next else "")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._callbacks.add(node.name)
        self.generic_visit(node)

    def visit_Delete(self, node: ast.Delete) -> None:
        self.rewrite = True
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.rewrite |= any(alias.name in _MODULES for alias in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.rewrite |= node.module in _MODULES

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.rewrite |= isinstance(node.value, ast.Name) and node.value.id == "str"
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self.rewrite |= node.id == "callable"

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            handed = [*node.args, *(keyword.value for keyword in node.keywords)]
            if node.func.id in _TAKES_FUNCTION:
                self._functional |= any(self._may_suspend(argument) for argument in handed)
            self._next |= node.func.id == "next" and any(isinstance(a, ast.GeneratorExp) for a in handed)
        self.generic_visit(node)

    def _may_suspend(self, argument: ast.expr) -> bool:
        """Whether the argument is a function that may call a tool, which Monty's own builtins cannot await."""
        if isinstance(argument, ast.Name):
            return argument.id in self._callbacks
        return isinstance(argument, ast.Lambda) and any(
            isinstance(node, ast.Name) and node.id in self._callbacks for node in ast.walk(argument.body)
        )


_MODULES = {
    "string": {
        "ascii_lowercase": "abcdefghijklmnopqrstuvwxyz",
        "ascii_uppercase": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ascii_letters": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "digits": "0123456789",
        "punctuation": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
        "whitespace": " \t\n\r\x0b\x0c",
    }
}
"""Modules that Monty lacks and that are no more than constants."""


class _Rewrite(ast.NodeTransformer):
    """``del``, ``str.lower`` as a value, ``callable`` and ``string`` in words that Monty knows."""

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        return [self._without(target) for target in node.targets]

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and isinstance(node.ctx, ast.Load):
            if node.value.id == "str" and node.attr != "join":
                return _expression(f"lambda _text, *_more: _text.{node.attr}(*_more)")
            if node.value.id == "str":
                return _expression("lambda _text, _parts: _text.join(_parts)")
            if constant := _MODULES.get(node.value.id, {}).get(node.attr):
                return ast.Constant(constant)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "callable" and len(node.args) == 1:
            return _expression(
                f"type({ast.unparse(node.args[0])}).__name__ in ('function', 'type', 'builtin_function_or_method')"
            )
        return node

    def visit_Import(self, node: ast.Import) -> ast.stmt:
        node.names = [alias for alias in node.names if alias.name not in _MODULES]
        return node if node.names else ast.Pass()

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt | list[ast.stmt]:
        known = _MODULES.get(node.module or "")
        if known is None:
            return node
        wanted = [(alias.asname or alias.name, known.get(alias.name)) for alias in node.names]
        return [ast.Assign([ast.Name(name, ast.Store())], ast.Constant(value)) for name, value in wanted]

    def _without(self, target: ast.expr) -> ast.stmt:
        if isinstance(target, ast.Subscript):
            if isinstance(target.slice, ast.Slice):
                return ast.Assign([_stored(target)], ast.List([], ast.Load()))
            return ast.Expr(ast.Call(ast.Attribute(_loaded(target.value), "pop", ast.Load()), [target.slice], []))
        if isinstance(target, ast.Name):
            return ast.Assign([ast.Name(target.id, ast.Store())], ast.Constant(None))
        return ast.Pass()


def _stored(target: ast.Subscript) -> ast.Subscript:
    return ast.Subscript(_loaded(target.value), target.slice, ast.Store())


def _loaded(node: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(node), mode="eval").body


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
