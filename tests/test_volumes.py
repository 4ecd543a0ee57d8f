"""A volume filed as one PDF becomes the materials in it, each with its pages."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from archive_check.check import Options, check
from archive_check.model import ArchiveCheckError, CaseReport
from archive_check.recognise import places
from fixtures.formats import write
from fixtures.model import Form, Grid, Text

DATES = ("2023年3月1日", "2023年3月20日", "2023年4月10日", "2023年5月6日")
PAPERS = (
    ("审计通知书", 1), ("审计实施方案", 2), ("审计报告征求意见书", 1), ("关于某某公司的审计报告", 3)
)  # fmt: skip
HEADINGS = ("一、基本情况", "二、审计发现的问题", "三、审计评价", "四、审计建议")


def paper(title: str, date: str, pages: int) -> bytes:
    body = tuple(Text("某某公司财务收支情况的有关内容。" * 8) for _ in range(14 * (pages - 1)))
    return write((Text(title, "title"), *body, Text("某某集团审计部", "right"), Text(date)), "pdf")


def volume(*outline: tuple[str, int], front: int = 0) -> bytes:
    """All papers in one file; entries of the outline as (title, level), papers' pages in turn."""
    writer = PdfWriter()
    for _ in range(front):
        writer.append(
            BytesIO(write((Text("案卷封面", "title"), Text("全宗名称：某某集团")), "pdf"))
        )
    starts = []
    for (title, pages), date in zip(PAPERS, DATES, strict=True):
        starts.append(len(writer.pages))
        writer.append(BytesIO(paper(title, date, pages)))
    parents = {}
    place = 0
    for title, level in outline:
        start = starts[min(place, len(starts) - 1)]
        parents[level] = writer.add_outline_item(
            title=title, page_number=start, parent=parents.get(level - 1)
        )
        place += level == max(each for _, each in outline)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def ranges(front: int = 0) -> list[str]:
    """The pages of each paper as paths name them."""
    found, page = [], 1 + front
    for (_, _), pages in zip(PAPERS, lengths(), strict=True):
        found.append(f"{page}-{page + pages - 1}" if pages > 1 else str(page))
        page += pages
    return found


def lengths() -> list[int]:
    papers = zip(PAPERS, DATES, strict=True)
    return [len(PdfReader(BytesIO(paper(t, d, n))).pages) for (t, n), d in papers]


def listed(first: bool = True, **columns: str) -> bytes:
    """A catalogue with first pages, the last entry with a range."""
    rows, page = [("序号", "题名", "日期", "页号")], 1
    for number, ((title, _), pages) in enumerate(zip(PAPERS, lengths(), strict=True), 1):
        last = f"-{page + pages - 1}" if number == len(PAPERS) else ""
        rows.append((str(number), title, "", f"{page}{last}" if first else ""))
        page += pages
    return write((Text("卷内文件目录", "title"), Grid(tuple(rows))), "xlsx")


def checked(folder: Path, **files: bytes) -> CaseReport:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return check([folder], Options(as_of=dt.date(2026, 1, 1), jobs=1)).cases[0]


TYPES = ["audit-notice", "audit-programme", "consultation-letter", "audit-report"]


def test_outline_divides(tmp_path: Path) -> None:
    report = checked(tmp_path / "case", 卷一__pdf=volume(*((title, 0) for title, _ in PAPERS)))
    assert [material.path for material in report.materials] == [
        f"卷一.pdf#page={pages}" for pages in ranges()
    ]
    assert [material.type for material in report.materials] == TYPES
    assert [material.pages for material in report.materials] == lengths()
    assert [material.date for material in report.materials] == [
        "2023-03-01", "2023-03-20", "2023-04-10", "2023-05-06"
    ]  # fmt: skip
    assert len({material.sha256 for material in report.materials}) == 1
    assert [path for path, _ in report.ignored] == ["卷一.pdf"]
    assert "AR01.7" not in {finding.rule for finding in report.findings}


