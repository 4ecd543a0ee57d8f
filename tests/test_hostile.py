"""Files made or broken to do harm: each is a problem of its own, never of the run."""

from __future__ import annotations

import errno
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, get_args

import hostile_samples as hostile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive_check import readers
from archive_check.containers import zips
from archive_check.model import Document, ProblemKind, SourceFile
from archive_check.readers import media
from archive_check.recognise import alone
from archive_check.scan import scan
from archive_check.understand import understand_all

SHARED = Path(__file__).parents[2] / "shared" / "samples"
OWN = [name for name in hostile.SAMPLES if name not in ("a.pdf", "a.xlsx")]
"""Formats that are taken apart in Python, where no crash can take the tests along."""
LARGEST = 300_000

sample = cache(lambda name: hostile.SAMPLES[name]())


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str, bytes], Document]:
    def reading(name: str, content: bytes) -> Document:
        path = tmp_path / name
        path.write_bytes(content)
        return readers.read(SourceFile(name, str(path), len(content)))[0]

    return reading


def told(found: Iterable[Document]) -> None:
    """Whatever was read can go through recognition, and problems are of the known kinds."""
    for document in found:
        assert document.problem is None or document.problem.kind in get_args(ProblemKind)
        assert alone(document).document is document


def read_bytes(name: str, content: bytes) -> tuple[Document, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        return readers.read(SourceFile(name, str(path), len(content)))


# Cut and changed files


def test_samples_are_sound() -> None:
    for name in hostile.SAMPLES:
        found = read_bytes(name, sample(name))
        problem = found[0].problem
        assert problem is None or problem.kind == "unsupported", (name, problem)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(OWN), st.floats(0, 1))
def test_file_cut_anywhere(name: str, share: float) -> None:
    content = sample(name)
    found = read_bytes(name, content[: int(share * len(content))])
    assert found[0].path == name
    told(found)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(OWN), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3))))
def test_file_changed_anywhere(name: str, changes: list[tuple[float, bytes]]) -> None:
    content = sample(name)
    for share, patch in changes:
        place = int(share * len(content))
        content = content[:place] + patch + content[place + len(patch) :]
    told(read_bytes(name, content))


def cut_copies(folder: Path, files: Iterable[tuple[str, bytes]], times: int) -> list[SourceFile]:
    """Each file cut at a few places, under names of their own."""
    chance = random.Random(7)
    sources = []
    for number, (name, content) in enumerate(files):
        for part in range(times):
            path = folder / f"{number}-{part} {name}"
            path.write_bytes(content[: chance.randrange(len(content) + 1)])
            sources.append(SourceFile(path.name, str(path), path.stat().st_size))
    return sources


def assert_all_told(sources: list[SourceFile]) -> None:
    found = [one.document for one in understand_all(sources, 2, seconds=60)]
    outer = [document for document in found if "!/" not in document.path]
    assert [document.path for document in outer] == [source.path for source in sources]
    crashed = [
        (document.path, document.problem.detail.args)
        for document in outer
        if document.problem and document.problem.detail.key == "reading.crashed"
    ]
    assert crashed == []


@pytest.mark.parametrize("name", ["a.pdf", "a.xlsx"])
def test_formats_of_libraries_cut_anywhere(name: str, tmp_path: Path) -> None:
    assert_all_told(cut_copies(tmp_path, [(name, sample(name))], times=40))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the samples lie beside the repository, or nowhere")
def test_samples_of_others_cut_anywhere(tmp_path: Path) -> None:
    files = sorted(path for path in SHARED.rglob("*") if path.is_file())
    small = [path for path in files if 0 < path.stat().st_size <= LARGEST]
    assert len(small) > 50
    assert_all_told(cut_copies(tmp_path, ((p.name, p.read_bytes()) for p in small), times=1))


