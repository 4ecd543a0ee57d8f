"""Labelled values: `审计人员：张三` in a line, or a label cell with its value right of or below it.

What is a label, and of which field, is the vocabulary's business; here is only where the value of
a label stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, takewhile

from archive_check.model import PICTURE, Document, Line, Table
from archive_check.recognise.dates import dates_in
from archive_check.recognise.forms import in_forms
from archive_check.recognise.label import (
    MAX_LABEL,
    NAME_OR_DATE,
    UNSPECIFIC,
    WEAK,
    FieldOf,
    Labelled,
)
from archive_check.recognise.numbers import clean, compatible, names_closed_up
from archive_check.recognise.words import words

_COLON = re.compile(r"[:：︰]")
_LABEL_END = re.compile(r"[:：︰]\s*(\t|$)")
_HEADING = re.compile(r"\s*[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]")
_SIGNS = 40
_WIDE_GAP = re.compile(r"[\t\n;]|\s{2,}|\u3000")
_SPREAD = re.compile(
    r"(?:^|(?<=[\t\n])|(?<=\s\s))(?:[\u4e00-\u9fff][ \u3000]+){1,6}[\u4e00-\u9fff][ \u3000]*(?=:)"
)
_NEXT_LABEL = re.compile(r"(?<=\S)[\s;,。](?=[\u4e00-\u9fff()/、]{2,14}:)")
_SIGNED_NAME = re.compile(r"(?P<name>[\u4e00-\u9fff·]{2,4})\((?P<mark>[^()]{1,8})\)")
_LABELLED = re.compile(r"[^(,。;:]*:")
"""A line that begins with a label; what stands behind a bracket or a comma is none."""
_FILLER = re.compile(r"[_＿\-—.…·*×xX□○〇/\\\s:|]+")
_PLACEHOLDER = re.compile(
    r"\{[^}]*\}|<[^>]*>|[×xX*]{2,}|[Oo○〇]{2,}|某某+|待填|未填"
    r"|\(?(签名|签字|盖章|签章|公章|印章)\)?"
)
_BARE_UNIT = re.compile(r"年(?<!\d年)(?!\d)|月(?<!\d月)(?!\d)|日(?<!\d日)")
_BLANK_DATE = re.compile(r"^(\d{0,4}|[一二][〇○零]?..)年(\d{0,2})月(\d{0,2})日$")


def labelled(document: Document, field_of: FieldOf) -> tuple[Labelled, ...]:
    """Every known label of the document with its value ("" where nothing stands behind it)."""
    found = [
        *_in_tables(document.tables, field_of),
        *(in_forms(document.lines, field_of) if document.fixed_pages else ()),
        *_unruled(document, field_of),
        *_wrapped(document, field_of),
        *_in_lines(document, field_of),
    ]
    return tuple(found)


@lru_cache(maxsize=8192)
def filled(value: str) -> bool:
    """Whether a value is one: blanks, rules of underscores and placeholders are none.

    A picture counts (a signature's image); 无 and a lone / are values.
    """
    if PICTURE in value:
        return True
    text = clean(value)
    if text in ("/", "无"):
        return True
    if _BLANK_DATE.match(text) and not re.fullmatch(r".{4}年.{1,3}月.{1,3}日", text):
        return False
    text = _PLACEHOLDER.sub("", text)
    text = _BARE_UNIT.sub("", text)
    return bool(text) and _FILLER.fullmatch(text) is None


def _unruled(document: Document, field_of: FieldOf) -> Iterator[Labelled]:
    """Labels without a colon in lines that are the rows of a form whose ruling was not kept."""
    for row_wise, lines in groupby(document.lines, _may_be_a_row):
        rows = [line.text.split("\t") for line in lines] if row_wise else []
        wide = max(map(len, rows), default=0)
        table = Table(tuple((*row, *[""] * (wide - len(row))) for row in rows))
        found = _in_tables((table,), field_of, with_colons=False)
        yield from (label for label in found if filled(label.value))


def _may_be_a_row(line: Line) -> bool:
    title = line.centred and "\t" not in line.text
    if line.table is not None or title or not line.text.strip():
        return False
    return _HEADING.match(line.text) is None


def _in_tables(
    tables: Iterable[Table], field_of: FieldOf, *, with_colons: bool = True
) -> Iterator[Labelled]:
    """The labels in cells of their own, those too that end with a colon where `with_colons`."""
    for table in tables:
        for r, row in enumerate(table.rows):
            for c, cell in enumerate(row):
                label = clean(cell).removesuffix(":" if with_colons else "")
                if not label or ":" in label or len(label) > MAX_LABEL or _is_signed_by(label):
                    continue
                field = field_of(label)
                if field is None:
                    head, *rest = cell.split(maxsplit=1)
                    if rest:
                        yield from _in_one_cell(head, rest[0], table.page, field_of)
                    continue
                value = value_of(table, r, c, field_of)
                if filled(value) or not _is_method(label):
                    yield Labelled(field, label, value, table.page)


def _in_one_cell(head: str, rest: str, page: int, field_of: FieldOf) -> Iterator[Labelled]:
    """A label with its value behind a space in the same cell: `编制日期 2023-05-06`."""
    field = field_of(clean(head))
    if field is not None and field != WEAK and filled(rest):
        yield Labelled(field, clean(head), rest, page)


def value_of(table: Table, r: int, c: int, field_of: FieldOf) -> str:
    """The value of the label in a cell: right of it, else below it, "" where neither is one."""
    right = _right(table.rows[r], c, field_of)
    if filled(right):
        return right
    below = _below(table, r, c, field_of)
    if filled(below):
        return below
    return _like_a_label(table.rows[r], c, field_of) or right


def _like_a_label(row: tuple[str, ...], c: int, field_of: FieldOf) -> str:
    """A value in the words of a label that names nothing much (同意审计结论): no value of its own
    stands behind it."""
    cells = [cell for cell in row[c + 1 :] if cell.strip()][:2]
    if not cells or field_of(clean(cells[0])) != WEAK:
        return ""
    return cells[0] if len(cells) == 1 or _is_label(cells[1], field_of) else ""


def _right(row: tuple[str, ...], c: int, field_of: FieldOf) -> str:
    own = field_of(clean(row[c]).removesuffix(":"))
    for at, cell in enumerate(row[c + 1 :]):
        if not cell.strip():
            continue
        # Right beside a label, a body's name with the mark of its seal is what was sealed there.
        sealed = at == 0 and (_is_sealed_by(cell) or _is_signed_by(clean(cell)))
        head, _, value = clean(cell).partition(":")
        repeated = bool(value) and field_of(head) == own
        return cell if sealed or repeated or not _is_label(cell, field_of) else ""
    return ""


def _is_sealed_by(cell: str) -> bool:
    """Whether a cell is the name of one body with a mark of the seal in brackets."""
    w = words().phrases
    head, _, mark = clean(cell).rpartition("(")
    named = w["body_line"].fullmatch(head) and not w["generic_body"].fullmatch(head)
    return bool(named) and w["seal_mark"].fullmatch(f"({mark}") is not None


def _is_signed_by(text: str) -> bool:
    """Whether a cell's text is a person's name with the mark of signing behind it in brackets."""
    w = words().phrases
    found = _SIGNED_NAME.fullmatch(text)
    return (
        found is not None
        and w["signing_word"].fullmatch(found["mark"]) is not None
        and w["surname"].match(found["name"]) is not None
        and not w["not_a_name"].match(found["name"])
        and words().field_of(found["name"]) is None
    )


def _below(table: Table, r: int, c: int, field_of: FieldOf) -> str:
    """The cell below, where a row of labels stands above a row of values."""
    if r + 1 >= len(table.rows) or c >= len(table.rows[r + 1]):
        return ""
    row, under = table.rows[r], table.rows[r + 1]
    behind = next((cell for cell in row[c + 1 :] if cell.strip()), None)
    if behind is not None and not _is_label(behind, field_of):
        return ""
    if any(_is_label(cell, field_of) for cell in under if cell.strip()):
        return ""
    head, colon, _ = clean(under[c]).partition(":")
    return "" if colon and field_of(head) is not None else under[c]


def _is_label(cell: str, field_of: FieldOf) -> bool:
    text = clean(cell)
    if len(text) > MAX_LABEL or field_of(text.partition(":")[0]) is None:
        return False
    return not _is_method(text)


def _is_method(text: str) -> bool:
    """A way to come by evidence is a value, though its word may also stand for who does it."""
    return words().phrases["method_word"].fullmatch(text) is not None


def _in_lines(document: Document, field_of: FieldOf) -> Iterator[Labelled]:
    lines = document.lines
    for i, line in enumerate(lines):
        if not _COLON.search(line.text):
            yield from _behind_a_space(line, field_of)
            continue
        text = compatible(names_closed_up(line.text))
        chunks = list(_chunks(text))
        told = _label_cells(line)
        for j, chunk in enumerate(chunks):
            head, colon, value = chunk.partition(":")
            label = clean(head)
            if not colon or len(label) > MAX_LABEL or any(cell.endswith(label) for cell in told):
                continue
            field = field_of(label)
            if field is None:
                continue
            if not value.strip() and j + 1 < len(chunks) and ":" not in chunks[j + 1]:
                value = chunks[j + 1]
            if not value.strip() and j + 1 == len(chunks) and line.table is None:
                value = _next_value(lines[i + 1].text if i + 1 < len(lines) else "", field_of)
            beside = [*takewhile(lambda text: ":" not in text, chunks[j + 1 :])]
            if value.strip() and j + len(beside) + 1 == len(chunks) and line.table is None:
                beside += _signing(lines[i + 1 : i + 2])
            value, further = _parted(value.strip(), field_of)
            yield Labelled(field, label, value, line.page, " ".join(beside))
            if further:
                yield Labelled(str(field_of(further[0])), *further, line.page)


def _parted(value: str, field_of: FieldOf) -> tuple[str, tuple[str, str] | None]:
    """A value, and the label with its own value that follows it without a gap."""
    head, colon, rest = value.partition(":")
    for at in range(2, len(head) - 2) if colon and len(head) <= MAX_LABEL else ():
        if field_of(head[at:]) not in (None, *UNSPECIFIC):
            return head[:at], (head[at:], rest.strip())
    return value, None


def _label_cells(line: Line) -> list[str]:
    """The cells of a table's row that hold a label with its colon and nothing else: what such
    labels say stands in the cells beside them."""
    if line.table is None:
        return []
    cells = map(clean, line.text.split("\t"))
    return [cell[:-1] for cell in cells if cell.endswith(":") and ":" not in cell[:-1]]


def _signing(below: Sequence[Line]) -> list[str]:
    """The line below a value that ends with a date, as the name and date that sign it do."""
    texts = [compatible(line.text).strip() for line in below]
    return [
        text
        for text in texts
        if len(text) <= _SIGNS and ":" not in text and (found := dates_in(text))
        if found[-1].end == len(text)
    ]


def _behind_a_space(line: Line, field_of: FieldOf) -> Iterator[Labelled]:
    """A label with a name or date behind it and no colon between: 立卷人 韦丽."""
    parts = line.text.split() if line.table is None else []
    if len(parts) != 2 or not NAME_OR_DATE.fullmatch(parts[1]):
        return
    head, value = clean(parts[0]), parts[1]
    field = field_of(head)
    if field not in (None, WEAK) and field_of(clean(value)) is None:
        yield Labelled(str(field), head, value, line.page)


def _wrapped(document: Document, field_of: FieldOf) -> Iterator[Labelled]:
    """A label that runs over two lines with its value between them, as forms in PDF show it."""
    lines = document.lines
    for above, middle, below in zip(lines, lines[1:], lines[2:], strict=False):
        if not _LABEL_END.search(below.text) or above.table != below.table:
            continue
        head, *beside_head = _cells(above.text)
        tail, *beside_tail = _cells(below.text)
        if not tail.endswith(":") or ":" in head or len(head) + len(tail) > MAX_LABEL:
            continue
        field = field_of(head + tail[:-1])
        if field is None or field_of(tail[:-1]) not in (None, *UNSPECIFIC, field):
            continue
        value = "".join([*beside_head[:1], *beside_tail[:1]])
        first = _cells(middle.text)[0]
        if not value and ":" not in first:
            value = first
        yield Labelled(field, head + tail[:-1], value, middle.page)


def _cells(text: str) -> list[str]:
    return [clean(cell) for cell in text.split("\t")]


def _chunks(text: str) -> Iterator[str]:
    """The parts of a line that may each hold one label and its value."""
    text = _SPREAD.sub(lambda found: clean(found[0]), text)
    for wide in _WIDE_GAP.split(text):
        yield from (part for part in _NEXT_LABEL.split(wide) if part.strip())


def _next_value(line: str, field_of: FieldOf) -> str:
    text = compatible(line)
    if words().phrases["page_footer"].match(clean(text)):
        return ""
    if _LABELLED.match(text[: MAX_LABEL + 1]):
        return ""
    return "" if _is_label(text, field_of) and field_of(clean(text)) != WEAK else text
