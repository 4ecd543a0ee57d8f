"""Smallest sets of moves, against brute force; what belongs to what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_check.arrange.moves import smallest_moves
from archive_check.arrange.relations import _papers, _record_of, originals
from archive_check.arrange.sections import Ranks, settled
from archive_check.facts.context import Context
from archive_check.facts.listings import _covered
from archive_check.model import Document, Entry, Material, Place, Section
from archive_check.wiring import arranging


def in_order(keys: list[int], without: tuple[int, ...]) -> bool:
    kept = [key for i, key in enumerate(keys) if i not in without]
    return kept == sorted(kept)


def by_trying(keys: list[int], weights: list[int]) -> tuple[int, ...]:
    for size in range(len(keys) + 1):
        sets = [s for s in combinations(range(len(keys)), size) if in_order(keys, s)]
        if sets:
            return min(sets, key=lambda s: (sum(weights[i] for i in s), s))
    raise AssertionError


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 3)), max_size=8))
def test_the_smallest_lightest_foremost_set_moves(items: list[tuple[int, int]]) -> None:
    keys, weights = [key for key, _ in items], [weight for _, weight in items]
    assert smallest_moves(keys, weights) == by_trying(keys, weights)


@given(st.lists(st.integers(0, 50), max_size=60))
def test_what_stays_is_in_order(keys: list[int]) -> None:
    moved = smallest_moves(keys, [1] * len(keys))
    assert in_order(keys, moved)
    assert list(moved) == sorted(set(moved))


def test_one_paper_in_the_wrong_place_among_many_is_one_move() -> None:
    keys = [*range(40), 3, *range(40, 80)]
    assert smallest_moves(keys, [1] * len(keys)) == (40,)


def test_two_thousand_groups_in_reverse_are_judged_in_time() -> None:
    keys = list(range(600, 0, -1))
    assert len(smallest_moves(keys, [1] * len(keys))) == 599


def paper(position: int, kind: str, title: str, listed: str = "", text: str = "") -> Material:
    entry = Entry("catalogue.xlsx", position, str(position), listed) if listed else None
    document = Document(f"{position}.pdf", 9, "application/pdf", None, text_read=True)
    fields = {"attachments": text} if text else {}
    return Material(document, kind, "evidence", "evidence", title, None, None, 0.9, (),
                    entry=entry, position=position, fields=fields)  # fmt: skip


def test_a_record_may_name_what_is_attached_by_its_title_in_the_catalogue() -> None:
    listed = "记账凭证（2020年5月第169号）"
    voucher = paper(1, "evidence-attachment", "付款凭证", listed)
    record = paper(
        2, "evidence-record", "审计取证记录", text="后附：记账凭证(2020年5月第169号)(复印件)"
    )
    other = paper(3, "evidence-record", "审计取证记录", text="后附：记账凭证(2020年7月第3号)")
    assert _record_of(voucher, _papers([voucher, record, other])) is record
    assert _record_of(voucher, _papers([voucher, other])) is None


def numbered(first: int, second: int, listed: str = "") -> Material:
    found = paper(second, "evidence-attachment", f"会计凭证{second}", f"会计凭证{second}")
    entry = replace(found.entry, number=listed) if found.entry and listed else None
    document = replace(found.document, path=f"{first}-{second}.pdf")
    place = Place(levels=(), number=(first, second), volume=None)
    return replace(found, entry=entry, document=document, place=place)


def test_parts_of_one_item_are_listed_with_it_and_papers_of_a_volume_are_not() -> None:
    item = [numbered(2, 1, "2"), numbered(2, 2), numbered(2, 3)]
    volume = [numbered(2, 1, "1"), numbered(2, 2, "2"), numbered(2, 3)]
    for papers, left_out in ((item, []), (volume, ["2-3.pdf"])):
        context = cast(Context, SimpleNamespace(case=SimpleNamespace(materials=papers)))
        covered = _covered(context)
        assert [m.path for m in papers if m.path not in covered] == left_out


def dated(position: int, kind: str, day: int, section: Section) -> Material:
    found = replace(paper(position, kind, kind), date=date(2022, 6, day), section=section)
    return replace(found, filed_section=None)


@pytest.mark.parametrize(
    ("meeting", "first", "home"), [(20, 18, "initiation"), (20, 22, "reference")]
)
def test_a_paper_at_the_border_of_two_sections_lies_where_its_day_fits(
    meeting: int, first: int, home: str
) -> None:
    papers = [
        dated(1, "audit-notice", 25, "initiation"),
        dated(2, "entry-meeting", meeting, "initiation"),
        dated(3, "exit-confirmation", first, "reference"),
    ]
    sections = {
        "audit-notice": ("initiation",),
        "entry-meeting": ("initiation", "reference"),
        "exit-confirmation": ("reference",),
    }
    assert settled(papers, Ranks(sections, {}, {}))[1].section == home


@pytest.mark.parametrize(
    ("title", "of_the_summary"),
    [("附件：采购抽查明细表", True), ("附件：明细账", False), ("附件2：往来款明细表", False)],
)
def test_an_original_goes_with_the_summary_of_the_same_thing(
    title: str, of_the_summary: bool
) -> None:
    summary = paper(2, "evidence-attachment", "附件：采购抽查汇总表")
    original = paper(1, "evidence-attachment", title)
    found = originals([original, summary], arranging().wording)
    assert [(one.member, one.main) for one in found] == [("1.pdf", "2.pdf")] * of_the_summary
