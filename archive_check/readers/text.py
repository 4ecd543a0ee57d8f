"""Plain text and CSV in the encodings that Chinese offices leave behind."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence, Set
from functools import cache
from pathlib import Path

from archive_check.model import Line, Table
from archive_check.readers.content import MAX_PART, Content, UnreadableError, within_limit

ENCODINGS = ("utf-8-sig", "gb18030", "big5")
"""Tried in this order; the first in which the bytes are valid and make sense is taken."""
_GAP = 20
"""Empty rows or columns of a sheet by which its blocks may stand apart; more hold nothing."""
_CHINESE = re.compile("[\u3400-\u9fff]")


def decode(data: bytes, cut: bool = False) -> str | None:
    """The text of the bytes, or None where they are no text.

    `cut` says that the bytes are only the beginning of a file, so that an incomplete last
    character is no fault. Text without a byte order mark that holds NUL is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data[: len(data) // 2 * 2].decode("utf-16", "replace")
    if b"\0" in data:
        return None
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            if not (cut and error.start > len(data) - 4):
                continue
            text = data[: error.start].decode(encoding)
        if encoding == "gb18030":
            text = _traditional(data, text) or text
        return text if _looks_like_text(text) else None
    return None


def is_chinese(character: str) -> bool:
    """Whether a character is as wide as a Chinese one: ideographs and full-width signs."""
    return character >= "\u2e80"


def common_characters(text: str) -> tuple[int, int]:
    """How many characters are Chinese, and how many of those belong to GB 2312 level 1."""
    chinese = _CHINESE.findall(text)
    return len(chinese), sum(map(_level_one("gb2312", 0xB0, 0xD7).__contains__, chinese))


def _traditional(data: bytes, simplified: str) -> str | None:
    """The text in Big5, where as GB 18030, in which nearly all bytes are valid, it is nonsense."""
    chinese, common = common_characters(simplified[:2000])
    if chinese < 4 or common >= 0.5 * chinese:
        return None
    text = data.decode("big5", "ignore")
    found = _CHINESE.findall(text[:2000])
    usual = sum(map(_level_one("big5", 0xA4, 0xC6).__contains__, found))
    return text if usual >= 0.9 * len(found) > 0 else None


@cache
def _level_one(encoding: str, first: int, last: int) -> frozenset[str]:
    """The characters in frequent use, which both standards put into rows of their own."""
    pairs = (bytes((row, cell)) for row in range(first, last + 1) for cell in range(0x40, 0xFF))
    return frozenset(b"\n".join(pairs).decode(encoding, "ignore"))


def _looks_like_text(text: str) -> bool:
    controls = sum(character < " " and character not in "\t\r\n\f\v\x1a\x1b" for character in text)
    return controls * 50 <= len(text)


def load(path: Path) -> str:
    """The whole text of a file. Raises UnreadableError: too large, or no encoding fits."""
    with path.open("rb") as file:
        data = file.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise UnreadableError("limit", "part-too-large", part=path.name, limit=MAX_PART)
    text = decode(data)
    if text is None:
        raise UnreadableError("damaged", "no-encoding")
    return text


def read(path: Path, media_type: str) -> Content:
    """Lines of a text file; of a CSV file also its table. Raises UnreadableError."""
    text = load(path)
    if media_type == "text/csv":
        return _csv(text)
    pages = text.split("\f")
    lines = [
        Line(line.rstrip(), page)
        for page, body in enumerate(pages, 1)
        for line in body.splitlines()
        if line.strip()
    ]
    if not lines:
        raise UnreadableError("empty", "no-text")
    kept, problem = within_limit(lines)
    return Content(lines=kept, text_read=True, problem=problem)


def _csv(text: str) -> Content:
    head = text[:10_000]
    delimiter = max(",\t;", key=head.count)
    try:
        found = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableError("damaged", "broken-table", detail=error) from error
    return table_content([(None, found)])


def table_content(sheets: Sequence[tuple[str | None, list[list[str]]]]) -> Content:
    """A document of named sheets: a table each, and its rows that hold anything as lines.

    Of empty rows and columns that lie between others, `_GAP` are kept.

    Raises UnreadableError where no cell of any sheet holds anything.
    """
    tables: list[Table] = []
    lines: list[Line] = []
    for name, raw in sheets:
        cells = [[cell and " ".join(cell.split()) for cell in row] for row in raw]
        columns = _close({i for row in cells for i, cell in enumerate(row) if cell})
        height = _close({number for number, row in enumerate(cells) if any(row)})
        rows = [
            tuple(row[i] if i < len(row) else "" for i in columns)
            for row in (cells[number] for number in height)
        ]
        lines.extend(Line("\t".join(row), table=len(tables)) for row in rows if any(row))
        tables.append(Table(tuple(rows), name))
    if not lines:
        raise UnreadableError("empty", "no-cell")
    kept, problem = within_limit(lines)
    return Content(lines=kept, tables=tuple(tables), text_read=True, problem=problem)


def _close(filled: Set[int]) -> list[int]:
    """Numbers up to the last filled one, without those more than `_GAP` behind the one before."""
    kept: list[int] = []
    last = -1
    for number in range(max(filled, default=-1) + 1):
        if number in filled:
            last = number
        if number - last <= _GAP:
            kept.append(number)
    return kept
