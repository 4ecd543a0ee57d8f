"""Scans: what a page shows is read as if it were text, and how good the page is is told."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from archive_check import ocr, readers
from archive_check.model import Document, SourceFile
from archive_check.ocr import images
from archive_check.understand import understand_all
from fixtures.model import Form, Text
from fixtures.scans import Drawn, Look, font_names, pages, to_image, to_pdf

pytestmark = pytest.mark.skipif(
    not font_names(), reason="pages are drawn in a font that fixtures/scans.py names"
)

NOTICE = (
    Text("审计通知书", "title"),
    Text("峡审通〔2023〕7号", "number"),
    Text("三峡大健康连锁药房有限公司："),
    Text("根据2023年度内部审计工作计划，决定派出审计组，自2023年3月6日起，对你单位进行就地审计。"),
    Form((("审计组组长", "王建国"), ("审计方式", "就地审计"))),
    Text("三峡大健康产业集团审计监察部", "right"),
    Text("2023年2月27日", "right"),
)


def page(look: Look | None = None) -> Drawn:
    (drawn,) = pages(NOTICE, look or Look())
    return drawn


def source(path: Path, content: bytes) -> SourceFile:
    path.write_bytes(content)
    return SourceFile(path.name, str(path), len(content))


def read(file: SourceFile) -> Document:
    """The document of a file with what is recognised on its pages."""
    (document,) = readers.read(file)
    return ocr.with_pages(
        document,
        {task.page: ocr.read_page(task) for task in ocr.page_tasks(file, document, words=True)},
    )


def test_a_scan_in_a_pdf_is_typed_by_what_it_says(tmp_path: Path) -> None:
    scan = to_pdf([page(Look(skew=1.5, noise=0.06, seal="date")).image], 200)
    file = source(tmp_path / "0001.pdf", scan)
    (found,) = understand_all([file], 1)
    assert found.recognised.type == "audit-notice"
    assert found.told.date
    assert found.told.date[0].isoformat() == "2023-02-27"
    assert found.doc_nos == ("峡审通〔2023〕7号",)
    assert found.document.tables[0].rows == (("审计组组长", "王建国", "审计方式", "就地审计"),)
    assert found.document.sealed_pages == {1}
    assert found.document.page_faults == ()


def test_without_recognition_a_scan_stays_unread(tmp_path: Path) -> None:
    file = source(tmp_path / "0001.jpg", to_image(page().image, 200))
    (found,) = understand_all([file], 1, pictures=False)
    assert not found.document.text_read
    assert [note.key for note in ocr.notes([found.document], asked=False)] == ["unread.off"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pages_on_their_side_and_head_are_turned(tmp_path: Path, turn: int) -> None:
    image = page(Look(font=font_names()[-1], turn=turn, grey=True)).image
    document = read(
        source(tmp_path / "a.tif", to_image(image, 200, "TIFF", compression="tiff_lzw"))
    )
    assert document.lines[0].text == "审计通知书"
    assert document.lines[-1].text == "2023年2月27日"
    assert document.sealed_pages == frozenset()


def test_a_word_document_that_is_a_picture_is_read(tmp_path: Path) -> None:
    from docx import Document as Word
    from docx.shared import Inches

    word = Word()
    word.add_picture(BytesIO(to_image(page().image, 200)), width=Inches(6))
    word.save(str(tmp_path / "a.docx"))
    document = read(source(tmp_path / "a.docx", (tmp_path / "a.docx").read_bytes()))
    assert document.text_read
    assert document.lines[0].text == "审计通知书"
    assert "unread_pages" not in document.properties


def test_formats_whose_pages_can_be_had_are_told_alike() -> None:
    assert set(images.PICTURES) == ocr.PICTURED
