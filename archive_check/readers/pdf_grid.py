"""Tables of a PDF page, rebuilt from the strokes that rule them.

A PDF knows no tables: what looks like one is horizontal and vertical strokes. Strokes that meet
make a grid; where a stroke is missing between two fields of the grid, they are one merged cell.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from operator import neg

_NEAR = 3.0
"""Strokes closer than this many points are one, and meet where they come this close."""
_MAX_STROKES = 4_000
"""More strokes than this on a page are a drawing, no table."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A ruling line: at `at` on one axis, from `start` to `end` on the other."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's edges: `xs` from left to right, `ys` from top to bottom, and its merged cells."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: dict[tuple[int, int], tuple[int, int]]
    """The top left field of the cell that each field (row, column) belongs to."""

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """The cell at a point, or None outside the table."""
        column = bisect_right(self.xs, x) - 1
        row = bisect_right(self.ys, -y, key=neg) - 1
        return self.owner.get((row, column))

    def right(self, row: int, column: int) -> float:
        """The right edge of a cell."""
        reach = column
        while self.owner.get((row, reach + 1)) == (row, column):
            reach += 1
        return self.xs[reach + 1]


def grids(across: Iterable[Stroke], down: Iterable[Stroke]) -> list[Grid]:
    """The tables that horizontal (`across`) and vertical (`down`) strokes rule."""
    flat, upright = _merged(across), _merged(down)
    if not flat or not upright or len(flat) + len(upright) > _MAX_STROKES:
        return []
    found = []
    for own_flat, own_upright in _connected(flat, upright):
        grid = _grid(own_flat, own_upright)
        if grid is not None:
            found.append(grid)
    return found


def _merged(strokes: Iterable[Stroke]) -> list[Stroke]:
    """Strokes that lie on one line and touch, as one; places within `_NEAR` become equal."""
    rails: list[list[Stroke]] = []
    for stroke in sorted(strokes, key=lambda stroke: stroke.at):
        if rails and stroke.at - rails[-1][-1].at <= _NEAR:
            rails[-1].append(stroke)
        else:
            rails.append([stroke])
    merged: list[Stroke] = []
    for rail in rails:
        at = sum(stroke.at for stroke in rail) / len(rail)
        open_start, open_end = 0.0, float("-inf")
        for stroke in sorted(rail, key=lambda stroke: stroke.start):
            if stroke.start <= open_end + _NEAR:
                open_end = max(open_end, stroke.end)
                continue
            if open_end > float("-inf"):
                merged.append(Stroke(at, open_start, open_end))
            open_start, open_end = stroke.start, stroke.end
        merged.append(Stroke(at, open_start, open_end))
    return merged


def _connected(
    flat: list[Stroke], upright: list[Stroke]
) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Strokes grouped by which of them meet."""
    parent = list(range(len(flat) + len(upright)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    ends = [(j, down.at, down.start - _NEAR, down.end + _NEAR)
            for j, down in enumerate(upright, len(flat))]  # fmt: skip
    for i, across in enumerate(flat):
        at, start, end = across.at, across.start - _NEAR, across.end + _NEAR
        for j, down_at, low, high in ends:
            if start <= down_at <= end and low <= at <= high:
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for i, stroke in enumerate(flat):
        groups.setdefault(root(i), ([], []))[0].append(stroke)
    for j, stroke in enumerate(upright, len(flat)):
        groups.setdefault(root(j), ([], []))[1].append(stroke)
    return list(groups.values())


def _grid(flat: list[Stroke], upright: list[Stroke]) -> Grid | None:
    """The grid of strokes that meet, or None where they enclose fewer than two cells."""
    if len(flat) < 2 or not upright:
        return None
    # A table may be open at its sides: its horizontal strokes then reach further than the rest.
    xs = _edges(
        [stroke.at for stroke in upright]
        + [min(stroke.start for stroke in flat), max(stroke.end for stroke in flat)]
    )
    ys = _edges(
        [stroke.at for stroke in flat]
        + [min(stroke.start for stroke in upright), max(stroke.end for stroke in upright)]
    )[::-1]
    if len(xs) < 2 or len(ys) < 2 or (len(xs) == 2 and len(ys) == 2):
        return None

    across = [[stroke for stroke in flat if abs(stroke.at - y) <= _NEAR] for y in ys]
    down = [[stroke for stroke in upright if abs(stroke.at - x) <= _NEAR] for x in xs]
    fields = [(row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)]
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for row, column in fields:
        own = (row, column)
        y, x = (ys[row] + ys[row + 1]) / 2, (xs[column] + xs[column + 1]) / 2
        if column and not _ruled(down[column], y):
            own = owner[(row, column - 1)]
        elif row and not _ruled(across[row], x):
            own = owner[(row - 1, column)]
        owner[(row, column)] = own
    if len(set(owner.values())) < 2:
        return None
    return Grid(tuple(xs), tuple(ys), owner)


def _ruled(strokes: list[Stroke], middle: float) -> bool:
    for stroke in strokes:  # noqa: SIM110 (three times as quick on so few)
        if stroke.start <= middle <= stroke.end:
            return True
    return False


def _edges(places: list[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found
