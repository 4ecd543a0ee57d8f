"""Headings of a paper and what stands under them: numbered, loud, or a label in front of a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive_check.model import PICTURE, Document, Table
from archive_check.recognise.dates import dates_in_digits, is_only_a_date
from archive_check.recognise.fields import filled, value_of
from archive_check.recognise.numbers import HAN, clean, number
from archive_check.recognise.titles import LOUD
from archive_check.recognise.words import words

_NUMBERINGS = (
    re.compile(r"^第[一二三四五六七八九十\d]{1,3}(部分|章|节|条)[、:.]?"),
    re.compile(r"^[一二三四五六七八九十]{1,3}[、.,:]"),
    re.compile(r"^\([一二三四五六七八九十]{1,3}\)[、.]?"),
    re.compile(r"^\d{1,2}[、.](?!\d)|^\d{1,2}\.\d{1,2}[、.]?(?!\d)"),
    re.compile(r"^\(\d{1,2}\)[、.]?|^\d{1,2}\)"),
)
_COUNT = re.compile(rf"\d+|[{HAN}]+")
_NUMBERED = re.compile(r"[第一二三四五六七八九十(\d]")
_HEAD_END = re.compile(r"[。:;,]")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|《[^》]*》")
_LONGEST = 30
_SHORT = 20
_CELL = 16
_FULL = 0.85
"""Of the widest line: less, and a paragraph ends there."""
_ENDS = tuple("。;!?:")


@dataclass(frozen=True, slots=True)
class Text:
    """A line of a document, cleaned; `level` of its numbering (0 highest), None where it has none;
    `loud` where its type makes it a heading."""

    text: str
    level: int | None
    loud: bool
    in_table: bool
    page: int
    number: int = 0
    """What its numbering counts."""


Cell = tuple[Table, int, int, str]
"""A table, the row and column of a cell in it, and its words."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What may be a heading: (line, head, rest) of lines, and cells short enough for a label,
    of no known field."""

    lines: tuple[Text, ...]
    heads: tuple[tuple[int, str, str], ...]
    cells: tuple[Cell, ...]


def outline(document: Document, lines: tuple[Text, ...]) -> Outline:
    """The document's lines and cells as headings are looked for in them, any number of times."""
    heads = (
        (i, head, rest)
        for i, line in enumerate(lines)
        for head, rest in (_in_cells(line) if line.in_table else (_split(line),))
        if head
    )
    cells = (
        (table, r, c, label)
        for table in document.tables
        for r, row in enumerate(table.rows)
        for c, cell in enumerate(row)
        if cell and len(cell) <= 2 * _CELL and PICTURE not in cell
        for label in (clean(cell),)
        if 2 <= len(label) <= _CELL and words().field_of(label) is None
    )
    return Outline(lines, tuple(heads), tuple(cells))


def _in_cells(row: Text) -> Iterator[tuple[str, str]]:
    """Cells that hold a label of no known field together with its value."""
    for cell in row.text.split("|"):
        head, _, rest = cell.partition(":")
        if rest and len(head) <= _LONGEST and words().field_of(head) is None:
            yield head, rest


def texts(document: Document) -> tuple[Text, ...]:
    """The lines of a document that say something, paragraphs broken at their line breaks and
    joined again where a page broke them."""
    found: list[Text] = []
    for line in document.lines:
        for part in line.text.split("\n"):
            cells = map(clean, dates_in_digits(part).split("\t"))
            if plain := "|".join(filter(None, cells)):
                # A row of one cell is a paragraph, as where a form or a sheet holds the whole text.
                in_table = line.table is not None and "|" in plain
                large = line.size >= LOUD or (line.centred and len(plain) < _LONGEST)
                level, count = (None, 0) if in_table else _numbering(plain)
                loud = large and not in_table
                found.append(Text(plain, level, loud, in_table, line.page, count))
    return tuple(_joined(found))


def _joined(lines: Sequence[Text]) -> Iterator[Text]:
    """Lines as wide as the page run on in the next one, unless a sentence ends there."""
    widths = [_width(line.text) for line in lines]
    page = max(
        (wide for wide, line in zip(widths, lines, strict=True) if not line.in_table), default=0
    )
    run: list[Text] = []
    last = 0.0
    for width, line in zip(widths, lines, strict=True):
        goes_on = (
            bool(run)
            and last >= _FULL * page
            and not run[-1].text.endswith(_ENDS)
            and line.level is None
            and not (line.loud or run[0].loud or line.in_table or run[0].in_table)
            and not _labels(line.text)
        )
        last = width
        if run and not goes_on:
            yield _as_one(run)
            run = []
        run.append(line)
    if run:
        yield _as_one(run)


