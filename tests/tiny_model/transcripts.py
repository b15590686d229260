"""What the tiny model is taught: whole conversations, in the form of the mem-agent contract."""

from collections.abc import Mapping
from dataclasses import dataclass

Files = Mapping[str, str]


@dataclass(frozen=True)
class Turn:
    """A question and what the model says to it, output by output."""

    question: str
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Conversation:
    """Turns of one session on a vault of these notes."""

    files: Files
    turns: tuple[Turn, ...]


USER = """# User Information
- user_name: Mirela Brandt
- birth_date: 1999-10-08
- birth_location: Gdansk, Poland
- living_location: Ghent, Belgium
- zodiac_sign: Libra

## User Relationships
- employer: [[entities/dria.md]]
"""
DRIA = """# Dria
- industry: AI infrastructure
- contract: full-time, since 2024
- location: San Francisco
"""
WALKTHROUGH_FILES = {"user.md": USER, "entities/dria.md": DRIA}


def looks(thought: str, code: str) -> str:
    """An output that runs a block."""
    return f"<think>\n{thought}\n</think>\n\n<python>\n{code}\n</python>"


def says(thought: str, reply: str) -> str:
    """An output that replies."""
    return f"<think>\n{thought}\n</think>\n\n<python></python>\n\n<reply>\n{reply}\n</reply>"


WALKTHROUGH = Conversation(
    WALKTHROUGH_FILES,
    (
        Turn(
            "What is my exact job title in my contract with my employer?",
            (
                looks(
                    "The employer's note may say it.",
                    'user = read_file("user.md")\nemployer = read_file("entities/dria.md")',
                ),
                says("No title stands there.", "Your notes name no job title. What is your exact job title?"),
            ),
        ),
        Turn(
            'My job title is "AI Researcher", can you add that please',
            (
                looks(
                    "I add it as the last fact.",
                    'added = update_file("user.md", "- zodiac_sign: Libra", '
                    '"- zodiac_sign: Libra\\n- job_title: AI Researcher")',
                ),
                says("It stands there now.", "I have added your job title: AI Researcher."),
            ),
        ),
        Turn(
            "What is my job title?",
            (
                looks("I look at user.md.", 'user = read_file("user.md")'),
                says("It is there.", "Your job title is AI Researcher."),
            ),
        ),
    ),
)
FRESH_SESSION = Conversation(
    {**WALKTHROUGH_FILES, "user.md": USER.replace("Libra\n", "Libra\n- job_title: AI Researcher\n")},
    (WALKTHROUGH.turns[2],),
)
CONVERSATIONS = (WALKTHROUGH, FRESH_SESSION)
