"""Labels and titles in which one character was recognised as another that looks like it.

What pages of pictures say is right but for single characters. Where a label or title makes no
sense as it was read, and does with one character put in place of its like, it is mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from archive_check.model import Document, Line
from archive_check.recognise.label import MAX_LABEL, WEAK
from archive_check.recognise.numbers import clean
from archive_check.recognise.titles import LOUD, MAX_TITLE, read_title
from archive_check.recognise.words import words

_HEAD = re.compile(rf"(?:^|(?<=[\s;；,，。]))[^\s:：;；,，。]{{2,{MAX_LABEL}}}(?=\s*[:：])")
_COLON = re.compile(rf"^(\s*[^\s:：;；,，。]{{3,{MAX_LABEL}}})[;；](?=[^;；]+$)")
_YEAR_AND_MONTH = re.compile(
    r"(?:(?:19|20)\d\d|[二〇○零一三四五六七八九]{4})\s*年\s*[\d一二十]{1,2}\s*月\s*\Z"
)
_DAY = re.compile(r"\s*[\d一二三十]{1,3}\s*日(?![\u4e00-\u9fff])")
_MONTH_AS_DAY = re.compile(r"((?:19|20)\d\d年\s*\d{1,2}\s*)日(?=\s*\d{1,2}\s*日)")
_BEGUN = re.compile(r"[(（][^()（）\t\n]{0,3}$")
_ENDED = re.compile(r"[^()（）\t\n]{0,4}[)）](?=\s|$)")
_SAYS_LITTLE = (None, WEAK, "signature")
"""What is named by labels of any words, too."""


def mended(document: Document) -> Document:
    """The document with dates that a line breaks in one piece, and the labels and titles of its
    recognised pages as they were meant."""
    ends = (line.text for line in document.lines if line.text.rstrip().endswith("月"))
    if any(map(_YEAR_AND_MONTH.search, ends)):
        document = replace(document, lines=tuple(_moved_up(document.lines, _day_below)))
    if document.fixed_pages and any(_BEGUN.search(line.text) for line in document.lines):
        document = replace(document, lines=tuple(_moved_up(document.lines, _bracket_below)))
    if "recognised" not in document.traits:
        return document
    return replace(
        document,
        lines=tuple(map(_line, document.lines)),
        tables=tuple(
            replace(table, rows=tuple(tuple(map(_cell, row)) for row in table.rows))
            for table in document.tables
        ),
    )


def _moved_up(
    lines: Sequence[Line], ends: Callable[[Line, str, Line], re.Match[str] | None]
) -> Iterator[Line]:
    """The lines, what `ends` finds at the head of one moved to the end of that above; it is asked
    with the line above, what is left of its text, and the line."""
    taken = ""
    for line, below in zip_longest(lines, lines[1:]):
        rest = line.text.removeprefix(taken)
        found = ends(line, rest, below) if below is not None else None
        end = found[0] if found else ""
        if rest or not taken:
            yield line if rest + end == line.text else replace(line, text=rest + end)
        taken = end


def _day_below(_: Line, text: str, below: Line) -> re.Match[str] | None:
    """The day at the head of a line, whose year and month end the one above."""
    return _DAY.match(below.text) if _YEAR_AND_MONTH.search(text) else None


def _bracket_below(line: Line, text: str, below: Line) -> re.Match[str] | None:
    """The end of a short bracket, as of the mark of a seal, that begins at the end of the line
    above."""
    begun = line.table == below.table and _BEGUN.search(text)
    return _ENDED.match(below.text) if begun else None


def _line(line: Line) -> Line:
    text = _cells(line.text) if line.table is not None else _labels(line.text)
    if text == line.text and (line.centred or line.size >= LOUD) and len(text) <= MAX_TITLE:
        text = _meant(text, lambda title: read_title(title).kind is not None)
    return line if text == line.text else replace(line, text=text)


def _cells(row: str) -> str:
    return "\t".join(map(_cell, row.split("\t")))


def _cell(cell: str) -> str:
    if ":" in cell or "：" in cell or len(cell) > MAX_LABEL or _MONTH_AS_DAY.search(cell):
        return _labels(cell)
    return _meant(cell, _is_label)


def _labels(text: str) -> str:
    text = _MONTH_AS_DAY.sub(r"\1月", text)
    text = _COLON.sub(lambda found: f"{found[1]}：" if _is_label(found[1]) else found[0], text)
    return _HEAD.sub(lambda found: _meant(found[0], _is_label), text)


def _is_label(text: str) -> bool:
    return words().field_of(clean(text)) not in _SAYS_LITTLE


def _meant(text: str, makes_sense: Callable[[str], bool]) -> str:
    """The text, or the one way to read it with another character that makes sense."""
    if len(clean(text)) < 2 or makes_sense(text):
        return text
    return next(filter(makes_sense, _readings(text)), text)


def _readings(text: str) -> Iterator[str]:
    alike = words().alike
    for at, character in enumerate(text):
        for other in alike.get(character, ""):
            yield f"{text[:at]}{other}{text[at + 1 :]}"
