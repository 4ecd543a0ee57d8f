"""What scans misread by a character or a mark, and what of it is mended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive_check.model import Document, Line, Table
from archive_check.recognise import alone
from archive_check.recognise.dates import first_date
from archive_check.recognise.misread import mended
from archive_check.recognise.numbers import doc_numbers

INTERVIEW = (
    Line("访谈记录", 1, size=1.5, centred=True),
    Line("询间时间：2022年6月29日", 1),
    Line("被询间人签名：王曦", 1),
)


def document(*lines: Line, recognised: bool = True, tables: tuple[Table, ...] = ()) -> Document:
    return Document(
        "1.pdf", 1, "application/pdf", None, pages=1, lines=lines, tables=tables, text_read=True,
        traits=frozenset({"recognised"} if recognised else ()),
    )  # fmt: skip


def test_a_label_with_a_character_misread_names_its_field() -> None:
    labels = {label.field: label.value for label in alone(document(*INTERVIEW)).labels}
    assert labels["obtained"] == "2022年6月29日"
    assert labels["provider"] == "王曦"


def test_what_was_typed_is_left_as_it_stands() -> None:
    typed = document(*INTERVIEW, recognised=False)
    assert mended(typed) is typed


def test_a_label_in_a_cell_is_mended_too() -> None:
    table = Table((("被审计单位", "甲公司"), ("编制曰期", "2023年5月6日")))
    rows = mended(document(tables=(table,))).tables[0].rows
    assert rows == (("被审计单位", "甲公司"), ("编制日期", "2023年5月6日"))


def test_a_title_with_a_character_misread_is_mended() -> None:
    lines = mended(document(Line("审计汁划", 1, size=1.5, centred=True))).lines
    assert lines[0].text == "审计计划"


@pytest.mark.parametrize("text", ["王曦：末到会", "出席人员；王曦、末莉；赵铭", "问：间隔多久"])
def test_what_is_no_label_stays(text: str) -> None:
    assert mended(document(Line(text, 1))).lines[0].text == text


def test_a_colon_read_as_a_semicolon_still_ends_a_label() -> None:
    (label,) = alone(document(Line("编制人员；王曦", 1))).labels
    assert (label.field, label.value) == ("auditor", "王曦")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("二 二二年八月一日", "2022-08-01"),
        ("二\t二一年九月二十二日", "2021-09-22"),
        ("二 二 年一月一日", "2020-01-01"),
        ("二 ○ 二 二年一月一日", "2022-01-01"),
    ],
)
def test_a_year_whose_zeros_leave_gaps_is_read(text: str, date: str) -> None:
    found = first_date(text)
    assert found is not None
    assert found.isoformat() == date


def test_brackets_of_a_document_number_may_be_read_as_others() -> None:
    assert doc_numbers("渝审内「2023]5号") == ["渝审内〔2023〕5号"]


def test_what_begins_a_later_page_is_no_title_where_the_first_was_not_read() -> None:
    lines = (
        Line("渝南水务集团有限公司", page=2),
        Line("食材配送合同", page=2, centred=True, size=1.9),
    )
    document = Document("0001.pdf", 9, "application/pdf", None, pages=3, lines=lines)
    first, last = (
        alone(replace(document, properties={"unread_pages": number})).recognised
        for number in ("1", "3")
    )
    assert (first.type, first.confidence) == ("other", 0.3)
    assert last.type == "evidence-attachment"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("取证时间：2021年10日16日", "取证时间：2021年10月16日"),
        ("2021年10月16日", "2021年10月16日"),
        ("每年10日16日前", "每年10日16日前"),
    ],
)
def test_a_month_read_as_a_day(text: str, meant: str) -> None:
    found = mended(document(Line(text), tables=(Table(((text, ""),)),)))
    assert (found.lines[0].text, found.tables[0].rows[0][0]) == (meant, meant)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        (("题名：某单位2021年度预算执行情况审计", "保管期限：10年", "密级：秘密"), "volume-cover"),
        (("甲方：某单位", "保管期限：10年", "密级：秘密"), "other"),
    ],
)
def test_a_cover_is_known_by_its_fields_under_any_title(fields: tuple[str, ...], kind: str) -> None:
    title = Line("审计案卷", 1, size=3.0, centred=True)
    assert alone(document(title, *map(Line, fields))).recognised.type == kind
