"""The index follows the vault: what a human, a sync program and a file manager do is in it soon, and nothing else."""

import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tests.vault.index.conftest import Follow, become_nobody, names, until, write

from commonplace.vault.index.follower import Pace
from commonplace.vault.index.progress import Progress
from commonplace.vault.index.surroundings import Surroundings
from commonplace.vault.index.watcher import Hint, Watch, WatchFailed, watch
from commonplace.vault.path import NotePath

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the rights of one thread are Linux's own")


def test_a_vault_is_read_and_then_followed(root: Path, follow: Follow) -> None:
    write(root, {"A.md": "made", "deep/er/B.md": "made", ".obsidian/C.md": "made", "D.txt": "made"})
    index = follow()
    assert names(index) == {"A.md", "deep/er/B.md"}
    write(root, {"new/folder/E.md": "made"})
    until(lambda: names(index) == {"A.md", "deep/er/B.md", "new/folder/E.md"})
    (root / "A.md").write_text("another word")
    until(lambda: names(index) == {"deep/er/B.md", "new/folder/E.md"})
    (root / "deep" / "er" / "B.md").unlink()
    until(lambda: names(index) == {"new/folder/E.md"})
    until(lambda: index.progress.total == 2)


def test_what_changed_while_nobody_followed_is_found_at_the_next_start(root: Path, follow: Follow) -> None:
    write(root, {"A.md": "made", "B.md": "made", "C.md": "made"})
    follow().close()
    (root / "A.md").unlink()
    write(root, {"B.md": "unmade here", "D.md": "made"})
    index = follow()
    until(lambda: names(index) == {"C.md", "D.md"})


def test_a_folder_that_moves_takes_its_notes_along(root: Path, follow: Follow) -> None:
    write(root, {f"old/{number}.md": f"made {number}" for number in range(5)})
    index = follow()
    (root / "old").rename(root / "new")
    until(lambda: names(index) == {f"new/{number}.md" for number in range(5)})
    renamed = index.ask(lambda answers: answers.renamed())
    assert renamed == {f"old/{number}.md": f"new/{number}.md" for number in range(5)}


def test_a_note_that_was_renamed_while_nobody_followed_is_recognised_by_its_bytes(root: Path, follow: Follow) -> None:
    write(root, {"Jane.md": "made of her own", "Ann.md": "made"})
    follow().close()
    (root / "Jane.md").rename(root / "Jane Doe.md")
    (root / "Ann.md").unlink()
    index = follow()
    until(lambda: names(index) == {"Jane Doe.md"})
    assert index.ask(lambda answers: answers.renamed()) == {"Jane.md": "Jane Doe.md"}


def test_a_note_that_is_written_by_delete_and_create_is_never_gone(root: Path, follow: Follow) -> None:
    write(root, {"A.md": "made"})
    index = follow()
    seen: set[int] = set()
    for number in range(10):
        (root / "A.md").unlink()
        (root / "A.md").write_text(f"made {number}")
        seen.add(index.progress.total)
    until(lambda: index.ask(lambda answers: answers.search(["9"], 1)))
    assert seen == {1}


@LINUX
def test_a_folder_that_cannot_be_read_deletes_nothing(root: Path, follow: Follow) -> None:
    write(root, {f"private/{number}.md": "made" for number in range(5)} | {"A.md": "made"})
    follow().close()
    (root / "private").chmod(0)

    def unprivileged(folder: Path, hint: Hint) -> Watch:
        become_nobody()
        return watch(folder, hint)

    index = follow(Pace(rescan=0.2, alive=0.05), watch_folder=unprivileged)
    assert index.progress.unreadable == ("private",)
    looked = index.progress.looked
    until(lambda: (index.progress.looked or 0) > (looked or 0) + 0.5)
    assert names(index) == {f"private/{number}.md" for number in range(5)} | {"A.md"}
    (root / "private").chmod(0o755)
    until(lambda: index.progress.unreadable == ())


