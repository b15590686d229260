"""``/start``: at most seven questions for an empty memory, and ``user.md`` written from the answers.

It is a model like any other, so that whoever speaks to the daemon has it, and what it writes is one turn: shown as a
diff, held back in review, undone as a whole. It keeps no state: how far it is stands in the conversation.
"""

import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from commonplace.models.base import Message, Meter

COMMAND = "/start"
SKIP, STOP = "skip", "stop"


@dataclass(frozen=True, slots=True)
class _Asked:
    key: str
    """Of the fact that the answer becomes."""
    question: str
    lead: str = ""
    """What a whole sentence begins with where its end alone is the fact ("I live in Bergen")."""


_I_AM = "I(?: a|['’]?)m"
_QUESTIONS = (
    _Asked("user_name", "What is your name?", rf"my name(?: i|['’])s|{_I_AM}|(?:just )?call me|it['’]s"),
    _Asked("living_location", "Where do you live?", rf"(?:I live|{_I_AM} living|{_I_AM}|living) in|in"),
    _Asked("occupation", "What do you do?", rf"{_I_AM} an?|{_I_AM}|I work as an?|I work as"),
    _Asked("languages", "Which languages do you speak?", "I (?:can )?speak"),
    _Asked("important_people", "Who are the people that matter most to you?"),
    _Asked("current_project", "What are you working on?", rf"{_I_AM} (?:currently )?working on|{_I_AM}"),
    _Asked("answer_style", "How do you like to be answered?"),
)
_TEXTS = tuple(
    f'{number} of {len(_QUESTIONS)}: {asked.question} ("{SKIP}" leaves it out, "{STOP}" ends the questions.)'
    for number, asked in enumerate(_QUESTIONS, 1)
)

_LOOK = """known = False
if check_if_file_exists("user.md"):
    known = "\\n- " in "\\n" + read_file("user.md")"""
_WRITE = """facts = {facts!r}
before = ""
if check_if_file_exists("user.md"):
    before = read_file("user.md").rstrip()
written = create_file("user.md", (before or "# User Information") + "\\n" + facts)"""

_KNOWN = (
    "user.md already holds facts about you, and /start is for an empty memory. "
    "Tell me what has changed, or what is missing, in a sentence of your own."
)
_NOTHING = "Nothing was written: you answered no question. Tell me about yourself whenever you like."
_REFUSED = "user.md was not written, so nothing has changed. Your answers stand above; type /start to try again."


def begins(question: str) -> bool:
    """Whether a prompt asks for the interview."""
    return question.strip() == COMMAND


def under_way(history: Sequence[Message]) -> bool:
    """Whether the last answer was one of the questions."""
    return bool(history) and _question_in(history[-1]) is not None


class InterviewModel:
    """Asks, one question a turn, and writes at the end."""

    name = "interview"

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        """Continue the interview."""
        yield _next(messages)

    async def close(self) -> None:
        """Nothing is held."""


def _next(messages: Sequence[Message]) -> str:
    said = messages[-1].content
    if said.startswith("<result>"):
        return _after_block(messages[-2].content, said)
    if begins(said):
        return _block(_LOOK)
    answers = _answers(messages)
    done = len(answers)
    if done < len(_QUESTIONS) and not _is(said, STOP):
        return _reply(_TEXTS[done])
    given = zip(_QUESTIONS, answers, strict=False)
    facts = "".join(f"- {asked.key}: {_value(asked, answer)}\n" for asked, answer in given if answer)
    return _block(_WRITE.format(facts=facts)) if facts else _reply(_NOTHING)


def _after_block(block: str, result: str) -> str:
    if "written = create_file" not in block:
        return _reply(_KNOWN if "'known': True" in result else _TEXTS[0])
    if "'written': True" not in result:
        return _reply(_REFUSED)
    return _reply("That is in user.md now. It was one turn: undo takes all of it back.")


def _answers(messages: Sequence[Message]) -> list[str]:
    """What was answered to each question so far; a question that was skipped has none."""
    answers: list[str] = []
    for asked, said in pairwise(messages):
        number = _question_in(asked)
        if number is not None and said.role == "user":
            del answers[number:]
            answers.append("" if _is(said.content, SKIP) or _is(said.content, STOP) else _one_line(said.content))
    return answers


def _question_in(message: Message) -> int | None:
    """Which question an answer of ours is."""
    if message.role != "assistant":
        return None
    return next((number for number, text in enumerate(_TEXTS) if f"<reply>\n{text}\n</reply>" in message.content), None)


def _is(said: str, word: str) -> bool:
    return said.strip().strip("/.\"'").casefold() == word


def _one_line(text: str) -> str:
    """An answer as the value of a fact; the user's filters, which stand behind it, are no part of it."""
    return " ".join(text.partition("\n<filter>")[0].split())


def _value(asked: _Asked, answer: str) -> str:
    """The fact in an answer, which may be a whole sentence."""
    told = re.fullmatch(rf"(?:{asked.lead})\s+(?P<value>\S.*?)\.?", answer, re.IGNORECASE) if asked.lead else None
    return told["value"] if told else answer


def _block(code: str) -> str:
    return f"<think></think>\n\n<python>\n{code}\n</python>"


def _reply(text: str) -> str:
    return f"<think></think>\n\n<python></python>\n\n<reply>\n{text}\n</reply>"
