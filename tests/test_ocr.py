"""Scans: what a page shows is read as if it were text, and how good the page is is told."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from archive_check import ocr, readers
from archive_check.model import Document, SourceFile
from archive_check.ocr import images, looks, seals
from archive_check.ocr.clean import ink
from archive_check.ocr.dates import agreed, with_both_marks
from archive_check.ocr.images import Box
from archive_check.ocr.ruling import ruling
from archive_check.ocr.upright import skew_of
from archive_check.recognise.dates import last_date
from archive_check.understand import understand_all
from fixtures.formats import write
from fixtures.model import Form, Grid, Text
from fixtures.scans import (
    Drawn,
    Look,
    empty_page,
    font_file,
    font_names,
    pages,
    stamped,
    to_image,
    to_pdf,
)

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


def test_of_a_mixed_pdf_only_the_scanned_page_is_recognised(tmp_path: Path) -> None:
    mixed = PdfWriter()
    mixed.append(BytesIO(write((Text("审计报告", "title"), Text("报告正文。" * 9)), "pdf")))
    mixed.append(BytesIO(to_pdf([page(Look(seal="date")).image], 200)))
    out = BytesIO()
    mixed.write(out)
    file = source(tmp_path / "a.pdf", out.getvalue())
    (before,) = readers.read(file)
    assert (ocr.unread_pages(before), before.text_read) == ((2,), False)
    document = read(file)
    first = [next(line for line in document.lines if line.page == number) for number in (1, 2)]
    assert [line.text for line in first] == ["审计报告", "审计通知书"]
    assert all(line.size > 1.2 for line in first)
    assert (document.sealed_pages, document.text_read) == ({2}, True)


def test_a_scanned_volume_is_parted_by_the_catalogue_on_its_first_page(tmp_path: Path) -> None:
    titles = ("审计通知书", "审计实施方案", "审计报告征求意见书")
    rows = [(str(n), "集团审计监察部", title, str(n), "") for n, title in enumerate(titles, 1)]
    catalogue = Grid((("顺序号", "责任者", "题名", "页号", "备注"), *rows))
    scanned = [(Text("卷内文件目录", "title"), catalogue)]
    scanned += [(Text(title, "title"), *NOTICE[2:]) for title in titles]
    drawn = [one.image for blocks in scanned for one in pages(blocks, Look(skew=0.6))]
    found = understand_all([source(tmp_path / "卷一.pdf", to_pdf(drawn, 200))], 1)
    assert [one.document.path for one in found] == [f"卷一.pdf#page={n}" for n in range(1, 5)]
    assert found[0].recognised.type == "volume-catalogue"
    assert [one.recognised.title for one in found[1:]] == list(titles)


def layered(text: str, image: bytes) -> bytes:
    """A page of a PDF that shows a picture, with text that nobody sees beneath it."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    line = canvas.beginText(60, 700)
    line.setFont("STSong-Light", 12)
    line.setTextRenderMode(3)
    for start in range(0, len(text), 20):
        line.textLine(text[start : start + 20])
    canvas.drawText(line)
    canvas.drawImage(ImageReader(BytesIO(image)), 0, 0, *A4)
    canvas.save()
    return out.getvalue()


def test_a_wrong_text_layer_is_recognised_anew_and_a_right_one_kept(tmp_path: Path) -> None:
    picture = to_image(page(Look(seal="date")).image, 200)
    right = layered(f"审计通知书{NOTICE[3].text}", picture)
    document = read(source(tmp_path / "right.pdf", right))
    assert document.text_read
    assert document.text.startswith("审计通知书")
    assert document.sealed_pages == {1}
    wrong = layered(
        "审訃通夘書、^根椐~2O23|笨喥內邡宙汁工作汁劃、抉萣派岀宙汁緗、刭伱啴莅逬行僦" * 2, picture
    )
    (unread,) = readers.read(source(tmp_path / "wrong.pdf", wrong))
    assert ocr.unread_pages(unread) == (1,)


def test_without_the_extra_pages_are_still_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "missing", lambda: True)
    scan = [page(Look(dpi=100)).image, empty_page(Look(dpi=100, noise=0.05))]
    document = read(source(tmp_path / "a.pdf", to_pdf(scan, 100)))
    assert [(fault.page, fault.kind) for fault in document.page_faults] == [
        (1, "resolution"), (2, "blank"),
    ]  # fmt: skip
    assert not document.text_read
    assert [note.key for note in ocr.notes([document], asked=True)] == ["unread.missing"]


def test_a_page_of_any_size_is_drawn_within_bounds(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=BytesIO(to_pdf([page(Look(dpi=50)).image], 50)))
    writer.pages[0].mediabox.upper_right = (200_000, 200_000)
    writer.write(tmp_path / "a.pdf")
    drawn = images.page_image(tmp_path / "a.pdf", "application/pdf", 1)
    assert drawn.pixels.shape[0] * drawn.pixels.shape[1] <= 26_000_000


