"""Numbered listings without ruling whose cells fill several lines: a row of cells becomes one line.

Without strokes only places tell what belongs together. Numbers that count up below one another
tell the rows, and the gaps that no cell crosses the columns. Which lines go with a number is what
fits best: numbers stand beside the first lines of their rows or all in the middle, gaps between
rows are no narrower than those inside, and a text that goes on below has filled its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive_check.readers.pdf_layout import Piece, Row, cell_text, row_text

_NUMBER = re.compile(r"[(（]?(\d{1,3})[)）]?[.、．]?")
_COLON = re.compile("[:：]")
_APART = 0.7
"""A gap of this many type sizes may part cells."""
_LEAST_COLUMNS = 3
_MOST_LINES = 12
"""Lines of a row of a listing."""
_WIDER = 1.05
"""A gap wider by this than all inside a listing ends it."""
_NOTICED = 0.1
"""Type sizes by which gaps, and places of numbers, must differ to count."""
_FREE = 2.0
"""Type sizes that stay free at most in a line that goes on in the next."""
_LEFT_OUT, _NOT_FULL = 0.25, 0.5
"""In type sizes, what speaks against a line in no row, and one that goes on without being full."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of text that are one row of a listing, its cells divided by tabs; or just one row."""

    rows: tuple[Row, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of text without a wide gap in a row."""

    left: float
    right: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Listing:
    """Lines of a page from `first` to `last` by their places in `rows`: those that begin with
    `numbers`, from where to where the columns reach, and the cells of each line by column."""

    rows: Sequence[Row]
    numbers: Sequence[int]
    first: int
    last: int
    columns: Sequence[tuple[float, float]]
    cells: Mapping[int, Mapping[int, Sequence[_Run]]]

    def gap(self, place: int) -> float:
        """How far a line stands above the next one, in type sizes."""
        return (self.rows[place].top - self.rows[place + 1].top) / (self.rows[place].size or 10.0)


_Spans = tuple[tuple[int, int], ...]
"""The first and the last line of each row."""


def gathered(rows: Sequence[Row]) -> list[Group]:
    """The rows of a page from top to bottom, those of one row of a listing as one."""
    found: list[Group] = []
    done = 0
    for numbers in _counts(rows):
        listing = _listing(rows, numbers, done)
        if listing is None:
            continue
        for start, end in _spans(listing):
            found += (_single(row) for row in rows[done:start])
            found.append(Group(tuple(rows[start : end + 1]), _text(listing, start, end)))
            done = end + 1
    found += (_single(row) for row in rows[done:])
    return found


def _single(row: Row) -> Group:
    return Group((row,), row_text(row))


def _counts(rows: Sequence[Row]) -> Iterator[list[int]]:
    """The rows that begin with numbers which count up below one another, two at least."""
    run: list[int] = []
    value = 0
    for place, row in enumerate(rows):
        number = _number(row)
        if number is None:
            continue
        below = bool(run) and _overlap(rows[run[-1]].pieces[0], row.pieces[0])
        if len(run) > 1 and not below:
            continue  # a number in another column
        if below and number == value + 1:
            run.append(place)
        else:
            if len(run) > 1:
                yield run
            run = [place]
        value = number
    if len(run) > 1:
        yield run


def _number(row: Row) -> int | None:
    text = row.pieces[0].text
    if len(text) > 8:  # most rows are text
        return None
    found = _NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None


def _overlap(a: Piece | _Run, b: Piece | _Run) -> bool:
    return a.left < b.right and b.left < a.right


def _listing(rows: Sequence[Row], numbers: Sequence[int], done: int) -> _Listing | None:
    """The listing that numbers count, with the lines above and below that may belong to it; None
    where they count none, or every row is a line."""
    first, last = numbers[0], numbers[-1]
    if any(below - above > _MOST_LINES for above, below in pairwise(numbers)):
        return None
    runs = {place: _runs(rows[place], place in numbers) for place in range(first, last + 1)}
    columns = _columns(list(runs.values()))
    if len(columns) < _LEAST_COLUMNS:
        return None
    widest = _WIDER * max(rows[place].top - rows[place + 1].top for place in range(first, last))

    def goes_on(place: int, above: int) -> bool:
        """Whether a line close by stands in the columns, and not in that of the numbers."""
        if not done <= above < len(rows) - 1 or rows[above].top - rows[above + 1].top > widest:
            return False
        runs[place] = _runs(rows[place])
        where = [_crossed(run, columns) for run in runs[place]]
        return all(len(own) == 1 and 0 not in own for own in where) and not _COLON.search(
            row_text(rows[place])
        )

    while numbers[0] - first < _MOST_LINES and goes_on(first - 1, first - 1):
        first -= 1
    while last - numbers[-1] < _MOST_LINES and goes_on(last + 1, last):
        last += 1
    if last - first < len(numbers):
        return None
    cells: dict[int, dict[int, list[_Run]]] = {}
    for place in range(first, last + 1):
        cells[place] = {}
        for run in runs[place]:
            middle = (run.left + run.right) / 2
            away = [max(left - middle, middle - right) for left, right in columns]
            cells[place].setdefault(away.index(min(away)), []).append(run)
    return _Listing(rows, numbers, first, last, columns, cells)


def _runs(row: Row, numbered: bool = False) -> list[_Run]:
    """The row's text, divided at gaps that may part cells, and behind a number."""
    found: list[list[Piece]] = []
    right = 0.0
    for place, piece in enumerate(row.pieces):
        gap = (piece.left - right) / (piece.size or 10.0)
        if found and gap <= _APART and not (numbered and place == 1):
            found[-1].append(piece)
        else:
            found.append([piece])
        right = max(right, piece.right) if place else piece.right
    return [_Run(own[0].left, max(p.right for p in own), tuple(own)) for own in found]


def _columns(rows: Sequence[Sequence[_Run]]) -> list[tuple[float, float]]:
    """From where to where the cells of each column reach. Text that stands alone in its line may
    go across them, and tells of one only where there is no other."""
    columns = _joined([(run.left, run.right) for row in rows if len(row) > 1 for run in row])
    alone = [row[0] for row in rows if len(row) == 1]
    others = [(run.left, run.right) for run in alone if not _crossed(run, columns)]
    return _joined([*columns, *others])


def _joined(parts: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Parts of a line, those that overlap as one."""
    found: list[tuple[float, float]] = []
    for left, right in sorted(parts):
        if found and left < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _crossed(run: _Run, columns: Sequence[tuple[float, float]]) -> list[int]:
    """The columns that a run of text touches."""
    return [c for c, (left, right) in enumerate(columns) if run.left < right and left < run.right]


def _spans(listing: _Listing) -> _Spans:
    """The rows as they fit best, with the numbers beside their first lines or in their middles."""
    beside, in_middle = (_fitted(listing, middle) for middle in (False, True))
    if in_middle[0] < beside[0]:
        return in_middle[1]
    return tuple((start, _without_headings(listing, start, end)) for start, end in beside[1])


def _without_headings(listing: _Listing, start: int, end: int) -> int:
    """The last line of a row; a line of the widest column alone that is as far from the row as
    from the next one may be the heading of what follows, and is left to stand by itself."""
    widths = [right - left for left, right in listing.columns]
    alone = {widths.index(max(widths))}
    while (
        start < end < listing.last
        and set(listing.cells[end]) == alone
        and listing.gap(end - 1) > listing.gap(end) - _NOTICED
    ):
        end -= 1
    return end


def _fitted(listing: _Listing, middle: bool) -> tuple[float, _Spans]:
    """The best rows and what is wrong with them, in type sizes."""
    numbers, first, last = listing.numbers, listing.first, listing.last
    starts = range(first, numbers[0] + 1) if middle else (numbers[0],)
    # By the line at which the next row starts: what is wrong so far, and the rows above.
    best: dict[int, tuple[float, _Spans]] = {
        start: (_LEFT_OUT * (start - first), ()) for start in starts
    }
    for number, following in zip(numbers, [*numbers[1:], None], strict=True):
        found: dict[int, tuple[float, _Spans]] = {}
        for start, (before, spans) in best.items():
            for end in range(number, last + 1 if following is None else following):
                wrong = before + _wrong(listing, start, end, number, middle)
                for after, price in _next_starts(listing, number, end, following, middle):
                    if after not in found or wrong + price < found[after][0]:
                        found[after] = (wrong + price, (*spans, (start, end)))
        best = found
    return min(best.values())


def _next_starts(
    listing: _Listing, number: int, end: int, following: int | None, middle: bool
) -> Iterator[tuple[int, float]]:
    """Where the row behind `end` may start, up to its number, and what speaks against it."""
    if following is None:
        yield listing.last + 1, _LEFT_OUT * (listing.last - end)
        return
    widest = max(listing.gap(place) for place in range(number, following))
    for after in range(end + 1, following + 1):
        if middle or after == following:
            narrow = max(widest - listing.gap(end), widest - listing.gap(after - 1))
            yield after, (narrow if narrow > _NOTICED else 0.0) + _LEFT_OUT * (after - end - 1)


def _wrong(listing: _Listing, start: int, end: int, number: int, middle: bool) -> float:
    """What speaks against lines being the row of a number, in type sizes."""
    row = listing.rows[number]
    size = row.size or 10.0
    wrong = 0.0
    if middle:
        low = min(piece.bottom for piece in listing.rows[end].pieces)
        away = abs((listing.rows[start].top + low) / 2 - row.pieces[0].middle) / size
        wrong += away if away > _NOTICED else 0.0
    for column, (left, right) in enumerate(listing.columns):
        lines = [
            listing.cells[n][column] for n in range(start, end + 1) if column in listing.cells[n]
        ]
        for above in lines[:-1]:
            free = (right - left) - (above[-1].right - above[0].left)
            wrong += _NOT_FULL if free > _FREE * size else 0.0
    return wrong


def _text(listing: _Listing, start: int, end: int) -> str:
    texts = []
    for column in range(len(listing.columns)):
        runs = [run for n in range(start, end + 1) for run in listing.cells[n].get(column, ())]
        if runs:
            # What wraps at the edge of its cell is one text, however far it reaches.
            text = cell_text([piece for run in runs for piece in run.pieces], float("-inf"))
            texts.append(re.sub(r"\s*\n\s*", " ", text).strip())
    return "\t".join(texts)
