"""The user's filters on one client: what its turns see of a vault, and what leaves for it."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from commonplace.filters.lens import FilterLens, LineStream
from commonplace.filters.looks import SharedLooks
from commonplace.filters.mask import NOTE, Mask, Stream, placeholder
from commonplace.filters.rule import Rule, parse_rules
from commonplace.server.keys import Grant
from commonplace.server.numbered import Numbered, Update
from commonplace.server.vaults import OpenVault
from commonplace.settings import Config
from commonplace.vault.errors import PathRefused
from commonplace.vault.path import NotePath

Json = Mapping[str, Any]
OWN = "own"
"""What the config calls the clients that come with the daemon's own token."""


_TO_AN_EDITOR = frozenset({"_commonplace/read", "_commonplace/edit"})
"""They leave as they are: an editor writes what they hold into the user's note, which a placeholder would spoil."""


@dataclass(slots=True)
class _Growing:
    """A text of a session that comes in pieces."""

    stream: str
    text: Stream | LineStream
    waiting: Numbered | None = None
    """The last update, kept back as long as a part of the text is: it will carry that part."""
    ready: str = ""
    """What it may carry already."""


class ClientFilters:
    """Everything that leaves for a client goes through ``updates`` or ``message``."""

    def __init__(self, config: Callable[[], Config], grant: Grant, looks: SharedLooks) -> None:
        self._config = config
        self._looks = looks
        self._client = grant.name or OWN
        self._asked: dict[str, tuple[Rule, ...]] = {}
        self._lenses: dict[Path, FilterLens] = {}
        self._vault_of: dict[str, Path] = {}
        self._growing: dict[str, _Growing] = {}
        self._mask = Mask(self.rules())

    def rules(self, session: str | None = None) -> tuple[Rule, ...]:
        """The client's rules as the config has them now, and those that it gave in the session, or in any."""
        asked = self._asked.values() if session is None else [self._asked.get(session, ())]
        rules = (*self._config().rules_for(self._client), *(rule for each in asked for rule in each))
        return tuple(dict.fromkeys(rules))

    def ask(self, session: str, texts: Sequence[str]) -> None:
        """Take the rules that came with a prompt; they hold for the session until its next prompt.

        Raises:
            RuleError: one is none.

        """
        self._asked[session] = parse_rules(texts)

    def renew(self) -> None:
        """Take the rules as the config has them now, whatever vault is looked at."""
        self._mask = Mask(self.rules())

    async def seen(self, vault: OpenVault, session: str | None = None) -> OpenVault:
        """The vault as the client's turns see it, with a fresh look at what the rules name in it."""
        if session is not None:
            self._vault_of[session] = vault.root
        return await asyncio.to_thread(self.seen_now, vault, session)

    def seen_now(self, vault: OpenVault, session: str | None = None) -> OpenVault:
        """As ``seen``, for a thread that may wait for the look."""
        every = self.rules()
        self._mask = Mask(every)
        if not every:
            self._lenses.pop(vault.root, None)
            return vault
        leaving = self._lens(self._lenses.get(vault.root), every, vault)
        leaving.look()
        self._lenses[vault.root] = leaving
        rules = self.rules(session)
        if rules == every:
            return vault.seen_through(leaving)
        if not rules:
            return vault
        lens = self._lens(None, rules, vault)
        lens.look()
        return vault.seen_through(lens)

    def begin_after(self, session: str, before: Numbered | None) -> None:
        """The client comes back in the middle of a text; ``before`` is the part that it is not told again."""
        self._growing.pop(session, None)
        if before is not None:
            growing = self._grow(before)
            growing.text.feed(before.update.text)

    def update(self, numbered: Numbered) -> Iterator[Json]:
        """An update as it may leave; a piece of a text may wait for the next one."""
        if self.idle:
            yield _update(numbered)
            return
        growing = self._growing.get(numbered.session)
        if growing is not None and growing.stream != numbered.update.stream:
            yield from self._finished(numbered.session)
            growing = None
        if numbered.update.stream is None:
            yield cast("Json", self._leaving(_update(numbered), self._lens_of(numbered.session)))
            return
        growing = growing or self._grow(numbered)
        text = growing.text.feed(numbered.update.text)
        if growing.waiting is not None:
            yield _carrying(growing.waiting, growing.ready + text)
            text = ""
        growing.waiting, growing.ready = numbered, text
        if not growing.text.holds:
            yield _carrying(numbered, text)
            growing.waiting, growing.ready = None, ""

    def message(self, message: Json) -> Json:
        """Any other message as it may leave."""
        if self.idle or message.get("method") in _TO_AN_EDITOR:
            return message
        params: object = message.get("params")
        session = cast("Json", params).get("sessionId") if isinstance(params, Mapping) else None
        lenses = [self._lens_of(session)] if isinstance(session, str) else [*self._lenses.values()]
        left: object = message
        for lens in lenses or [None]:
            left = self._leaving(left, lens)
        return cast("Json", left)

    @property
    def idle(self) -> bool:
        """Whether everything leaves as it is."""
        return self._mask.hides_nothing and not self._lenses

    def _lens(self, known: FilterLens | None, rules: Sequence[Rule], vault: OpenVault) -> FilterLens:
        looks = self._looks.of(rules, vault.memory)
        return known if known is not None and known.looks is looks else FilterLens(looks)

    def _lens_of(self, session: str) -> FilterLens | None:
        root = self._vault_of.get(session)
        return None if root is None else self._lenses.get(root)

    def _grow(self, numbered: Numbered) -> _Growing:
        lens = self._lens_of(numbered.session)
        mask = self._mask if lens is None else lens.mask
        kind = numbered.update.update["sessionUpdate"]
        if lens is not None and kind == "tool_call_update":
            text = LineStream(lens)
        else:
            text = mask.stream(is_reply=kind == "agent_message_chunk")
        growing = _Growing(numbered.update.stream or "", text)
        self._growing[numbered.session] = growing
        return growing

    def _finished(self, session: str) -> Iterator[Json]:
        growing = self._growing.pop(session)
        if growing.waiting is not None:
            yield _carrying(growing.waiting, growing.ready + growing.text.end())

    def _leaving(self, value: object, lens: FilterLens | None, key: str = "") -> object:
        match value:
            case str():
                return self._text(value, lens, key)
            case list():
                return [self._leaving(item, lens, key) for item in cast("list[object]", value)]
            case dict():
                inner = cast("dict[str, object]", value)
                if lens is not None and _is_of_hidden(inner, lens):
                    return {name: _blanked(item, name) for name, item in inner.items()}
                is_prose = inner.get("type") == "text"
                return {name: self._leaving(item, lens, "prose" if is_prose else name) for name, item in inner.items()}
            case _:
                return value

    def _text(self, text: str, lens: FilterLens | None, key: str) -> str:
        mask = self._mask if lens is None else lens.mask
        if key in _NAMES_OF_THINGS:
            return text
        if key == "reply":
            return mask.refusal(text) or mask.text(text)
        if lens is None:
            return mask.text(text)
        if key in ("path", "uri"):
            folder = f"{lens.root}/"
            return folder + mask.text(text.removeprefix(folder)) if text.startswith(folder) else mask.text(text)
        if key == "title":
            return lens.named(text)
        if key == "diff":
            return text[:1] + lens.said(text[1:])
        return lens.said(text) if key in _OF_NOTES else mask.text(text)


