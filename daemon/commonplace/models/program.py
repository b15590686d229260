"""Where a program is that an extra of ours may have brought along."""

import shutil
import sys
from pathlib import Path


def find_program(name: str) -> str | None:
    """The program's path: from PATH, else beside the Python that runs us, where an extra installs it."""
    return shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
