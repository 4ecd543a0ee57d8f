"""What readers make of small documents of every format."""

from __future__ import annotations

import hashlib
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Pt
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from archive_check import readers
from archive_check.model import PICTURE, Document, Problem, SourceFile, said
from archive_check.readers import media
from archive_check.readers.content import Content, Inner
from archive_check.readers.pdf_grid import Stroke, grids
from archive_check.readers.tabular import aligned
from archive_check.texts import say

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
Reading = Callable[..., Document]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    def read(name: str, data: bytes | None = None) -> Document:
        path = tmp_path / name
        if data is not None:
            path.write_bytes(data)
        document = readers.read(SourceFile(name, str(path), path.stat().st_size))[0]
        if document.problem:
            assert say("zh", document.problem.detail)
            assert say("en", document.problem.detail)
        return document

    return read


def picture(size: tuple[int, int] = (80, 60), kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image = Image.effect_noise(size, 90).convert("RGB")
    image.save(buffer, kind, dpi=(200, 200))
    return buffer.getvalue()


def word(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def problem(document: Document) -> str | None:
    return document.problem.kind if document.problem else None


# Word documents


def test_word_lines_tables_sizes_and_pages(reading: Reading) -> None:
    made = docx.Document()
    title = made.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run("审计报告").font.size = Pt(22)
    for _ in range(5):
        made.add_paragraph("根据年度审计计划，审计组进行了审计。").runs[0].font.size = Pt(11)
    table = made.add_table(rows=3, cols=4)
    for row, cells in zip(table.rows, ("甲乙丙丁", "戊己庚辛", "壬癸子丑"), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(0, 1).merge(table.cell(0, 3)).text = "横跨"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "竖跨"
    table.cell(2, 3).text = "第一段"
    table.cell(2, 3).add_paragraph("第二段")
    made.add_paragraph("末页前").add_run().add_break(WD_BREAK.PAGE)
    made.add_paragraph("末页")
    made.sections[0].footer.paragraphs[0].text = "页脚"
    found = reading("a.docx", word(made))
    assert found.media_type == media.DOCX
    assert (found.problem, found.text_read, found.pages, found.fixed_pages) == (
        None, True, None, False,
    )  # fmt: skip
    assert found.lines[0].centred
    assert found.lines[0].size == 2.0
    assert found.tables[0].rows == (
        ("甲", "横跨", "", ""),
        ("竖跨", "己", "庚", "辛"),
        ("", "癸", "子", "第一段\n第二段"),
    )
    row = found.lines[8]
    assert (row.text, row.table) == ("\t癸\t子\t第一段 第二段", 0)
    assert [(line.text, line.page) for line in found.lines[-3:]] == [
        ("末页前", 1), ("末页", 2), ("页脚", 2),
    ]  # fmt: skip


def test_word_styles_give_size_and_alignment(reading: Reading) -> None:
    made = docx.Document()
    style = made.styles.add_style("Heading of ours", 1)
    style.font.size = Pt(22)
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    based = made.styles.add_style("Based", 1)
    based.base_style = style
    made.add_paragraph("标题", style="Based")
    made.add_paragraph("正文" * 20)
    heading = reading("a.docx", word(made)).lines[0]
    assert heading.centred
    assert heading.size == 2.0


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def bare_word(body: str, **parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr(
            "word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>"
        )
        package.writestr("[Content_Types].xml", f"<Types><Override PartName='/word/document.xml' "
                         f"ContentType='{media.DOCX}.main+xml'/></Types>")  # fmt: skip
        for name, text in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", text)
    return buffer.getvalue()


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_word_deletions_fields_and_boxes(reading: Reading) -> None:
    body = (
        f"<w:p>{run('留')}<w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
        f"<w:ins>{run('增')}</w:ins><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        f"<w:p>{run('锚')}<w:r><w:pict><w:txbxContent><w:p>{run('框')}</w:p></w:txbxContent>"
        "</w:pict></w:r></w:p>"
        f"<w:sdt><w:sdtContent><w:p>{run('控件')}</w:p></w:sdtContent></w:sdt>"
    )
    assert texts(reading("a.docx", bare_word(body))) == ["留增", "锚", "框", "控件"]


def test_word_rows_of_nested_tables_follow_the_row_around_them(reading: Reading) -> None:
    def cell(*blocks: str) -> str:
        return f"<w:tc>{''.join(blocks)}</w:tc>"

    def paragraph(text: str) -> str:
        return f"<w:p>{run(text)}</w:p>"

    inner = f"<w:tbl><w:tr>{cell(paragraph('编号'))}{cell(paragraph('7'))}</w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr>{cell(paragraph('外'), inner)}</w:tr></w:tbl>"
    found = reading("a.docx", bare_word(outer))
    assert [table.rows for table in found.tables] == [(("外", ""), ("编号", "7"))]


def test_word_rendered_breaks_do_not_count_twice(reading: Reading) -> None:
    body = (
        f"<w:p>{run('一')}<w:r><w:br w:type='page'/></w:r></w:p>"
        f"<w:p><w:r><w:lastRenderedPageBreak/><w:t>二</w:t></w:r></w:p>"
        f"<w:p><w:r><w:t>二尾</w:t><w:lastRenderedPageBreak/><w:t>三</w:t></w:r></w:p>"
        f"<w:p>{run('又三')}</w:p>"
    )
    lines = reading("a.docx", bare_word(body)).lines
    assert [(line.text, line.page) for line in lines] == [
        ("一", 1), ("二", 2), ("二尾三", 2), ("又三", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(("characters", "pages"), [(10, 7), (11, 7), (3, None), (0, None)])
def test_word_page_note_counts_only_with_its_text(
    reading: Reading, characters: int, pages: int | None
) -> None:
    app = f"<Properties><Pages>7</Pages><Characters>{characters}</Characters></Properties>"
    data = bare_word(f"<w:p>{run('一二三四五六七八九十')}</w:p>", docProps__app=app)
    assert reading("a.docx", data).pages == pages


def test_word_pictures_and_signatures(reading: Reading) -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("审计机关（盖章）：")
    paragraph.add_run().add_picture(io.BytesIO(picture()))
    made.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(picture()))
    buffer = io.BytesIO(word(made))
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
        package.writestr("word/vbaProject.bin", b"")
    found = reading("a.docx", buffer.getvalue())
    assert texts(found) == [f"审计机关（盖章）：{PICTURE}"]
    assert len(found.signatures) == 1
    assert found.traits == {"macro"}


def test_word_of_pictures_alone_is_a_scan(reading: Reading) -> None:
    made = docx.Document()
    made.add_picture(io.BytesIO(picture()))
    found = reading("a.docx", word(made))
    assert (problem(found), found.text_read, found.traits) == (None, False, {"scan"})


def test_word_without_anything_is_empty(reading: Reading) -> None:
    assert problem(reading("a.docx", word(docx.Document()))) == "empty"


# PDF


def pdf_form() -> bytes:
    buffer = io.BytesIO()
    cell = ParagraphStyle("cell", fontName=FONT, fontSize=10, leading=14, wordWrap="CJK")
    title = ParagraphStyle("title", fontName=FONT, fontSize=20, leading=30, alignment=1)
    long = "某某区某某街道某某中心办公室长名称换行之后仍是一个单元格的内容不加空格"
    table = Table(
        [
            ["编号", "SJ-001", "索引号", "A-1"],
            ["被审计单位", Paragraph(long, cell), "", ""],
            ["事项", "固定资产", "日期", "2023年5月6日"],
            ["", "再审", "", ""],
        ],
        colWidths=[80, 180, 80, 100],
        style=TableStyle(
            [("FONT", (0, 0), (-1, -1), FONT, 10), ("GRID", (0, 0), (-1, -1), 0.5, "black"),
             ("SPAN", (1, 1), (3, 1)), ("SPAN", (0, 2), (0, 3))]
        ),
    )  # fmt: skip
    SimpleDocTemplate(buffer).build([Paragraph("审计底稿", title), table])
    return buffer.getvalue()


def test_pdf_ruled_tables_look_as_in_word(reading: Reading) -> None:
    found = reading("a.pdf", pdf_form())
    assert (found.pages, found.fixed_pages, found.text_read) == (1, True, True)
    assert found.tables[0].rows == (
        ("编号", "SJ-001", "索引号", "A-1"),
        (
            "被审计单位",
            "某某区某某街道某某中心办公室长名称换行之后仍是一个单元格的内容不加空格",
            "",
            "",
        ),
        ("事项", "固定资产", "日期", "2023年5月6日"),
        ("", "再审", "", ""),
    )
    title, first, *_ = found.lines
    assert (title.text, title.size, title.centred, title.table) == ("审计底稿", 2.0, True, None)
    assert (first.text, first.table) == ("编号\tSJ-001\t索引号\tA-1", 0)


def canvas(*draw: Callable[[Canvas], None], size: tuple[int, int] = (595, 842)) -> bytes:
    buffer = io.BytesIO()
    page = Canvas(buffer, pagesize=size)
    for step in draw:
        page.setFont(FONT, 12)
        step(page)
        page.showPage()
    page.save()
    return buffer.getvalue()


def test_pdf_rows_gaps_and_letter_spacing(reading: Reading) -> None:
    def draw(page: Canvas) -> None:
        page.drawString(72, 700, "审计组长：张三")
        page.drawString(300, 700, "日期：2023年")
        page.drawString(72, 680, "the annual plan")
        page.drawString(72, 660, "审计报告", charSpace=12)
        page.drawString(72, 640, "第一行文字没有说完")
        page.drawString(72, 620, "第二行。")

    assert texts(reading("a.pdf", canvas(draw))) == [
        "审计组长：张三\t日期：2023年",
        "the annual plan",
        "审计报告",
        "第一行文字没有说完",
        "第二行。",
    ]


def test_pdf_pages_that_are_turned_read_as_shown(reading: Reading) -> None:
    def draw(page: Canvas) -> None:
        page.setPageRotation(90)
        page.rotate(90)
        page.drawString(100, -100, "上一行文字内容")
        page.drawString(100, -130, "下一行文字内容")

    assert texts(reading("a.pdf", canvas(draw))) == ["上一行文字内容", "下一行文字内容"]


def test_pdf_scans_and_small_pictures_are_told_apart(reading: Reading) -> None:
    def image(size: tuple[int, int]) -> object:
        from reportlab.lib.utils import ImageReader

        return ImageReader(io.BytesIO(picture(size)))

    def scanned(page: Canvas) -> None:
        page.drawImage(image((210, 297)), 0, 0, 595, 842)

    def sealed(page: Canvas) -> None:
        page.drawString(72, 700, "审计机关（盖章）：")
        page.drawImage(image((60, 60)), 200, 690, 60, 30)

    whole = reading("scan.pdf", canvas(scanned, scanned))
    assert (whole.pages, whole.text_read, whole.traits) == (2, False, {"scan"})
    assert whole.properties == {"unread_pages": "1,2"}
    mixed = reading("mixed.pdf", canvas(scanned, sealed))
    assert (mixed.text_read, mixed.properties["unread_pages"]) == (False, "1")
    assert PICTURE in mixed.lines[0].text
    assert mixed.lines[0].text.startswith("审计机关（盖章）：")
    assert mixed.lines[0].page == 2


def test_pdf_passwords(reading: Reading) -> None:
    import pypdf

    for password, expected in (("secret", "encrypted"), ("", None)):
        writer = pypdf.PdfWriter(io.BytesIO(pdf_form()))
        writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
        buffer = io.BytesIO()
        writer.write(buffer)
        found = reading("a.pdf", buffer.getvalue())
        assert problem(found) == expected
        assert found.text_read is (expected is None)


def test_a_pdf_for_holders_of_certificates_is_encrypted(reading: Reading) -> None:
    data = pdf_form()
    end = data.rindex(b"trailer")
    handler = b"/Encrypt<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4>>"
    found = reading("a.pdf", data[:end] + data[end:].replace(b"<<", b"<<" + handler, 1))
    assert problem(found) == "encrypted"


def test_pdf_cut_off_is_damaged_a_wrong_offset_is_not(reading: Reading) -> None:
    data = pdf_form()
    at = data.rindex(b"startxref")
    assert problem(reading("cut.pdf", data[: len(data) // 2])) == "damaged"
    assert problem(reading("end.pdf", data[:at])) == "damaged"
    moved = reading("moved.pdf", data[:at] + b"startxref\n7\n%%EOF\n")
    assert (problem(moved), moved.text_read) == (None, True)


def test_pdf_whose_content_is_broken_is_damaged(reading: Reading) -> None:
    data = pdf_form()
    at = data.index(b"stream") + 40
    broken = reading("a.pdf", data[:at] + b"\x01" * 60 + data[at + 60 :])
    assert problem(broken) == "damaged"


def test_pdf_scripts_are_seen(reading: Reading) -> None:
    import pypdf
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    writer = pypdf.PdfWriter(io.BytesIO(pdf_form()))
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('x')"),
        }
    )
    buffer = io.BytesIO()
    writer.write(buffer)
    assert reading("a.pdf", buffer.getvalue()).traits == {"script"}
    assert reading("b.pdf", pdf_form()).traits == frozenset()


def test_grids_know_merged_cells_and_open_sides() -> None:
    across = [Stroke(100, 0, 90), Stroke(80, 0, 90), Stroke(60, 0, 90)]
    down = [Stroke(30, 60, 100), Stroke(60, 60, 80)]
    (grid,) = grids(across, down)
    assert grid.xs == (0, 30, 60, 90)
    assert grid.ys == (100, 80, 60)
    assert grid.cell(75, 90) == (0, 1)
    assert grid.right(0, 1) == 90
    assert grid.cell(75, 70) == (1, 2)
    assert grid.cell(75, 50) is None
    assert grids(across, []) == []


# OFD


def test_ofd_lines_tables_and_signatures(reading: Reading) -> None:
    def text(left: float, top: float, words: str) -> str:
        steps = f"g {len(words) - 1} 4"
        return (
            f'<TextObject Boundary="{left} {top} 60 6" Size="4"><TextCode X="0" Y="4" '
            f'DeltaX="{steps}">{words}</TextCode></TextObject>'
        )

    def path(data: str) -> str:
        return (
            f'<PathObject Boundary="0 0 210 297"><AbbreviatedData>{data}</AbbreviatedData>'
            "</PathObject>"
        )

    ruling = "".join(
        [path(f"M 20 {y} L 120 {y}") for y in (50, 60, 70)]
        + [path(f"M {x} 50 L {x} 70") for x in (20, 60, 120)]
    )
    content = (
        text(90, 20, "审计底稿") + text(22, 52, "编号") + text(62, 52, "甲一")
        + text(22, 62, "事项") + ruling
    )  # fmt: skip
    namespace = 'xmlns="http://www.ofdspec.org/2016"'
    members = {
        "OFD.xml": f"<OFD {namespace}><DocBody><DocRoot>Doc_0/Document.xml</DocRoot>"
        "<Signatures>/Doc_0/Signatures.xml</Signatures></DocBody></OFD>",
        "Doc_0/Signatures.xml": f'<Signatures {namespace}><Signature ID="1"/></Signatures>',
        "Doc_0/Document.xml": f"<Document {namespace}><CommonData><PageArea><PhysicalBox>"
        "0 0 210 297</PhysicalBox></PageArea></CommonData><Pages><Page BaseLoc='p.xml'/></Pages>"
        "</Document>",
        "Doc_0/p.xml": f"<Page {namespace}><Content><Layer>{content}</Layer></Content></Page>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in members.items():
            package.writestr(name, data)
    found = reading("a.ofd", buffer.getvalue())
    assert (found.media_type, found.pages, found.fixed_pages) == (media.OFD, 1, True)
    assert (len(found.signatures), found.text_read) == (1, True)
    assert texts(found) == ["审计底稿", "编号\t甲一", "事项\t"]
    assert found.tables[0].rows == (("编号", "甲一"), ("事项", ""))
    assert problem(reading("b.ofd", buffer.getvalue()[:300])) == "damaged"


# Sheets and text


def test_sheets_are_tables_with_plain_values(reading: Reading) -> None:
    from datetime import date

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "卷一"
    sheet.append(["序号", "题名", "日期", "页号"])
    sheet.append([1, "审计\n报告", date(2023, 5, 6), 20230506])
    sheet.append([None, None, None, 0.5])
    book.create_sheet("空")
    buffer = io.BytesIO()
    book.save(buffer)
    found = reading("a.xlsx", buffer.getvalue())
    assert found.media_type == media.XLSX
    assert [(table.name, table.rows) for table in found.tables] == [
        ("卷一", (("序号", "题名", "日期", "页号"), ("1", "审计 报告", "2023-05-06", "20230506"),
                ("", "", "", "0.5"))),
        ("空", ()),
    ]  # fmt: skip
    assert found.lines[1].text == "1\t审计 报告\t2023-05-06\t20230506"
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    assert problem(reading("empty.xlsx", buffer.getvalue())) == "empty"


def test_a_stray_cell_far_away_is_read_at_little_cost(reading: Reading) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B3"], sheet["C3"], sheet["IV60000"] = "题名", 0, "完"
    buffer = io.BytesIO()
    book.save(buffer)
    (table,) = reading("a.xlsx", buffer.getvalue()).tables
    assert table.rows[:3] == (("",) * len(table.rows[0]), ("",) * len(table.rows[0]), table.rows[2])
    assert table.rows[2][:4] == ("", "题名", "0", "")
    assert table.rows[-1][-1] == "完"
    assert len(table.rows) * len(table.rows[0]) < 1000


def test_a_sheet_of_old_macros_has_macros(reading: Reading) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", f"{media.XLSX}.main+xml")
        package.writestr("xl/macrosheets/sheet1.xml", "<macrosheet/>")
    assert "macro" in reading("a.xlsx", buffer.getvalue()).traits


@pytest.mark.parametrize("head", media.EARLY)
def test_documents_of_before_1995_are_unread_not_damaged(reading: Reading, head: bytes) -> None:
    for name in ("a.doc", "a.xls", "a"):
        found = reading(name, head + bytes(range(256)) * 8)
        assert (found.media_type, problem(found)) == (media.EARLY[head], "unsupported")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_its_encodings(reading: Reading, encoding: str) -> None:
    found = reading("说明.txt", "审计通知书\r\n\r\n第二行\n".encode(encoding))
    assert (found.media_type, texts(found)) == ("text/plain", ["审计通知书", "第二行"])


def test_text_in_big5(reading: Reading) -> None:
    data = "審計報告：送達回證".encode("big5")
    assert texts(reading("a.txt", data)) == ["審計報告：送達回證"]


def test_csv_xml_and_html_have_tables(reading: Reading) -> None:
    rows = (("序号", "题名"), ("1", "审计报告"), ("2", "通知书"))
    csv = "\n".join(",".join(row) for row in rows).encode("gb18030")
    xml = "<?xml version='1.0' encoding='GB18030'?><目录><案卷>甲</案卷>" + "".join(
        f"<文件><序号>{number}</序号><题名>{title}</题名></文件>" for number, title in rows[1:]
    ) + "</目录>"  # fmt: skip
    html = "<html><body><p>卷内目录</p><table>" + "".join(
        f"<tr><td>{number}</td><td>{title}</td></tr>" for number, title in rows
    ) + "</table><script>x()</script></body></html>"  # fmt: skip
    for name, data in (
        ("a.csv", csv), ("a.xml", xml.encode("gb18030")), ("a.html", html.encode()),
    ):  # fmt: skip
        found = reading(name, data)
        assert [table.rows for table in found.tables] == [rows], name
        assert found.lines[-1].text == "2\t通知书"
        assert found.expected_type is None
    assert texts(found)[0] == "卷内目录"


@pytest.mark.parametrize(
    ("trays", "blip"),
    [
        (rb"\binfsxn15\binsxn15 ", b"89504e47"),
        (rb"\plain ", rb"\bin4 }\'{"),
        (rb"\plain ", rb"\bin ffd8ffe0"),
        (rb"\binfsxn4 ", b"\\bin3 \xff{\\"),
    ],
)
def test_rtf_with_raw_pictures_and_printer_trays(
    reading: Reading, trays: bytes, blip: bytes
) -> None:
    picture = rb"{\pict{\*\picprop{\sp{\sn x}}}\pngblip " + blip + b"}"
    found = reading("a.rtf", rb"{\rtf1\ansi\sectd" + trays + rb"before\par " + picture + b" after}")
    assert found.problem is None
    assert "".join(found.text.split()) == f"before{PICTURE}after"


def test_records_of_xml_may_lack_what_names_their_fields(reading: Reading) -> None:
    rows = "".join(f"<r><c n='题名'>报告{n}</c><c n='页'>{n}</c></r>" for n in range(4))
    found = reading(
        "a.xml", f"<?xml version='1.0'?><t>{rows}<r><c>补记</c><c n='页'>5</c></r></t>".encode()
    )
    assert found.problem is None
    assert texts(found)[-2:] == ["报告3\t3\t", "\t5\t补记"]


@pytest.mark.parametrize("name", ["a.xml", "a.html"])
def test_a_declaration_in_the_wrong_place_is_no_crash(reading: Reading, name: str) -> None:
    data = b"<?xml version='1.0' x='>' encoding='GB18030'?><html><p>\xe5\xae\xa1</p></html>"
    assert problem(reading(name, data)) in (None, "damaged")


def test_rtf_tables_and_encoding(reading: Reading) -> None:
    row = r"\trowd\cellx1000\cellx3000 \intbl {0}\cell {1}\cell\row "
    text = "".join(f"\\'{byte:02x}" for byte in "审计".encode("gbk"))
    data = (
        r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}\f0 " + text + r"\par "
        + row.format("a", "b") + row.format(text, "d") + r"\pard end\par}"
    )  # fmt: skip
    found = reading("a.rtf", data.encode("ascii"))
    assert texts(found) == ["审计", "a\tb", "审计\td", "end"]
    assert [table.rows for table in found.tables] == [(("a", "b"), ("审计", "d"))]


def test_rows_with_edges_of_their_own_share_a_grid() -> None:
    rows = [((0, 100, 300), ("名称", "甲")), ((0, 100, 200, 300), ("a", "b", "c"))]
    assert aligned(rows) == (("名称", "甲", ""), ("a", "b", "c"))
    assert aligned([((), ("a",)), ((), ("b", "c"))]) == (("a", ""), ("b", "c"))


# Images and everything else


def test_images_have_pages_and_dimensions(reading: Reading) -> None:
    jpg = reading("a.jpg", picture((200, 100), "JPEG"))
    assert (jpg.pages, jpg.fixed_pages, jpg.traits, jpg.text_read) == (1, True, {"image"}, False)
    assert jpg.properties == {"width": "200", "height": "100", "dpi": "200"}
    frames = [Image.new("1", (100, 100)) for _ in range(3)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:], compression="group4")
    assert reading("a.tiff", buffer.getvalue()).pages == 3


def test_a_truncated_image_is_damaged(reading: Reading) -> None:
    data = picture((400, 400), "JPEG")
    assert problem(reading("a.jpg", data[: len(data) // 2])) == "damaged"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF"])
def test_a_tiny_image_is_sound(reading: Reading, kind: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (3, 5)).save(buffer, kind)
    found = reading("a.jpg", buffer.getvalue())
    assert (found.problem, found.pages, found.properties["width"]) == (None, 1, "3")


def test_a_png_may_bear_long_notes(reading: Reading) -> None:
    notes = PngInfo()
    notes.add_text("history", "x" * 3_000_000, zip=True)
    buffer = io.BytesIO()
    Image.new("L", (20, 20)).save(buffer, "PNG", pnginfo=notes)
    assert problem(reading("a.png", buffer.getvalue())) is None


def test_a_bare_codestream_of_jpeg_2000_is_an_image(reading: Reading) -> None:
    buffer = io.BytesIO()
    Image.new("L", (40, 50)).save(buffer, "JPEG2000", no_jp2=True)
    found = reading("a.j2k", buffer.getvalue())
    assert (found.problem, found.expected_type, found.properties["height"]) == (None, None, "50")


@pytest.mark.parametrize(
    ("name", "before", "expected"),
    [
        ("a.pdf", b"", media.PDF),
        ("a", b"HTTP/1.1 200 OK\r\n\r\n", media.PDF),
        ("a", bytes(range(200)), media.PDF),
        ("a.pdf", picture(kind="PNG")[:60], media.PDF),
        ("a.emf", b"\1\0\0\0l".ljust(40, b"\0") + b" EMF\0\0\1\0", "image/emf"),
        ("a.png", picture(kind="PNG")[:60], "image/png"),
    ],
)
def test_a_pdf_inside_another_format_is_none(
    reading: Reading, name: str, before: bytes, expected: str
) -> None:
    assert reading(name, before + b"%PDF-1.4\n" * 3).media_type == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.docx", "damaged"), ("a.pdf", "damaged"), ("a.jpg", "damaged"), ("a.xyz", None)],
)
def test_bytes_without_sense_are_damaged_where_the_name_promises_a_format(
    reading: Reading, name: str, kind: str | None
) -> None:
    garbage = random.Random(7)
    for data in (bytes(range(256)) * 8, bytes(2000), garbage.randbytes(5000)):
        found = reading(name, data)
        assert kind is None or found.media_type == media.promised(name)
        assert problem(found) == kind
        assert found.expected_type is None


def test_content_decides_and_the_name_is_compared(reading: Reading) -> None:
    made = docx.Document()
    made.add_paragraph("正文")
    data = word(made)
    for name, expected in (
        ("a.docx", None), ("a.pdf", media.PDF), ("a.doc", media.DOC), ("a", None), ("a.xyz", None),
    ):  # fmt: skip
        found = reading(name, data)
        assert (found.media_type, found.expected_type) == (media.DOCX, expected)
        assert texts(found) == ["正文"]
    html = b"<html><table><tr><td>x</td></tr></table></html>"
    assert reading("a.xls", html).expected_type == media.XLS
    assert reading("a.txt", html).expected_type is None
    assert reading("a.JPEG", picture(kind="JPEG")).expected_type is None
    assert reading("a.png", picture(kind="JPEG")).expected_type == "image/png"


def test_cut_off_packages_are_damaged(reading: Reading) -> None:
    data = bare_word(f"<w:p>{run('x')}</w:p>")
    found = reading("a.docx", data[: len(data) // 2])
    assert (problem(found), found.media_type) == ("damaged", media.DOCX)
    assert found.expected_type is None
    assert found.sha256 == hashlib.sha256(data[: len(data) // 2]).hexdigest()


def test_scripts_and_programs_are_seen(reading: Reading) -> None:
    assert reading("a.bat", b"@echo off\r\ndel *.*\r\n").traits == {"script"}
    assert (
        "executable"
        in reading("a.exe", b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + bytes(200)).traits
    )


def test_a_file_of_no_bytes_is_empty(reading: Reading) -> None:
    found = reading("a.pdf", b"")
    assert (problem(found), found.media_type) == ("empty", media.PDF)


def test_a_file_that_is_gone_is_unreadable(tmp_path: Path) -> None:
    source = SourceFile("a.pdf", str(tmp_path / "a.pdf"), 5)
    (found,) = readers.read(source)
    assert (problem(found), found.sha256) == ("unreadable", None)
    assert found.problem is not None
    assert str(tmp_path) not in say("en", found.problem.detail)


def test_a_problem_of_the_scan_stays(tmp_path: Path) -> None:
    kept = Problem("encrypted", said("reading.password"))
    (found,) = readers.read(SourceFile("x.zip!/a.docx", "", 9, kept))
    assert (found.problem, found.media_type, found.sha256) == (kept, media.DOCX, None)


def test_every_reader_serves_a_type_that_sniffing_gives() -> None:
    modules = {path.stem for path in Path(readers.__file__).parent.glob("*.py")}
    used = {reader.__module__.rpartition(".")[2] for reader in readers.READERS.values()}
    assert used <= modules
    assert not readers.UNREAD_DOCUMENTS & readers.READERS.keys()


def test_documents_inside_a_document_have_names_of_their_own(tmp_path: Path) -> None:
    def holder(path: Path, media_type: str) -> Content:
        if path.read_bytes() != b"outer":
            return Content(text_read=True)
        twice = (Inner("../a/b.txt", b"one"), Inner("../a/b.txt", b"two"), Inner("", b"outer"))
        return Content(text_read=True, inner=twice)

    (tmp_path / "outer.txt").write_bytes(b"outer")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(readers.READERS, "text/plain", holder)
        found = readers.read(SourceFile("outer.txt", str(tmp_path / "outer.txt"), 5))
    paths = [document.path for document in found]
    assert paths[:3] == ["outer.txt", "outer.txt!/_a_b.txt", "outer.txt!/_a_b (2).txt"]
    assert found[-1].problem is not None
    assert found[-1].problem.detail.key == "scan.deep"


@pytest.mark.parametrize("first", ["附", "复", "浮", "审", "【", "０"])
def test_text_is_no_program_by_its_first_character(reading: Reading, first: str) -> None:
    # In GBK 附 begins as programs of DOS may.
    document = reading("1.txt", f"{first}件\r\n审计发现问题清单".encode("gbk"))
    assert (document.problem, document.lines[1].text) == (None, "审计发现问题清单")


def test_lines_in_a_cell_of_html_stay_apart(reading: Reading) -> None:
    cell = "信息证明无误。<br>诚信商贸有限公司（盖章）<p>经办人：尹琴</p><img src='a.png'>"
    document = reading("1.html", f"<html><table><tr><td>结论</td><td>{cell}</table>".encode())
    lines = ["信息证明无误。", "诚信商贸有限公司（盖章）", "经办人：尹琴", PICTURE]
    assert document.tables[0].rows == (("结论", "\n".join(lines)),)
    assert document.lines[0].text == "\t".join(("结论", " ".join(lines)))
