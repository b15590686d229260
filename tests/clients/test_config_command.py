"""``commonplace config`` beside a daemon that runs."""

from typing import Any


async def test_where_the_running_daemon_has_another_value_it_is_said(commonplace: Any) -> None:
    assert (await commonplace("ask", "What is my name?")).code == 0
    shown = await commonplace("config", COMMONPLACE_AGENT__MODE="read-only")
    line = next(line for line in shown.out.splitlines() if line.startswith("agent.mode"))
    assert line.endswith("COMMONPLACE_AGENT__MODE (the running daemon has auto)")
    assert "commonplace restart" in shown.err
    assert "running daemon" not in (await commonplace("config")).out
