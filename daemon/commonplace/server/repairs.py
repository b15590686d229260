"""The repairs that an examination offered, so that a client can only ask for one of them."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict

from commonplace.vault.checks import Finding, Repair


class Repairs:
    """What was offered last for each vault."""

    def __init__(self) -> None:
        self._offered: dict[str, dict[str, Repair]] = {}

    def offer(self, root: str, findings: Iterable[Finding]) -> None:
        """Remember the repairs of an examination, in place of those before."""
        self._offered[root] = {repair_id(found.repair): found.repair for found in findings if found.repair is not None}

    def offered(self, root: str, repair: str) -> Repair | None:
        """A repair that was offered, by its id."""
        return self._offered.get(root, {}).get(repair)


def repair_id(offered: Repair) -> str:
    """A name for the repair, the same as long as its notes are."""
    return hashlib.sha256(repr(asdict(offered)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
