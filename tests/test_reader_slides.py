"""Presentations: slides as pages, with their text, tables and notes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from compound import compound

from archive_check import readers
from archive_check.model import PICTURE, Document, SourceFile
from archive_check.readers import media

Reading = Callable[[str, bytes], Document]
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    def read(name: str, data: bytes) -> Document:
        path = tmp_path / name
        path.write_bytes(data)
        return readers.read(SourceFile(name, str(path), len(data)))[0]

    return read


def shape(text: str, role: str = "") -> str:
    place = f"<p:nvSpPr><p:nvPr><p:ph type='{role}'/></p:nvPr></p:nvSpPr>" if role else ""
    return f"<p:sp>{place}<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"


TABLE = (
    "<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr>"
    "<a:tc gridSpan='2'><a:txBody><a:p><a:r><a:t>项目</a:t></a:r></a:p></a:txBody></a:tc>"
    "<a:tc hMerge='1'><a:txBody><a:p/></a:txBody></a:tc></a:tr><a:tr>"
    "<a:tc><a:txBody><a:p><a:r><a:t>甲</a:t></a:r></a:p></a:txBody></a:tc>"
    "<a:tc><a:txBody><a:p><a:r><a:t>1</a:t></a:r></a:p></a:txBody></a:tc></a:tr>"
    "</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
)


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    items = "".join(
        f"<Relationship Id='{name}' Type='{_R}/{kind}' Target='{target}'/>"
        for name, (kind, target) in targets.items()
    )
    return f"<Relationships>{items}</Relationships>"


def pptx(slides: list[str], notes: str = "", show: str = "1") -> bytes:
    """A presentation of slides, listed backwards in the package; the last one bears the notes."""
    listed = "".join(f"<p:sldId id='{i}' r:id='r{i}'/>" for i in range(len(slides)))
    main = f"<p:presentation xmlns:p='{_P}' xmlns:r='{_R}'><p:sldIdLst>{listed}</p:sldIdLst>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            "<Types><Override PartName='/ppt/presentation.xml' "
            f"ContentType='{media.PPTX}.main+xml'/></Types>",
        )
        package.writestr("ppt/presentation.xml", main + "</p:presentation>")
        places = {f"r{i}": ("slide", f"slides/s{-i}.xml") for i in range(len(slides))}
        package.writestr("ppt/_rels/presentation.xml.rels", relations(places))
        for i, body in enumerate(slides):
            package.writestr(
                f"ppt/slides/s{-i}.xml",
                f"<p:sld xmlns:p='{_P}' xmlns:a='{_A}' show='{show}'><p:cSld><p:spTree>{body}"
                "</p:spTree></p:cSld></p:sld>",
            )
        if notes:
            last = len(slides) - 1
            package.writestr(
                f"ppt/slides/_rels/s{-last}.xml.rels",
                relations({"n": ("notesSlide", "../notesSlides/n1.xml")}),
            )
            package.writestr(
                "ppt/notesSlides/n1.xml",
                f"<p:notes xmlns:p='{_P}' xmlns:a='{_A}'><p:cSld><p:spTree>"
                f"{shape(notes, 'body')}{shape('1', 'sldNum')}</p:spTree></p:cSld></p:notes>",
            )
    return buffer.getvalue()


def test_slides_come_in_their_order_with_tables_and_notes(reading: Reading) -> None:
    first = shape("审计汇报", "ctrTitle") + "<p:pic/>"
    second = f"<p:grpSp>{shape('要点')}</p:grpSp>{TABLE}"
    found = reading("a.pptx", pptx([first, second], notes="备注"))
    assert [(line.page, line.text) for line in found.lines] == [
        (1, "审计汇报"), (1, PICTURE), (2, "要点"), (2, "项目\t"), (2, "甲\t1"), (2, "备注"),
    ]  # fmt: skip
    assert (found.media_type, found.pages, found.fixed_pages) == (media.PPTX, 2, True)
    assert found.lines[0].size > found.lines[2].size
    assert found.tables[0].rows == (("项目", ""), ("甲", "1"))
    assert found.traits == frozenset()


def test_hidden_slides_are_read_and_told(reading: Reading) -> None:
    found = reading("a.pptx", pptx([shape("隐藏的内容")], show="0"))
    assert (found.traits, found.text) == ({"hidden"}, "隐藏的内容")


def test_a_slide_that_is_missing_or_broken(reading: Reading) -> None:
    whole = pptx([shape("一"), "<p:broken"])
    assert reading("a.pptx", whole).text == "一"
    assert reading("b.pptx", whole[: len(whole) // 2]).problem is not None


def record(kind: int, data: bytes, instance: int = 0, holder: bool = False) -> bytes:
    return struct.pack("<HHI", instance << 4 | (0xF if holder else 0), kind, len(data)) + data


def words(text: str) -> bytes:
    return record(0x0FA0, text.encode("utf-16-le"))


def ppt(token: int = 0xE391C05F, macros: int = 0) -> bytes:
    """A presentation of one slide, saved twice: the older state of the slide is still there."""
    project = record(0x03FF, record(0x0400, struct.pack("<III", 9, macros, 2)), holder=True)
    persist = record(0x03F3, struct.pack("<IIIII", 2, 0, 0, 256, 0))
    outline = persist + record(0x0F9F, struct.pack("<I", 0)) + words("审计汇报")
    listed = record(0x0FF0, outline, 0, True)
    noted = record(0x0FF0, record(0x03F3, struct.pack("<IIIII", 3, 0, 0, 300, 0)), 2, True)
    about = record(0x07D0, project, holder=True)
    document = record(0x03E8, listed + noted + about, holder=True)

    def slide(text: str) -> bytes:
        box = record(0xF00D, words(text), holder=True)
        return record(0x03EE, record(0xF004, box, holder=True), holder=True)

    notes = record(
        0x03F0, record(0x03F1, struct.pack("<II", 256, 0)) + record(0xF00D, words("备注"), 0, True),
        holder=True,
    )  # fmt: skip
    stream, places = b"", []
    for part in (document, slide("旧的文字"), notes):
        places.append(len(stream))
        stream += part

    def edit(before: int, directory: int) -> bytes:
        return record(0x0FF5, struct.pack("<IIIIIIHH", 0, 0, before, directory, 1, 3, 0, 0))

    directory = record(0x1772, struct.pack("<IIII", 3 << 20 | 1, *places))
    first = len(stream) + len(directory)
    stream += directory + edit(0, len(stream))
    changed = len(stream)
    stream += slide("新的文字\r第二段")
    second = record(0x1772, struct.pack("<II", 1 << 20 | 2, changed))
    at = len(stream)
    last = at + len(second)
    stream += second + edit(first, at)
    user = record(0x0FF6, struct.pack("<III", 20, token, last))
    return compound({"Current User": user, "PowerPoint Document": stream})


def test_older_presentations_show_what_was_saved_last(reading: Reading) -> None:
    found = reading("a.ppt", ppt())
    assert [line.text for line in found.lines] == ["审计汇报", "新的文字", "第二段", "备注"]
    assert (found.media_type, found.pages) == (media.PPT, 1)
    assert found.lines[0].size > 1


@pytest.mark.parametrize("macros", [0, 1])
def test_macros_of_an_older_presentation_are_told(reading: Reading, macros: int) -> None:
    assert ("macro" in reading("a.ppt", ppt(macros=macros)).traits) is bool(macros)


def test_an_older_presentation_with_a_password(reading: Reading) -> None:
    found = reading("a.ppt", ppt(token=0xF3D1C4DF))
    assert found.problem is not None
    assert found.problem.kind == "encrypted"


def test_a_stream_that_claims_more_than_the_file_is_damaged(reading: Reading) -> None:
    data = bytearray(ppt())
    entry = data.find("PowerPoint Document\0".encode("utf-16-le"))
    data[entry + 120 : entry + 124] = struct.pack("<I", 0x7FFFFFFF)
    found = reading("a.ppt", bytes(data))
    assert found.problem is not None
    assert (found.problem.kind, found.problem.detail.key) == ("damaged", "reading.cut-off")


@pytest.mark.parametrize("part", range(1, 10))
def test_an_older_presentation_that_is_cut_off_is_no_crash(reading: Reading, part: int) -> None:
    data = ppt()
    found = reading("a.ppt", data[: len(data) * part // 10])
    assert found.problem is not None
    assert found.problem.kind in ("damaged", "empty")


def test_a_presentation_of_powerpoint_95_is_unread_not_damaged(reading: Reading) -> None:
    user = struct.pack("<I", 4) + b"Lin "
    found = reading("a.ppt", compound({"Current User": user, "PowerPoint Document": bytes(4096)}))
    assert found.problem is not None
    assert (found.problem.kind, found.media_type) == ("unsupported", media.PPT)
