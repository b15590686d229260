"""The files of each system: as they stand in ``golden/``, and as the system's own tools read them.

After a wanted change: delete the golden file, run the test twice, and read the difference.
"""

import plistlib
import shutil
import subprocess
from pathlib import Path, PureWindowsPath
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonplace.service.autostart import Autostart
from commonplace.service.base import Definition, Manager, Ran
from commonplace.service.launchd import Launchd
from commonplace.service.systemd import Systemd
from commonplace.service.windows import NAMESPACE, TaskScheduler

GOLDEN = Path(__file__).parent / "golden"
DEFINITION = Definition(Path("/home/robin/.local/bin/commonplace"), Path("/home/robin/.commonplace"))
USER = {"USERDOMAIN": "LAPTOP", "USERNAME": "robin"}
PATHS = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1), min_size=1).map(
    lambda parts: Path("/" + "/".join(part.replace("/", "_") for part in parts))
)


def silent(_: object) -> Ran:
    return Ran(0, "")


MANAGERS: list[Manager] = [
    Systemd(silent),
    Launchd(silent, user=501),
    TaskScheduler(silent, Path("/home/robin/.commonplace"), USER),
    Autostart(lambda _: None),
]
NAMES = ["commonplace.service", "commonplace.daemon.plist", "task.xml", "commonplace.desktop"]


@pytest.mark.parametrize(("manager", "name"), list(zip(MANAGERS, NAMES, strict=True)), ids=NAMES)
def test_the_file_is_the_golden_one(manager: Manager, name: str) -> None:
    golden = GOLDEN / name
    rendered = manager.render(DEFINITION)
    if not golden.exists():
        golden.write_text(rendered, encoding="utf-8", newline="")
        pytest.fail(f"{golden} was not there; read it, and run this again")
    assert rendered == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("manager", MANAGERS, ids=NAMES)
@given(command=PATHS, home=PATHS)
def test_any_path_comes_through(manager: Manager, command: Path, home: Path) -> None:
    text = manager.render(Definition(command, home))
    expected = command.with_name("commonplacew.exe") if isinstance(manager, TaskScheduler) else command
    assert manager.command_in(text) == expected


@pytest.mark.parametrize("manager", MANAGERS, ids=NAMES)
@pytest.mark.parametrize("text", ["", "[Unit]\n", "<plist/>", "<?xml version='1.0'?><Task/>", "Exec=\n", "\0"])
def test_a_file_that_is_none_of_ours_names_no_command(manager: Manager, text: str) -> None:
    assert manager.command_in(text) is None


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
@pytest.mark.parametrize("folder", ["bin", 'a folder\'s "name" $HOME 100% \\x'])
def test_systemd_verifies_the_unit_without_a_word(tmp_path: Path, folder: str) -> None:
    """systemd-analyze exits with 0 for a key that it does not know, so that silence is what counts."""
    command = tmp_path / folder / "commonplace"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    unit = tmp_path / "commonplace.service"
    unit.write_text(Systemd(silent).render(Definition(command, tmp_path / folder)), encoding="utf-8")
    ended = subprocess.run(
        ["systemd-analyze", "--user", "verify", unit],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")


@given(command=PATHS, home=PATHS)
def test_the_property_list_is_read_back_as_it_was_meant(command: Path, home: Path) -> None:
    agent: dict[str, Any] = plistlib.loads(Launchd(silent, 501).render(Definition(command, home)).encode())
    assert agent["ProgramArguments"] == [str(command), "serve", "--service", "--home", str(home)]
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert (agent["ThrottleInterval"], agent["ProcessType"]) == (30, "Background")


ORDER = {
    "LogonTrigger": ["Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit", "UserId", "Delay"],
    "Triggers": ["LogonTrigger"],
    "Task": ["RegistrationInfo", "Triggers", "Principals", "Settings", "Data", "Actions"],
    "RestartOnFailure": ["Interval", "Count"],
    "Exec": ["Command", "Arguments", "WorkingDirectory"],
    "Principal": ["UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"],
}
"""The sequences of MS-TSCH 2.5: a trigger's own elements come after those of every trigger (2.5.3.1, 2.5.3.7)."""


def test_the_task_has_its_elements_in_the_schedulers_order() -> None:
    text = TaskScheduler(silent, Path("/h"), USER).render(DEFINITION)
    task = ElementTree.fromstring(text.partition("?>")[2])
    for name, order in ORDER.items():
        (element,) = [found for found in task.iter() if found.tag == f"{{{NAMESPACE}}}{name}"]
        children = [child.tag.partition("}")[2] for child in element]
        assert children == [known for known in order if known in children]
        assert len(children) == len(set(children))


def test_the_task_needs_no_administrator_and_has_no_end() -> None:
    task = ElementTree.fromstring(TaskScheduler(silent, Path("/h"), USER).render(DEFINITION).partition("?>")[2])

    def value(name: str) -> str | None:
        return task.findtext(f".//{{{NAMESPACE}}}{name}")

    assert value(f"LogonTrigger/{{{NAMESPACE}}}UserId") == "LAPTOP\\robin"
    assert value("ExecutionTimeLimit") == "PT0S"
    assert value("DisallowStartIfOnBatteries") == value("StopIfGoingOnBatteries") == "false"
    assert value("RunLevel") == "LeastPrivilege"
    command = value("Command")
    assert command is not None
    assert PureWindowsPath(command).name == "commonplacew.exe"


def test_the_task_is_written_in_the_encoding_that_it_names(tmp_path: Path) -> None:
    scheduler = TaskScheduler(silent, tmp_path, USER)
    scheduler.install(Definition(Path("/opt/Zoë/commonplace.exe"), tmp_path))
    written = scheduler.file.read_bytes()
    assert written[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert ElementTree.fromstring(written).tag == f"{{{NAMESPACE}}}Task"


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="there is no shell here")
@settings(max_examples=40, deadline=None)
@given(command=PATHS, home=PATHS)
def test_a_desktop_entry_is_unquoted_to_what_was_quoted(command: Path, home: Path) -> None:
    """The value is a text first (backslashes halved), then words, which a shell would unquote alike."""
    text = Autostart(lambda _: None).render(Definition(command, home))
    (value,) = [line.removeprefix("Exec=") for line in text.split("\n") if line.startswith("Exec=")]
    line = value.replace("\\\\", "\\").replace("%%", "%")
    ended = subprocess.run(["/bin/sh", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True)
    words = ended.stdout.decode().split("\0")[:-1]
    assert words == [str(command), "serve", "--service", "--home", str(home)]
