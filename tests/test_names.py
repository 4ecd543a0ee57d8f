"""Names, dates and approvals as people write them in fields."""

from __future__ import annotations

import pytest

from archive_check.recognise.dates import dates_in_digits
from archive_check.recognise.names import names_person
from archive_check.recognise.numbers import names_closed_up


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("询问人：柏  宁　记录人：邵  铮", "询问人：柏宁　记录人：邵铮"),
        ("王 建 国", "王建国"),
        ("被 审 计 单 位：某局", "被 审 计 单 位：某局"),
        ("参会人员签名：乐  薇　岑  昕", "参会人员签名：乐薇　岑昕"),
        ("张三 李四", "张三 李四"),
    ],
)
def test_names_set_apart_are_closed_up_and_labels_are_not(written: str, meant: str) -> None:
    assert names_closed_up(written) == meant


@pytest.mark.parametrize("value", ["祁 航", "同意出具。阮 薇 二〇二二年十月十二日", "同意。谈少华"])
def test_an_approval_with_a_name_is_signed(value: str) -> None:
    assert names_person(value)


@pytest.mark.parametrize("value", ["同意", "同意出具。2023年1月1日", "（签名）", "已阅"])
def test_words_of_consent_name_nobody(value: str) -> None:
    assert not names_person(value)


def test_dates_in_numerals_are_given_in_digits() -> None:
    assert dates_in_digits("拒签日期：二〇二一年五月一日。") == "拒签日期：2021年5月1日。"
    assert dates_in_digits("二〇二一年二月三十日") == "二〇二一年二月三十日"
