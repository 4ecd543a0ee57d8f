"""Catalogues of every kind give the same entries: sheets, Word, PDF, pages without rules, XML."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from archive_check import readers
from archive_check.check import Options, check
from archive_check.model import CaseReport, Document, Entry, Line, SourceFile
from archive_check.recognise import alone
from archive_check.recognise.catalogue import Catalogue
from fixtures.formats import write
from fixtures.model import Form, Grid, Text

HEAD = ("顺序号", "文号", "责任者", "题名", "日期", "页号", "备注")
ROWS = (
    ("1", "渝审内〔2023〕5号", "某某集团审计部", "关于某某公司财务收支情况的审计报告", "20230506",
     "1", ""),
    ("2", "", "某某公司", "对审计报告征求意见稿的反馈意见", "20230420", "13", ""),
    ("3", "", "", "审计报告送达回证", "20230510", "15", ""),
    ("4", "", "某某集团审计部", "工程图纸", "", "16-18", "纸质保存"),
)  # fmt: skip
XML_HEAD = ("顺序号", "档号", "责任者", "题名", "日期", "密级", "电子档案名称", "备注")
XML_ROWS = (
    ("1", "A-1", "某某集团审计部", "审计报告", "20230506", "内部", "001.txt", ""),
    ("2", "A-2", "某某公司", "反馈意见", "20230420", "内部", "002.txt", ""),
    ("3", "A-3", "某某公司", "会计账簿", "20230401", "内部", "", "纸质保存"),
)


def catalogue(folder: Path, name: str, content: bytes) -> Catalogue:
    path = folder / name
    path.write_bytes(content)
    (document,) = readers.read(SourceFile(name, str(path), len(content)))
    found = alone(document)
    assert found.recognised.type == "volume-catalogue"
    assert found.catalogue is not None
    return found.catalogue


def told(entry: Entry) -> tuple[object, ...]:
    return (entry.number, entry.title, entry.doc_no, entry.responsible, entry.date,
            entry.first_page, entry.remarks)  # fmt: skip


EXPECTED = [
    ("1", "关于某某公司财务收支情况的审计报告", "渝审内〔2023〕5号", "某某集团审计部",
     dt.date(2023, 5, 6), 1, None),
    ("2", "对审计报告征求意见稿的反馈意见", None, "某某公司", dt.date(2023, 4, 20), 13, None),
    ("3", "审计报告送达回证", None, None, dt.date(2023, 5, 10), 15, None),
    ("4", "工程图纸", None, "某某集团审计部", None, 16, "纸质保存"),
]  # fmt: skip


def html(rows: tuple[tuple[str, ...], ...]) -> bytes:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><body><h1>卷内文件目录</h1><table>{body}</table></body></html>".encode()


@pytest.mark.parametrize("format", ["docx", "xlsx", "csv", "pdf"])
def test_ruled_catalogues(format: str, tmp_path: Path) -> None:
    content = write((Text("卷内文件目录", "title"), Grid((HEAD, *ROWS))), format)
    found = catalogue(tmp_path, f"卷内文件目录.{format}", content)
    assert [told(entry) for entry in found.entries] == EXPECTED


def test_catalogue_as_web_page(tmp_path: Path) -> None:
    found = catalogue(tmp_path, "0001.html", html((HEAD, *ROWS)))
    assert [told(entry) for entry in found.entries] == EXPECTED


def unruled_pdf(pages: int = 1) -> bytes:
    """The columns stand below one another, without any line; the head is repeated on each page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = BytesIO()
    canvas = Canvas(out)
    places = (40, 80, 180, 265, 440, 490, 530)
    share = -(-len(ROWS) // pages)
    for page in range(pages):
        canvas.setFont("STSong-Light", 18)
        canvas.drawString(220, 780, "卷内文件目录")
        canvas.setFont("STSong-Light", 9)
        for number, row in enumerate((HEAD, *ROWS[page * share : (page + 1) * share])):
            for x, cell in zip(places, row, strict=True):
                canvas.drawString(x, 740 - 24 * number, cell)
        canvas.drawString(280, 40, f"第{page + 1}页")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("pages", [1, 2])
def test_catalogue_without_rules(pages: int, tmp_path: Path) -> None:
    found = catalogue(tmp_path, "0001.pdf", unruled_pdf(pages))
    assert [told(entry) for entry in found.entries] == EXPECTED


def listed(*lines: str) -> bytes:
    return "\n".join(("卷内文件目录", "序号\t题名\t日期\t页号", *lines)).encode()


def test_title_that_goes_on_in_the_next_line(tmp_path: Path) -> None:
    found = catalogue(tmp_path, "目录.txt", listed(
        "1\t关于某某公司财务收支\t20230506\t1", "情况的审计报告", "2\t反馈意见\t20230420\t13"
    ))  # fmt: skip
    assert [entry.title for entry in found.entries] == [
        "关于某某公司财务收支情况的审计报告",
        "反馈意见",
    ]


def test_section_rows_without_rules(tmp_path: Path) -> None:
    found = catalogue(tmp_path, "目录.txt", listed(
        "结论类", "1\t审计报告\t20230506\t1", "立项类", "2\t审计通知书\t20230301\t13"
    ))  # fmt: skip
    assert [entry.section for entry in found.entries] == ["conclusion", "initiation"]


# Electronic hand-over


def by_elements(encoding: str) -> bytes:
    rows = "".join(
        f"<文件>{''.join(f'<{n}>{v}</{n}>' for n, v in zip(XML_HEAD, row, strict=True))}</文件>"
        for row in XML_ROWS
    )
    text = f'<?xml version="1.0" encoding="{encoding}"?><文件目录>{rows}</文件目录>'
    return text.encode(encoding)


def by_attributes() -> bytes:
    attributes = " ".join(f'{name}="{{}}"' for name in XML_HEAD)
    rows = "".join(f"<文件 {attributes.format(*row)}/>" for row in XML_ROWS)
    return f'<?xml version="1.0"?><案卷 案卷题名="甲">{rows}</案卷>'.encode()


def by_named_cells() -> bytes:
    rows = "".join(
        "<row>"
        + "".join(f'<c name="{n}">{v}</c>' for n, v in zip(XML_HEAD, row, strict=True))
        + "</row>"
        for row in XML_ROWS
    )
    return f"<?xml version='1.0'?><data><rows>{rows}</rows></data>".encode()


def by_places() -> bytes:
    rows = "".join(f"<r>{''.join(f'<c>{v}</c>' for v in row)}</r>" for row in (XML_HEAD, *XML_ROWS))
    return f"<?xml version='1.0'?><t>{rows}</t>".encode()


@pytest.mark.parametrize(
    "content",
    [by_elements("GB18030"), by_elements("UTF-8"), by_attributes(), by_named_cells(), by_places()],
    ids=["elements-gb18030", "elements-utf8", "attributes", "named-cells", "places"],
)
def test_hand_over_catalogue(content: bytes, tmp_path: Path) -> None:
    found = catalogue(tmp_path, "文件目录.XML", content)
    assert [(e.number, e.title, e.responsible, e.file_name, e.remarks) for e in found.entries] == [
        ("1", "审计报告", "某某集团审计部", "001.txt", None),
        ("2", "反馈意见", "某某公司", "002.txt", None),
        ("3", "会计账簿", "某某公司", None, "纸质保存"),
    ]
    assert found.entries[0].date == dt.date(2023, 5, 6)


def test_volumes_in_one_hand_over_catalogue(tmp_path: Path) -> None:
    file = "<文件><顺序号>{n}</顺序号><题名>{title}</题名></文件>"
    volume = f"<案卷 卷号='{{n}}'>{file}{file.format(n=2, title='审计取证单')}</案卷>"
    text = "<?xml version='1.0'?><目录>" + "".join(
        volume.format(n=n, title=title) for n, title in ((1, "审计报告"), (2, "审计通知书"))
    )
    found = catalogue(tmp_path, "文件目录.xml", f"{text}</目录>".encode())
    assert [(e.volume, e.title) for e in found.entries] == [
        ("1", "审计报告"), ("1", "审计取证单"), ("2", "审计通知书"), ("2", "审计取证单")
    ]  # fmt: skip


def handed_over(folder: Path) -> Path:
    """A small hand-over: note, catalogues in XML, files without telling names."""
    (folder / "电子档案").mkdir(parents=True)
    texts = {
        "001.txt": "审计报告\n2023年5月6日\n",
        "002.txt": "关于审计报告的反馈意见\n2023年4月20日\n",
    }
    for name, text in texts.items():
        (folder / "电子档案" / name).write_text(text, "utf-8")
    (folder / "文件目录.XML").write_bytes(by_elements("GB18030"))
    (folder / "案卷目录.XML").write_text(
        "<?xml version='1.0'?><案卷目录><案卷><案卷号>1</案卷号><案卷题名>某公司审计</案卷题名>"
        "<件数>3</件数></案卷></案卷目录>", "utf-8"
    )  # fmt: skip
    (folder / "说明文件.TXT").write_bytes("本光盘载有审计档案一卷。".encode("gb18030"))
    return folder


def checked(case: Path) -> CaseReport:
    return check([case], Options(as_of=dt.date(2026, 1, 1), jobs=1)).cases[0]


def test_hand_over_is_understood(tmp_path: Path) -> None:
    report = checked(handed_over(tmp_path / "case"))
    types = {material.path: material.type for material in report.materials}
    assert types == {
        "文件目录.XML": "volume-catalogue",
        "案卷目录.XML": "volume-catalogue",
        "电子档案/001.txt": "audit-report",
        "电子档案/002.txt": "feedback",
    }
    assert [path for path, _ in report.ignored] == ["说明文件.TXT"]
    rules = {finding.rule for finding in report.findings}
    assert not rules & {"AR03.1", "AR03.2", "AR03.3", "AR03.5"}
    outcomes = {outcome.rule: outcome.outcome for outcome in report.rules}
    assert outcomes["AR03.2"] == "passed", [o.why for o in report.rules if o.rule == "AR03.2"]


@pytest.mark.parametrize("format", ["docx", "pdf"])
def test_closing_note_and_cover_in_any_format(format: str, tmp_path: Path) -> None:
    case = handed_over(tmp_path / "case")
    note = Form(
        (
            ("本卷情况说明", "共有文件2件。"),
            ("立卷人", "张三"),
            ("检查人", "李四"),
            ("立卷时间", "2023年6月1日"),
        )
    )
    cover = Form((("案卷题名", "某公司审计"), ("归档年度", "2023"), ("保管期限", "30年")))
    (case / f"0001.{format}").write_bytes(write((Text("卷内备考表", "title"), note), format))
    (case / f"0002.{format}").write_bytes(write((Text("案卷封面", "title"), cover), format))
    report = checked(case)
    types = {material.path: material.type for material in report.materials}
    assert types[f"0001.{format}"] == "closing-note"
    assert types[f"0002.{format}"] == "volume-cover"
    assert report.case["filer"] == "张三"
    assert report.case["year"] == 2023


def test_what_a_closing_note_lacks_is_said(tmp_path: Path) -> None:
    case = handed_over(tmp_path / "case")
    note = Form((("本卷情况说明", "共有文件9件。"), ("立卷人", ""), ("立卷时间", "")))
    (case / "0001.docx").write_bytes(write((Text("卷内备考表", "title"), note), "docx"))
    (finding,) = (found for found in checked(case).findings if found.rule == "AR04.2")
    assert finding.details["missing"] == ["signature", "date", "items"]
    assert finding.evidence.startswith("备考表没有立卷人签名；备考表没有日期；备考表载明 9 件")


def test_the_number_of_its_own_page_is_no_count_of_a_closing_note() -> None:
    text = (
        "卷内备考表",
        "本卷共有文件材料67件。",
        "立卷人：张三",
        "立卷时间：2023年6月1日",
        "第 1 页",
    )
    note = Document(
        "备考表.pdf", 1, "application/pdf", None, lines=tuple(map(Line, text)), text_read=True
    )
    fields = alone(note).told.fields
    assert (fields["items"], fields.get("pages")) == ("67", None)
