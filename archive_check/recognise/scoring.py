"""How well catalogue entries fit files: by title, index number, kind, document number, date, pages.

All entries are compared with a file at once: a case may hold several catalogues of a thousand.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archive_check.model import Document, Entry
from archive_check.recognise.numbers import clean, place_number
from archive_check.recognise.titles import read_title

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.intp]
    Scores = npt.NDArray[np.float64]

SURE = 88.0
"""Likeness of titles (0-100) from which two titles are taken for the same one."""
LEAST = 55.0
"""The score from which an entry may speak of a file."""
_TELLING = 4
"""Characters from which a title that stands in another is the same, shortened."""
_SAME_NAME = 200.0
_SAME_NUMBER = 15.0
_MARK = re.compile(r"[A-Za-z]{1,4}[-—–]?\d{1,4}(?:[-—–.]\d{1,3})*")

_KEPT = 512
"""Files' titles whose likeness to all entries is kept."""
_OTHERS = 0.01
"""What the likeness of all titles adds to that of the best: it only parts equals."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What matching knows of a file: its titles (own first), date, number, place and volume."""

    document: Document
    titles: tuple[str, ...]
    kind: str | None
    date: date | None
    doc_no: str | None
    number: tuple[int, ...] | None
    volume: str | None
    order: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Files and entries that may be one, by their places among all, files in order, then entries;
    how well they fit, and whether they bear the same number."""

    files: Numbers
    entries: Numbers
    scores: Scores
    numbered: npt.NDArray[np.bool_]

    def by_number(self) -> Pairs:
        """The same where equal numbers count too."""
        scores = self.scores + _SAME_NUMBER * self.numbered
        return Pairs(self.files, self.entries, scores, self.numbered)

    def best_first(self) -> Iterable[tuple[int, int]]:
        """Files and entries; where pairs fit alike, those go first that are as far into both."""
        import numpy as np

        apart = abs(self.files - self.entries)
        order = np.lexsort((self.entries, self.files, apart, -self.scores))
        return zip(self.files[order].tolist(), self.entries[order].tolist(), strict=True)

    def score(self, f: int, e: int, default: float) -> float:
        """How well a file and an entry fit; the default where they can't be one."""
        import numpy as np

        start, end = np.searchsorted(self.files, (f, f + 1))
        at = start + np.searchsorted(self.entries[start:end], e)
        return float(self.scores[at]) if at < end and self.entries[at] == e else default


def pairs(
    files: Sequence[Listed],
    entries: Sequence[Entry],
    left: Sequence[int],
    free: Sequence[int],
    by_volume: bool,
) -> Pairs:
    """Those of the files `left` and the entries `free` that may be one."""
    import numpy as np

    places = np.array(free, dtype=np.intp)
    listed = _Entries([entries[e] for e in free])
    found: list[tuple[Numbers, Numbers, Scores, npt.NDArray[np.bool_]]] = []
    for f in left:
        scores = listed.scores(files[f], by_volume)
        hits = np.flatnonzero(scores >= LEAST)
        same = np.broadcast_to(listed.numbers.compared(files[f].number, 1.0, 0.0) > 0, scores.shape)
        found.append((np.full(len(hits), f), places[hits], scores[hits], same[hits]))
    columns = [np.concatenate(column) for column in zip(*found, strict=True)]
    return Pairs(*columns)


class _Column:
    """A value of each entry, as a number that stands for it: -1 where an entry has none."""

    def __init__(self, values: Iterable[Hashable | None]) -> None:
        import numpy as np

        self._codes: dict[Hashable, int] = {}
        coded = (-1 if x is None else self._codes.setdefault(x, len(self._codes)) for x in values)
        self._values = np.fromiter(coded, dtype=np.intp)

    def compared(self, own: Hashable | None, same: float, other: float) -> Scores:
        """`same` for entries with a file's own value, `other` for those with another; 0 where
        either has none."""
        import numpy as np

        if own is None:
            return np.zeros(len(self._values))
        agree = self._values == self._codes.get(own, -2)
        return np.where(self._values < 0, 0.0, np.where(agree, same, other))


