"""The audit matters that a programme lists (articles 13 and 25): in a table or under a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from archive_check.model import Document, Table
from archive_check.recognise.numbers import clean, number
from archive_check.recognise.words import words

_STYLES = (
    re.compile(r"^[((](?P<n>[一二三四五六七八九十]{1,3})[))](?P<text>.+)"),
    re.compile(r"^(?P<n>[一二三四五六七八九十]{1,3})[、.．](?P<text>.+)"),
    re.compile(r"^(?P<n>\d{1,2})[、.．](?!\d)(?P<text>.+)"),
    re.compile(r"^[((](?P<n>\d{1,2})[))](?P<text>.+)"),
    re.compile(r"^事项(?P<n>[一二三四五六七八九十\d]{1,3})[:、.]?(?P<text>.+)"),
)
_INLINE = re.compile(
    r"(?:(?<=[:;。])|^)(?:[((]?[一二三四五六七八九十\d]{1,2}[))、.．])(?P<text>[^;。]{2,60})"
)
_LONGEST = 30
_ITEM_END = re.compile(r"[。:;,]|[—-]{2}|(?<=.{4})[((]")


def matter_lists(document: Document) -> tuple[tuple[str, ...], ...]:
    """Every list in the document that may be its list of matters, each of two items or more."""
    found = [*_from_tables(document.tables), *_from_headings(document)]
    return tuple(dict.fromkeys(items for items in found if len(items) >= 2))


def _from_tables(tables: Sequence[Table]) -> Iterator[tuple[str, ...]]:
    column, matters = words().phrases["matters_column"], words().phrases["matters_cell"]
    for table in tables:
        for r, row in enumerate(table.rows):
            for c, cell in enumerate(row):
                if column.fullmatch(clean(cell)) and r + 1 < len(table.rows):
                    below = takewhile(_is_value, (row[c] for row in table.rows[r + 1 :]))
                    items = (_item(part) for cell in below for part in cell.split("\n"))
                    yield _without_catch_all(item for item in items if item)
                if matters.search(clean(cell)) and c + 1 < len(row):
                    yield _in_one_sentence(row[c + 1])


def _is_value(cell: str) -> bool:
    return words().field_of(clean(cell)) is None


def _from_headings(document: Document) -> Iterator[tuple[str, ...]]:
    lines = [clean(part) for line in document.lines for part in line.text.split("\n")]
    lines = [line for line in lines if line]
    head = words().phrases["matters_head"]
    for i, line in enumerate(lines):
        style = _style(line)
        title = style[1]["text"] if style else line
        title, colon, rest = title.partition(":")
        if len(title) > 24 or not head.search(title):
            continue
        if inline := [_item(m["text"]) for m in _INLINE.finditer(rest)] if colon else []:
            yield _without_catch_all(inline)
        elif colon:
            yield _in_one_sentence(rest)
        yield _without_catch_all(_items_under(lines[i + 1 :], style[0] if style else None))


def _in_one_sentence(text: str) -> tuple[str, ...]:
    """The items of a list that semicolons or line breaks divide."""
    parts = [part for part in re.split(r"[;；\n]", text) if part.strip()]
    short = all(len(clean(part)) <= _LONGEST for part in parts)
    return _without_catch_all([_item(part) for part in parts]) if short else ()


def _style(line: str) -> tuple[int, re.Match[str]] | None:
    for index, pattern in enumerate(_STYLES):
        if found := pattern.match(line):
            return index, found
    return None


def _items_under(lines: Sequence[str], above: int | None) -> Iterator[str]:
    """The items of the first numbering below a heading, to the heading's next equal."""
    own: int | None = None
    expected = 1
    for line in lines:
        found = _style(line)
        if found is None:
            continue
        index, match = found
        if index == above:
            return
        if own is None:
            own = index
        if index == own:
            value = number(match["n"])
            if value is not None and value < expected:
                return
            expected = (value or expected) + 1
            yield _item(match["text"])


def _item(text: str) -> str:
    plain = clean(text)
    style = _style(plain)
    plain = style[1]["text"] if style else plain
    plain = words().phrases["matter_prefix"].sub("", plain)
    return _ITEM_END.split(plain, maxsplit=1)[0].strip("《》")


def _without_catch_all(items: Iterator[str] | Sequence[str]) -> tuple[str, ...]:
    catch_all = words().phrases["catch_all"]
    kept = (item for item in items if 2 <= len(item) <= 60 and not catch_all.match(item))
    return tuple(dict.fromkeys(kept))
