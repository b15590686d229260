"""``commonplace filter``: rules are added, listed, tried and removed, and what cannot be held is said."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from commonplace.cli import app
from commonplace.config import ConfigError, config_file, load_config


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COMMONPLACE_HOME", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> str:
    ended = CliRunner().invoke(app, ["filter", *arguments])
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.output


def test_a_rule_is_added_once_listed_and_removed(home: Path) -> None:
    config_file(home).write_text("# mine\n[agent]\nmode = 'review'\n")
    assert "every phone number" in run("add", "no phone numbers", "--client", "mcp")
    assert run("add", "no phone numbers", "--client", "mcp").startswith(
        "This rule stands already; nothing was added.\n"
    )
    assert run("list").startswith("1  no phone numbers  (for mcp)\n")
    assert len(load_config(home).filters) == 1
    assert "# mine" in config_file(home).read_text()
    assert [rule.text for rule in load_config(home).rules_for("mcp")] == ["no phone numbers"]
    assert load_config(home).rules_for("own") == ()
    assert run("remove", "1") == "Removed: no phone numbers\n"
    assert "There is no filter." in run("list")
    with pytest.raises(ConfigError, match="commonplace filter list"):
        run("remove", "1")


def test_a_rule_that_nothing_can_hold_is_said_to_rest_on_the_model_alone() -> None:
    assert "rests on the model alone" in run("add", "Only tell my name")


@pytest.mark.parametrize(
    "rule", ["be polite", "kein Wort über meine Telefonnummer", "ni mot de plus, jamais", "никогда"]
)
def test_of_a_rule_that_may_name_nothing_and_of_one_in_another_language_it_is_said_what_rests_on_the_model(
    rule: str,
) -> None:
    for said in (run("test", rule), run("add", rule), run("list")):
        assert "rests on the model alone" in said


@pytest.mark.parametrize("rule", ["no phone numbers", "never mention Nie Zhen", "no phone numbers, nada", "hide Über/"])
def test_a_rule_in_english_that_is_held_is_not_said_to_rest_on_the_model(rule: str) -> None:
    assert "the model alone" not in run("test", rule)


def test_a_rule_is_tried_on_a_text_and_on_a_vault(home: Path, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / "user.md").write_text("# User\n- blood_type: AB negative\n")
    config_file(home).write_text(f"[vaults.notes]\npath = '{vault}'\n")
    told = run("test", "my blood type", "--text", "It is AB negative, I think.")
    assert "parts of 1 other note" in told
    assert told.endswith("It is [withheld: fact], I think.\n")
    assert "rests on the model alone" in run("test", "do not talk about politics")
    refused = run("test", "no phone numbers", "--complete", "--text", "It is 555 0100.")
    assert "I may not answer that" in refused


@pytest.mark.parametrize(("rule", "said"), [("", "says nothing"), ("x" * 10_000, "at most 1,000 characters")])
def test_a_config_with_a_rule_that_is_none_is_refused_in_one_sentence(home: Path, rule: str, said: str) -> None:
    config_file(home).write_text(f"[[filters]]\nrule = '{rule}'\n")
    with pytest.raises(ConfigError, match=said):
        load_config(home)


def test_a_rule_that_finds_nothing_and_a_client_that_nobody_is_are_said_at_once(home: Path, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    (vault / "Diary").mkdir(parents=True)
    (vault / "user.md").write_text("# User\n- hobby: letterpress\n")
    (vault / "Diary" / "winter.md").write_text("# Winter\n- mood: melancholy\n")
    config_file(home).write_text(f"[vaults.notes]\npath = '{vault}'\n")
    assert "1 note withheld whole" in run("add", "hide the folder Diary")
    assert "look at how it is spelled" in run("add", "hide the folder Diray")
    assert "Nothing of it stands" in run("add", "never mention Nobody Atall")
    said = run("add", "no phone numbers", "--client", "mpc", "--client", "mcp")
    assert "No client is called 'mpc' now" in said
    assert "commonplace token list" in said
    assert "No client" not in run("add", "no phone numbers", "--client", "own")
