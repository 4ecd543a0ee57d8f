"""Images that are the pages of one material are one material with the path of the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from archive_check.model import Document, Line, Table
from archive_check.recognise import Alone, alone, bound

NOTICE, REPORT, MINUTES = "审计通知书", "审计报告", "会议纪要"
GOES_ON = "（二）差旅费报销审核不严，抽查的报销单据中部分缺少部门负责人签字。"


def image(path: str, first: str, trait: str = "scan") -> Alone:
    """A scanned page that begins with a line."""
    return alone(
        Document(
            path, 9, "image/jpeg", path, pages=1, fixed_pages=True, traits=frozenset({trait}),
            lines=(Line(first, 1, 1.5 if len(first) < 10 else 1.0, len(first) < 10),
                   Line("以上情况，特此说明。", 1, 1.0)) if trait == "scan" else (),
            text_read=trait == "scan",
        )
    )  # fmt: skip


def catalogue(rows: Sequence[tuple[str, str]]) -> Alone:
    """A catalogue whose rows are titles and first pages."""
    table = [("序号", "题名", "页号"), *((str(n), *row) for n, row in enumerate(rows, 1))]
    lines = tuple(Line("\t".join(row), table=0) for row in table)
    return alone(
        Document(
            "卷内文件目录.xlsx", 9, "application/x", "c", lines=lines,
            tables=(Table(tuple(table)),), text_read=True,
        )
    )  # fmt: skip


def pages(read: Sequence[Alone]) -> Mapping[str, int | None]:
    """The materials and how many pages they have; what is ignored follows from them."""
    kept, ignored = bound(read)
    images = {one.document.path: one.document.pages for one in kept if one.document.pages}
    assert sum(n or 0 for n in images.values()) == len(images) + len(ignored)
    assert len(kept) + len(ignored) == len(read)
    return images


@pytest.mark.parametrize(
    "name", ["第{}页", "审计报告第{}页", "SJ2023-12-{:04d}", "审计报告_p{}", "审计报告（{}）"]
)
def test_names_that_number_pages(name: str) -> None:
    others = [image("01/通知-1.jpg", NOTICE), image("01/通知-2.jpg", GOES_ON)]
    read = [image(f"01/{name.format(n)}.jpg", REPORT if n == 1 else GOES_ON) for n in (1, 2, 3)]
    assert pages([*others, *read]) == {
        "01/通知-1.jpg": 2, f"01/{name.format(1)}.jpg": 3,
    }  # fmt: skip


def test_a_folder_for_each_material() -> None:
    read = [image(f"3 审计报告/{n}.jpg", REPORT if n == 1 else GOES_ON) for n in range(1, 4)]
    kept, ignored = bound(read)
    assert [one.document.path for one in kept] == ["3 审计报告/1.jpg"]
    assert [line.page for line in kept[0].document.lines] == [1, 1, 2, 2, 3, 3]
    assert [(i.path, dict(i.why.args)["page"], i.junk) for i in ignored] == [
        ("3 审计报告/2.jpg", "2", False), ("3 审计报告/3.jpg", "3", False),
    ]  # fmt: skip


def test_the_catalogue_tells_where_materials_begin() -> None:
    read = [image(f"{n:04d}.jpg", GOES_ON) for n in range(1, 8)]
    listed = catalogue([(NOTICE, "1"), (REPORT, "3"), (MINUTES, "6-7")])
    assert pages([listed, *read]) == {"0001.jpg": 2, "0003.jpg": 3, "0006.jpg": 2}


def test_without_page_numbers_titles_tell_where_materials_begin() -> None:
    firsts = [NOTICE, REPORT, GOES_ON, GOES_ON, MINUTES]
    read = [image(f"{n:04d}.jpg", first) for n, first in enumerate(firsts, 1)]
    assert pages(read) == {"0001.jpg": 1, "0002.jpg": 3, "0005.jpg": 1}


def test_as_many_images_as_entries_are_materials_of_their_own() -> None:
    read = [image(f"{n:04d}.jpg", GOES_ON) for n in range(1, 4)]
    listed = catalogue([(NOTICE, "1"), (REPORT, "2"), (MINUTES, "3")])
    assert pages([listed, *read]) == {"0001.jpg": 1, "0002.jpg": 1, "0003.jpg": 1}


def test_photographs_and_numbers_shared_with_other_files_are_no_pages() -> None:
    photos = [image(f"照片/现场照片{n}.jpg", "", "photograph") for n in (1, 2, 3)]
    assert pages(photos) == {one.document.path: 1 for one in photos}
    letter = alone(Document("0003.docx", 9, "application/x", "d", lines=(Line(NOTICE),)))
    filed = [image(f"{n:04d}.jpg", GOES_ON) for n in (1, 2)]
    assert pages([*filed, letter]) == {"0001.jpg": 1, "0002.jpg": 1}


def test_pages_that_nobody_read_are_joined_by_names_alone() -> None:
    read = [image(f"第{n}页.jpg", "", "image") for n in (1, 2)]
    assert pages(read) == {"第1页.jpg": 2}
    read = [image(f"{n:04d}.jpg", "", "image") for n in (1, 2)]
    assert pages(read) == {"0001.jpg": 1, "0002.jpg": 1}


def test_a_page_with_next_to_nothing_on_it_is_one_where_its_name_says_so() -> None:
    plan = [image("年度计划_p1.jpg", REPORT), image("年度计划_p2.jpg", "", "photograph")]
    photographs = [image(f"现场照片第{n}张.jpg", "", "photograph") for n in (1, 2)]
    assert pages([*plan, *photographs]) == {
        "年度计划_p1.jpg": 2, "现场照片第1张.jpg": 1, "现场照片第2张.jpg": 1,
    }  # fmt: skip
