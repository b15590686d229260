"""What is asked of each system, with a runner that keeps the commands and answers as the system would."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from commonplace.service.autostart import Autostart
from commonplace.service.base import Definition, Ran, ServiceError
from commonplace.service.choose import choose_manager
from commonplace.service.launchd import Launchd
from commonplace.service.systemd import Systemd
from commonplace.service.windows import TaskScheduler

AGENT = "gui/501/commonplace.daemon"


class System:
    """Answers each command with the first answer whose words it begins with; all else succeeds."""

    def __init__(self, **answers: Ran) -> None:
        self.answers = {name.replace("_", " "): ran for name, ran in answers.items()}
        self.asked: list[str] = []

    def __call__(self, command: Sequence[str]) -> Ran:
        line = " ".join(command)
        self.asked.append(line)
        found = [ran for words, ran in self.answers.items() if all(word in line for word in words.split())]
        return found[0] if found else Ran(0, "")


@pytest.fixture
def definition(tmp_path: Path) -> Definition:
    return Definition(tmp_path / "bin" / "commonplace", tmp_path / "home")


def test_systemd_enables_and_starts_anew(tmp_path: Path, definition: Definition) -> None:
    system = System()
    systemd = Systemd(system, {"XDG_CONFIG_HOME": str(tmp_path)})
    systemd.install(definition)
    assert systemd.file.read_text(encoding="utf-8") == systemd.render(definition)
    assert system.asked == [
        "systemctl --user daemon-reload",
        "systemctl --user enable commonplace.service",
        "systemctl --user reset-failed commonplace.service",
        "systemctl --user restart commonplace.service",
    ]
    system.asked.clear()
    systemd.uninstall()
    systemd.uninstall()
    assert not systemd.file.exists()
    assert system.asked[0] == "systemctl --user disable --now commonplace.service"
    assert system.asked.count("systemctl --user daemon-reload") == 1


def test_launchd_loads_once_and_is_kicked_from_then_on(tmp_path: Path, definition: Definition) -> None:
    system = System(launchctl_print=Ran(113, "Could not find service"))
    launchd = Launchd(system, 501, tmp_path)
    launchd.install(definition)
    assert f"launchctl bootstrap gui/501 {launchd.file}" in system.asked
    assert not any("bootout" in line for line in system.asked)
    loaded = System()
    Launchd(loaded, 501, tmp_path).install(definition)
    assert loaded.asked == [f"launchctl print {AGENT}", f"launchctl kickstart -k {AGENT}"]


def test_launchd_loads_a_changed_agent_anew(tmp_path: Path, definition: Definition) -> None:
    system = System()
    launchd = Launchd(system, 501, tmp_path)
    launchd.file.parent.mkdir(parents=True)
    launchd.file.write_text("old", encoding="utf-8")
    launchd.install(definition)
    verbs = [line.split()[1] for line in system.asked]
    assert verbs.index("bootout") < verbs.index("bootstrap")
    launchd.uninstall()
    assert not launchd.file.exists()


def test_launchd_tells_what_the_system_said(tmp_path: Path, definition: Definition) -> None:
    system = System(launchctl_print=Ran(113, ""), launchctl_bootstrap=Ran(5, "Input/output error"))
    with pytest.raises(ServiceError, match=r"bootstrap.*5.*Input/output error"):
        Launchd(system, 501, tmp_path).install(definition)


def test_launchd_ends_it_cleanly_so_that_it_stays_ended(tmp_path: Path) -> None:
    system = System()
    Launchd(system, 501, tmp_path).stop()
    assert system.asked[-1] == f"launchctl kill SIGTERM {AGENT}"


def test_launchd_state_is_its_own_word(tmp_path: Path) -> None:
    printed = "gui/501/commonplace.daemon = {\n\tactive count = 1\n\tstate = running\n\n\tprogram = /x\n}"
    assert Launchd(System(launchctl_print=Ran(0, printed)), 501, tmp_path).state() == "running"
    assert Launchd(System(launchctl_print=Ran(113, "")), 501, tmp_path).state() == "not loaded"


def test_windows_creates_in_the_place_of_what_stands_and_deletes_all(tmp_path: Path, definition: Definition) -> None:
    system = System()
    scheduler = TaskScheduler(system, tmp_path, {"USERDOMAIN": "LAPTOP", "USERNAME": "robin"})
    scheduler.install(definition)
    assert system.asked == [
        "schtasks /Query /TN Commonplace",
        "schtasks /End /TN Commonplace",
        f"schtasks /Create /TN Commonplace /XML {scheduler.file} /F",
        "schtasks /Run /TN Commonplace",
    ]
    scheduler.uninstall()
    assert system.asked[-1] == "schtasks /Delete /TN Commonplace /F"
    assert list(tmp_path.iterdir()) == []


def test_the_backend_that_holds_a_registration_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    silent, none = System(), System(systemctl=Ran(1, "Failed to connect to bus"))
    assert isinstance(choose_manager(tmp_path, silent, "linux"), Systemd)
    chosen = choose_manager(tmp_path, none, "linux")
    assert isinstance(chosen, Autostart)
    chosen.file.parent.mkdir()
    chosen.file.write_text("")
    assert isinstance(choose_manager(tmp_path, silent, "linux"), Autostart)
    assert isinstance(choose_manager(tmp_path, silent, "darwin"), Launchd)
    assert isinstance(choose_manager(tmp_path, silent, "win32"), TaskScheduler)
