"""config.toml: what may stand there, what the environment overrides, and how mistakes are told."""

import stat
import sys
import threading
from pathlib import Path

import pytest

from commonplace.config import ConfigError, config_file, load_config, register_vault, resolve_api_key

only_where_modes_mean_something = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COMMONPLACE_MODEL__BACKEND", "COMMONPLACE_DAEMON__PORT", "COMMONPLACE_MODEL", "COMMONPLACE_HOME"):
        monkeypatch.delenv(name, raising=False)


def write(home: Path, text: str) -> Path:
    file = config_file(home)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


def complaint(home: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(home)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_without_a_file_the_reader_answers(tmp_path: Path) -> None:
    config = load_config(tmp_path)
    assert config.model.backend == "reader"
    assert config.daemon.port == 0
    assert config.vaults == {}
    assert list(tmp_path.iterdir()) == []


def test_every_setting_can_be_written(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
        default_vault = "notes"
        prompt_file = "/somewhere/prompt.md"
        [model]
        backend = "openai"
        base_url = "http://127.0.0.1:1234/v1"
        name = "mem-agent"
        api_key_env = "SOME_KEY"
        temperature = 0.6
        max_tokens = 2048
        first_token_seconds = 300
        idle_seconds = 20
        [daemon]
        port = 7777
        idle_minutes = 1.5
        [vaults.notes]
        path = "~/Notes"
        memory = "Memory"
        """,
    )
    config = load_config(tmp_path)
    assert (config.model.name, config.model.temperature, config.model.idle_seconds) == ("mem-agent", 0.6, 20)
    assert (config.daemon.port, config.daemon.idle_minutes) == (7777, 1.5)
    assert config.vault_named("notes") == config.vault_named("~/Notes")
    assert config.vaults["notes"].memory == "Memory"
    assert config.prompt_file == Path("/somewhere/prompt.md")


def test_the_environment_goes_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, '[model]\nbackend = "openai"\nname = "kept"\n')
    monkeypatch.setenv("COMMONPLACE_MODEL__BACKEND", "reader")
    config = load_config(tmp_path)
    assert (config.model.backend, config.model.name) == ("reader", "kept")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[modle]\nname = 'x'", "'modle'; did you mean 'model'?"),
        ("[model]\nbase_ulr = 'x'", "'model.base_ulr'; did you mean 'model.base_url'?"),
        ("[daemon]\nprot = 1", "'daemon.prot'; did you mean 'daemon.port'?"),
        ("[vaults.notes]\npath = '/x'\nmemroy = 'M'", "did you mean 'vaults.notes.memory'?"),
        ("mode = 'review'", "there is no setting 'mode'; did you mean 'agent.mode'?"),
        ("model = 'foo'", "model is a section of several settings, such as model.backend."),
        ("zzz = 1", "there is no setting 'zzz'."),
        ("[daemon]\nport = 70000", "daemon.port: "),
        ("[model]\nbackend = 'gpt'", "'vllm' or 'openai'"),
        ("[model]\ntemperature = 'hot'", "model.temperature: "),
        ("vaults = 3", "vaults is a section"),
        ("[vaults]\nnotes = 3", "vaults.notes: "),
        ("[vaults.notes]\npath = 'Notes'", "vaults.notes.path: "),
        ("default_vault = 'nots'\n[vaults.notes]\npath = '/x'", "'notes'"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    file = write(tmp_path, text)
    assert complaint(tmp_path).startswith(str(file))
    assert said in complaint(tmp_path)


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, '[model]\nname = "x"\nbackend = openai\n')
    assert complaint(tmp_path).startswith(f"{file} is not valid TOML")
    assert "line 3" in complaint(tmp_path)


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    config_file(tmp_path).write_bytes(b'[model]\nname = "\xff"\n')
    assert "UTF-8" in complaint(tmp_path)


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    config_file(tmp_path).mkdir()
    assert str(config_file(tmp_path)) in complaint(tmp_path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    config_file(tmp_path).write_bytes(b'\xef\xbb\xbf[model]\nname = "x"\n')
    assert load_config(tmp_path).model.name == "x"


@pytest.mark.parametrize(
    ("variable", "value"),
    [("COMMONPLACE_DAEMON__PORT", "many"), ("COMMONPLACE_MODEL", "reader"), ("COMMONPLACE_MODEL__BACKEND", "gpt")],
)
def test_a_mistake_in_the_environment_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert "COMMONPLACE_" in complaint(tmp_path)


def test_a_section_that_is_misspelt_in_the_environment_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMONPLACE_AGNT__MODE", "read-only")
    assert complaint(tmp_path) == "COMMONPLACE_AGNT__MODE: there is no setting 'agnt.mode'; did you mean 'agent.mode'?"


@only_where_modes_mean_something
def test_a_key_in_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, '[model]\napi_key = "sk-secret"\n')
    file.chmod(0o644)
    assert f"chmod 600 {file}" in complaint(tmp_path)
    file.chmod(0o600)
    assert resolve_api_key(load_config(tmp_path).model) == "sk-secret"


@only_where_modes_mean_something
def test_a_key_from_the_environment_asks_nothing_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, '[model]\nname = "x"\n').chmod(0o644)
    monkeypatch.setenv("COMMONPLACE_MODEL__API_KEY", "sk-env")
    assert resolve_api_key(load_config(tmp_path).model) == "sk-env"


def test_the_key_comes_from_the_variable_that_is_named(tmp_path: Path) -> None:
    write(tmp_path, '[model]\napi_key_env = "SOME_KEY"\n')
    model = load_config(tmp_path).model
    assert resolve_api_key(model, {"SOME_KEY": "sk-1"}) == "sk-1"
    with pytest.raises(ConfigError, match="SOME_KEY is not set"):
        resolve_api_key(model, {})


def test_the_key_is_never_told(tmp_path: Path) -> None:
    write(tmp_path, '[model]\napi_key = "sk-secret"\n')
    config = load_config(tmp_path)
    assert "sk-secret" not in f"{config!r} {config} {config.model_dump()}"
    write(tmp_path, '[model]\napi_key = ["sk-secret"]\n')
    assert "sk-secret" not in complaint(tmp_path)


def test_the_first_vault_becomes_the_default_one(tmp_path: Path) -> None:
    assert register_vault(tmp_path, tmp_path / "Notes") == "Notes"
    assert register_vault(tmp_path, tmp_path / "Work", "Memory") == "Work"
    config = load_config(tmp_path)
    assert config.default_vault == "Notes"
    assert (config.vaults["Work"].path, config.vaults["Work"].memory) == (tmp_path / "Work", "Memory")


def test_registering_keeps_what_the_user_wrote(tmp_path: Path) -> None:
    written = '# mine\n[model]\nname = "x"   # the small one\n\n[vaults."my notes"] # old\npath = "/old"\n'
    file = write(tmp_path, written)
    register_vault(tmp_path, tmp_path / "Notes")
    assert [line for line in written.splitlines() if line not in file.read_text("utf-8").splitlines()] == []
    assert set(load_config(tmp_path).vaults) == {"my notes", "Notes"}


def test_registering_twice_is_registering_once(tmp_path: Path) -> None:
    register_vault(tmp_path, tmp_path / "Notes")
    before = config_file(tmp_path).read_bytes()
    assert register_vault(tmp_path, tmp_path / "x" / ".." / "Notes") == "Notes"
    assert config_file(tmp_path).read_bytes() == before


def test_registering_again_moves_the_memory(tmp_path: Path) -> None:
    register_vault(tmp_path, tmp_path / "Notes")
    for memory in ("Memory", "Mind", ""):
        assert register_vault(tmp_path, tmp_path / "Notes", memory) == "Notes"
        assert load_config(tmp_path).vaults["Notes"].memory == memory


def test_two_folders_of_one_name_get_two_names(tmp_path: Path) -> None:
    assert register_vault(tmp_path, tmp_path / "a" / "Notes") == "Notes"
    assert register_vault(tmp_path, tmp_path / "b" / "Notes") == "Notes 2"


def test_a_name_is_not_given_twice(tmp_path: Path) -> None:
    register_vault(tmp_path, tmp_path / "a", name="notes")
    before = config_file(tmp_path).read_bytes()
    with pytest.raises(ConfigError, match="'notes' is registered already"):
        register_vault(tmp_path, tmp_path / "b", name="notes")
    assert config_file(tmp_path).read_bytes() == before


@pytest.mark.parametrize("name", ["a.b", "with space", "Zoë's", '"quoted"', "[x]", "\N{SNOWMAN}"])
def test_any_folder_name_can_be_a_vaults_name(tmp_path: Path, name: str) -> None:
    register_vault(tmp_path, tmp_path / name)
    assert load_config(tmp_path).vaults[name].path == tmp_path / name


def test_a_broken_file_is_not_written_over(tmp_path: Path) -> None:
    file = write(tmp_path, "[model\n")
    with pytest.raises(ConfigError):
        register_vault(tmp_path, tmp_path / "Notes")
    assert file.read_text("utf-8") == "[model\n"


@only_where_modes_mean_something
def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    register_vault(home, tmp_path / "Notes")
    assert stat.S_IMODE(config_file(home).stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@only_where_modes_mean_something
def test_a_linked_file_stays_a_link(tmp_path: Path) -> None:
    dotfiles = tmp_path / "dotfiles"
    dotfiles.mkdir()
    config_file(tmp_path).symlink_to(dotfiles / "commonplace.toml")
    (dotfiles / "commonplace.toml").write_text("# mine\n", encoding="utf-8")
    register_vault(tmp_path, tmp_path / "Notes")
    assert config_file(tmp_path).is_symlink()
    assert set(load_config(tmp_path).vaults) == {"Notes"}


def test_vaults_registered_at_once_are_all_registered(tmp_path: Path) -> None:
    names = [f"vault{number}" for number in range(8)]
    clients = [threading.Thread(target=register_vault, args=(tmp_path, tmp_path / name)) for name in names]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert set(load_config(tmp_path).vaults) == set(names)
