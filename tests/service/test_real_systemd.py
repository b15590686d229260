"""A real user manager of systemd: install, kill, restart, stop, uninstall.

The manager is started by hand, in a mount namespace of its own where /run/systemd/system stands (without it
systemd refuses to run), with a home folder and a bus of its own; the machine's own services are not touched.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commonplace.home import find_daemon

SYSTEMD = "/usr/lib/systemd/systemd"
TOOLS = ("unshare", "mount", "dbus-daemon", "systemctl")
SCRIPT = Path(__file__).with_name("real_systemd.sh")


def missing() -> str | None:
    """Why no manager can be had here."""
    if sys.platform != "linux" or not Path(SYSTEMD).exists():
        return "systemd is not installed here"
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    if absent:
        return f"not installed here: {', '.join(absent)}"
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return None if tried.returncode == 0 else "a mount namespace cannot be had here (needs root)"


REASON = missing()


@pytest.mark.skipif(REASON is not None, reason=REASON or "")
def test_install_kill_restart_uninstall(tmp_path: Path) -> None:
    home, user, runtime = tmp_path / "home", tmp_path / "user", tmp_path / "run"
    for folder in (user, runtime):
        folder.mkdir(mode=0o700)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMMONPLACE_", "XDG_"))}
    ended = subprocess.run(
        ["unshare", "-m", "bash", str(SCRIPT), SYSTEMD],
        cwd=user,
        env={
            **kept,
            "COMMONPLACE_HOME": str(home),
            "HOME": str(user),
            "XDG_RUNTIME_DIR": str(runtime),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={runtime}/bus",
            "COMMONPLACE": str(Path(sys.executable).with_name("commonplace")),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    said = dict(line.split(": ", 1) for line in ended.stdout.splitlines() if line.startswith("@"))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert said["@installed"] == "enabled active"
    assert said["@repeated"] == "enabled active"
    first, second, third = said["@first"], said["@after kill"], said["@after restart"]
    assert len({first, second, third}) == 3
    assert said["@stopped"] == "enabled inactive"
    assert said["@uninstalled"] == "0 files"
    assert find_daemon(home) is None
