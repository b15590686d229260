"""The life of a managed vLLM, with a stand-in for the program: slow, crashing, hanging, orphaned; nothing stays."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from commonplace.models.base import Message, Meter, Model, ModelError
from commonplace.models.settings import ModelSettings
from commonplace.models.stale import end_stale_group
from commonplace.models.vllm import VllmModel

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="vLLM does not run on Windows")

PROGRAM = Path(__file__).parents[1] / "support" / "stand_in_vllm.py"
QUESTION = (Message("user", "Do you know?"),)
REPLY = "<think>\nI know.\n</think>\n<python></python>\n<reply>\nYes.\n</reply>"


def processes(columns: str) -> list[str]:
    """A line for each process of this machine."""
    listed = subprocess.run(["ps", "-A", "-o", columns], capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


class StandIn:
    """How the program behaves, and what became of it."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self.file = folder / "manners.json"
        self.behave()
        self.folder = folder
        self._stack = stack

    def behave(self, **manners: object) -> None:
        self.file.write_text(json.dumps(manners))

    def model(self, **settings: Any) -> VllmModel:
        model = VllmModel(self.settings(**settings))
        self._stack.push_async_callback(model.close)
        return model

    def settings(self, **settings: Any) -> ModelSettings:
        usual = ModelSettings(
            backend="vllm",
            name="robin/tiny",
            command=(sys.executable, str(PROGRAM)),
            state_folder=self.folder / "home" / "models",
            arguments=("--tensor-parallel-size", "2"),
        )
        return replace(usual, **settings)

    @property
    def log(self) -> Path:
        return self.folder / "home" / "logs" / "vllm.log"

    @property
    def began(self) -> list[Mapping[str, Any]]:
        """Each start of the program."""
        file = Path(f"{self.file}.began")
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def alive(self) -> list[str]:
        """The processes of every start that are still there, workers included."""
        groups = {str(start["pid"]) for start in self.began}
        lines = [line.split(None, 2) for line in processes("pgid=,stat=,command=")]
        return [command for group, state, command in lines if group in groups and not state.startswith("Z")]


@pytest_asyncio.fixture
async def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    monkeypatch.setattr("commonplace.models.vllm.process._FIRST_PAUSE", 0.01)
    monkeypatch.setattr("commonplace.models.vllm.process._NEWS_SECONDS", 0.2)
    monkeypatch.setattr("commonplace.models.vllm.process._LOOK_SECONDS", 0.05)
    monkeypatch.setattr("commonplace.models.vllm.process._HEALTH_SECONDS", 0.5)
    monkeypatch.setattr("commonplace.models.retries._FIRST_PAUSE", 0.01)
    async with AsyncExitStack() as stack:
        found = StandIn(tmp_path, stack)
        monkeypatch.setenv("STAND_IN", str(found.file))
        yield found
    await until(lambda: not found.alive())


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.05)


async def answer(model: Model, meter: Meter | None = None) -> str:
    return "".join([text async for text in model.stream(QUESTION, meter)])


async def test_a_slow_start_is_told_while_it_lasts_and_then_it_answers(stand_in: StandIn) -> None:
    stand_in.behave(load=1.0)
    model, meter = stand_in.model(), Meter()
    news = [text async for text in model.prepare()]
    assert "not on this machine" in news[0]
    assert news[0].endswith("commonplace model pull robin/tiny")
    assert news[1] == "vLLM loads robin/tiny."
    assert any("50 %" in text for text in news)
    assert await answer(model, meter) == REPLY
    assert meter == Meter(prompt_tokens=90, cached_tokens=80, generated_tokens=5)
    assert [text async for text in model.prepare()] == []
    (start,) = stand_in.began
    assert start["arguments"][:4] == ["serve", "robin/tiny", "--host", "127.0.0.1"]
    assert "--enable-prefix-caching" in start["arguments"]
    assert start["arguments"][-2:] == ["--tensor-parallel-size", "2"]
    assert len(stand_in.alive()) == 2
    await model.close()
    await until(lambda: not stand_in.alive())
    assert "50% Completed" in stand_in.log.read_text()


