"""Tables of formats that give each row its own cell edges: rows brought onto one grid."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

_NEAR = 60
"""Twips (1/20 point) within which two edges are one."""


def aligned(rows: Sequence[tuple[Sequence[int], Sequence[str]]]) -> tuple[tuple[str, ...], ...]:
    """Rows of equal length from (edges, cells) of each: a cell stands once, where it begins.

    Edges are in twips, one more than cells. Where a row's edges are missing or do not fit its
    cells, the cells of all rows are only padded on the right.
    """
    if any(len(edges) != len(cells) + 1 for edges, cells in rows):
        width = max((len(cells) for _, cells in rows), default=0)
        return tuple((*cells, *[""] * (width - len(cells))) for _, cells in rows)
    grid: list[int] = []
    for edge in sorted(edge for edges, _ in rows for edge in edges):
        if not grid or edge - grid[-1] > _NEAR:
            grid.append(edge)
    found = []
    for edges, cells in rows:
        row = [""] * max(1, len(grid) - 1)
        for edge, cell in zip(edges, cells, strict=False):
            place = min(bisect_left(grid, edge - _NEAR), len(row) - 1)
            row[place] = f"{row[place]} {cell}".strip()
        found.append(tuple(row))
    return tuple(found)