def test_sections_of_the_outline_are_where_papers_were_filed(tmp_path: Path) -> None:
    outline = (("立项类材料", 0), ("1 审计通知书", 1), ("2 审计实施方案", 1), ("结论类材料", 0),
               ("1 征求意见书", 1), ("2 审计报告", 1))  # fmt: skip
    report = checked(tmp_path / "case", 全部材料__pdf=volume(*outline))
    assert [(m.type, m.filed_section) for m in report.materials] == list(
        zip(TYPES, ("initiation", "initiation", "conclusion", "conclusion"), strict=True)
    )


def test_pages_in_front_are_a_part_of_their_own(tmp_path: Path) -> None:
    content = volume(*((title, 0) for title, _ in PAPERS), front=1)
    report = checked(tmp_path / "case", 卷一__pdf=content)
    types = {material.path: material.type for material in report.materials}
    assert types["卷一.pdf#page=1"] == "volume-cover"
    assert len(types) == 5


@pytest.mark.parametrize("name", ["卷一__pdf", "审计报告__pdf"])
def test_headings_of_a_report_divide_nothing(name: str, tmp_path: Path) -> None:
    content = volume(*((heading, 0) for heading in HEADINGS))
    report = checked(tmp_path / "case", **{name: content})
    assert [material.path for material in report.materials] == [name.replace("__", ".")]


def test_file_whose_name_says_what_it_is_stays_whole(tmp_path: Path) -> None:
    content = volume(*((title, 0) for title, _ in PAPERS))
    report = checked(tmp_path / "case", 审计实施方案__pdf=content)
    assert [material.path for material in report.materials] == ["审计实施方案.pdf"]


@pytest.mark.parametrize("front", [0, 2])
def test_pages_in_the_catalogue_divide(front: int, tmp_path: Path) -> None:
    files = {"卷内文件目录__xlsx": listed(), "0001__pdf": volume(front=front)}
    report = checked(tmp_path / "case", **files)
    parts = [material for material in report.materials if "#page=" in material.path]
    assert [m.path.partition("=")[2] for m in parts if m.type in TYPES] == ranges(front)
    assert [m.type for m in parts if m.type != "volume-cover"] == TYPES
    rules = {finding.rule for finding in report.findings}
    assert not rules & {"AR03.2", "AR03.3", "AR03.4", "AR03.5", "AR03.8"} - (
        {"AR03.3"} if front else set()
    )


def test_catalogue_without_pages_divides_nothing(tmp_path: Path) -> None:
    files = {"卷内文件目录__xlsx": listed(first=False), "0001__pdf": volume()}
    report = checked(tmp_path / "case", **files)
    assert "0001.pdf" in {material.path for material in report.materials}


def test_pages_that_bear_other_titles_divide_nothing(tmp_path: Path) -> None:
    other = write(tuple(Text("往来账目明细情况说明。" * 30) for _ in range(60)), "pdf")
    assert len(PdfReader(BytesIO(other)).pages) > sum(lengths())
    report = checked(tmp_path / "case", 卷内文件目录__xlsx=listed(), 附件__pdf=other)
    assert "附件.pdf" in {material.path for material in report.materials}


def own_catalogue(*columns: str, shift: int = 0) -> bytes:
    """A catalogue to stand before the papers; `shift` is the page in front of their first one."""
    table, page = [("序号", "题名", *columns, "页号")], 1 + shift
    for number, ((name, _), date, pages) in enumerate(
        zip(PAPERS, DATES, lengths(), strict=True), 1
    ):
        told = {"责任者": "某某集团审计部", "日期": date}
        table.append((str(number), name, *(told[c] for c in columns), str(page)))
        page += pages
    return write((Text("卷内文件目录", "title"), Grid(tuple(table))), "pdf")


def joined(*files: bytes) -> bytes:
    writer = PdfWriter()
    for content in files:
        writer.append(BytesIO(content))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


COVER = write((Text("案卷封面", "title"), Text("全宗名称：某某集团")), "pdf")
CLOSING = write(
    (Text("卷内备考表", "title"), Text("本卷共4件。"), Text("立卷人：张三"), Text("2024年1月5日")),
    "pdf",
)


