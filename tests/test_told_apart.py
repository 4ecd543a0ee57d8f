"""What comes close to something else, and is told apart from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archive_check.check import Options, check
from archive_check.model import Table
from archive_check.readers.pdf_layout import Piece, cell_text
from archive_check.recognise.catalogue import _read
from archive_check.recognise.comparing import names_document
from archive_check.recognise.numbers import place_number
from fixtures.formats import write
from fixtures.model import Grid, Text
from tests.test_other_words import Rows, lacking, read

NOTICE = (
    "审计通知书\n县粮油储备站：\n根据年度审计计划，决定派出审计组对你站2022年度财务收支情况进行审计。\n"
    "审计范围为2022年1月1日至2022年12月31日，{}审计内容包括粮食购销和费用支出。\n"
    "请准备有关资料并予以配合。审计组组长：谭敏；成员：向勇、黄丽。\n"
    "县发展改革委审计科（章）\n2023年3月2日"
)


@pytest.mark.parametrize(
    ("name", "place"),
    [("12年度决算报表", (12,)), ("12年5月记录", None), ("2021年度计划", None)],
)
def test_a_number_before_a_yearly_paper_is_its_place(name: str, place: object) -> None:
    assert place_number(name) == place


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("", True),
        ("自2023年3月6日起实施现场审计，", False),
        ("。审计组自2023年3月6日起进点。", False),
    ],
)
def test_the_period_audited_is_not_the_time_of_the_audit(
    said: str, missing: bool, tmp_path: Path
) -> None:
    title, _, body = NOTICE.format(said).partition("\n")
    assert ("notice.time" in lacking(read(tmp_path, title, body))) is missing


def test_each_row_of_a_receipt_names_a_receiver(tmp_path: Path) -> None:
    rows: Rows = (
        ("送达文书名称和文号", "受送达单位（人）", "收件人签名", "收到日期"),
        ("审计通知书（云审通〔2023〕5号）", "县水务所", "秦刚", "2023年3月3日"),
        ("审计通知书（云审通〔2023〕5号）", "冉华", "冉华", "2023年3月3日"),
    )
    paper = read(tmp_path, "审计通知书送达回证", rows)
    assert {"秦刚", "冉华"} <= set(paper.told.fields["parties"].split())


@pytest.mark.parametrize(
    ("prepared", "said"), [("", "date.instead"), ("2023年5月9日", "date.field")]
)
def test_a_reviewer_does_not_date_a_workpaper(prepared: str, said: str, tmp_path: Path) -> None:
    rows: Rows = (
        ("被审计单位", "县水务所", "索引号", "B-02"),
        ("审计事项", "水费收缴", "审计结论", "水费收缴及时，未发现问题。"),
        ("审计人员", "秦刚", "编制日期", prepared),
        ("复核人员", "冉华", "复核日期", "2023年5月12日"),
    )
    own = read(tmp_path, "审计工作底稿", rows).told.date
    assert own is not None
    assert own[1].key == said
    assert own[0] == (date(2023, 5, 9) if prepared else date(2023, 5, 12))


@pytest.mark.parametrize("cited", ["2-11", "12"])
def test_a_workpaper_may_bear_figures_alone(cited: str, tmp_path: Path) -> None:
    rows: Rows = (
        ("被审计单位", "县水务所", "索引号", "2-2"),
        ("审计事项", "水费收缴", "审计结论", f"水费收缴不及时。相关情况见底稿{cited}。"),
        ("审计人员", "秦刚", "编制日期", "2023年5月9日"),
    )
    paper = read(tmp_path, "审计工作底稿", rows)
    assert cited in paper.told.fields["cites"].split()


def test_a_copy_is_listed_as_one() -> None:
    titles = ["现场签证单"]
    assert names_document("现场签证单复印件", titles, "evidence-attachment", True, "", "签证内容")
    assert not names_document("审计取证单", titles, "evidence-attachment", True, "", "签证内容")


def test_what_heads_each_page_of_a_catalogue_is_no_entry() -> None:
    head = ("归档年度", "2022", "立卷人", "秦刚")
    table = Table(
        (
            ("序号", "文件题名", "日期", "页号"),
            ("1", "审计报告", "20220503", "1"),
            head,
            ("2", "审计通知书", "20220303", "9"),
        )
    )
    assert [entry.title for entry in _read("目录.pdf", [table])] == ["审计报告", "审计通知书"]


def test_a_label_begins_a_paragraph_of_a_full_cell() -> None:
    def row(text: str, top: float) -> Piece:
        return Piece(text, 0.0, top - 10, 200.0, top, 10.0)

    labels = [row("数据来源：业务系统导出的明细数据", 700), row("分析方法：按主键比对", 685)]
    assert cell_text(labels, 200.0) == "数据来源：业务系统导出的明细数据\n分析方法：按主键比对"
    label = [row("证据提供单位负责人或者", 700), row("其确定人员：", 685)]
    assert cell_text(label, 200.0) == "证据提供单位负责人或者其确定人员："


def test_a_receipt_is_called_by_what_it_delivers(tmp_path: Path) -> None:
    names = {"审计报告": "审计报告送达回证", "审计报告征求意见书": "征求意见书送达回证"}
    for number, (delivered, name) in enumerate(names.items(), 1):
        rows: Rows = (
            ("送达文书名称", f"{delivered}（云审〔2023〕{number}号）"),
            ("受送达人签名", "冉华"),
            ("收到日期", "2023年6月3日"),
        )
        case = tmp_path / str(number)
        case.mkdir()
        (case / "回证.docx").write_bytes(
            write((Text("审计文书送达回证", "title"), Grid(rows)), "docx")
        )
        (report,) = check([case], Options(as_of=date(2024, 1, 1), jobs=1)).cases
        (row,) = report.materials
        assert (row.type, row.type_name) == ("report-delivery-receipt", name)