async def test_weights_that_are_here_are_not_said_to_be_fetched(stand_in: StandIn) -> None:
    model = stand_in.model(name=str(stand_in.folder))
    assert (await anext(model.prepare())).startswith("vLLM loads")


async def test_it_tells_its_window_and_counts_as_the_server_does(stand_in: StandIn) -> None:
    model = stand_in.model()
    assert await answer(model) == REPLY
    assert model.window == 4096
    assert await model.count(QUESTION * 3) == 21


async def test_a_seed_goes_with_the_request_to_the_one_server(stand_in: StandIn) -> None:
    model = stand_in.model()
    assert await answer(model.seeded(7)) == REPLY.replace("Yes.", "Yes. (seed 7)")
    assert await answer(model) == REPLY
    assert len(stand_in.began) == 1


async def test_its_key_stands_in_no_argument_and_no_log(stand_in: StandIn) -> None:
    model = stand_in.model()
    await answer(model)
    listed = "\n".join(processes("command="))
    process = model._process  # pyright: ignore[reportPrivateUsage]  # the key is to be seen nowhere else
    assert process is not None
    assert process.key not in listed
    assert process.key not in stand_in.log.read_text()


async def test_a_crash_while_it_starts_is_tried_again(stand_in: StandIn) -> None:
    stand_in.behave(crash=2)
    model = stand_in.model()
    news = [text async for text in model.prepare()]
    assert sum("next try" in text for text in news) == 2
    assert await answer(model) == REPLY


async def test_one_that_crashes_each_time_is_given_up_with_its_last_words(stand_in: StandIn) -> None:
    stand_in.behave(crash=99)
    with pytest.raises(ModelError) as caught:
        await answer(stand_in.model())
    assert "3 times" in caught.value.message
    assert "the weights are of another kind" in caught.value.message
    assert str(stand_in.log) in caught.value.advice
    await until(lambda: not stand_in.alive())


@pytest.mark.parametrize("manner", ["starve", "killed"])
async def test_too_little_memory_is_said_at_once_with_what_to_do(stand_in: StandIn, manner: str) -> None:
    stand_in.log.parent.mkdir(parents=True)
    stand_in.behave(**{manner: True})
    with pytest.raises(ModelError) as caught:
        await answer(stand_in.model())
    assert "too little memory for robin/tiny" in caught.value.message
    assert "--max-model-len" in caught.value.advice
    assert len(stand_in.began) == 1
    await until(lambda: not stand_in.alive())


async def test_want_of_memory_in_an_answer_is_said_and_what_the_log_holds_of_earlier_days_is_not(
    stand_in: StandIn,
) -> None:
    stand_in.behave(die="of memory")
    model = stand_in.model()
    with pytest.raises(ModelError, match="too little memory"):
        await answer(model)
    stand_in.behave(die=1)
    with pytest.raises(ModelError) as caught:
        await answer(model)
    assert "memory" not in caught.value.message
    assert await answer(model) == REPLY


async def test_one_that_hangs_while_it_starts_is_ended_in_time(stand_in: StandIn) -> None:
    stand_in.behave(hang="starting")
    with pytest.raises(ModelError) as caught:
        await answer(stand_in.model(start_seconds=0.7))
    assert "did not serve within" in caught.value.message
    assert "start_minutes" in caught.value.advice
    await until(lambda: not stand_in.alive())


async def test_one_that_dies_in_an_answer_ends_it_honestly_and_is_there_for_the_next(stand_in: StandIn) -> None:
    stand_in.behave(die=1)
    model = stand_in.model()
    heard: list[str] = []
    with pytest.raises(ModelError):
        async for text in model.stream(QUESTION):
            heard.append(text)
    assert "".join(heard) == REPLY[: len("".join(heard))]
    assert heard
    await until(lambda: not stand_in.alive())
    assert await answer(model) == REPLY
    assert len(stand_in.began) == 2


async def test_one_that_hangs_in_an_answer_is_ended_and_started_again(stand_in: StandIn) -> None:
    stand_in.behave(hang="answering")
    model = stand_in.model(idle_seconds=0.5)
    with pytest.raises(ModelError, match="went silent"):
        await answer(model)
    assert await answer(model) == REPLY
    assert len(stand_in.began) == 2


