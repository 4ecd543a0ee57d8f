"""What papers must hold: when an element is there, when it is not, and when it is not asked."""

from __future__ import annotations

from datetime import date

import pytest

from archive_check.model import Document, Line, Table, said
from archive_check.recognise.elements import look
from archive_check.recognise.fields import labelled
from archive_check.recognise.required import required
from archive_check.recognise.words import words
from archive_check.required import Looked
from archive_check.rulebook import load_packs

WORKPAPER = {
    "索引号": "A-03",
    "页次": "第1页 共1页",
    "被审计单位": "城南自来水厂",
    "审计事项": "材料采购管理情况",
    "会计期间": "2022年度",
    "审计人员": "王小军",
    "编制日期": "2023-05-06",
    "审计过程": "抽查采购合同十份，与入库单核对。",
    "证据名称及来源": "采购合同，材料科提供",
    "审计认定的事实": "三份合同未经审批。",
    "审计结论": "采购审批不严。",
    "复核意见": "同意",
    "复核人": "李卫国",
    "复核日期": "2023-05-08",
}


def read(*lines: str, tables: tuple[Table, ...] = ()) -> Document:
    return Document("a.docx", 1, "text/plain", None, lines=tuple(map(Line, lines)), tables=tables,
                    text_read=True)  # fmt: skip


def looked(
    document: Document, kind: str, signed: bool = True, dated: bool = True
) -> dict[str, Looked]:
    labels = labelled(document, words().field_of)
    own = (date(2023, 5, 6), said("date.stated")) if dated else None
    return dict(look(document, kind, labels, signed, own))


def lacking(document: Document, kind: str, **own: bool) -> set[str]:
    return {name for name, found in looked(document, kind, **own).items() if found.missing}


def form(**changes: str | None) -> Document:
    """The workpaper as a form, some values changed, labels left out where None."""
    values = {**WORKPAPER, **changes}
    return read("审计工作底稿", *(f"{k}：{v}" for k, v in values.items() if v is not None))


def test_every_element_is_sound() -> None:
    fields = set(dict(words().labels))
    for one in required().values():
        assert set(one.types) <= set(words().types), one.id
        for element in one.elements:
            assert element.name["zh"] and element.name["en"]
            assert element.parts, element.id
            for name in element.yields_to:
                of, _, id_ = name.partition(".")
                assert name == "index.number" or required()[of].element(id_)
            for part in element.parts:
                assert {f for field in part.fields for f in field.split(">")} <= fields, element.id


def test_every_set_has_a_rule() -> None:
    asked = {
        condition.value
        for rule in load_packs(["chongqing"]).rules
        for pattern in rule.when.all
        if pattern.kind == "elements"
        for condition in pattern.conditions
        if condition.field == "of"
    }
    assert asked == set(required())


def test_a_full_form_lacks_nothing() -> None:
    assert lacking(form(), "workpaper") == set()


@pytest.mark.parametrize(
    ("label", "element"),
    [
        ("被审计单位", "workpaper.unit"),
        ("会计期间", "workpaper.matter-period"),
        ("审计过程", "workpaper.procedure"),
        ("审计结论", "workpaper.conclusion"),
        ("审计人员", "workpaper.auditor-date"),
        ("编制日期", "workpaper.auditor-date"),
        ("复核人", "workpaper.reviewer-date-opinion"),
        ("复核日期", "workpaper.reviewer-date-opinion"),
        ("页次", "workpaper.index-page"),
        ("证据名称及来源", "conduct.sources"),
        ("审计认定的事实", "conduct.facts"),
        ("复核意见", "review.opinion"),
    ],
)
@pytest.mark.parametrize("value", ["", "______", "×××", None])
def test_an_element_is_there_when_its_value_is(label: str, element: str, value: str | None) -> None:
    assert lacking(form(**{label: value}), "workpaper") == {element}


@pytest.mark.parametrize("value", ["无", "/", "同意审计结论"])
def test_a_short_value_is_one(value: str) -> None:
    assert lacking(form(复核意见=value), "workpaper") == set()


def test_an_author_does_not_review_his_own_paper() -> None:
    assert lacking(form(复核人="王 小 军"), "workpaper") == {"review.independence"}


