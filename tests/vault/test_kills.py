"""A process that writes notes is killed with SIGKILL; ``benchmarks/kills.py --kills 200`` is the long run."""

import subprocess
import sys
from pathlib import Path

import pytest

KILLS = Path(__file__).parents[2] / "benchmarks" / "kills.py"


@pytest.mark.skipif(sys.platform != "linux", reason="needs SIGKILL, and a rename that exchanges")
def test_a_killed_process_leaves_no_torn_note_no_lost_edit_and_nothing_behind() -> None:
    ended = subprocess.run(
        [sys.executable, str(KILLS), "--kills", "6"], capture_output=True, text=True, check=False, timeout=100
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "6 kills" in ended.stdout
    assert "0 torn, 0 lost, 0 left over" in ended.stdout
