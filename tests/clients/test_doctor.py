"""``commonplace doctor``: findings in lines or as JSON, exit codes, repairs that are shown before they are done."""

import json
from pathlib import Path
from typing import Any

import pytest

Command = Any


@pytest.fixture
def ill(tmp_path: Path) -> Path:
    """A vault with two links to a note that is called otherwise, and one to nothing."""
    root = tmp_path / "notes"
    (root / "entities").mkdir(parents=True)
    (root / "user.md").write_text("# User\n- boss: [[Jane Doe]]\n- friend: [[Jane Doe|Jane]]\n- rival: [[nobody]]\n")
    (root / "entities" / "jane_doe.md").write_text("# Jane Doe\n")
    return root


async def test_findings_are_told_and_nothing_is_changed(commonplace: Command, ill: Path) -> None:
    text = (ill / "user.md").read_text()
    ended = await commonplace("doctor", "--vault", str(ill))
    assert ended.code == 1
    assert "dangling link: user.md:2: [[Jane Doe]] leads to no note" in ended.out
    assert "dangling link: user.md:4: [[nobody]] leads to no note." in ended.out
    for said in ("Daemon: version", "Model: reader", "Index: ", "Changes are noticed by file events."):
        assert said in ended.out
    assert (ill / "user.md").read_text() == text


async def test_repairs_are_shown_done_and_named_for_undo(commonplace: Command, ill: Path) -> None:
    ended = await commonplace("doctor", "--fix", "--yes", "--vault", str(ill))
    assert "-- boss: [[Jane Doe]]" in ended.out
    assert "+- boss: [[entities/jane_doe.md]]" in ended.out
    assert "commonplace undo doctor-" in ended.out
    assert (ill / "user.md").read_text() == (
        "# User\n- boss: [[entities/jane_doe.md]]\n- friend: [[entities/jane_doe.md|Jane]]\n- rival: [[nobody]]\n"
    )
    assert ended.code == 1
    (ill / "user.md").write_text((ill / "user.md").read_text().replace("- rival: [[nobody]]\n", ""))
    healthy = await commonplace("doctor", "--json", "--vault", str(ill))
    assert healthy.code == 0
    report = json.loads(healthy.out)
    assert report["findings"] == []
    assert report["port"] > 0


async def test_to_fix_needs_somebody_to_ask(commonplace: Command, ill: Path) -> None:
    text = (ill / "user.md").read_text()
    ended = await commonplace("doctor", "--fix", "--vault", str(ill))
    assert ended.code == 1
    assert "commonplace doctor --fix --yes" in ended.err
    assert (ill / "user.md").read_text() == text
