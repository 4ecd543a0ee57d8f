"""Catalogue entries and files: all compared at once must come out as one by one."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath
from statistics import mean

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from rapidfuzz import fuzz

from archive_check.model import Document, Entry
from archive_check.recognise.matching import match_entries
from archive_check.recognise.numbers import clean
from archive_check.recognise.scoring import (
    LEAST,
    Listed,
    likeness,
    marks_in,
    number_of,
    pairs,
    plain,
)  # fmt: skip
from archive_check.recognise.titles import read_title

TITLES = st.lists(
    st.sampled_from(
        [
            "审计报告",
            "取证单",
            "银行对账单",
            "工作底稿",
            "QZ-01",
            "A-03",
            "（征求意见稿）",
            "的",
            " ",
        ]
    ),
    max_size=4,
).map("".join)
DATES = st.sampled_from([None, date(2023, 1, 1), date(2023, 3, 1)])
DOC_NOS = st.sampled_from([None, "", "渝审〔2023〕5号", "渝审〔2023〕 5号", "渝审〔2023〕6号"])
PAGES = st.sampled_from([None, 0, 1, 2])
VOLUMES = st.sampled_from(["1", "2"])

FILES = st.lists(
    st.builds(
        Listed,
        document=st.builds(
            Document,
            path=TITLES.map(lambda title: f"1/{title}.x.pdf"),
            size=st.just(1),
            media_type=st.just("application/pdf"),
            sha256=st.none(),
            pages=PAGES,
            fixed_pages=st.booleans(),
        ),
        titles=st.lists(TITLES, max_size=2).map(tuple),
        kind=st.sampled_from([None, "audit-report", "workpaper"]),
        date=DATES,
        doc_no=DOC_NOS,
        number=st.sampled_from([None, (1,), (2,)]),
        volume=st.none() | VOLUMES,
        order=st.just(0),
    ),
    min_size=1,
    max_size=6,
)
ENTRIES = st.lists(
    st.builds(
        Entry,
        catalogue=st.just("catalogue"),
        row=st.just(0),
        number=st.sampled_from([None, "1", "2"]),
        title=TITLES,
        doc_no=DOC_NOS,
        date=DATES,
        first_page=PAGES,
        last_page=PAGES,
        pages=PAGES,
        volume=VOLUMES,
        file_name=st.none() | TITLES.map(lambda title: f"{title}.x.pdf"),
    ),
    min_size=1,
    max_size=6,
)


def plain_score(file: Listed, entry: Entry, by_volume: bool) -> float:
    """How well one entry fits one file."""
    path = PurePosixPath(file.document.path)
    if by_volume and file.volume not in (None, entry.volume):
        return 0.0
    if entry.file_name and clean(entry.file_name) in (clean(path.name), clean(path.stem)):
        return 200.0
    score = max((likeness(title, entry.title) for title in file.titles), default=0.0)
    score += mean(fuzz.ratio(plain(t), plain(entry.title)) for t in file.titles or ("",)) / 100
    ours, theirs = frozenset().union(*map(marks_in, file.titles)), marks_in(entry.title)
    if ours and theirs:
        score += 15 if ours & theirs else -25
    kind = read_title(entry.title).kind
    if kind and file.kind and not kind.startswith("?"):
        score += 8 if kind == file.kind else -12
    if entry.doc_no and file.doc_no:
        score += 60 if clean(entry.doc_no) == clean(file.doc_no) else -5
    if entry.date and file.date:
        score += 10 if entry.date == file.date else -6
    spans = entry.first_page is not None and entry.last_page is not None
    pages = entry.pages or (entry.last_page - entry.first_page + 1 if spans else None)
    if pages and file.document.fixed_pages and file.document.pages:
        score += 3 if pages == file.document.pages else -3
    return score


@settings(deadline=None)
@given(FILES, ENTRIES, st.booleans())
def test_all_at_once_fit_as_one_by_one(
    files: list[Listed], entries: list[Entry], by_volume: bool
) -> None:
    found = pairs(files, entries, range(len(files)), range(len(entries)), by_volume)
    columns = (found.files, found.entries, found.scores, found.numbered)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == [
        (f, e, approx(score), file.number is not None and file.number == number_of(entry))
        for f, file in enumerate(files)
        for e, entry in enumerate(entries)
        if (score := plain_score(file, entry, by_volume)) >= LEAST
    ]


def test_what_is_left_out_of_the_comparison_cannot_be_one() -> None:
    file = Listed(Document("a.pdf", 1, "", None), ("审计报告",), None, None, None, None, None, 0)
    entry = Entry("catalogue", 0, None, "审计报告")
    found = pairs([file] * 3, [entry] * 3, [0, 2], [1], by_volume=False)
    assert found.score(2, 1, -1.0) == 101.0
    assert [found.score(f, e, -1.0) for f, e in ((1, 1), (2, 0), (2, 2))] == [-1.0] * 3


def test_five_catalogues_of_the_same_files_give_each_file_an_entry() -> None:
    titles = [f"{matter}的取证单QZ-{n:02}" for n, matter in enumerate("甲乙丙丁戊己庚辛壬癸", 1)]
    files = [
        Listed(Document(f"{n}.pdf", 1, "", None), (title,), None, None, None, (n,), None, n)
        for n, title in enumerate(titles, 1)
    ]
    entries = [
        Entry(f"catalogue {c}", n, str(n), title)
        for c in range(5)
        for n, title in enumerate(titles, 1)
    ]
    found = match_entries(files, entries)
    assert {path: entry.title for path, entry in found.items()} == {
        f"{n}.pdf": title for n, title in enumerate(titles, 1)
    }


def test_a_copy_takes_the_entry_that_names_it_one() -> None:
    own = "设备采购合同"
    files = [
        Listed(Document(path, 1, "", None), titles, None, None, None, None, None, n)
        for n, (path, titles) in enumerate(
            [("合同（复印件）.pdf", (own, f"{own}（复印件）")), ("合同.pdf", (own, own))]
        )
    ]
    entries = [
        Entry("catalogue", n, None, title) for n, title in enumerate((own, f"{own}（复印件）"))
    ]
    found = match_entries(files, entries)
    assert {path: entry.title for path, entry in found.items()} == {
        "合同.pdf": own,
        "合同（复印件）.pdf": f"{own}（复印件）",
    }


def entered(files: list[tuple[str, str, str | None]], entries: list[Entry]) -> dict[str, int]:
    """Files given by name, title and document number -> the number of the row they got."""
    listed = [
        Listed(Document(path, 1, "", None), (title,), None, date(2023, 5, 6), doc_no, (1,), None, n)
        for n, (path, title, doc_no) in enumerate(files)
    ]
    return {path: entry.row for path, entry in match_entries(listed, entries).items()}


def test_words_that_nothing_else_has_tell_whatever_the_numbers() -> None:
    """As where the files' numbers begin anew in each folder and the catalogue's do not."""
    files: list[tuple[str, str, str | None]] = [
        ("立项/1.pdf", "审计通知书", None), ("结论/1.pdf", "审计报告", None),
    ]  # fmt: skip
    entries = [
        Entry("c", 1, "1", "审计报告", date=date(2023, 5, 6)),
        Entry("c", 2, "2", "审计通知书", date=date(2023, 5, 6)),
    ]
    assert entered(files, entries) == {"结论/1.pdf": 1, "立项/1.pdf": 2}


def test_words_tell_nothing_against_a_document_number_or_a_file_that_an_entry_names() -> None:
    files: list[tuple[str, str, str | None]] = [
        ("甲.pdf", "关于经费的批复", None), ("乙.pdf", "关于经费使用的复函", "渝财〔2023〕9号"),
    ]  # fmt: skip
    numbered = Entry("c", 1, None, "关于经费的批复", "渝财〔2023〕9号", date(2023, 5, 6))
    assert entered(files, [numbered]) == {"乙.pdf": 1}
    naming = Entry("c", 1, None, "关于经费的批复", file_name="乙.pdf")
    assert entered(files, [naming]) == {"乙.pdf": 1}