def _as_one(run: Sequence[Text]) -> Text:
    return run[0] if len(run) == 1 else replace(run[0], text="".join(line.text for line in run))


def _labels(text: str) -> bool:
    """Whether a line begins with a label, or with who speaks."""
    head, colon, _ = text.partition(":")
    talk = words().phrases["talk_begins"].match(text) is not None
    return talk or (bool(colon) and words().field_of(head) is not None)


def _width(text: str) -> float:
    return len(text) - 0.5 * len(text.encode("ascii", "ignore"))


def under(outline: Outline, heading: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    """(heading, whether something stands under it) for every heading that the pattern finds."""
    lines = outline.lines
    for i, head, rest in outline.heads:
        if not heading.search(head):
            continue
        line = lines[i]
        if line.in_table:
            yield head, _says(rest)
            continue
        if line.level is None and line.text.startswith(f"{head}:") and words().field_of(head):
            continue
        if line.level is None and not line.loud and not rest and not _stands_alone(line):
            continue
        yield head, _says(rest) or any(_says(text) for text in _body(lines, i))
    yield from _cells(outline.cells, heading)


def _numbering(text: str) -> tuple[int | None, int]:
    """The level of a line's numbering and the number that it bears."""
    if not _NUMBERED.match(text):
        return None, 0
    for level, style in enumerate(_NUMBERINGS):
        if found := style.match(text):
            digits = _COUNT.search(found[0])
            return level, (number(digits[0]) if digits else None) or 0
    return None, 0


def _split(line: Text) -> tuple[str, str]:
    """A heading's words and what follows them in its line; no heading where a sentence stands."""
    text = line.text
    if line.level is not None and (numbering := _NUMBERINGS[line.level].match(text)):
        text = text[numbering.end() :]
    end = _HEAD_END.search(_QUOTED.sub(lambda words: "x" * len(words[0]), text))
    head, rest = (text, "") if end is None else (text[: end.start()], text[end.end() :])
    if len(head) > _LONGEST or _HEAD_END.search(head):
        return "", ""
    if line.level is None and end is not None and end[0] != ":":
        return "", ""
    return head, rest


def _stands_alone(line: Text) -> bool:
    return len(line.text) <= _SHORT


def _body(lines: Sequence[Text], i: int) -> Iterator[str]:
    """The lines under a heading, to the next one of its level or above; where its own way of
    numbering begins anew, these are its items."""
    own = lines[i]
    for line in lines[i + 1 :]:
        if own.level is not None and line.level is not None and line.level <= own.level:
            if line.level < own.level or line.number > own.number:
                return
        elif own.level is None and line.loud and line.level is None:
            return
        if line.level is not None or not _is_a_body(line.text):
            yield line.text


def _is_a_body(text: str) -> bool:
    """A line that is an institution's name, as a signature block has it."""
    return len(text) <= _LONGEST and words().phrases["body_line"].fullmatch(text) is not None


def _says(text: str) -> bool:
    """Whether a line is content: no date, seal, signature or annex, nothing left blank."""
    w = words()
    if not filled(text) or is_only_a_date(text) or w.phrases["page_footer"].match(text):
        return False
    head, colon, value = text.partition(":")
    if colon and w.field_of(head) is not None:
        return w.field_of(head) not in _SIGNING and filled(value)
    if w.phrases["seal_mark"].search(text) and len(text) < 40:
        return False
    return len(text) >= 5 and not w.phrases["attachment_prefix"].match(text)


_SIGNING = frozenset(
    {"date", "signature", "unit_sign", "team_leader", "auditor", "leader", "approver", "issued",
     "report_date", "annex", "recorder", "reviewer", "reviewed"}
)  # fmt: skip


def _cells(cells: Sequence[Cell], heading: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    """Cells that are labels of no known field, with the value right of or below them."""
    known = words().field_of

    def field_of(label: str) -> str | None:
        unknown = len(label) <= _CELL and heading.search(label)
        return known(label) or ("heading" if unknown else None)

    for table, r, c, label in cells:
        if heading.search(label):
            value = value_of(table, r, c, field_of)
            if filled(value):
                yield label, True