_OF_NOTES = frozenset(["oldText", "newText", "result", "code", "code_delta", "text", "written", "now", "wanted"])
"""Texts that hold lines of notes."""
_NAMES_OF_THINGS = frozenset(
    """jsonrpc id method sessionId toolCallId sessionUpdate type kind status optionId turn turns session question
    prompt_id plan updatedAt currentModeId modeId stopReason reason outcome access mode version protocolVersion vault
    cwd model rule names removed phase undone_by undoes repair nextCursor change writer memory""".split()  # noqa: SIM905  # as a text they can be read
)
"""Keys whose values are the protocol's, not anybody's words."""


def _update(numbered: Numbered) -> Json:
    return {"jsonrpc": "2.0", "method": "session/update", "params": numbered.params()}


def _carrying(numbered: Numbered, text: str) -> Json:
    update: Update = replace(numbered.update, text=text)
    return _update(replace(numbered, update=update))


def _is_of_hidden(told: Mapping[str, object], lens: FilterLens) -> bool:
    """Whether an object is about a note that the lens hides."""
    path = told.get("path")
    if not isinstance(path, str) or not path:
        return False
    try:
        named = NotePath.parse(path.removeprefix(f"{lens.root}/"))
        return lens.hides(named) or lens.hid(named)
    except PathRefused:
        return False


def _blanked(value: object, key: str) -> object:
    match value:
        case str():
            return value if key in _NAMES_OF_THINGS else placeholder(NOTE)
        case list():
            return [_blanked(item, key) for item in cast("list[object]", value)]
        case dict():
            return {name: _blanked(item, name) for name, item in cast("dict[str, object]", value).items()}
        case _:
            return value
