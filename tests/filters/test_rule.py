"""What a rule in the user's own words names, and what it cannot."""

import pytest

from commonplace.filters.rule import RuleError, parse_rule, parse_rules

PHONE, EMAIL, AGE = "phone number", "e-mail address", "age or date of birth"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("do not tell my age", {AGE}),
        ("Do not reveal explicit age information", {AGE}),
        ("Do not share any email addresses", {EMAIL}),
        ("Never tell my sister's phone number", {PHONE}),
        ("no contact details", {PHONE, EMAIL, "address"}),
        ("do not share contact details except my e-mail", {PHONE, "address"}),
        ("Tell everything except my salary", {"amount of money"}),
    ],
)
def test_kinds_of_value_are_named_by_their_words(text: str, kinds: set[str]) -> None:
    assert parse_rule(text).kinds == kinds


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Never mention Blue Fern Bakery", ("Blue Fern Bakery",)),
        ('don\'t say "project zephyr"', ("project zephyr",)),
        ("Hide [[entities/blue_fern.md|the bakery]]", ("blue_fern",)),
        ("Don't tell Maya's birthday", ()),
        ("Never give the IBAN of Maya Ashdown", ()),
    ],
)
def test_a_name_is_what_is_quoted_linked_or_written_with_capitals_and_owns_nothing(
    text: str, names: tuple[str, ...]
) -> None:
    assert parse_rule(text).names == names


def test_folders_tags_and_facts_are_named_in_plain_words() -> None:
    assert parse_rule("nothing from Journal/").folders == ("Journal",)
    assert parse_rule("no notes in the folder Diary").folders == ("Diary",)
    assert parse_rule("nothing tagged #Private").tags == ("private",)
    assert parse_rule("do not tell my favourite colour or employer").phrases == ("favourite colour", "employer")


@pytest.mark.parametrize(
    ("text", "folders"),
    [
        ("hide Work/Plans/", ("Work/Plans",)),
        ("Never show anything in Work/Plans/", ("Work/Plans",)),
        ("never tell what is kept in the Old Notes/2023/", ("Old Notes/2023",)),
        ("hide Work/Plans/ and Work/Pay/", ("Work/Plans", "Work/Pay")),
        ("Hide Notes in progress/Pay/", ("Notes in progress/Pay",)),
        ('hide "my notes/2023/"', ("my notes/2023",)),
        ("hide diary/, please", ("diary",)),
    ],
)
def test_a_folder_within_a_folder_is_named_without_the_words_before_it(text: str, folders: tuple[str, ...]) -> None:
    assert parse_rule(text).folders == folders


@pytest.mark.parametrize("text", ["nothing tagged #secret", "no notes marked with #secret", "hide #secret"])
def test_a_tag_is_all_that_a_rule_about_a_tag_names(text: str) -> None:
    rule = parse_rule(text)
    assert (rule.tags, rule.phrases) == (("secret",), ())


@pytest.mark.parametrize("text", ["always tell my phone", "Only tell my name", "You may share everything"])
def test_a_rule_that_allows_opens_nothing_and_rests_on_the_model(text: str) -> None:
    rule = parse_rule(text)
    assert rule.rests_on_the_model
    assert not rule.kinds


def test_two_rules_that_contradict_each_other_leave_the_stricter_one() -> None:
    kinds = {kind for rule in parse_rules(["tell my phone", "never tell my phone"]) for kind in rule.kinds}
    assert kinds == {PHONE}


@pytest.mark.parametrize("text", ["", "  ", "...", "x" * 10_000, "no phone " * 200])
def test_a_rule_that_says_nothing_or_is_endless_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(RuleError, match=r"[.]$|[:]"):
        parse_rule(text)


def test_there_can_be_a_hundred_rules() -> None:
    assert len(parse_rules(["no phone", "", " "])) == 1
    with pytest.raises(RuleError, match="100"):
        parse_rules(["no phone"] * 101)


@pytest.mark.parametrize("joint", ["but", "however,", "although you may tell my name, also"])
def test_a_word_that_only_joins_what_a_rule_says_is_nothing_that_it_names(joint: str) -> None:
    rule = parse_rule(f"you may tell my e-mail, {joint} do not tell my phone")
    assert not {"but", "however", "although", "also"} & {word for phrase in rule.phrases for word in phrase.split()}
    assert "phone number" in rule.kinds