@pytest.mark.parametrize("shift", [0, 2])
def test_catalogue_in_the_volume_divides_it(shift: int, tmp_path: Path) -> None:
    """Its page numbers begin at the first paper, or at the first page of the file."""
    content = joined(COVER, own_catalogue("责任者", "日期", shift=shift), volume(), CLOSING)
    report = checked(tmp_path / "case", 卷一__pdf=content)
    end = 2 + sum(lengths()) + 1
    assert [(m.path, m.type) for m in report.materials] == [
        ("卷一.pdf#page=1", "volume-cover"),
        ("卷一.pdf#page=2", "volume-catalogue"),
        *((f"卷一.pdf#page={pages}", kind) for pages, kind in zip(ranges(2), TYPES, strict=True)),
        (f"卷一.pdf#page={end}", "closing-note"),
    ]
    wrong = {finding.rule for finding in report.findings}
    assert not {rule for rule in wrong if rule.startswith("AR03")}


def test_catalogue_that_fills_several_pages_divides(tmp_path: Path) -> None:
    rows = [("序号", "题名", "日期", "页号")]
    papers = [(f"关于第{number}号事项的审计取证单", "2023年4月5日") for number in range(1, 61)]
    rows += [(str(n), title, date, str(n)) for n, (title, date) in enumerate(papers, 1)]
    catalogue = write((Text("卷内文件目录", "title"), Grid(tuple(rows))), "pdf")
    front = len(PdfReader(BytesIO(catalogue)).pages)
    assert front > 1
    content = joined(catalogue, *(paper(title, date, 1) for title, date in papers))
    report = checked(tmp_path / "case", 卷一__pdf=content)
    assert [m.path for m in report.materials] == [
        f"卷一.pdf#page=1-{front}",
        *(f"卷一.pdf#page={front + n}" for n in range(1, 61)),
    ]
    assert "AR03.2" not in {finding.rule for finding in report.findings}


def test_a_catalogue_and_its_copy_miss_the_same_papers(tmp_path: Path) -> None:
    content = joined(own_catalogue("日期"), volume())
    report = checked(tmp_path / "a", 卷一__pdf=content, 卷内文件目录__xlsx=listed())
    assert "AR03.2" not in {finding.rule for finding in report.findings}
    # The last paper is gone, from both.
    pages = PdfReader(BytesIO(content)).pages[: -lengths()[-1]]
    writer = PdfWriter()
    for page in pages:
        writer.add_page(page)
    out = BytesIO()
    writer.write(out)
    report = checked(tmp_path / "b", 材料__pdf=out.getvalue(), 卷内文件目录__xlsx=listed())
    missing = {f.materials[0]: f.message for f in report.findings if f.rule == "AR03.2"}
    assert set(missing) == {"材料.pdf#page=1", "卷内文件目录.xlsx"}
    assert all(f"1 件没有对应文件：4 {PAPERS[-1][0]}" in message for message in missing.values())


def test_contents_of_a_report_divide_nothing(tmp_path: Path) -> None:
    rows = (("序号", "题名", "页号"), *((str(n), h, str(n)) for n, h in enumerate(HEADINGS, 1)))
    contents = write((Text("目录", "title"), Grid(rows)), "pdf")
    content = joined(contents, *(paper(heading, DATES[0], 1) for heading in HEADINGS))
    report = checked(tmp_path / "case", 材料__pdf=content)
    assert [material.path for material in report.materials] == ["材料.pdf"]


def test_catalogue_before_pages_with_other_titles_divides_nothing(tmp_path: Path) -> None:
    other = write(tuple(Text("往来账目明细情况说明。" * 30) for _ in range(60)), "pdf")
    content = joined(own_catalogue("责任者"), other)
    report = checked(tmp_path / "case", 卷一__pdf=content)
    assert [material.path for material in report.materials] == ["卷一.pdf"]


def test_catalogue_before_papers_that_the_outline_parts_is_a_material(tmp_path: Path) -> None:
    whole = volume(*((title, 0) for title, _ in PAPERS))
    report = checked(tmp_path / "case", 卷一__pdf=joined(own_catalogue("日期"), whole))
    assert [m.type for m in report.materials] == ["volume-catalogue", *TYPES]
    assert "AR03.1" not in {finding.rule for finding in report.findings}


