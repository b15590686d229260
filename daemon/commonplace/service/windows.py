"""Windows: a task that starts when the user logs on (Task Scheduler schema 1.2, MS-TSCH 2.5)."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from commonplace.home import make_private_folder
from commonplace.service.base import Definition, Runner, require

TASK = "Commonplace"
NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
WINDOWLESS = "commonplacew.exe"
"""The command beside ``commonplace.exe`` that opens no console window."""

Tree = Mapping[str, "Tree | str"]


class TaskScheduler:
    """``schtasks``."""

    title = "Task Scheduler"
    encoding = "utf-16"

    def __init__(self, runner: Runner, home: Path, environment: Mapping[str, str] = os.environ) -> None:
        self.file = home / "service" / "task.xml"
        self._runner = runner
        self._user = "\\".join(filter(None, (environment.get("USERDOMAIN"), environment.get("USERNAME"))))

    def render(self, definition: Definition) -> str:
        """The task. Without UserId the trigger would need an administrator; the default time limit is 72 hours."""
        tree: Tree = {
            "RegistrationInfo": {"Description": "An agent that remembers in your Obsidian vault."},
            "Triggers": {"LogonTrigger": {"Enabled": "true", "UserId": self._user}},
            "Principals": {
                "Principal": {"UserId": self._user, "LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege"}
            },
            "Settings": {
                "MultipleInstancesPolicy": "IgnoreNew",
                "DisallowStartIfOnBatteries": "false",
                "StopIfGoingOnBatteries": "false",
                "StartWhenAvailable": "true",
                "ExecutionTimeLimit": "PT0S",
                "RestartOnFailure": {"Interval": "PT1M", "Count": "4"},
            },
            "Actions": {
                "Exec": {
                    "Command": str(definition.command.with_name(WINDOWLESS)),
                    "Arguments": subprocess.list2cmdline(definition.arguments),
                    "WorkingDirectory": str(definition.home),
                }
            },
        }
        task = ElementTree.Element("Task", {"version": "1.2", "xmlns": NAMESPACE})
        _grow(task, tree)
        _only(task, "Principals/Principal").set("id", "Author")
        _only(task, "Actions").set("Context", "Author")
        ElementTree.indent(task)
        return f'<?xml version="1.0" encoding="UTF-16"?>\n{ElementTree.tostring(task, encoding="unicode")}\n'

    def command_in(self, text: str) -> Path | None:
        """The Command of the Exec action."""
        try:
            task = ElementTree.fromstring(text.partition("?>")[2])
        except ElementTree.ParseError:
            return None
        found = task.findtext(f".//{{{NAMESPACE}}}Command")
        return Path(found) if found else None

    def install(self, definition: Definition) -> None:
        """Register the task, in the place of one that stands, and run it."""
        make_private_folder(self.file.parent)
        self.file.write_text(self.render(definition), encoding=self.encoding)
        self.stop()
        require(self._runner, "schtasks", "/Create", "/TN", TASK, "/XML", str(self.file), "/F")
        self.start()

    def uninstall(self) -> None:
        """End the task and take it away."""
        if not self.file.exists():
            return
        self.stop()
        if self._known():
            require(self._runner, "schtasks", "/Delete", "/TN", TASK, "/F")
        self.file.unlink(missing_ok=True)
        self.file.parent.rmdir()

    def start(self) -> None:
        """Run the task."""
        require(self._runner, "schtasks", "/Run", "/TN", TASK)

    def stop(self) -> None:
        """End the task; the daemon itself was asked to end before."""
        if self._known():
            self._runner(("schtasks", "/End", "/TN", TASK))

    def state(self) -> str:
        """The system's word for it, in the system's language."""
        shown = self._runner(("schtasks", "/Query", "/TN", TASK, "/FO", "CSV", "/NH"))
        return shown.output.splitlines()[-1].split('","')[-1].strip('"') if shown.code == 0 else "not registered"

    def _known(self) -> bool:
        return self._runner(("schtasks", "/Query", "/TN", TASK)).code == 0


def _grow(parent: ElementTree.Element, tree: Tree) -> None:
    for name, inner in tree.items():
        element = ElementTree.SubElement(parent, name)
        if isinstance(inner, str):
            element.text = inner
        else:
            _grow(element, inner)


def _only(parent: ElementTree.Element, path: str) -> ElementTree.Element:
    found = parent.find(path)
    assert found is not None
    return found
