"""Matters: which of the programme's matters each workpaper treats, and its index numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from archive_check.arrange.moves import smallest_moves
from archive_check.arranged import IndexProblem
from archive_check.model import Material

Likeness = Callable[[str, str], float]
_ALIKE = 72.0


def matters_of(
    materials: Sequence[Material], likeness: Likeness
) -> tuple[tuple[str, ...], Mapping[str, frozenset[int]]]:
    """The programme's list of matters and each workpaper's places in it.

    Where a programme holds several lists, the one that its workpapers fit best is the list.
    """
    papers = [m for m in materials if m.type == "workpaper"]
    lists = [items for m in materials if m.type == "audit-programme" for items in m.matter_lists]
    if not lists:
        return (), {}
    fitted = [(items, _fit(papers, items, likeness)) for items in lists]

    def quality(option: tuple[tuple[str, ...], Mapping[str, frozenset[int]]]) -> tuple[int, int]:
        items, places = option
        covered = frozenset(i for found in places.values() for i in found)
        return sum(1 for found in places.values() if found), len(covered) - len(items)

    best = max(fitted, key=quality)
    if papers and quality(best)[0] == 0:
        return (), {}
    return best


def _fit(
    papers: Sequence[Material], matters: Sequence[str], likeness: Likeness
) -> Mapping[str, frozenset[int]]:
    return {paper.path: _places(paper, matters, likeness) for paper in papers}


def _places(paper: Material, matters: Sequence[str], likeness: Likeness) -> frozenset[int]:
    stated = _plain(paper.fields.get("matter", ""))
    for text in (stated, _plain(paper.title + (paper.entry.title if paper.entry else ""))):
        if not text:
            continue
        named = frozenset(i for i, m in enumerate(matters) if _plain(m) in text)
        if named:
            return named
        scores = [(likeness(text, m), -i) for i, m in enumerate(matters)]
        best, place = max(scores)
        if best >= _ALIKE:
            return frozenset({-place})
    return frozenset()


def index_problems(
    papers: Sequence[Material], matter_of: Mapping[str, frozenset[int]]
) -> Iterator[IndexProblem]:
    """Index numbers that are missing, repeated, or against the matters' order (article 28)."""
    readable = [p for p in papers if p.document.text_read and not p.draft]
    first: dict[str, Material] = {}
    unique: list[Material] = []
    for paper in readable:
        index = paper.fields.get("index_no")
        if not index:
            yield IndexProblem(paper, "missing")
        elif index in first:
            yield IndexProblem(paper, "repeated", first[index])
        else:
            first[index] = paper
            unique.append(paper)
    placed = [p for p in unique if matter_of.get(p.path)]
    placed.sort(key=lambda p: (min(matter_of[p.path]), index_key(p.fields["index_no"])))
    keys = [index_key(p.fields["index_no"]) for p in placed]
    for i in smallest_moves(keys, [1] * len(placed)):
        yield IndexProblem(placed[i], "order")


def index_key(index: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts index numbers by value: A-2 before A-10, A-3 before A-3-1."""
    chunks = re.findall(r"\d+|[^\d\-./]+", index)
    return tuple((1, int(c), "") if c.isdigit() else (0, 0, c) for c in chunks)


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
