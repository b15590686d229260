"""A memory grows up to its limits, each refusal saying what to do instead; what makes it smaller always goes."""

from pathlib import Path

import pytest

from commonplace.agent.sandbox import ToolRefused
from commonplace.agent.tools import Tools
from commonplace.vault.limits import Limits
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault

SMALL = Limits(folder=1_000, memory=2_500)


def tools_of(root: Path, folder: str = "", limits: Limits = SMALL) -> Tools:
    place = root / folder
    (place / "entities").mkdir(parents=True)
    (place / "user.md").write_text("# User\n")
    (root / "human.md").write_text("a human's own " * 1_000)
    return Tools(Memory(Vault(root), folder, limits=limits))


def entity(name: str, size: int) -> str:
    return f"# {name}\n".ljust(size, "x")


@pytest.mark.parametrize("folder", ["", "Memory"])
async def test_a_full_folder_takes_no_more_and_names_a_folder_that_does(tmp_path: Path, folder: str) -> None:
    tools = tools_of(tmp_path, folder)
    assert await tools.create_file("entities/ann.md", entity("Ann", 600))
    with pytest.raises(ToolRefused, match=r"entities/ would hold 1,\d\d\d bytes .* 1,000\. .* entities/more/"):
        await tools.create_file("entities/bea.md", entity("Bea", 600))
    assert not (tmp_path / folder / "entities" / "bea.md").exists()
    assert await tools.create_file("entities/more/bea.md", entity("Bea", 600))


async def test_a_full_memory_takes_no_more(tmp_path: Path) -> None:
    tools = tools_of(tmp_path)
    for name in ("a", "b", "c", "d"):
        if name == "d":
            with pytest.raises(ToolRefused, match=r"The memory would hold .* it may have 2,500"):
                await tools.create_file(f"entities/{name}/x{name}.md", entity(name, 700))
        else:
            await tools.create_file(f"entities/{name}/x{name}.md", entity(name, 700))


async def test_an_update_that_grows_over_a_limit_is_refused_and_one_that_shrinks_goes(tmp_path: Path) -> None:
    tools = tools_of(tmp_path)
    (tmp_path / "entities" / "ann.md").write_text(f"# Ann\n{'x' * 1_000}\n{'y' * 1_000}\n")
    refused = await tools.update_file("entities/ann.md", "# Ann", "# Ann\n- city: Oslo")
    assert "a folder may have 1,000" in str(refused)
    assert await tools.update_file("entities/ann.md", f"{'y' * 1_000}\n", "") is True
    assert (tmp_path / "entities" / "ann.md").stat().st_size == 1_007


async def test_the_notes_of_the_human_count_nothing(tmp_path: Path) -> None:
    tools = tools_of(tmp_path)
    assert await tools.update_file("user.md", "# User", "# User\n- city: Oslo") is True


def test_the_limits_are_the_scaffolds() -> None:
    assert (Limits().folder, Limits().memory) == (10_000_000, 100_000_000)
