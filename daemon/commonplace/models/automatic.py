"""What ``auto`` takes on this machine, and why."""

import importlib.util
import platform
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from commonplace.models.base import ModelError
from commonplace.models.hub import pulled_folder
from commonplace.models.program import find_program
from commonplace.models.published import WEIGHTS, is_mem_agent
from commonplace.models.servers import Server, find_servers

_INSTALL = "Type: uv tool install --force '.[{}]' in the checkout, or choose another: commonplace model list"
_LIST = "Others: commonplace model list"


@dataclass(frozen=True, slots=True)
class Machine:
    """What is here."""

    apple_silicon: bool = False
    has_mlx: bool = False
    has_nvidia: bool = False
    has_vllm: bool = False
    pulled: frozenset[str] = frozenset()
    """The published weights that were fetched."""
    servers: Sequence[Server] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A model, and why it is the one."""

    backend: Literal["reader", "mlx", "vllm", "openai"]
    why: str
    name: str = ""
    base_url: str = ""


def choose(machine: Machine) -> Choice:
    """The best that the machine can do: its own weights before a server's, a server's before the reader. Pure."""
    refused: list[str] = []
    for backend, can in (("mlx", _can_mlx(machine)), ("vllm", _can_vllm(machine))):
        names = [weights.name for weights in WEIGHTS if weights.backend == backend]
        there = [name for name in names if name in machine.pulled]
        if can is not None:
            refused.append(can)
        elif not there:
            refused.append(f"{names[0]} was not pulled (type: commonplace model pull {names[0]})")
        elif backend == "mlx":
            return Choice("mlx", f"this is Apple Silicon with mlx-lm, and {there[0]} is here", there[0])
        else:
            return Choice("vllm", f"this machine has an NVIDIA GPU and vllm, and {there[0]} is here", there[0])
    for server in machine.servers:
        for name in filter(is_mem_agent, server.models):
            return Choice("openai", f"the server at {server.base_url} has {name}", name, server.base_url)
    refused.append("no server on this machine has a mem-agent model")
    return Choice("reader", ", ".join(refused))


def hindrance(backend: str, machine: Machine) -> str | None:
    """Why weights will not run here, or slowly, with what to type; None where nothing is known to hinder them. Pure."""
    match backend:
        case "mlx" if not machine.has_mlx:
            suits = "" if machine.apple_silicon else ", and this machine is no Apple Silicon, for which it is made"
            return f"They run with mlx-lm, which is not installed{suits}. {_INSTALL.format('mlx')}"
        case "mlx" if not machine.apple_silicon:
            return f"This machine is no Apple Silicon: they run on its processor, slowly. {_LIST}"
        case "vllm" if not machine.has_vllm:
            suits = "" if machine.has_nvidia else ", and no NVIDIA GPU is found here, for which it is made"
            return f"They run with vllm, which is not installed{suits}. {_INSTALL.format('vllm')}"
        case "vllm" if not machine.has_nvidia:
            return f"No NVIDIA GPU is found here, which vllm wants unless it was built for something else. {_LIST}"
        case _:
            return None


def look_around() -> Machine:
    """What this machine has. Asks the servers on its usual ports, which takes a second at most."""
    return replace(look_at_machine(), servers=find_servers())


def look_at_machine(vllm: str = "vllm") -> Machine:
    """What this machine has, without its servers.

    Args:
        vllm: the program's name or path.

    """
    return Machine(
        apple_silicon=sys.platform == "darwin" and platform.machine() == "arm64",
        has_mlx=importlib.util.find_spec("mlx_lm") is not None,
        has_nvidia=shutil.which("nvidia-smi") is not None,
        has_vllm=find_program(vllm) is not None,
        pulled=frozenset(weights.name for weights in WEIGHTS if is_pulled(weights.name)),
    )


def is_pulled(name: str) -> bool:
    """Whether the weights are on this machine."""
    try:
        pulled_folder(name)
    except ModelError:
        return False
    return True


def _can_mlx(machine: Machine) -> str | None:
    if not machine.apple_silicon:
        return "mlx wants Apple Silicon"
    return None if machine.has_mlx else "mlx-lm is not installed"


def _can_vllm(machine: Machine) -> str | None:
    if not machine.has_nvidia:
        return "vllm wants an NVIDIA GPU"
    return None if machine.has_vllm else "vllm is not installed"
