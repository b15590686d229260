"""Intervals, paired tests and agreement, against values from textbooks and against brute force."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.bench.statistics import agreement, interval, paired_p_value


def test_the_interval_is_wilsons() -> None:
    found = interval(0.9, 10)
    assert (round(found.low, 3), round(found.high, 3)) == (0.596, 0.982)
    assert interval(1.0, 20).high == 1.0
    assert round(interval(1.0, 20).low, 3) == 0.839


@given(st.integers(0, 50), st.integers(1, 50))
def test_an_interval_holds_its_share(passed: int, count: int) -> None:
    share = min(passed, count) / count
    found = interval(share, count)
    assert 0 <= found.low <= share + 1e-9
    assert share - 1e-9 <= found.high <= 1


@given(st.lists(st.integers(-3, 3), max_size=9))
def test_the_paired_test_counts_every_way_of_flipping_signs(differences: list[int]) -> None:
    sums = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in product((-1, 1), repeat=len(differences))
    ]
    extreme = sum(one >= abs(sum(differences)) for one in sums) / len(sums)
    assert paired_p_value(differences) == pytest.approx(extreme)


def test_with_one_attempt_each_it_is_mcnemars_exact_test() -> None:
    assert paired_p_value([1] * 8 + [-1] * 2 + [0] * 30) == pytest.approx(0.109375)


def test_agreement_is_the_share_of_equal_verdicts_and_kappa() -> None:
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    found = agreement(pairs)
    assert found.share == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)
    assert agreement([(True, True)]).kappa is None
    assert agreement([]).count == 0