def test_scan_without_text_divides_where_pages_agree(tmp_path: Path) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out)
    for page in range(sum(lengths())):
        picture = Image.new("L", (120, 170), 255 - page)
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "卷内文件目录.xlsx").write_bytes(listed())
    (folder / "0001.pdf").write_bytes(out.getvalue())
    options = Options(as_of=dt.date(2026, 1, 1), jobs=1, ocr="off")
    (report,) = check([folder], options).cases
    found = [(m.path, m.type) for m in report.materials if "#page=" in m.path]
    assert found == [
        (f"0001.pdf#page={pages}", kind) for pages, kind in zip(ranges(), TYPES, strict=True)
    ]


def test_case_information_decides(tmp_path: Path) -> None:
    content = volume(*((title, 0) for title, _ in PAPERS))
    stated = "materials: {卷一.pdf: {type: other}}".encode()
    files = {"卷一__pdf": content, "archive-check__yaml": stated}
    report = checked(tmp_path / "case", **files)
    assert [material.path for material in report.materials] == ["卷一.pdf"]


def test_case_information_speaks_of_parts(tmp_path: Path) -> None:
    content = volume(*((title, 0) for title, _ in PAPERS))
    stated = 'materials: {"卷一.pdf#page=1": {type: other}}'.encode()
    report = checked(tmp_path / "a", 卷一__pdf=content, **{"archive-check__yaml": stated})
    assert report.materials[0].type == "other"
    with pytest.raises(ArchiveCheckError):
        checked(tmp_path / "b", 卷一__pdf=content,
                **{"archive-check__yaml": stated.replace(b"=1", b"=2")})  # fmt: skip


def test_form_fields_and_tables_stay_with_their_page(tmp_path: Path) -> None:
    """A table on a later page is a table of its part."""
    receipt = Form((("受送达人", "某某公司"), ("送达日期", "2023年5月8日"), ("送达人", "张三")))
    writer = PdfWriter()
    starts = []
    for title, block in (
        ("审计通知书", Text("请予配合。")), ("审计报告", Text("经审计……")),
        ("审计报告送达回证", receipt),
    ):  # fmt: skip
        starts.append(len(writer.pages))
        writer.append(BytesIO(write((Text(title, "title"), block), "pdf")))
        writer.add_outline_item(title=title, page_number=starts[-1])
    out = BytesIO()
    writer.write(out)
    report = checked(tmp_path / "case", 卷__pdf=out.getvalue())
    last = report.materials[-1]
    assert (last.type, last.date) == ("report-delivery-receipt", "2023-05-08")


def test_parts_have_their_place_by_their_pages() -> None:
    paths = ["卷二.pdf#page=1-3", "卷一.pdf#page=10-12", "卷一.pdf#page=9", "结论类/a.pdf#page=2"]
    where = places.places_of(paths)
    ordered = sorted(paths, key=lambda path: where[path].levels)
    assert ordered[:3] == ["卷一.pdf#page=9", "卷一.pdf#page=10-12", "卷二.pdf#page=1-3"]
    assert where["卷一.pdf#page=9"].volume == "1"
    assert where["卷一.pdf#page=9"].numbered
    assert places.section_of_path("结论类/a.pdf#page=2") == "conclusion"


def test_files_numbered_through_pass_the_numbers_of_years() -> None:
    many = [f"{n:04d}_取证记录.docx" for n in range(1, 2051)]
    where = places.places_of([*many, "2023年度审计计划.docx"])
    assert [where[path].number for path in many] == [(n,) for n in range(1, 2051)]
    assert not where["2023年度审计计划.docx"].numbered


def test_a_year_before_a_title_is_no_number() -> None:
    few = [f"{n:04d}_取证记录.docx" for n in range(1, 41)]
    where = places.places_of([*few, "2023_审计计划.docx"])
    assert where["0040_取证记录.docx"].number == (40,)
    assert not where["2023_审计计划.docx"].numbered
