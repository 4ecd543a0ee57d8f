"""Labels that a form breaks in two, values beside them, and names with the mark of signing."""

from __future__ import annotations

import pytest

from archive_check.model import Document, Line, Table
from archive_check.recognise import alone
from archive_check.recognise.fields import labelled
from archive_check.recognise.words import words


def values(lines: list[str], fixed_pages: bool = True) -> dict[str, set[str]]:
    """Field -> the values that lines of a form without rules give it."""
    document = Document(
        "a.pdf", 1, "application/pdf", None, lines=tuple(Line(text) for text in lines),
        fixed_pages=fixed_pages, text_read=True,
    )  # fmt: skip
    found: dict[str, set[str]] = {}
    for label in labelled(document, words().field_of):
        found.setdefault(label.field, set()).add(label.value)
    return found


def in_cells(*rows: tuple[str, ...]) -> dict[str, set[str]]:
    """The same of the rows of a table."""
    table = Table(rows)
    lines = tuple(Line("\t".join(row), table=0) for row in rows)
    document = Document("a.docx", 1, "", None, lines=lines, tables=(table,), text_read=True)
    found: dict[str, set[str]] = {}
    for label in labelled(document, words().field_of):
        found.setdefault(label.field, set()).add(label.value)
    return found


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["受送达人签名或", "孔建国\t收到日期\t2021/7/29", "盖章"], "recipient", "孔建国"),
        (["会计期间或", "2022.01.01至2022.12.31", "截止日期"], "period", "2022.01.01至2022.12.31"),
        (["项目负责人复核", "同意。", "意见"], "review_opinion", "同意。"),
        (["现场负责人签\t单位负责人签", "闫若兰\t杜桂英", "字\t字"], "signature", "闫若兰"),
        (["单位主要负责 同意。", "人批示\t邹雪梅"], "approver", "同意。 邹雪梅"),
        (["某某公司档", "取证时间\t2021.10.26\t取证地点", "案室"], "place", "某某公司档案室"),
        (["被审计单位名称巴山燃气销售有限公司"], "unit", "巴山燃气销售有限公司"),
        (["编制人：邓晨曦编制时间：2024.6.10"], "prepared", "2024.6.10"),
    ],
)  # fmt: skip
def test_a_label_broken_in_two_has_its_value(lines: list[str], field: str, value: str) -> None:
    assert value in values(lines).get(field, set())


def test_prose_of_a_word_file_has_no_broken_labels() -> None:
    prose = ["受送达人签名或", "孔建国同志已经收到", "盖章"]
    assert "recipient" not in values(prose, fixed_pages=False)


def test_two_labels_above_one_another_are_two() -> None:
    found = values(["形成意见", "同意总体安排。", "参会人员签字："])
    assert all("同意总体安排。" not in value for value in found.get("signature", set()))


def test_a_name_with_the_mark_of_signing_is_a_value() -> None:
    found = in_cells(("受送达人（签章）", "郑家思（签名）", "送达日期", "2024.7.21"))
    assert found["recipient"] == {"郑家思（签名）"}


def test_a_role_with_the_mark_of_signing_is_a_label() -> None:
    found = in_cells(("经办人（签名）", "郑家思", "负责人（签名）", ""))
    assert "郑家思" in {value for values in found.values() for value in values}


def test_a_label_with_its_colon_in_a_cell_has_all_of_the_next() -> None:
    text = "审阅了账页。附：账页复印件5页。"
    found = in_cells(("审计（调 查）事项摘要：", text), ("取证 人员：", "陆诗强、史兴德"))
    assert found["content"] == {text}
    assert "陆诗强、史兴德" in found["auditor"]


def test_a_value_may_repeat_its_label() -> None:
    found = in_cells(("期间或截止日期：", "截止日期：2020年12月31日"))
    assert found["period"] >= {"截止日期：2020年12月31日"}


def test_a_mark_of_a_seal_that_a_line_breaks_is_whole() -> None:
    lines = (
        "经济责任审计委托书",
        "现委托你部进行审计。",
        "某某集团组织人事科（盖",
        "章）",
        "2020年2月4日",
    )
    document = Document(
        "a.pdf", 1, "application/pdf", None, lines=tuple(Line(x) for x in lines),
        fixed_pages=True, text_read=True,
    )  # fmt: skip
    assert "某某集团组织人事科（盖章）" in [line.text for line in alone(document).document.lines]
    assert alone(document).told.signed


def test_a_bracket_that_prose_breaks_stays_where_it_is() -> None:
    lines = ("审计通知书", "根据《会议纪要（", "审计立项）》，自2022年9月26日起实施审计。")
    document = Document(
        "a.pdf", 1, "application/pdf", None, lines=tuple(Line(x) for x in lines),
        fixed_pages=True, text_read=True,
    )  # fmt: skip
    assert [line.text for line in alone(document).document.lines] == list(lines)