# Bombs


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "' + "a" * 1000 + '">'
    + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 20}">'
        for before, after in zip("abcdef", "bcdefg", strict=True)
    )
    + "]>"
)  # fmt: skip
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xml", f"<?xml version='1.0'?>{ENTITIES}<x><y>&g;</y><y>z</y></x>".encode()),
        ("a.html", f"{ENTITIES.replace(' x ', ' html ')}<html><p>&g;</p></html>".encode()),
        ("a.docx", hostile.docx(f"{ENTITIES}<w:document {W}><w:body><w:p><w:r><w:t>&g;</w:t></w:r>"
                                "</w:p></w:body></w:document>")),
        ("a.ofd", hostile.zipped({"OFD.xml": f"{ENTITIES}<OFD>&g;</OFD>"})),
    ],
)  # fmt: skip
def test_entities_are_not_expanded(
    name: str, content: bytes, read: Callable[[str, bytes], Document]
) -> None:
    document = read(name, content)
    assert len(document.text) < 2000
    told([document])


@pytest.mark.parametrize("name", ["a.xml", "a.docx"])
def test_nothing_outside_is_read(
    name: str, tmp_path: Path, read: Callable[[str, bytes], Document]
) -> None:
    (tmp_path / "secret").write_text("secret words")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    body = f"<w:document {W}><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>"
    content = (
        hostile.docx(f"{entity}{body}") if name == "a.docx"
        else f"<?xml version='1.0'?>{entity}<x><y>&e;</y><y>z</y></x>".encode()
    )  # fmt: skip
    assert "secret words" not in read(name, content).text


@pytest.mark.parametrize("side", [100_000, 2**31 - 1])
@pytest.mark.parametrize(
    ("name", "make"),
    [("a.png", hostile.huge_png), ("a.bmp", hostile.huge_bmp), ("a.tif", hostile.huge_tiff)],
)
def test_pictures_that_claim_to_be_huge(
    name: str, make: Callable[[int, int], bytes], side: int,
    read: Callable[[str, bytes], Document],
) -> None:  # fmt: skip
    problem = read(name, make(side, side)).problem
    assert problem is not None
    assert problem.kind in ("limit", "damaged")


def test_nested_elements_without_end(read: Callable[[str, bytes], Document]) -> None:
    for name, content in (
        ("a.xml", b"<?xml version='1.0'?>" + b"<x>" * 200_000 + b"</x>" * 200_000),
        ("a.html", b"<html>" + b"<div>" * 100_000 + b"x"),
        ("a.rtf", b"{\\rtf1 " + b"{" * 200_000 + b"x" + b"}" * 200_000 + b"}"),
        ("a.ofd", hostile.ofd("<PageBlock>" * 50_000 + "</PageBlock>" * 50_000)),
        ("a.docx", hostile.docx(f"<w:document {W}><w:body>" + "<w:tbl><w:tr><w:tc>" * 20_000)),
    ):
        told([read(name, content)])


def test_table_that_claims_to_be_huge(read: Callable[[str, bytes], Document]) -> None:
    cell = b"<td colspan=999999 rowspan=999999>x</td>"
    document = read("a.html", b"<html><table><tr>" + cell * 50 + b"</tr></table></html>")
    assert sum(len(row) for table in document.tables for row in table.rows) <= 50 * 200


# PDF


