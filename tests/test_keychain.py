"""Keys of model servers in the system's keyring: kept, read, and never in the config."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import pytest

from commonplace.config import ConfigError, resolve_api_key
from commonplace.keychain import KeychainError, keep_key, read_key
from commonplace.settings import ModelConfig

KEY = "sk-of-nobody-0123456789"


class InMemory(keyring.backend.KeyringBackend):
    """A keyring of this process."""

    priority = 1.0  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride, reportIncompatibleVariableOverride]  # a property there, a number in its documentation

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def ring() -> Iterator[InMemory]:
    before, ring = keyring.get_keyring(), InMemory()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_a_key_that_is_kept_is_the_servers_key(ring: InMemory) -> None:
    keep_key("openrouter", KEY)
    assert read_key("openrouter") == KEY
    assert resolve_api_key(ModelConfig(api_key_keyring="openrouter")) == KEY
    assert resolve_api_key(ModelConfig(api_key_keyring="openrouter", api_key_env="K"), {"K": "other"}) == "other"


def test_a_key_that_is_not_there_names_the_command_that_keeps_it(ring: InMemory) -> None:
    with pytest.raises(ConfigError, match="commonplace model key openrouter"):
        resolve_api_key(ModelConfig(api_key_keyring="openrouter"))


def test_a_machine_without_a_keyring_is_told_of_the_variable() -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    try:
        with pytest.raises(KeychainError, match=r"model\.api_key_env"):
            keep_key("openrouter", KEY)
    finally:
        keyring.set_keyring(before)


def test_the_command_keeps_the_key_in_the_keyring_and_its_name_in_the_config(tmp_path: Path) -> None:
    (tmp_path / "ring.py").write_text(
        "import json, pathlib, keyring.backend\n"
        "file = pathlib.Path(__file__).with_name('ring.json')\n"
        "class Ring(keyring.backend.KeyringBackend):\n"
        "    priority = 1\n"
        "    def get_password(self, service, username): return json.loads(file.read_text())[username]\n"
        "    def set_password(self, service, username, password): file.write_text(json.dumps({username: password}))\n"
    )
    environment = {
        **os.environ,
        "COMMONPLACE_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(tmp_path),
        "PYTHON_KEYRING_BACKEND": "ring.Ring",
    }
    command = [sys.executable, "-m", "commonplace", "model", "key", "openrouter"]
    ended = subprocess.run(command, env=environment, input=f"{KEY}\n", capture_output=True, text=True, check=True)
    assert KEY not in ended.stdout + ended.stderr
    assert KEY in (tmp_path / "ring.json").read_text()
    text = (tmp_path / "home" / "config.toml").read_text()
    assert tomllib.loads(text)["model"] == {"api_key_keyring": "openrouter"}