class _Entries:
    """The entries by columns."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        import numpy as np

        titles: dict[str, int] = {}
        coded = (titles.setdefault(plain(entry.title), len(titles)) for entry in entries)
        self._title_of = np.fromiter(coded, dtype=np.intp)
        self._titles = list(titles)
        self._lengths = np.array([len(title) for title in titles])
        self._marks = _Column(marks_in(entry.title) or None for entry in entries)
        self._bearing: dict[str, list[int]] = {}
        self._names: dict[str, list[int]] = {}
        for e, entry in enumerate(entries):
            for mark in marks_in(entry.title):
                self._bearing.setdefault(mark, []).append(e)
            if entry.file_name:
                name = PurePosixPath(entry.file_name.strip().replace("\\", "/")).name
                self._names.setdefault(clean(name), []).append(e)
        self._kinds = _Column(_sure_kind(entry.title) for entry in entries)
        self._doc_nos = _Column(clean(entry.doc_no) if entry.doc_no else None for entry in entries)
        self._dates = _Column(entry.date for entry in entries)
        self._pages = _Column(entry.pages or _span(entry) or None for entry in entries)
        self._volumes = _Column(entry.volume for entry in entries)
        self.numbers = _Column(number_of(entry) for entry in entries)
        self._likeness_of = lru_cache(maxsize=_KEPT)(self._likeness)  # many papers are called alike

    def scores(self, file: Listed, by_volume: bool) -> Scores:
        """How well each entry fits a file."""
        import numpy as np

        pages = file.document.pages if file.document.fixed_pages else None
        found = self._likeness_of(file.titles) + self._by_marks(file.titles)
        found += self._kinds.compared(file.kind, 8.0, -12.0)
        found += self._doc_nos.compared(clean(file.doc_no) if file.doc_no else None, 60.0, -5.0)
        found += self._dates.compared(file.date, 10.0, -6.0)
        found += self._pages.compared(pages or None, 3.0, -3.0)
        name = PurePosixPath(file.document.path.split("!/")[-1])
        for known in {clean(name.name), clean(name.stem)}:
            found[self._names.get(known, [])] = _SAME_NAME
        if by_volume:
            found[self._volumes.compared(file.volume, 0.0, 1.0) > 0] = -np.inf
        return found

    def _likeness(self, titles: Sequence[str]) -> Scores:
        """Of the title most like each entry's, as `likeness` has it; of two papers whose best
        title is the same, the one comes first whose other titles are like it too."""
        import numpy as np
        from rapidfuzz import fuzz, process

        ours = [plain(title) for title in titles] or [""]
        whole = process.cdist(ours, self._titles, scorer=fuzz.ratio, dtype=np.float64)
        part = process.cdist(ours, self._titles, scorer=fuzz.partial_ratio, dtype=np.float64)
        shorter = np.minimum.outer([len(title) for title in ours], self._lengths)
        contained = (part == 100.0) & (shorter >= _TELLING)
        found = np.maximum(np.maximum(whole, 0.9 * part - 5), 90.0 * contained)
        best: Scores = np.where(shorter, found, 0.0).max(axis=0) + _OTHERS * whole.mean(axis=0)
        return best[self._title_of]

    def _by_marks(self, titles: Sequence[str]) -> Scores:
        """Index numbers in titles (QZ02, A-03) tell papers of one name apart."""
        ours = frozenset[str]().union(*map(marks_in, titles))
        found = self._marks.compared(ours or None, 15.0, -25.0)
        for mark in ours:
            found[self._bearing.get(mark, [])] = 15.0
        return found


@lru_cache(maxsize=65536)
def likeness(a: str, b: str) -> float:
    """How alike two titles are, 0-100; one that is the other shortened or elaborated is alike."""
    from rapidfuzz import fuzz

    a, b = plain(a), plain(b)
    if not a or not b:
        return 0.0
    whole = fuzz.ratio(a, b)
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) >= _TELLING and shorter in longer:
        return max(whole, 90.0)
    return max(whole, 0.9 * fuzz.partial_ratio(a, b) - 5)


@lru_cache(maxsize=65536)
def plain(title: str) -> str:
    """A title's letters and digits alone."""
    return "".join(c for c in clean(title) if c.isalnum())


@lru_cache(maxsize=65536)
def marks_in(title: str) -> frozenset[str]:
    """The index numbers in a title."""
    return frozenset(_MARK.findall(clean(title)))


def is_borne_out(file: Listed, entry: Entry) -> bool:
    """Whether a file has what an entry states beside its title: date and document number; and is
    of no other kind than its title says. Where the entry names a file, its words tell nothing."""
    kind, stated = _sure_kind(entry.title), clean(entry.doc_no or "")
    return (
        not entry.file_name
        and entry.date in (None, file.date)
        and stated in ("", clean(file.doc_no or ""))
        and (kind is None or file.kind in (None, kind))
    )


def number_of(entry: Entry) -> tuple[int, ...] | None:
    """The place that an entry's number gives."""
    return place_number(entry.number, like_years=True) if entry.number else None


def _sure_kind(title: str) -> str | None:
    kind = read_title(title).kind
    return None if kind is None or kind.startswith("?") else kind


def _span(entry: Entry) -> int | None:
    if entry.first_page is None or entry.last_page is None:
        return None
    return entry.last_page - entry.first_page + 1