@LINUX
def test_a_note_that_cannot_be_read_is_listed_and_read_when_it_can_be(root: Path, follow: Follow) -> None:
    write(root, {"A.md": "made", "B.md": "made"})
    (root / "B.md").chmod(0)

    def unprivileged(folder: Path, hint: Hint) -> Watch:
        become_nobody()
        return watch(folder, hint)

    index = follow(Pace(rescan=0.2, alive=0.05), watch_folder=unprivileged)
    assert names(index) == {"A.md"}
    assert index.progress.total == 2
    (root / "B.md").chmod(0o644)
    until(lambda: names(index) == {"A.md", "B.md"})


def test_a_vault_that_disappears_keeps_its_index_and_is_followed_again_when_it_comes_back(
    root: Path, follow: Follow
) -> None:
    write(root, {"A.md": "made", "B.md": "made"})
    index = follow()
    elsewhere = root.with_name(root.name + "-elsewhere")
    root.rename(elsewhere)
    until(lambda: index.progress.phase == "away")
    assert "is not there" in (index.progress.warning or "")
    assert names(index) == {"A.md", "B.md"}
    elsewhere.rename(root)
    until(lambda: index.progress.phase == "ready")
    assert index.progress.warning is None
    write(root, {"C.md": "made"})
    until(lambda: names(index) == {"A.md", "B.md", "C.md"})