@pytest.mark.parametrize("loop", hostile.LOOPS)
def test_pdf_that_leads_back_to_itself(loop: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(hostile.LOOPS[loop])
    source = SourceFile("a.pdf", str(path), path.stat().st_size)
    (found,) = understand_all([source], 1, seconds=20)
    problem = found.document.problem
    assert problem is None or problem.detail.key not in ("reading.time", "reading.crashed")


def test_pdf_of_a_hundred_thousand_pages(read: Callable[[str, bytes], Document]) -> None:
    document = read("a.pdf", hostile.many_pages(100_000))
    assert document.pages == 100_000
    assert document.problem is not None
    assert document.problem.detail.key == "reading.too-many-pages"


def test_outline_without_end_is_cut(read: Callable[[str, bytes], Document]) -> None:
    items = [f"<</Title(t{n})/Parent 4 0 R/Next {n + 6} 0 R/Dest[3 0 R/Fit]>>" for n in range(5000)]
    content = hostile.pdf(
        "<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        hostile.PAGE.format(more=""), "<</First 5 0 R/Last 5 0 R/Count 5000>>", *items,
    )  # fmt: skip
    assert len(read("a.pdf", content).outline) == 2000


# Containers


def test_member_that_is_larger_than_it_says(tmp_path: Path) -> None:
    content = hostile.zipped({"a.txt": b"x" * 5_000_000})
    directory = content.index(b"PK\x01\x02")
    liar = bytearray(content)
    liar[22:26] = liar[directory + 24 : directory + 28] = struct.pack("<I", 9)
    (tmp_path / "liar.zip").write_bytes(liar)
    found = scan(tmp_path)
    (file,) = found.files
    assert file.problem is not None
    assert found.unpacked is not None
    assert sum(p.stat().st_size for p in Path(found.unpacked.name).rglob("*")) < 100_000


def test_members_that_share_their_bytes(tmp_path: Path) -> None:
    """Thousands of directory entries that all lead to one member."""
    content = hostile.zipped({"a.txt": bytes(2_000_000)})
    directory, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    count = 500
    ending = bytearray(content[end:])
    entries = content[directory:end] * count
    ending[8:10] = ending[10:12] = struct.pack("<H", count)
    ending[12:16] = struct.pack("<I", len(entries))
    (tmp_path / "quine.zip").write_bytes(content[:directory] + entries + bytes(ending))
    (file,) = scan(tmp_path).files
    assert file.problem is not None
    assert file.problem.kind == "limit"


# What changes, vanishes, or can't be written


def test_file_that_changes_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("审计报告")
    source = SourceFile("a.txt", str(path), path.stat().st_size)
    whole = readers.READERS[media.TEXT]

    def reading(place: Path, media_type: str) -> Any:
        found = whole(place, media_type)
        path.write_text("另一份报告，长一些")
        return found

    monkeypatch.setitem(readers.READERS, media.TEXT, reading)
    (document,) = readers.read(source)
    assert document.problem is not None
    assert (document.problem.kind, document.problem.detail.key) == ("unreadable", "reading.changed")


def test_file_that_is_another_than_was_scanned(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("审计报告")
    (document,) = readers.read(SourceFile("a.txt", str(path), 3))
    assert document.problem is not None
    assert document.problem.detail.key == "reading.changed"


def test_file_that_vanishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("审计报告")
    source = SourceFile("a.txt", str(path), path.stat().st_size)

    def reading(place: Path, media_type: str) -> Any:
        path.unlink()
        return readers.text.read(place, media_type)

    monkeypatch.setitem(readers.READERS, media.TEXT, reading)
    (during,) = readers.read(source)
    (before,) = readers.read(source)
    assert during.problem is not None and during.problem.kind == "unreadable"
    assert before.problem is not None and before.problem.kind == "unreadable"


def full(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_full_disk_hinders_unpacking_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.zip").write_bytes(sample("a.zip"))
    (tmp_path / "b.txt").write_text("审计报告")
    for place, name in ((zips, "stored"), (tempfile, "TemporaryDirectory")):
        with monkeypatch.context() as patch:
            patch.setattr(place, name, full)
            packed, plain = scan(tmp_path).files
        assert packed.problem is not None
        assert (packed.path, packed.problem.kind) == ("a.zip", "unreadable")
        assert plain.problem is None


def test_full_disk_leaves_the_file_of_the_attachments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(hostile.MAIL)
    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    (document,) = readers.read(SourceFile("a.eml", str(path), path.stat().st_size))
    assert document.problem is not None
    assert document.problem.kind == "unreadable"
    assert "text" in document.text


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="needs Linux")
def test_run_says_so_where_nothing_can_be_written(tmp_path: Path) -> None:
    """Files of more than no byte are refused: as on a full disk, for all that the run does."""
    case = tmp_path / "case"
    case.mkdir()
    (case / "b.txt").write_text("审计报告")
    run = ["prlimit", "--fsize=0", sys.executable, "-m", "archive_check", "check", str(case)]
    done = subprocess.run(run, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr and all(
        line.startswith("archive-check: ") for line in done.stderr.splitlines()
    )
