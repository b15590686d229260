"""A turn as it looks in a terminal: steps dimmed while they stream, the reply as markdown."""

import ast
import difflib
import re
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.markdown import Markdown
from rich.padding import Padding
from rich.text import Text

from commonplace.clients.costs import told_costs
from commonplace.clients.plain import interrupted, printable

_MOST_DIFF_LINES = 12
_ANSWERS = {
    **dict.fromkeys(("y", "yes"), "allow_once"),
    **dict.fromkeys(("n", "no"), "reject"),
    **dict.fromkeys(("a", "all"), "allow_turn"),
}
_FOR_THE_MODEL = re.compile(r"^RuntimeError: | \(line \d+: .*\)$", re.DOTALL)
"""What the text of an error says about the code, which a person did not write."""


class TerminalView:
    """Thoughts, steps, changed lines and the reply, as they come."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._reply = ""
        self._live: Live | None = None
        self._in_thought = False
        self._diffs: list[tuple[str, Mapping[str, Any]]] = []
        self._costs: list[Mapping[str, float]] = []

    def show(self, params: Mapping[str, Any]) -> None:
        """Show one update."""
        update = params["update"]
        meta = params.get("_meta", {}).get("commonplace", {})
        if "metrics" in meta:
            self._costs.append(meta["metrics"])
        match update["sessionUpdate"]:
            case "user_message_chunk":
                self._console.print(Text(f"> {printable(update['content']['text'])}", style="bold"))
            case "agent_thought_chunk":
                self._thought(update["content"]["text"], notice=bool(meta.get("notice")))
            case "agent_message_chunk":
                self._grow_reply(update["content"]["text"])
            case "tool_call_update":
                self._step(update, str(meta.get("path", "")))
            case "session_info_update" if meta.get("ended", {}).get("reason") == "cancelled":
                self._end_thought()
                self._end_reply()
                self._console.print(Text("  Stopped.", style="dim"))
                self._costs.clear()
            case "session_info_update" if meta.get("ended", {}).get("reason") == "interrupted":
                self._end_thought()
                self._end_reply()
                self._console.print(Text(f"! {interrupted(meta['ended'])}", style="yellow"))
                self._costs.clear()
            case "session_info_update" if "ended" in meta:
                self._show_costs()
            case _:
                pass

    def decide(self, params: Mapping[str, Any], wait: Callable[[], None]) -> str | None:
        """Show the change and ask; the end of the input is a no."""
        self._end_thought()
        self._end_reply()
        asked = params["toolCall"]
        self._console.print(Text(f"  ? {printable(asked['title'])}", style="bold"))
        for content in asked.get("content", []):
            self._diff(content)
        while True:
            self._console.print("    Allow it? y = yes, n = no, a = all of this turn: ", end="")
            try:
                wait()
                answer = self._console.input().strip().lower()
            except EOFError:
                return "reject"
            if answer in _ANSWERS:
                return _ANSWERS[answer]
            self._console.print(Text("    Nothing is changed yet. Type y, n or a, then Enter.", style="dim"))

    def decided(self, outcome: str) -> None:
        """Say why the question is open no more."""
        answered = outcome in _ANSWERS.values()
        said = "It was answered in another window." if answered else "The question is open no more."
        self._console.print(Text(f"\n    {said}", style="dim"))

    def end(self) -> None:
        """Close what is open."""
        self._end_thought()
        self._show_diffs()
        self._end_reply()

    def _thought(self, text: str, *, notice: bool) -> None:
        if notice:
            self._end_thought()
            self._console.print(Text(f"! {printable(text)}", style="yellow"))
            return
        self._in_thought = True
        self._console.print(Text(printable(text), style="dim italic"), end="")

    def _end_thought(self) -> None:
        if self._in_thought:
            self._console.print()
        self._in_thought = False

    def _step(self, update: Mapping[str, Any], path: str) -> None:
        self._diffs += [(path, content) for content in update.get("content", [])[-1:]]
        if update.get("status") in ("completed", "failed"):
            self._end_thought()
            mark, style = ("·", "dim") if update["status"] == "completed" else ("x", "red")
            self._console.print(Text(f"  {mark} {printable(update['title'])}", style=style))
            if update["status"] == "failed" and (reason := _reason(update)):
                self._console.print(Padding(Text(printable(reason), style="dim"), (0, 0, 0, 4), expand=False))
            self._show_diffs()

    def _show_diffs(self) -> None:
        several = len({path for path, _ in self._diffs}) > 1
        for path, content in self._diffs:
            if several:
                self._console.print(Text(f"    {printable(path)}", style="dim"))
            self._diff(content)
        self._diffs.clear()

    def _show_costs(self) -> None:
        costs = told_costs(self._costs)
        self._costs.clear()
        if costs is not None:
            self._end_thought()
            self._end_reply()
            self._console.print(Text(f"  {costs}", style="dim"))

    def _diff(self, content: Mapping[str, Any]) -> None:
        before = (content.get("oldText") or "").splitlines()
        after = content["newText"].splitlines()
        after_header = islice(difflib.unified_diff(before, after, lineterm="", n=0), 2, None)
        changed = [line for line in after_header if not line.startswith("@@")]
        for line in changed[:_MOST_DIFF_LINES]:
            style = "green" if line[0] == "+" else "red"
            self._console.print(Text(f"    {line[0]} {printable(line[1:])}", style=style))
        if len(changed) > _MOST_DIFF_LINES:
            self._console.print(Text(f"    ... {len(changed) - _MOST_DIFF_LINES} more lines", style="dim"))

    def _grow_reply(self, text: str) -> None:
        self._end_thought()
        self._reply += text
        rendered = Markdown(printable(self._reply), hyperlinks=False)
        if self._live is None:
            self._live = Live(rendered, console=self._console, refresh_per_second=12, vertical_overflow="ellipsis")
            self._live.start()
        else:
            self._live.update(rendered)

    def _end_reply(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
        self._reply = ""


def _reason(update: Mapping[str, Any]) -> str:
    """Why a step failed: the error at the end of its result, ``({variables}, 'error')``; "" where none stands."""
    result = str(update.get("rawOutput", {}).get("result", ""))
    try:
        error: object = ast.literal_eval(result.rpartition("}, ")[2].removesuffix(")"))
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return ""
    return _FOR_THE_MODEL.sub("", error) if isinstance(error, str) else ""