def test_waiting_for_a_vault_that_disappeared_costs_nothing(
    root: Path, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    stands = Surroundings.root_stands

    def counted(surroundings: Surroundings) -> bool:
        nonlocal looks
        looks += 1
        return stands(surroundings)

    monkeypatch.setattr(Surroundings, "root_stands", counted)
    index = follow()
    root.rename(root.with_name(root.name + "-elsewhere"))
    until(lambda: index.progress.phase == "away")
    index.wrote(NotePath("A.md"))
    looks = 0
    time.sleep(1.0)
    assert 0 < looks < 100


def test_links_that_go_round_in_a_circle_are_not_followed(root: Path, follow: Follow) -> None:
    write(root, {"folder/A.md": "made"})
    (root / "folder" / "round").symlink_to(root, target_is_directory=True)
    (root / "self.md").symlink_to(root / "self.md")
    assert names(follow()) == {"folder/A.md"}


def test_a_link_out_of_the_vault_is_not_read(root: Path, follow: Follow, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("made elsewhere")
    write(root, {"A.md": "made", "B.md": "made"})
    (root / "inside.md").symlink_to(root / "B.md")
    (root / "outside.md").symlink_to(tmp_path / "secret.md")
    assert names(follow()) == {"A.md", "B.md", "inside.md"}


def test_names_that_differ_by_their_unicode_form_are_one_note_and_by_case_are_two(root: Path, follow: Follow) -> None:
    write(root, {"Zoe\u0308.md": "made decomposed"})
    index = follow()
    assert names(index) == {"Zo\u00eb.md"}
    write(root, {"Zo\u00eb.md": "made composed", "zo\u00eb.md": "made small"})
    index.rebuild()
    until(lambda: index.settle() and len(names(index)) == (1 if (root / "ZO\u00cb.md").exists() else 2))
    assert index.ask(lambda answers: answers.search(["composed"], 5)) == [NotePath("Zo\u00eb.md")]


def test_placeholders_of_a_sync_program_are_listed_and_not_read(root: Path, follow: Follow) -> None:
    write(root, {"A.md": "made", ".B.md.icloud": "made of a property list"})
    index = follow()
    assert names(index) == {"A.md"}
    assert index.ask(lambda answers: answers.called(["b.md"])) == [NotePath("B.md")]
    (root / ".B.md.icloud").unlink()
    write(root, {"B.md": "made"})
    until(lambda: names(index) == {"A.md", "B.md"})


def test_what_is_no_text_or_too_large_is_listed(root: Path, follow: Follow) -> None:
    write(root, {"A.md": "made", "large.md": "made " * 300_000})
    (root / "latin.md").write_bytes(b"made \xe9t\xe9")
    index = follow()
    assert names(index) == {"A.md"}
    assert index.progress.total == 3


def test_reading_leaves_every_byte_and_stamp_as_it_was(root: Path, follow: Follow) -> None:
    texts = {
        "crlf.md": b"made\r\n",
        "mark.md": b"\xef\xbb\xbfmade",
        "yaml.md": b"---\n{: [\n---\nmade",
        "\U0001f33b.md": b"made",
    }
    for name, data in texts.items():
        (root / name).write_bytes(data)
    before = {place.name: (place.read_bytes(), place.stat().st_mtime_ns) for place in root.iterdir()}
    assert names(follow()) == set(texts)
    assert {place.name: (place.read_bytes(), place.stat().st_mtime_ns) for place in root.iterdir()} == before


@pytest.mark.parametrize("damage", [b"no database at all " * 500, b""])
def test_a_damaged_index_is_made_again(root: Path, follow: Follow, tmp_path: Path, damage: bytes) -> None:
    write(root, {"A.md": "made"})
    follow().close()
    (tmp_path / "index.db").write_bytes(damage)
    assert names(follow()) == {"A.md"}


def test_damage_that_is_met_while_asking_is_mended(root: Path, follow: Follow, tmp_path: Path) -> None:
    write(root, {f"{number}.md": f"made {number}" for number in range(300)})
    follow().close()
    with (tmp_path / "index.db").open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(8_192)
        file.write(b"\xff" * (size - 8_192))
    index = follow(wait=False)

    def all_found() -> bool:
        try:
            return len(names(index)) == 300
        except Exception:
            return False

    until(all_found)


def test_without_file_events_the_vault_is_polled_and_the_user_is_warned(root: Path, follow: Follow) -> None:
    def exhausted(_: Path, __: Hint) -> Watch:
        raise WatchFailed("The system has no file watches left.")

    write(root, {"A.md": "made"})
    index = follow(watch_folder=exhausted)
    assert index.progress.mode == "polling"
    assert "no file watches left" in (index.progress.warning or "")
    write(root, {"B.md": "made"})
    until(lambda: names(index) == {"A.md", "B.md"})


@LINUX
def test_a_system_without_watches_left_is_noticed_for_every_folder(root: Path) -> None:
    """The limit is that of a user namespace of its own, so that no other program meets it."""
    write(root, {f"{number}/A.md": "made" for number in range(20)})
    program = (
        "import sys; from pathlib import Path\n"
        "from commonplace.vault.index.watcher import WatchFailed, watch\n"
        "try: watch(Path(sys.argv[1]), print)\n"
        "except WatchFailed as error: print(error)\n"
    )
    limited = 'echo 10 > /proc/sys/user/max_inotify_watches && exec "$0" -c "$1" "$2"'
    command = ["unshare", "--user", "--map-root-user", "sh", "-c", limited, sys.executable, program, str(root)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare" in ended.stderr or "max_inotify_watches" in ended.stderr:
        pytest.skip("this system gives no user namespace")
    assert "no file watches left" in ended.stdout
    assert "max_user_watches" in ended.stdout


def test_a_failure_of_events_that_is_no_want_of_watches_says_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(WatchFailed, match=os.strerror(errno.ENOENT)):
        watch(tmp_path / "gone", print)


def test_an_index_that_cannot_be_written_says_so_and_goes_on_when_it_can(
    root: Path, follow: Follow, tmp_path: Path
) -> None:
    write(root, {"A.md": "made"})
    (tmp_path / "index.db").mkdir()
    index = follow(wait=False)
    until(lambda: index.progress.phase == "stopped")
    assert "cannot be written" in (index.progress.warning or "")
    (tmp_path / "index.db").rmdir()
    until(lambda: index.progress.phase == "ready")
    assert index.progress.warning is None
    assert names(index) == {"A.md"}


def test_progress_is_told_as_it_comes(root: Path, follow: Follow) -> None:
    write(root, {f"{number}.md": "made" for number in range(1_200)})
    told: list[Progress] = []
    follow(told=told.append)
    assert [progress.phase for progress in told][-1] == "ready"
    assert any(progress.phase == "reading" and 0 < progress.done < progress.total == 1_200 for progress in told)


def test_many_writers_and_askers_at_once_do_no_harm(root: Path, follow: Follow) -> None:
    index = follow()
    errors: list[BaseException] = []

    def work(who: int) -> None:
        try:
            for number in range(20):
                write(root, {f"{who}-{number}.md": "made"})
                index.wrote(NotePath(f"{who}-{number}.md"))
                index.settle()
                names(index)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    until(lambda: len(names(index)) == 80)
