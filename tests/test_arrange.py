"""Smallest sets of moves, against brute force."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from archive_check.arrange.moves import smallest_moves


def in_order(keys: list[int], without: tuple[int, ...]) -> bool:
    kept = [key for i, key in enumerate(keys) if i not in without]
    return kept == sorted(kept)


def by_trying(keys: list[int], weights: list[int]) -> tuple[int, ...]:
    for size in range(len(keys) + 1):
        sets = [s for s in combinations(range(len(keys)), size) if in_order(keys, s)]
        if sets:
            return min(sets, key=lambda s: (sum(weights[i] for i in s), s))
    raise AssertionError


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 3)), max_size=8))
def test_the_smallest_lightest_foremost_set_moves(items: list[tuple[int, int]]) -> None:
    keys, weights = [key for key, _ in items], [weight for _, weight in items]
    assert smallest_moves(keys, weights) == by_trying(keys, weights)


@given(st.lists(st.integers(0, 50), max_size=60))
def test_what_stays_is_in_order(keys: list[int]) -> None:
    moved = smallest_moves(keys, [1] * len(keys))
    assert in_order(keys, moved)
    assert list(moved) == sorted(set(moved))


def test_one_paper_in_the_wrong_place_among_many_is_one_move() -> None:
    keys = [*range(40), 3, *range(40, 80)]
    assert smallest_moves(keys, [1] * len(keys)) == (40,)


def test_two_thousand_groups_in_reverse_are_judged_in_time() -> None:
    keys = list(range(600, 0, -1))
    assert len(smallest_moves(keys, [1] * len(keys))) == 599
