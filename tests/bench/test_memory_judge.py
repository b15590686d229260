"""The judge: the rules that a reply and the notes after an update are held against."""

import pytest

from commonplace.bench.memories.judge import Outcome, Verdict, facts, judge, stands_in
from commonplace.bench.memories.tasks import Task

FILES = {
    "user.md": "# Robin\n- age: 34\n- city: Oslo\n- hobby: rowing\n- friend: [[entities/maya.md]]\n",
    "entities/maya.md": "# Maya\n- job: pilot\n",
}


def asked(answer: str | None) -> Task:
    return Task("m", FILES, "retrieval", "What is my hobby?", 0, answer=answer)


@pytest.mark.parametrize(
    ("answer", "reply", "right"),
    [
        ("rowing", "Your hobby is rowing.", True),
        ("rowing", "Rowing (user.md), and you are in Oslo.", True),
        ("rowing", "rowing, Oslo, pilot", False),
        ("rowing", "Your hobby is growing.", False),
        ("rowing", "Your hobby is rowing." + " Really." * 60, False),
        ("rowing, and chess", "Rowing, chess.", True),
        ("three boats", "You have 3 boats.", True),
        (None, "No note says it. Can you tell me?", True),
        (None, "No note says it.", False),
        (None, "Oslo, or pilot?", False),
    ],
)
def test_a_reply_holds_the_answer_and_little_else(answer: str | None, reply: str, right: bool) -> None:
    assert judge(asked(answer), Outcome(reply, FILES))[0].right is right


DIFF = "==='user.md'===\n--- a\n+++ b\n@@ -1 +1 @@\n-- age: 34\n+- age: 35\n"


def updated(user: str, **others: str) -> list[Verdict]:
    task = Task("m", FILES, "update", "Please update my age to 35.", 0, diff=DIFF)
    return judge(task, Outcome("Done.", FILES | {"user.md": user} | others))


def test_an_update_that_does_what_is_asked_is_right() -> None:
    assert updated(FILES["user.md"].replace("34", "35")) == [Verdict("update stated 0 hop", True)]


@pytest.mark.parametrize(
    "user",
    [
        FILES["user.md"],
        FILES["user.md"].replace("34", "36"),
        FILES["user.md"].replace("34", "35").replace("- city: Oslo\n", ""),
        FILES["user.md"].replace("34", "35") + "- height: 2\n",
        FILES["user.md"].replace("34", "35") + "Something else.\n",
        "- age: 35\n",
    ],
)
def test_an_update_that_does_less_or_more_is_wrong(user: str) -> None:
    assert not updated(user)[0].right


def test_a_touched_other_note_or_a_new_one_makes_it_wrong() -> None:
    good = FILES["user.md"].replace("34", "35")
    assert not updated(good, **{"entities/maya.md": "# Maya\n- job: pilot\n\n"})[0].right
    assert not updated(good, **{"entities/new.md": "# New\n"})[0].right


def test_a_new_entity_must_have_a_title_and_be_the_one_that_is_asked_for() -> None:
    changed = "-- friend: [[entities/maya.md]]\n+- friend: [[ada_ross.md]]\n"
    diff = f"===user.md===\n{changed}===entities/ada_ross.md===\n+# Ada Ross\n+\n"
    task = Task("m", FILES, "update", "Update my friend to Ada Ross.", 1, diff=diff)
    user = FILES["user.md"].replace("entities/maya.md", "entities/ada_ross.md")
    for name, text, right in [
        ("entities/ada_ross.md", "---\naliases: [Ada]\n---\n# Ada Ross\n", True),
        ("entities/ada_ross.md", "- no title: 1\n", False),
        ("entities/somebody.md", "# Ada Ross\n", False),
    ]:
        assert judge(task, Outcome("Done.", FILES | {"user.md": user, name: text}))[0].right is right


def test_an_implied_update_counts_also_by_whether_it_was_asked_about() -> None:
    task = Task("m", FILES, "update", "I turned 35 last week!", 0, diff=DIFF)
    assert judge(task, Outcome("Shall I note that you are 35?", FILES)) == [
        Verdict("update implied 0 hop", False),
        Verdict("implied, asks first", True),
    ]


def test_facts_are_levelled_and_links_count_by_their_note() -> None:
    assert facts("- **Works_At**: [[x/Acme_Ltd.md|Acme]]\n-  Age :  Four\n") == {
        ("works at", "[[acme ltd]]"): 1,
        ("age", "4"): 1,
    }
    assert stands_in("Two cats", "he has 2 cats.")
    assert not stands_in("cat", "he has 2 cats.")
