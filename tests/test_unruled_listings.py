"""Listings without ruling whose cells fill several lines: rows are told from where text stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from archive_check import readers
from archive_check.model import Document, SourceFile
from archive_check.readers.pdf_columns import gathered
from archive_check.readers.pdf_layout import Piece, rows
from archive_check.recognise import alone

HEAD = ("顺序号", "文号", "责任者", "题名", "日期", "页号", "备注")
WIDTHS = (45, 85, 85, 165, 60, 35, 50)
SECTIONS = ("结论类材料", "证明类材料")
COUNT = 24


def listed(number: int) -> tuple[str, ...]:
    """A row of which none, some or all cells are too long for a line."""
    project = "二〇二三年度" * (number % 4)
    return (
        str(number),
        f"渝审内〔2023〕{number}号" if number % 2 else "",
        "某某市某某区产业投资集团有限公司审计监察部" if number % 3 else "某某公司",
        f"某某市某某区产业投资集团有限公司{project}下属企业财务收支情况的第{number}号审计取证单"
        if number % 5
        else "审计报告",
        f"202305{number:02}",
        str(2 * number - 1),
        "纸质保存" if number % 4 == 0 else "",
    )


def document(folder: Path, *, upright: str, padding: int, sections: bool, repeat: bool) -> Document:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    cell = ParagraphStyle("c", fontName="STSong-Light", fontSize=10, leading=13, wordWrap="CJK")
    title = ParagraphStyle("t", parent=cell, fontSize=18, leading=24, alignment=1)
    texts = [listed(number) for number in range(1, COUNT + 1)]
    if sections:
        texts.insert(COUNT // 2, ("", "", "", SECTIONS[1], "", "", ""))
        texts.insert(0, ("", "", "", SECTIONS[0], "", "", ""))
    table = Table(
        [[Paragraph(text, cell) for text in row] for row in (HEAD, *texts)],
        colWidths=WIDTHS,
        repeatRows=int(repeat),
        style=[
            ("VALIGN", (0, 0), (-1, -1), upright),
            ("TOPPADDING", (0, 0), (-1, -1), padding),
            ("BOTTOMPADDING", (0, 0), (-1, -1), padding),
        ],
    )
    path = folder / "0001.pdf"
    made = SimpleDocTemplate(str(path), pagesize=A4, leftMargin=35, rightMargin=35)
    made.build([Paragraph("卷内文件目录", title), table])
    (found,) = readers.read(SourceFile(path.name, str(path), path.stat().st_size))
    assert not found.tables
    return found


@pytest.mark.parametrize("upright", ["TOP", "MIDDLE"])
@pytest.mark.parametrize("padding", [0, 3])
@pytest.mark.parametrize("sections", [False, True])
def test_catalogue_whose_cells_wrap(
    upright: str, padding: int, sections: bool, tmp_path: Path
) -> None:
    """Numbers beside the first lines or in the middle, rows set apart or not, over two pages."""
    found = alone(
        document(
            tmp_path, upright=upright, padding=padding, sections=sections, repeat=bool(padding)
        )
    )
    assert found.catalogue is not None
    entries = found.catalogue.entries
    assert [
        (e.number, e.doc_no or "", (e.responsible or "").replace(" ", ""), e.title,
         e.date and f"{e.date:%Y%m%d}", str(e.first_page), e.remarks or "")
        for e in entries
    ] == [listed(number) for number in range(1, COUNT + 1)]  # fmt: skip
    half = COUNT // 2
    expected = ["conclusion"] * half + ["evidence"] * half if sections else [None] * COUNT
    assert [e.section for e in entries] == expected


def piece(text: str, left: float, top: float, size: float = 10) -> Piece:
    return Piece(text, left, top - size, left + size * len(text), top, size)


def texts(*pieces: Piece) -> list[str]:
    return [group.text for group in gathered(rows(pieces))]


def test_what_wraps_in_two_columns_is_one_row() -> None:
    assert texts(
        piece("1", 0, 100), piece("某某集团", 30, 100), piece("关于财务收", 100, 100),
        piece("审计部", 30, 87), piece("支的报告", 100, 87),
        piece("2", 0, 70), piece("某某公司", 30, 70), piece("反馈意见", 100, 70),
    ) == ["1\t某某集团审计部\t关于财务收支的报告", "2\t某某公司\t反馈意见"]  # fmt: skip


def test_rows_of_one_line_stay_as_they_are() -> None:
    assert texts(
        piece("1", 0, 100), piece("某某集团", 30, 100), piece("关于财务收", 100, 100),
        piece("证明类", 100, 80),
        piece("2", 0, 60), piece("某某公司", 30, 60), piece("反馈意见", 100, 60),
    ) == ["1\t某某集团\t关于财务收", "证明类", "2\t某某公司\t反馈意见"]  # fmt: skip


def test_numbered_paragraphs_are_no_listing() -> None:
    """Two columns alone, the number's and the text's, are those of any list."""
    assert texts(
        piece("1.", 0, 100), piece("被审计单位应当在规定", 30, 100), piece("期限内整改。", 30, 87),
        piece("2.", 0, 70), piece("逾期未整改的，报告。", 30, 70),
    ) == ["1. 被审计单位应当在规定", "期限内整改。", "2. 逾期未整改的，报告。"]  # fmt: skip


def test_numbers_that_do_not_count_up_are_no_listing() -> None:
    pieces = [
        piece("3", 0, 100), piece("现金", 30, 100), piece("盘点差额", 100, 100),
        piece("合计", 30, 87), piece("十二万元", 100, 87),
        piece("7", 0, 70), piece("存款", 30, 70), piece("对账差额", 100, 70),
    ]  # fmt: skip
    assert "合计\t十二万元" in texts(*pieces)


def test_what_stands_far_below_the_last_row_is_not_of_it() -> None:
    pieces = [
        piece("1", 0, 100), piece("某某集团", 30, 100), piece("关于财务收", 100, 100),
        piece("审计部", 30, 87), piece("支的报告", 100, 87),
        piece("2", 0, 70), piece("某某公司", 30, 70), piece("反馈意见", 100, 70),
        piece("第一页", 100, 20),
    ]  # fmt: skip
    assert texts(*pieces)[-2:] == ["2\t某某公司\t反馈意见", "第一页"]
