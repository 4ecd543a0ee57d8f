"""What was read is kept, found again, and never stands in the way of a check."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from cli_pipeline import Run, one_line
from hypothesis import given
from hypothesis import strategies as st

from archive_check import cache, codec, readers
from archive_check.cache import Cache
from archive_check.check import Options, check
from archive_check.model import (
    Document,
    Line,
    PageFault,
    Problem,
    Said,
    Signature,
    SourceFile,
    Table,
    said,
)
from archive_check.reports import json_report
from fixtures.formats import write
from fixtures.model import Grid, Text

pytest_plugins = ("cli_fixtures",)

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes of files are POSIX's")
AS_OF = dt.date(2026, 1, 1)

texts = st.text(st.characters(blacklist_categories=()), max_size=20)
sayings = st.recursive(
    st.builds(said, texts, a=texts), lambda inner: st.builds(said, texts, a=inner), max_leaves=3
)
documents = st.builds(
    Document,
    path=texts,
    size=st.integers(0, 2**60),
    media_type=texts,
    sha256=st.none() | texts,
    pages=st.none() | st.integers(0, 9),
    lines=st.lists(
        st.builds(Line, texts, st.integers(1, 9), st.floats(0, 9), st.booleans(), st.none())
    ).map(tuple),
    tables=st.lists(
        st.builds(Table, st.just((("a", "b"), ("c", "d"))), st.none() | texts)
    ).map(tuple),
    properties=st.dictionaries(texts, texts, max_size=3),
    signatures=st.lists(
        st.builds(Signature, st.none() | st.booleans(), st.none() | texts, st.none() | sayings)
    ).map(tuple),
    traits=st.frozensets(texts, max_size=3),
    page_faults=st.lists(
        st.builds(PageFault, st.integers(1, 9), st.just("blank"), sayings), max_size=2
    ).map(tuple),
    sealed_pages=st.frozensets(st.integers(1, 9), max_size=3),
    outline=st.lists(st.tuples(texts, st.integers(1, 9), st.integers(0, 3)), max_size=3).map(tuple),
    problem=st.none() | st.builds(Problem, st.just("damaged"), sayings),
)  # fmt: skip


@pytest.fixture
def kept(tmp_path: Path) -> Cache:
    return cache.opened(tmp_path / "kept")


def source(path: Path, name: str | None = None) -> SourceFile:
    return SourceFile(name or path.name, str(path), path.stat().st_size)


def small_case(folder: Path) -> Path:
    folder.mkdir()
    rows = (("序号", "题名", "日期"), ("1", "审计报告", "20230506"))
    (folder / "1审计报告.docx").write_bytes(write((Text("审计报告", "title"),), "docx"))
    (folder / "2审计通知书.pdf").write_bytes(write((Text("审计通知书", "title"),), "pdf"))
    (folder / "卷内文件目录.xlsx").write_bytes(write((Grid(rows),), "xlsx"))
    (folder / "3坏.pdf").write_bytes(b"%PDF-1.4 broken")
    return folder


@given(documents)
def test_what_is_written_is_what_is_read(document: Document) -> None:
    assert codec.decoded(tuple[Document, ...], codec.encoded((document,))) == (document,)  # type: ignore[comparison-overlap]


@pytest.mark.parametrize("data", [b"", b"{}", b"[[1]]", b"[7]", b"\xff", b"[" * 100_000])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        codec.decoded(tuple[Document, ...], data)  # type: ignore[arg-type]


def test_every_field_is_written() -> None:
    sentence = said("a", why=Said("b", (("n", "1"),)))
    assert codec.decoded(Said, codec.encoded(sentence)) == sentence


def test_value_is_found_again_by_later_runs(kept: Cache) -> None:
    assert kept.get("key") is None
    kept.put("key", b"value")
    assert kept.get("key") == b"value"
    cache.closed(kept)
    assert cache.opened(kept.path.parent).get("key") == b"value"


def test_another_version_finds_nothing(kept: Cache) -> None:
    kept.put("key", b"value")
    assert replace(kept, version="other").get("key") is None


def test_what_was_used_last_stays(tmp_path: Path) -> None:
    blob = os.urandom(20_000)
    first = cache.opened(tmp_path)
    for name in "abc":
        first.put(name, blob)
    cache.closed(first)
    second = cache.opened(tmp_path)
    assert second.get("a") == second.get("c") == blob
    cache.closed(second, limit=60_000)
    third = cache.opened(tmp_path)
    assert [name for name in "abc" if third.get(name)] == ["a", "c"]
    assert cache.info(tmp_path).entries == 2


def test_runs_at_the_same_time_do_not_disturb_one_another(tmp_path: Path) -> None:
    """Each with a connection of its own, as processes have."""

    def work(name: str) -> list[bytes | None]:
        path = cache.opened(tmp_path).path
        connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        for number in range(30):
            row = (f"{name}{number}", b"x", number)
            connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", row)
        connection.close()
        return []

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, "abcd"))
    assert cache.info(tmp_path).entries == 120


@pytest.mark.parametrize("rest", [b"", b"garbage" * 1000, None])
def test_damaged_cache_is_made_anew(tmp_path: Path, rest: bytes | None) -> None:
    kept = cache.opened(tmp_path)
    kept.put("key", b"value" * 1000)
    cache.closed(kept)
    content = kept.path.read_bytes()
    kept.path.write_bytes(content[: len(content) // 2] if rest is None else rest)
    again = cache.opened(tmp_path)
    again.put("new", b"value")
    assert cache.opened(tmp_path).get("new") in (b"value", None)
    cache.closed(again)
    last = cache.opened(tmp_path)
    last.put("newer", b"value")
    assert last.get("newer") == b"value"


def test_damaged_value_is_no_value(kept: Cache) -> None:
    kept.put("key", b"value")
    with sqlite3.connect(kept.path) as connection:
        connection.execute("UPDATE kept SET value = x'00'")
    assert kept.get("key") is None


@POSIX
def test_nobody_else_may_look_into_it(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir(mode=0o755)
    path = cache.opened(tmp_path / "kept").path
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_place_that_is_no_folder_is_said_to_be_unusable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(cache.CacheError):
        cache.opened(tmp_path / "file" / "below")
    with pytest.raises(cache.CacheError):
        cache.opened(tmp_path / "file")


def test_full_disk_only_keeps_less(kept: Cache) -> None:
    connection = cache._connection(kept.path)
    assert connection is not None
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    kept.put("key", os.urandom(200_000))
    assert kept.get("key") is None


@pytest.mark.parametrize("name", ["a.docx", "报告.docx", "x.zip!/内/a.docx"])
def test_file_is_read_once_whatever_its_name(
    kept: Cache, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(write((Text("审计报告", "title"),), "docx"))
    read = readers.read(source(path, name))
    assert readers.read(source(path, name), kept) == read
    monkeypatch.setattr(readers, "_documents", None)
    assert readers.read(source(path, name), kept) == read


def test_attachments_move_with_their_file(kept: Cache, tmp_path: Path) -> None:
    found = (
        Document("a.eml", 1, "message/rfc822", "0"),
        Document("a.eml!/b.txt", 1, "text/plain", "1"),
    )
    stored = codec.encoded(readers._moved(found, "a.eml", ""))
    assert [one.path for one in readers._kept(stored, "dir/c.eml")] == [
        "dir/c.eml",
        "dir/c.eml!/b.txt",
    ]


def test_extension_is_judged_anew(kept: Cache, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(write((Text("审计报告", "title"),), "pdf"))
    assert readers.read(source(path), kept)[0].expected_type is None
    assert readers.read(source(path, "a.docx"), kept)[0].expected_type is not None


def test_what_may_go_away_is_not_kept(
    kept: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("审计报告", "utf-8")

    def exhausted(path: Path, media_type: str) -> readers.Content:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setitem(readers.READERS, "text/plain", exhausted)
        (found,) = readers.read(source(path), kept)
        assert found.problem is not None
    (found,) = readers.read(source(path), kept)
    assert found.problem is None


def test_report_is_the_same_with_and_without(tmp_path: Path, kept: Cache) -> None:
    case = small_case(tmp_path / "case")
    plain = json_report.render(check([case], Options(AS_OF, jobs=2)))
    filling = json_report.render(check([case], Options(AS_OF, jobs=2, cache=kept)))
    assert cache.info(kept.path.parent).entries == 4
    using = json_report.render(check([case], Options(AS_OF, jobs=2, cache=kept)))
    assert plain == filling == using


def test_no_cache_leaves_nothing_behind(
    tmp_path: Path, run: Run, cache_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = small_case(tmp_path / "case")
    places = [tmp_path / "home", tmp_path / "tmp"]
    for place in places:
        place.mkdir()
    monkeypatch.setenv("HOME", str(places[0]))
    monkeypatch.setattr("tempfile.tempdir", str(places[1]))
    status, _, _ = run("check", case, "--no-cache")
    assert status == 1
    assert [*cache_home.iterdir(), *places[0].iterdir(), *places[1].iterdir()] == []


def test_cache_is_told_of_and_cleared(tmp_path: Path, run: Run, cache_home: Path) -> None:
    case = small_case(tmp_path / "case")
    assert json.loads(run("cache", "info", "--format", "json")[1])["entries"] == 0
    assert run("check", case)[0] == 1
    told = json.loads(run("cache", "info", "--format", "json")[1])
    assert told["entries"] == 4
    assert Path(told["path"]).is_relative_to(cache_home)
    assert told["bytes"] > 0
    status, out, _ = run("cache", "clear", "--lang", "en")
    assert (status, "4 entries" in out) == (0, True)
    assert list(Path(told["path"]).parent.iterdir()) == []
    assert "0" in run("cache", "info")[1]


def test_run_goes_on_where_there_can_be_no_cache(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "file"))
    status, out, err = run("classify", small_case(tmp_path / "case"), "--lang", "en")
    assert (status, "1审计报告.docx" in out) == (0, True)
    assert "cache" in one_line(err)


def test_case_is_never_written_to(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = small_case(tmp_path / "case")
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(case / "home"))
    assert run("classify", case)[0] == 0
    assert not (case / "home").exists()
