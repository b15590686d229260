"""``commonplace config``: every setting with its source, and changes that leave the rest of the file alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commonplace.config import ConfigError, config_file, load_config, read_flags
from commonplace.config_edit import move_vault, remove_vault, set_value, unset_value
from commonplace.config_sources import MASK, Setting, explain_config, lines_of_keys
from commonplace.settings import DaemonConfig, ModelConfig

WRITTEN = """\
# Mine.
default_vault = "notes"

[model]
backend = "openai"   # the small one
base_url = "http://robin:hunter2@127.0.0.1:1234/v1"
api_key = "sk-secret"
name = \"\"\"
small\"\"\"

[vaults.notes]
path = "/somewhere/Notes"
"""


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("COMMONPLACE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    file = config_file(tmp_path)
    file.write_text(WRITTEN, encoding="utf-8")
    file.chmod(0o600)
    return tmp_path


def found(home: Path, key: str, **flags: object) -> Setting:
    named = {name.replace("__", "."): value for name, value in flags.items()}
    return next(setting for setting in explain_config(home, named) if setting.key == key)


def test_every_setting_is_shown(home: Path) -> None:
    keys = {setting.key for setting in explain_config(home)}
    assert {f"model.{name}" for name in ModelConfig.model_fields} <= keys
    assert {f"daemon.{name}" for name in DaemonConfig.model_fields} <= keys
    assert {"default_vault", "prompt_file", "vaults.notes.path", "vaults.notes.memory"} <= keys


def test_a_flag_goes_over_the_environment_and_the_environment_over_the_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = config_file(home)
    assert found(home, "model.backend") == Setting("model.backend", "openai", "file", f"{file}, line 5")
    monkeypatch.setenv("COMMONPLACE_MODEL__BACKEND", "reader")
    variable = "COMMONPLACE_MODEL__BACKEND"
    assert found(home, "model.backend") == Setting("model.backend", "reader", "environment", variable)
    assert found(home, "model.backend", model__backend="openai").source == "flag"
    assert load_config(home, {"model.backend": "openai"}).model.backend == "openai"
    assert found(home, "model.max_tokens") == Setting("model.max_tokens", 4096, "default", "")


def test_no_key_and_no_password_is_shown(home: Path) -> None:
    assert found(home, "model.api_key").value == MASK
    assert found(home, "model.base_url").value == f"http://{MASK}@127.0.0.1:1234/v1"
    assert not any(secret in repr(explain_config(home)) for secret in ("sk-secret", "hunter2"))


def test_a_value_over_several_lines_is_found_where_it_begins() -> None:
    lines = lines_of_keys('# one\na = 1\n[t]\nb = """\nx\ny"""\nc = [\n 1,\n]\n"d.e" = 2\n')
    assert lines == {("a",): 2, ("t", "b"): 4, ("t", "c"): 7, ("t", "d.e"): 10}


@pytest.mark.parametrize("text", ["no sign", "=x", "model.api_key=sk-1"])
def test_a_flag_that_is_no_setting_or_a_key_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        read_flags([text])


def test_a_flag_that_does_not_fit_is_told_as_one(home: Path) -> None:
    with pytest.raises(ConfigError, match=r"^--set: daemon\.port: "):
        load_config(home, read_flags(["daemon.port=many"]))


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("model.name", "other", "other"),
        ("model.name", "7", "7"),
        ("model.max_tokens", "512", 512),
        ("model.temperature", "0.5", 0.5),
        ("daemon.port", "7777", 7777),
        ("vaults.work.path", "/somewhere/Work", "/somewhere/Work"),
        ('vaults."my notes".path', "/somewhere/My Notes", "/somewhere/My Notes"),
    ],
)
def test_a_value_is_set_and_the_rest_stays_as_it_was(home: Path, key: str, text: str, value: object) -> None:
    set_value(home, key, text)
    assert found(home, key.replace('"', "")).value == value
    after = config_file(home).read_text("utf-8")
    assert after.startswith('# Mine.\ndefault_vault = "notes"\n')
    assert 'backend = "openai"   # the small one' in after
    assert config_file(home).stat().st_mode & 0o077 == 0 or sys.platform == "win32"


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("model.nmae", "x", "did you mean 'model.name'"),
        ("model.backend", "gpt", "'vllm' or 'openai'"),
        ("daemon.port", "70000", "daemon.port"),
        ("default_vault", "nots", "'notes'"),
        ("model.api_key", "sk-2", "api_key_env"),
        ("not a key", "x", "no key"),
        ("", "x", "no key"),
    ],
)
def test_what_cannot_be_set_leaves_the_file_alone(home: Path, key: str, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        set_value(home, key, text)
    assert config_file(home).read_text("utf-8") == WRITTEN


def test_a_value_is_taken_out_once(home: Path) -> None:
    assert unset_value(home, "model.backend")
    assert not unset_value(home, "model.backend")
    assert not unset_value(home, "daemon.port")
    assert load_config(home).model.backend == "reader"
    assert "sk-secret" in config_file(home).read_text("utf-8")


def test_a_file_with_keys_that_are_none_is_mended_one_by_one(home: Path) -> None:
    config_file(home).write_text("[agnt]\nmode = 'auto'\n\n[daemon]\nport = 7\nprot = 8\n", "utf-8")
    assert unset_value(home, "agnt.mode")
    with pytest.raises(ConfigError, match="prot"):
        load_config(home)
    assert unset_value(home, "daemon.prot")
    assert load_config(home).daemon.port == 7


def test_a_vault_that_moved_is_found_again_and_keeps_its_name(home: Path, tmp_path: Path) -> None:
    moved = tmp_path / "Moved"
    moved.mkdir()
    move_vault(home, "notes", moved)
    config = load_config(home)
    assert list(config.vaults) == ["notes"]
    assert config.vaults["notes"].path == moved.resolve()
    assert config.default_vault == "notes"
    with pytest.raises(ConfigError, match="did you mean 'notes'"):
        move_vault(home, "note", moved)


def test_a_vault_that_is_removed_is_registered_no_more(home: Path) -> None:
    set_value(home, "vaults.work.path", "/somewhere/Work")
    assert remove_vault(home, "notes") == "work"
    assert load_config(home).default_vault == "work"
    assert remove_vault(home, "work") is None
    assert load_config(home).vaults == {}
    assert "# Mine." in config_file(home).read_text("utf-8")


def test_a_vault_without_its_path_is_not_left_behind(home: Path) -> None:
    with pytest.raises(ConfigError, match="path"):
        unset_value(home, "vaults.notes.path")
    assert config_file(home).read_text("utf-8") == WRITTEN


def test_the_command_prints_a_table_or_json(home: Path) -> None:
    def run(*arguments: str) -> str:
        environment = {**os.environ, "COMMONPLACE_HOME": str(home), "COMMONPLACE_DAEMON__PORT": "7777"}
        command = [sys.executable, "-m", "commonplace", "config", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    line = next(line for line in run().splitlines() if line.startswith("daemon.port"))
    assert line.split() == ["daemon.port", "7777", "environment", "COMMONPLACE_DAEMON__PORT"]
    assert "sk-secret" not in run()
    settings = {setting["key"]: setting for setting in json.loads(run("--json"))}
    assert settings["model.backend"]["where"] == f"{config_file(home)}, line 5"
    assert run("path") == f"{config_file(home)}\n"
    assert run("set", "model.backend", "reader") == "Set model.backend to reader.\n"
    assert "from the daemon's next start on" in run("set", "daemon.port", "7")
    run("unset", "model.name")
    assert load_config(home).model.backend == "reader"
    assert load_config(home).model.name == ""