def test_values_stand_right_of_or_below_their_labels() -> None:
    beside = tuple((k, v) for k, v in WORKPAPER.items())
    assert lacking(read("审计工作底稿", tables=(Table(beside),)), "workpaper") == set()
    names = list(WORKPAPER)
    below = tuple(
        row
        for start in range(0, len(names), 2)
        for pair in [names[start : start + 2]]
        for row in (tuple(pair), tuple(WORKPAPER[name] for name in pair))
    )
    assert lacking(read("审计工作底稿", tables=(Table(below),)), "workpaper") == set()


def report(*left_out: str) -> Document:
    parts = {
        "一、审计概况": "（一）审计依据。根据年度计划。",
        "二、单位基本情况": "该厂有职工五十人。",
        "三、总体评价": "会计资料基本真实。",
        "四、审计发现的主要问题": "（一）合同未经审批。三份合同未经审批。",
        "五、审计建议": "（一）完善合同审批制度。",
    }
    lines = [line for head, text in parts.items() for line in (head, text) if head not in left_out]
    return read(
        "关于城南自来水厂2022年度财务收支的审计报告", *lines, "城投集团审计部", "2023年8月1日"
    )


@pytest.mark.parametrize(
    ("heading", "element"),
    [
        ("一、审计概况", "overview"),
        ("二、单位基本情况", "basic-facts"),
        ("三、总体评价", "evaluation"),
        ("四、审计发现的主要问题", "problems"),
        ("五、审计建议", "recommendations"),
    ],
)
def test_a_report_without_one_of_its_parts(heading: str, element: str) -> None:
    assert f"report-body.{element}" in lacking(report(heading), "audit-report")
    assert not {n for n in lacking(report(), "audit-report") if n.startswith("report-body.")}


def test_a_heading_with_nothing_under_it_is_blank() -> None:
    document = report("五、审计建议")
    lines = [line.text for line in document.lines]
    bare = read(*lines[:-2], "五、审计建议", *lines[-2:])
    found = looked(bare, "audit-report")["report-body.recommendations"]
    assert found.missing and found.blank == "审计建议"


@pytest.mark.parametrize("method", ["监盘", "观察", "重新计算"])
def test_time_and_place_are_asked_by_the_method(method: str) -> None:
    lines = ["取证单", f"取证方法：{method}", "取证事项：库存材料", "取证内容：清点十种材料",
             "取证结果：账实相符", "取证人员：王小军", "附件：2页"]  # fmt: skip
    assert lacking(read(*lines), "evidence-record") == {"record.time", "record.place"}
    inspected = [line.replace(method, "审核") for line in lines]
    assert lacking(read(*inspected), "evidence-record") == set()


REFUSED = "该公司财务科长拒绝签字，"


@pytest.mark.parametrize(
    ("statement", "missing"),
    [
        ("原因：不认可金额。2023年5月6日 审计人员签字：王小军、李卫国", set()),
        ("2023年5月6日 审计人员签字：王小军、李卫国", {"reason"}),
        ("原因：不认可金额。审计人员签字：王小军、李卫国", {"date"}),
        ("原因：不认可金额。2023年5月6日 审计人员签字：王小军", {"auditors"}),
        ("原因：不认可金额。2023年5月6日", {"auditors"}),
    ],
)
def test_a_refusal_needs_reason_date_and_two_auditors(statement: str, missing: set[str]) -> None:
    found = lacking(
        read("取证单", "附件：1页", REFUSED + statement), "evidence-record", signed=False
    )
    assert found == {f"refusal.{one}" for one in missing}


@pytest.mark.parametrize(
    "note",
    [
        "注：证据提供者拒绝签名或者盖章的，应当注明原因和日期。",
        "拒签原因：无",
        "拒绝签字原因及日期：",
    ],
)
def test_a_note_on_refusals_is_none(note: str) -> None:
    found = lacking(read("取证单", "附件：1页", note), "evidence-record", signed=False)
    assert found == {"provider.signature"}


def test_what_is_not_rectified_is_asked_only_where_something_is_not() -> None:
    lines = [
        "整改情况报告",
        "一、关于合同未经审批的问题。已补办审批。",
        "二、审计建议采纳情况",
        "已修订制度。",
    ]
    assert "rectification.unrectified" in lacking(read(*lines), "rectification-report")
    done = read(*lines, "以上问题已全部整改到位。")
    assert "rectification.unrectified" not in looked(done, "rectification-report")


def test_nothing_is_told_of_what_was_not_read() -> None:
    document = Document("a.pdf", 1, "application/pdf", None)
    assert looked(document, "workpaper") == {}