def test_seals_are_told_from_red_print_and_from_nothing() -> None:
    white = Image.new("RGB", (1654, 2339), (250, 249, 246))
    sealed = stamped(white, (1200, 2000), 200, "a")
    cut = stamped(white, (1654, 1200), 200, "b")
    both = stamped(sealed, (1100, 1780), 200, "c")
    printed = white.copy()
    font = ImageFont.truetype(str(font_file(font_names()[0])), 130)
    ImageDraw.Draw(printed).text((250, 250), "巴南区审计局文件", (210, 30, 30), font)
    dense = white.copy()
    ImageDraw.Draw(dense).multiline_text((250, 250), "审计\n" * 4 + "报告" * 3, (210, 30, 30), font)
    found = {
        name: len(seals.seals(seals.red_ink(np.asarray(image)), 200))
        for name, image in (
            ("sealed", sealed), ("both", both), ("cut", cut), ("printed", printed),
            ("dense", dense), ("no", white),
        )
    }  # fmt: skip
    assert found == {"sealed": 1, "both": 2, "cut": 1, "printed": 0, "dense": 0, "no": 0}
    assert seals.coloured(np.asarray(sealed))
    assert not seals.coloured(np.asarray(sealed.convert("L").convert("RGB")))


def test_the_scanners_edge_has_no_say_in_the_skew() -> None:
    image = page(Look(skew=2.5, dpi=100)).image
    ImageDraw.Draw(image).rectangle((8, 0, 16, image.height), fill=(20, 20, 20))
    image.paste((255, 255, 255), (30, image.height // 3, image.width, image.height))
    assert abs(skew_of(ink(np.asarray(image.convert("L")))) - 2.5) < 0.2


def test_skew_is_measured_either_way() -> None:
    for degrees in (-2.5, 0.0, 1.0, 2.9):
        grey = np.asarray(page(Look(skew=degrees, dpi=100)).image.convert("L"))
        assert abs(skew_of(ink(grey)) - degrees) < 0.2


def test_a_short_line_is_no_blank_page() -> None:
    look = Look(noise=0.05)
    (short,) = pages((Text("附件", "body"),), look)
    assert not looks.blank(np.asarray(short.image))
    assert looks.blank(np.asarray(empty_page(look)))


def test_nothing_is_judged_by_what_is_missing_where_much_was_hard_to_read(tmp_path: Path) -> None:
    ruined = read(source(tmp_path / "a.pdf", to_pdf([page(Look(dpi=45, noise=0.1)).image], 45, 40)))
    assert {fault.kind for fault in ruined.page_faults} == {"resolution", "doubtful"}
    assert not ruined.text_read
    assert [note.key for note in ocr.notes([ruined], asked=True)] == ["page.remark"]


def test_a_number_in_front_of_a_line_is_not_overlooked(tmp_path: Path) -> None:
    lines = (*NOTICE[:-1], Text("二　二三年二月二十七日", "right"))
    (drawn,) = pages(lines, Look())
    document = read(source(tmp_path / "1.jpg", to_image(drawn.image, 200)))
    assert last_date(document.text) == date(2023, 2, 27)


@pytest.mark.parametrize(
    ("line", "meant"),
    [("202408-08", "2024-08-08"), ("2024.0708", "2024.0708"), ("档号202408-08", "档号202408-08")],
)
def test_a_date_of_which_a_seal_hides_a_mark(line: str, meant: str) -> None:
    assert with_both_marks(line) == meant


@pytest.mark.parametrize(
    ("readings", "meant"),
    [
        (["2024年0月30日", "2024年06月30日", "2024年06月30日"], "2024年06月30日"),
        (["2022年6月3日", "2023年6月3日", "2023年6月3日"], "2023年6月3日"),
        (["2022年6月3日", "2023年6月3日", "年6月3日"], "2022年6月3日"),
        (["盖章处", "益章处", ""], "盖章处"),
        (["", "202408-08", "2024~08-08"], "2024-08-08"),
    ],
)
def test_what_most_readings_of_a_sealed_line_agree_on(readings: list[str], meant: str) -> None:
    assert agreed(readings) == meant


def test_recognition_leaves_nothing_in_the_temporary_folder(tmp_path: Path) -> None:
    program = (
        "import numpy; from archive_check.ocr import engine;"
        "engine.boxes(numpy.full((64, 64), 255, numpy.uint8))"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=120)
    assert list(tmp_path.iterdir()) == []


def test_the_strokes_of_a_heavy_title_rule_nothing() -> None:
    page = np.zeros((400, 800), dtype=bool)
    page[100:160, 300:304] = page[100:103, 250:360] = True  # one character, 0.3 inches high
    page[200:300, 100:103] = page[200:203, 50:700] = True  # a table
    title = Box(240, 90, 500, 170)
    told = ruling(page, 200, [title])
    assert (len(told.down), len(told.across)) == (1, 1)
    assert told.down[0].top > title.bottom
    assert len(ruling(page, 200).down) == 2
