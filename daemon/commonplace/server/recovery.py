"""Closing the turns that a crash of the daemon left open: said to be interrupted, with what they had written."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from commonplace.agent.events import TurnEnded
from commonplace.models.base import Message
from commonplace.server.log import EventLog, one_row
from commonplace.server.numbered import Numbered, Update, joined
from commonplace.server.protocol import Translator
from commonplace.server.records import Records, TurnRecord, end_turn, keep_session
from commonplace.vault.journal import Journal

logger = logging.getLogger(__name__)

_ADVICE = "Ask again; nothing was run a second time."
_ADVICE_AFTER_WRITES = "Look at those notes, then ask again; nothing was run a second time."


def close_open_turns(log: EventLog, records: Records, journal: Journal) -> int:
    """Give every turn without an end the end "interrupted"; how many there were."""
    turns = records.open_turns()
    for turn in turns:
        record = records.session(turn.session)
        if record is None:
            continue
        said = _said(log, turn)
        written = _written(journal, Path(record.vault), turn)
        told = _told(written)
        reply = "".join(one.update.text for one in said if _kind(one) == "agent_message_chunk")
        ended = interrupted(reply, written)
        end = Translator(turn.name, Path(record.vault)).ended(ended, title=record.title)
        updates = [*_closing(said), end]
        seq = said[-1].seq if said else turn.first
        numbered = [Numbered(turn.session, seq + place, update) for place, update in enumerate(updates, 1)]
        messages = [
            Message("user", turn.question),
            Message("assistant", f"<python></python>\n\n<reply>\n(I was stopped before the answer. {told})\n</reply>"),
        ]
        ending = [
            keep_session(replace(record, updated=records.now())),
            end_turn(turn.session, turn.number, ended, messages),
            *(statement for run in said if run.sizes for statement in one_row([run])),
        ]
        for one in numbered:
            log.append(one, statements=ending if one is numbered[-1] else ())
        logger.warning("turn %s was interrupted by the end of the daemon", turn.name)
    log.flush()
    return len(turns)


def interrupted(reply: str, written: Sequence[str]) -> TurnEnded:
    """The end of a turn that the daemon's own end has cut, with the notes that it had changed."""
    told = f"The daemon ended in the middle of this turn. {_told(written)}"
    return TurnEnded("interrupted", reply, told, _ADVICE_AFTER_WRITES if written else _ADVICE)


def _said(log: EventLog, turn: TurnRecord) -> list[Numbered]:
    """All updates of the turn, deltas joined."""
    said: list[Numbered] = []
    while page := log.read(turn.session, said[-1].seq if said else turn.first - 1):
        said += page
    return list(joined(said))


def _written(journal: Journal, root: Path, turn: TurnRecord) -> list[str]:
    journaled = journal.turn(root, turn.name)
    return sorted(path for path, _, _ in journaled.net()) if journaled else []


def _told(written: Sequence[str]) -> str:
    return f"By then it had changed {', '.join(written)}." if written else "It had changed no note."


def _closing(said: Sequence[Numbered]) -> list[Update]:
    """What ends the steps and the question that stand open."""
    calls: dict[str, Update] = {}
    questions: dict[str, Update] = {}
    for one in said:
        update, meta = one.update.update, one.update.meta
        call = update.get("toolCallId")
        if call is not None and update.get("status") in ("completed", "failed"):
            calls.pop(call, None)
        elif call is not None:
            failed = {"sessionUpdate": "tool_call_update", "toolCallId": call, "status": "failed"}
            calls[call] = Update({**failed, "rawOutput": {"result": "(interrupted)"}}, {"turn": meta["turn"]})
        permission = meta.get("permission")
        if permission is not None and permission["outcome"] is None:
            answer = {"turn": meta["turn"], "permission": {**permission, "outcome": "cancelled"}}
            questions[permission["question"]] = Update(update, answer)
        elif permission is not None:
            questions.pop(permission["question"], None)
    return [*questions.values(), *calls.values()]


def _kind(one: Numbered) -> str:
    return one.update.update["sessionUpdate"]
