"""Forms whose ruling the format did not keep: rows divided by tabs, labels above their values."""

from __future__ import annotations

from archive_check.model import Document, Line
from archive_check.recognise import alone
from archive_check.recognise.fields import labelled
from archive_check.recognise.label import Labelled
from archive_check.recognise.words import words


def document(*lines: str) -> Document:
    return Document("a.txt", 1, "text/plain", None, lines=tuple(map(Line, lines)), text_read=True)


def labels(*lines: str) -> dict[str, Labelled]:
    return {label.field: label for label in labelled(document(*lines), words().field_of)}


def test_cells_divided_by_tabs_are_labels_and_values() -> None:
    found = labels("送达文书名称\t审计报告\t件数\t1份", "受送达人签名或盖章\t林勇  2021年10月1日")
    assert found["recipient"].value == "林勇  2021年10月1日"


def test_cells_of_spaces_between_tabs_hold_nothing() -> None:
    found = labels("　\t件数\t 1份", "  \t　\t", "受送达人签名或盖章\t林勇  2021年10月1日\t  ")
    assert found["recipient"].value == "林勇  2021年10月1日"


def test_a_value_may_stand_below_its_label() -> None:
    receipt = document("送达回证", "送达地点：会议室", "受送达人签收", "李婷    2024年12月7日")
    assert alone(receipt).told.signed is True


def test_a_label_with_nothing_below_it_is_not_signed() -> None:
    receipt = document("送达回证", "送达地点：会议室", "受送达人签收", "送达人（签名）：贺雅琴")
    assert alone(receipt).told.signed is False


def test_a_heading_is_no_label_of_the_text_below_it() -> None:
    assert "auditor" not in labels("三、审计人员", "审计人员应当遵守纪律")


def test_name_and_date_below_an_opinion_sign_it() -> None:
    found = labels("审计组长复核：经审核，同意底稿意见。", "杜冬梅　　2019年5月6日")
    assert "杜冬梅" in found["review_opinion"].beside


def test_what_stands_below_and_is_not_dated_signs_nothing() -> None:
    found = labels("审计组长复核：经审核，同意底稿意见。", "本底稿附取证单三份")
    assert found["review_opinion"].beside == ""


def test_a_name_behind_an_approval_in_its_line_approves() -> None:
    sheet = document("审计报告呈批表", "领导批示：同意。完善制度。    胡雅琴    2024.12.4")
    assert alone(sheet).told.fields["approved"] == "yes"


def test_a_consent_without_a_name_does_not() -> None:
    sheet = document("审计报告呈批表", "领导批示：同意。    2024.12.4")
    assert alone(sheet).told.fields["approved"] == "no"