async def test_it_is_ended_when_nobody_asks_and_started_when_somebody_does(stand_in: StandIn) -> None:
    model = stand_in.model(unload_seconds=0.2)
    assert await answer(model) == REPLY
    await until(lambda: not stand_in.alive())
    assert await answer(model) == REPLY


async def test_two_prompts_at_once_start_one_server(stand_in: StandIn) -> None:
    model = stand_in.model()
    assert await asyncio.gather(answer(model), answer(model)) == [REPLY, REPLY]
    assert len(stand_in.began) == 1


async def begin_elsewhere(stand_in: StandIn) -> "subprocess.Popen[bytes]":
    """A process, as the daemon would be, that has started the server and now waits."""
    program = (
        "import asyncio, sys, time, pathlib\n"
        "from commonplace.models.settings import ModelSettings\n"
        "from commonplace.models.vllm import VllmModel\n"
        "settings = ModelSettings(backend='vllm', name='robin/tiny', command=(sys.executable, sys.argv[1]),\n"
        "    state_folder=pathlib.Path(sys.argv[2]))\n"
        "async def main():\n"
        "    async for _ in VllmModel(settings).prepare(): pass\n"
        "    print('ready', flush=True); time.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program, str(PROGRAM), str(stand_in.folder / "home" / "models")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: ASYNC220  # it is waited for in a thread
    assert process.stdout is not None
    assert await asyncio.to_thread(process.stdout.readline) == b"ready\n"
    return process


async def test_a_daemon_that_is_killed_leaves_no_orphans(stand_in: StandIn) -> None:
    daemon = await begin_elsewhere(stand_in)
    assert len(stand_in.alive()) == 2
    daemon.kill()
    daemon.wait()
    await until(lambda: not stand_in.alive())


async def leave_orphans(stand_in: StandIn) -> None:
    """Kill a daemon and its guardian under a server."""
    daemon = await begin_elsewhere(stand_in)
    (began,) = stand_in.began
    (guardian,) = [line.split()[1] for line in processes("pid=,ppid=") if line.split()[0] == str(began["pid"])]
    os.kill(int(guardian), signal.SIGKILL)
    daemon.kill()
    daemon.wait()
    await asyncio.sleep(0.3)
    assert len(stand_in.alive()) == 2


async def test_orphans_of_a_daemon_and_a_guardian_that_were_killed_go_when_a_server_starts(stand_in: StandIn) -> None:
    await leave_orphans(stand_in)
    assert await answer(stand_in.model()) == REPLY
    assert len(stand_in.alive()) == 2


async def test_they_go_as_well_when_a_daemon_starts_that_wants_no_server(stand_in: StandIn, start: Any) -> None:
    await leave_orphans(stand_in)
    await start()
    await until(lambda: not stand_in.alive())


async def test_a_server_that_another_program_of_ours_uses_is_left_alone(stand_in: StandIn, start: Any) -> None:
    other = await begin_elsewhere(stand_in)
    await start()
    assert await answer(stand_in.model()) == REPLY
    assert len(stand_in.alive()) == 4
    other.kill()
    other.wait()
    await until(lambda: len(stand_in.alive()) == 2)
    assert (stand_in.folder / "home" / "models" / "vllm.group").exists()


def test_a_number_that_is_another_programs_by_now_is_left_alone(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    (tmp_path / "vllm.group").write_text(f"{other.pid} vllm serve robin/tiny --host 127.0.0.1 --port 54321")
    end_stale_group(tmp_path / "vllm.group")
    assert other.poll() is None
    assert not (tmp_path / "vllm.group").exists()
    other.kill()
    other.wait()


@pytest.mark.parametrize("text", ["", "x", "12", "999999999 vllm --port 1"])
def test_a_damaged_file_of_a_group_does_no_harm(tmp_path: Path, text: str) -> None:
    (tmp_path / "vllm.group").write_text(text)
    end_stale_group(tmp_path / "vllm.group")


async def test_a_program_that_is_not_installed_is_named_with_the_command_that_installs_it(stand_in: StandIn) -> None:
    with pytest.raises(ModelError) as caught:
        await answer(stand_in.model(command=("no-such-vllm",)))
    assert "no-such-vllm is not installed" in caught.value.message
    assert ".[vllm]" in caught.value.advice
