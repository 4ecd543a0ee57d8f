"""What Office packages hold beside their text, and what the report says of it."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import openpyxl
import pytest
from compound import compound
from openpyxl.comments import Comment

from archive_check import readers
from archive_check.check import Options, check
from archive_check.model import Document, SourceFile
from archive_check.readers import media

Reading = Callable[[str, bytes], tuple[Document, ...]]
TEXT = "关于采购业务的审计报告"


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    def read(name: str, data: bytes) -> tuple[Document, ...]:
        path = tmp_path / name
        path.write_bytes(data)
        return readers.read(SourceFile(name, str(path), len(data)))

    return read


def word(body: str = "", parts: Mapping[str, bytes | str] | None = None) -> bytes:
    """A Word document with more in its body, and more parts."""
    made = docx.Document()
    made.add_paragraph(TEXT)
    plain, out = io.BytesIO(), io.BytesIO()
    made.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = data.replace(b"</w:p>", f"</w:p>{body}".encode(), 1)
            if name not in (parts or {}):
                target.writestr(name, data)
        for name, more in (parts or {}).items():
            target.writestr(name, more)
    return out.getvalue()


def workbook(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "题名"])
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


INSERTED = "<w:p><w:ins w:id='1' w:author='a'><w:r><w:t>增加</w:t></w:r></w:ins></w:p>"
DELETED = "<w:p><w:del w:id='2' w:author='a'><w:r><w:delText>删去</w:delText></w:r></w:del></w:p>"
COMMENTS = (
    "<w:comments xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>"
    "{}</w:comments>"
)


@pytest.mark.parametrize(
    ("body", "text"), [(INSERTED, [TEXT, "增加"]), (DELETED, [TEXT]), ("", [TEXT])]
)
def test_open_changes(reading: Reading, body: str, text: list[str]) -> None:
    (found,) = reading("a.docx", word(body))
    assert [line.text for line in found.lines] == text
    assert ("changes" in found.traits) is bool(body)


@pytest.mark.parametrize("comment", ["", "<w:comment w:id='1'/>"])
def test_comments(reading: Reading, comment: str) -> None:
    (found,) = reading("a.docx", word(parts={"word/comments.xml": COMMENTS.format(comment)}))
    assert ("comments" in found.traits) is bool(comment)


def native(name: str, data: bytes) -> bytes:
    label = name.encode("gb18030") + b"\0"
    body = b"\2\0" + label + label + b"\0\0\3\0" + struct.pack("<I", len(label)) + label
    body += struct.pack("<I", len(data)) + data
    return compound({"\x01Ole10Native": struct.pack("<I", len(body)) + body})


def test_objects_are_documents_inside_but_formulas_and_data_of_charts_are_not(
    reading: Reading,
) -> None:
    rels = (
        "<Relationships><Relationship Type='x/package' Target='../embeddings/data.xlsx'/>"
        "</Relationships>"
    )
    parts: dict[str, bytes | str] = {
        "word/embeddings/a.docx": word(),
        "word/embeddings/b.bin": native("说明.txt", "说明内容".encode()),
        "word/embeddings/c.bin": compound({"Equation Native": b"x"}),
        "word/embeddings/data.xlsx": workbook(lambda book: None),
        "word/charts/_rels/chart1.xml.rels": rels,
    }
    outer, first, second = reading("1.docx", word(parts=parts))
    assert "embedded" in outer.traits
    assert (first.path, first.outer, first.text) == ("1.docx!/a.docx", "1.docx", TEXT)
    assert (second.path, second.text) == ("1.docx!/说明.txt", "说明内容")


def test_a_formula_alone_is_no_embedded_object(reading: Reading) -> None:
    parts = {"word/embeddings/c.bin": compound({"Equation Native": b"x"})}
    (found,) = reading("1.docx", word(parts=parts))
    assert found.traits == frozenset()


def test_an_object_that_is_broken_leaves_its_document_whole(reading: Reading) -> None:
    whole = native("a.txt", b"text")
    parts = {"word/embeddings/c.bin": whole[:1000], "word/embeddings/d.bin": b"no object"}
    (found,) = reading("1.docx", word(parts=parts))
    assert (found.problem, found.text) == (None, TEXT)


def test_a_text_taken_in_as_a_whole_is_read(reading: Reading) -> None:
    rels = (
        "<Relationships><Relationship Id='r1' Type='http://x/aFChunk' Target='chunk.html'/>"
        "</Relationships>"
    )
    parts = {"word/_rels/document.xml.rels": rels, "word/chunk.html": "<html>正文在此</html>"}
    _, chunk = reading("1.docx", word(parts=parts))
    assert (chunk.media_type, chunk.text) == (media.HTML, "正文在此")


def test_rich_text_with_changes_comments_and_objects(reading: Reading) -> None:
    body = (
        r"{\rtf1\ansi before {\deleted\revauthdel1 gone}{\revised new}"
        r"{\*\annotation remark}{\object\objemb{\*\objdata 01}} after\par}"
    )
    (found,) = reading("a.rtf", body.encode())
    assert found.traits == {"changes", "comments", "embedded"}
    assert [line.text for line in found.lines] == ["before new after"]
    (plain,) = reading("b.rtf", rb"{\rtf1\ansi\deleted0 kept\par}")
    assert (plain.traits, plain.text) == (frozenset(), "kept")


def hide_sheet(book: openpyxl.Workbook) -> None:
    book.create_sheet("底稿").append(["隐藏的内容"])
    book["底稿"].sheet_state = "hidden"


def hide_row(book: openpyxl.Workbook) -> None:
    book.active.append(["1", "隐藏"])  # type: ignore[union-attr]
    book.active.row_dimensions[2].hidden = True  # type: ignore[union-attr]


def comment(book: openpyxl.Workbook) -> None:
    book.active["A1"].comment = Comment("批注", "a")  # type: ignore[index]


@pytest.mark.parametrize(
    ("change", "traits"),
    [(hide_sheet, {"hidden"}), (hide_row, {"hidden"}), (comment, {"comments"}),
     (lambda book: None, set())],
)  # fmt: skip
def test_workbooks(
    reading: Reading, change: Callable[[openpyxl.Workbook], None], traits: set[str]
) -> None:
    (found,) = reading("a.xlsx", workbook(change))
    assert found.traits == traits
    if change is hide_sheet:
        assert "隐藏的内容" in found.text


def records(*parts: tuple[int, bytes]) -> bytes:
    """Records of a workbook's stream ([MS-XLS] 2.1.4)."""
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in parts)


