"""Word 97-2003 documents: lines, sizes from styles, tables, changes and comments."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from compound import compound
from word97 import CENTRED, DELETED, IN_TABLE, INSERTED, P, row_end, size, word97

from archive_check import readers
from archive_check.model import Document, SourceFile
from archive_check.readers import media

Reading = Callable[[bytes], Document]
PLAIN = P([("这是正文，写得比标题长得多，所以是正文。", b"")])


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    def read(data: bytes, name: str = "a.doc") -> Document:
        path = tmp_path / name
        path.write_bytes(data)
        return readers.read(SourceFile(name, str(path), len(data)))[0]

    return read


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def test_size_and_alignment_come_from_runs_and_styles(reading: Reading) -> None:
    styles = ((0xFFF, b"", size(20)), (0, CENTRED, size(40)), (1, b"", b""))
    found = reading(
        word97([P([("审计报告", b"")], style=2), P([("小标题", size(30))]), PLAIN], styles=styles)
    )
    assert found.media_type == media.DOC
    assert [(line.size, line.centred) for line in found.lines] == [
        (2.0, True), (1.5, False), (1.0, False),
    ]  # fmt: skip


def cells(*words: str, properties: bytes = IN_TABLE) -> list[P]:
    return [P([(word, b"")], "\x07", properties) for word in words]


def test_rows_and_cells(reading: Reading) -> None:
    body = [
        *cells("编号", "甲一"), P([], "\x07", row_end((0, 2000, 6000))),
        *cells("事项"), P([], "\x07", row_end((0, 6000))), PLAIN,
    ]  # fmt: skip
    found = reading(word97(body))
    assert found.tables[0].rows == (("编号", "甲一"), ("事项", ""))
    assert found.lines[0].table == 0


def test_cells_are_told_by_their_marks_alone(reading: Reading) -> None:
    body = [
        *cells("编号", "甲一", properties=b""), P([], "\x07"),
        *cells("事项", "采购", properties=b""), P([], "\x07"), PLAIN,
    ]  # fmt: skip
    assert reading(word97(body)).tables[0].rows == (("编号", "甲一"), ("事项", "采购"))


def test_deletions_are_no_text_insertions_are(reading: Reading) -> None:
    found = reading(word97([P([("金额为", b""), ("十", DELETED), ("九", INSERTED), ("元", b"")])]))
    assert texts(found) == ["金额为九元"]
    assert found.traits == {"changes"}


def test_comments_are_no_text_but_told_headers_are_text(reading: Reading) -> None:
    found = reading(word97([PLAIN], headers=[P([("页眉", b"")])], comments=[P([("批注", b"")])]))
    assert texts(found) == [PLAIN.runs[0][0], "页眉"]
    assert found.traits == {"comments"}


def test_embedded_objects_and_macros_are_told(reading: Reading) -> None:
    found = reading(word97([PLAIN], **{"ObjectPool/_1/CONTENTS": b"x", "Macros/VBA/dir": b"y"}))
    assert found.traits == {"embedded", "macro"}


def test_fields_show_their_result(reading: Reading) -> None:
    found = reading(word97([P([("第\x13PAGE\x143\x15页", b"")])]))
    assert texts(found) == ["第3页"]


@pytest.mark.parametrize("part", range(1, 12))
def test_a_document_that_is_cut_off_is_no_crash(reading: Reading, part: int) -> None:
    data = word97([P([("正文" * 900, b"")]), PLAIN])
    found = reading(data[: len(data) * part // 12])
    assert found.problem is not None
    assert found.problem.kind in ("damaged", "empty")


OLD = (
    "审计报告\r甲\x07乙\x07\x07丙\x07丁\x07\x07"
    "\x13DATE\x142023年5月6日\x15\r第一行\x0b第二行\f次页\r"
)


@pytest.mark.parametrize(
    ("ident", "flags", "encoding"),
    [(0xA5DC, 0, "gb18030"), (0xA5EC, 0, "gb18030"), (0xA699, 0x1000, "utf-16-le")],
)
def test_paragraphs_of_word_95(reading: Reading, ident: int, flags: int, encoding: str) -> None:
    text = OLD.encode(encoding)
    main = struct.pack("<HH6xH12xII", ident, 0x68, flags, 768, 768 + len(text))
    found = reading(compound({"WordDocument": (main.ljust(768, b"\0") + text).ljust(4096, b"\0")}))
    assert found.media_type == media.DOC
    assert texts(found) == [
        "审计报告", "甲\t乙", "丙\t丁", "2023年5月6日", "第一行", "第二行", "次页",
    ]  # fmt: skip
    assert [line.page for line in found.lines] == [1, 1, 1, 1, 1, 1, 2]
