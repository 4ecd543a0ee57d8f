"""Smallest sets of moves that bring a sequence into order (contract, "Order findings")."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Protocol


class Comparable(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...
    def __le__(self, other: Any, /) -> bool: ...


def smallest_moves(keys: Sequence[Comparable], weights: Sequence[int]) -> tuple[int, ...]:
    """Indexes of the fewest items to take out so that the rest's keys never fall.

    Among equally small sets the one of least weight, then the one that stands furthest forward.
    """
    moved: list[int] = []
    for start, end in _segments(keys):
        inner = _solve(keys[start:end], weights[start:end])
        moved += [start + i for i in inner]
    return tuple(moved)


def _segments(keys: Sequence[Any]) -> list[tuple[int, int]]:
    """Stretches between items that no other contradicts; those items stay in every solution."""
    if not keys:
        return []
    highest = list(accumulate(keys, max))
    lowest = list(accumulate(reversed(keys), min))[::-1]
    settled = [
        highest[i] == keys[i] == lowest[i] or (not keys[i] < highest[i] and not lowest[i] < keys[i])
        for i in range(len(keys))
    ]
    found, start = [], None
    for i, fixed in enumerate([*settled, True]):
        if fixed and start is not None:
            found.append((start, i))
            start = None
        elif not fixed and start is None:
            start = i
    return found


def _solve(keys: Sequence[Any], weights: Sequence[int]) -> list[int]:
    """Least (count, weight, -forward mask) of removed items, by the last kept item."""
    n = len(keys)
    bit = [1 << (n - 1 - i) for i in range(n)]
    total = [0, *accumulate(weights)]
    mask = [0, *accumulate(bit)]
    best: list[tuple[int, int, int]] = []
    for j in range(n + 1):
        options = [(j, total[j], -mask[j])]
        for i in range(j):
            if j == n or keys[i] <= keys[j]:
                count, weight, forward = best[i]
                options.append(
                    (
                        count + j - i - 1,
                        weight + total[j] - total[i + 1],
                        forward - (mask[j] - mask[i + 1]),
                    )
                )
        best.append(min(options))
    removed = -best[n][2]
    return [i for i in range(n) if removed & bit[i]]