def old_workbook(*rows: bytes, state: int = 0) -> bytes:
    """A workbook of Excel 97 with a number in its second row."""
    begin = struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0)
    head = (0x809, begin)
    sheet = records(
        (0x809, begin[:2] + b"\x10" + begin[3:]),
        *((row[0] << 8 | row[1], row[2:]) for row in rows),
        (0x203, struct.pack("<HHHd", 1, 0, 0, 42.0)),
        (0x0A, b""),
    )
    name = b"\x05\0Sheet"
    start = len(records(head, (0x85, bytes(6) + name), (0x0A, b"")))
    bound = struct.pack("<IBB", start, state, 0) + name
    return compound({"Workbook": records(head, (0x85, bound), (0x0A, b"")) + sheet})


def row(number: int, flags: int) -> bytes:
    return b"\x02\x08" + struct.pack("<HHHHHHHH", number, 0, 1, 255, 0, 0, flags, 0)


NOTE = b"\x00\x1c" + struct.pack("<HHHHH", 1, 0, 0, 1, 0)


@pytest.mark.parametrize(
    ("content", "traits"),
    [
        (old_workbook(state=1), {"hidden"}),
        (old_workbook(row(1, 0x120)), {"hidden"}),
        (old_workbook(NOTE), {"comments"}),
        (old_workbook(row(0, 0x120), row(1, 0x100)), set()),
    ],
    ids=["sheet", "row", "comment", "hidden row without cells"],
)
def test_old_workbooks(reading: Reading, content: bytes, traits: set[str]) -> None:
    (found,) = reading("a.xls", content)
    assert (found.text, found.traits) == ("42", traits)


def test_a_final_version_with_changes_is_worth_a_note(tmp_path: Path) -> None:
    (tmp_path / "审计报告.docx").write_bytes(word(INSERTED))
    (tmp_path / "审计报告（征求意见稿）.docx").write_bytes(word(DELETED))
    (report,) = check([tmp_path], Options(as_of=dt.date(2026, 1, 1), jobs=1)).cases
    assert [note for note in report.notes if "修订" in note] == [
        "审计报告.docx 含未接受或拒绝的修订"
    ]


def test_an_empty_workbook_still_shows_what_else_it_has(reading: Reading) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("次").sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    (found,) = reading("a.xlsx", buffer.getvalue())
    assert found.problem is not None
    assert (found.problem.kind, found.traits) == ("empty", {"hidden"})
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("xl/embeddings/Microsoft_Word_Document.docx", word())
    found, inner = reading("b.xlsx", buffer.getvalue())
    assert found.problem is None
    assert [line.text for line in inner.lines] == [TEXT]
