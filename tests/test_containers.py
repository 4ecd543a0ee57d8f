"""7z, RAR, TAR and compressed files: told by their content, unpacked within limits."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import inflate64
import py7zr
import pytest
import rarfile

from archive_check import containers
from archive_check.containers import zips
from archive_check.scan import Scan, scan

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def paths(found: Scan) -> list[str]:
    return [file.path for file in found.files]


def problems(found: Scan) -> dict[str, str | None]:
    return {file.path: file.problem.kind if file.problem else None for file in found.files}


def seven(members: Mapping[str, bytes], password: str | None = None) -> bytes:
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password=password) as container:
        for name, data in members.items():
            container.writestr(data, name)
    return buffer.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        for name, data in members.items():
            container.writestr(name, data)
    return buffer.getvalue()


def tarred(members: Mapping[str, bytes], mode: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as container:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            container.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def rarred(
    members: Mapping[str, bytes],
    method: int = 0x30,
    flags: int = 0,
    volume: int = 0,
    more: int = 0,
    comment: bytes = b"",
) -> bytes:
    """A RAR file of version 3; members of method 0x30 are stored as they are.

    `volume` are the flags of its main header, `more` bytes of each member lie in another volume.
    """

    def block(kind: int, flags: int, body: bytes) -> bytes:
        rest = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(rest) & 0xFFFF) + rest

    def file(kind: int, name: str, content: bytes, method: int) -> bytes:
        raw = name.encode()
        body = struct.pack(
            "<IIBIIBBHI", len(content), len(content) + more, 3, zlib.crc32(content), 0x5A215A21, 29,
            method, len(raw), 0o100644,
        )  # fmt: skip
        return block(kind, 0x8000 | flags, body + raw) + content

    data = b"Rar!\x1a\x07\0" + block(0x73, volume, bytes(6))
    if comment:
        data += file(0x7A, "CMT", comment, 0x33)
    for name, content in members.items():
        data += file(0x74, name, content, method)
    return data + block(0x7B, 0, b"")


MEMBERS = {"卷/报告.txt": b"report", "b.txt": b"", "c.txt": b"x" * 5000}


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.7z", seven), ("a.rar", rarred), ("a.tar", tarred), ("0007", tarred), ("0007", seven),
        ("0007", rarred), ("a.dat", seven), ("a.tgz", lambda m: tarred(m, "w:gz")),
        ("a.tar.xz", lambda m: tarred(m, "w:xz")), ("a.bin", lambda m: tarred(m, "w:bz2")),
        ("a.tar.zst", lambda m: zstd.compress(tarred(m))),
        ("0007", lambda m: zstd.compress(tarred(m))),
    ],
)  # fmt: skip
def test_members_are_files_of_the_case(
    tmp_path: Path, name: str, make: Callable[[Mapping[str, bytes]], bytes]
) -> None:
    put(tmp_path / name, make(MEMBERS))
    found = scan(tmp_path)
    assert sorted(paths(found)) == sorted(f"{name}!/{member}" for member in MEMBERS)
    contents = {file.path: Path(file.location).read_bytes() for file in found.files}
    assert contents == {f"{name}!/{member}": data for member, data in MEMBERS.items()}
    assert [item.path for item in found.ignored] == [name]


def test_a_zip_without_its_ending_and_a_document_that_is_one(tmp_path: Path) -> None:
    for name, member in (("0007", "a.txt"), ("0008", "[Content_Types].xml"), ("9.jar", "a.txt")):
        with zipfile.ZipFile(tmp_path / name, "w") as package:
            package.writestr(member, b"1")
            if name == "9.jar":
                package.writestr("META-INF/MANIFEST.MF", b"")
    assert sorted(paths(scan(tmp_path))) == ["0007!/a.txt", "0008", "9.jar"]


@pytest.mark.parametrize(
    ("ending", "pack"),
    [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress),
     ("zst", zstd.compress)],
)  # fmt: skip
def test_a_single_compressed_file(
    tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    put(tmp_path / f"报告.txt.{ending}", pack(b"report"))
    found = scan(tmp_path)
    assert paths(found) == [f"报告.txt.{ending}!/报告.txt"]
    assert Path(found.files[0].location).read_bytes() == b"report"


def test_a_case_may_be_a_7z(tmp_path: Path) -> None:
    case = put(tmp_path / "案卷.7z", seven({"1/a.txt": b"1", "in.tar": tarred({"b.txt": b"2"})}))
    assert paths(scan(case)) == ["案卷.7z!/1/a.txt", "案卷.7z!/in.tar!/b.txt"]


def test_passwords_are_told(tmp_path: Path) -> None:
    put(tmp_path / "a.7z", seven({"a.txt": b"secret"}, password="geheim"))
    put(tmp_path / "b.rar", rarred({"a.txt": b"secret"}, flags=4))
    assert problems(scan(tmp_path)) == {"a.7z": "encrypted", "b.rar": "encrypted"}


def test_a_rar_that_no_program_unpacks_is_listed_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_tool(*args: object, **more: object) -> None:
        raise rarfile.RarCannotExec("no tool")

    monkeypatch.setattr(rarfile, "tool_setup", no_tool)
    put(tmp_path / "a.rar", rarred({"报告.docx": b"packed"}, method=0x33))
    found = scan(tmp_path)
    assert problems(found) == {"a.rar!/报告.docx": "unsupported"}
    assert found.files[0].problem is not None
    assert found.files[0].problem.detail.key == "scan.rar-program"


def test_a_rar_whose_comment_no_program_unpacks_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_tool(*args: object, **more: object) -> None:
        raise rarfile.RarCannotExec("no tool")

    monkeypatch.setattr(rarfile, "tool_setup", no_tool)
    put(tmp_path / "a.rar", rarred({"a.txt": b"1"}, comment=b"packed"))
    assert problems(scan(tmp_path)) == {"a.rar": "unsupported"}


def test_a_rar_leaves_no_copies_where_there_is_no_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_tool(*args: object, **more: object) -> None:
        raise rarfile.RarCannotExec("no tool")

    temporary, case = tmp_path / "temporary", tmp_path / "case"
    temporary.mkdir()
    case.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(rarfile, "tool_setup", no_tool)
    put(case / "a.rar", rarred({"报告.docx": b"packed"}, method=0x33))
    found = scan(case)
    assert problems(found) == {"a.rar!/报告.docx": "unsupported"}
    assert found.unpacked is not None
    found.unpacked.cleanup()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "first", "kind"),
    [
        ("卷.part2.rar", "卷.part1.rar", "unsupported"),
        ("卷.part02.rar", "卷.part01.rar", "unsupported"),
        ("卷.part02.rar", "卷.part1.rar", "damaged"),
        ("卷.r00", "卷.rar", "unsupported"),
        ("卷.rar", "另一卷.rar", "damaged"),
    ],
)
def test_a_further_volume_of_a_rar_is_lost_only_without_the_first(
    tmp_path: Path, name: str, first: str, kind: str
) -> None:
    put(tmp_path / first, rarred({"a.txt": b"1"}))
    put(tmp_path / name, rarred({"b.txt": b"2"}, volume=0x11))
    assert problems(scan(tmp_path)) == {f"{first}!/a.txt": None, name: kind}


def test_a_rar_whose_next_volume_is_missing_is_damaged(tmp_path: Path) -> None:
    put(tmp_path / "a.rar", rarred({"a.txt": b"1"}, flags=2, volume=1, more=9))
    (found,) = scan(tmp_path).files
    assert found.problem is not None
    assert (found.problem.kind, found.problem.detail.key) == ("damaged", "scan.volume")


def packed_otherwise(content: bytes, packed: bytes, method: int) -> bytes:
    """A ZIP of a member `a.txt` that another program has packed."""
    data = bytearray(zipped({"a.txt": packed}))
    for start, at in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        place = data.rindex(start) + at
        struct.pack_into("<H", data, place, method)
        struct.pack_into("<III", data, place + 6, zlib.crc32(content), len(packed), len(content))
    return bytes(data)


def test_what_windows_packs_in_its_own_way_is_unpacked(tmp_path: Path) -> None:
    content = "审计报告\n".encode() * 20_000
    deflater = inflate64.Deflater()
    packed = deflater.deflate(content) + deflater.flush()
    put(tmp_path / "a.zip", packed_otherwise(content, packed, 9))
    put(tmp_path / "b.zip", packed_otherwise(b"another", packed, 9))
    put(tmp_path / "c.zip", packed_otherwise(content, packed[:-40], 9))
    found = scan(tmp_path)
    kinds = {"a.zip!/a.txt": None, "b.zip!/a.txt": "damaged", "c.zip!/a.txt": "damaged"}
    assert problems(found) == kinds
    assert Path(found.files[0].location).read_bytes() == content


def test_a_method_that_nothing_unpacks_is_no_damage(tmp_path: Path) -> None:
    put(tmp_path / "a.zip", packed_otherwise(b"report", b"packed", 6))
    assert problems(scan(tmp_path)) == {"a.zip!/a.txt": "unsupported"}


def test_a_zip_may_stand_behind_the_program_that_unpacks_it(tmp_path: Path) -> None:
    put(tmp_path / "a.zip", b"#!/bin/sh\nexit\n" + zipped({"a.txt": b"1"}))
    assert problems(scan(tmp_path)) == {"a.zip!/a.txt": None}


@pytest.mark.parametrize("kind", ["damaged", "unsupported"])
def test_the_last_volume_of_a_zip_is_lost_only_without_the_others(
    tmp_path: Path, kind: str
) -> None:
    data = bytearray(zipped({"a.txt": b"x" * 400}))
    end = data.rindex(b"PK\5\6")
    data[end + 4 : end + 8] = struct.pack("<HH", 1, 1)
    put(tmp_path / "a.zip", bytes(data[200:]))
    if kind == "unsupported":
        put(tmp_path / "a.z01", b"PK\7\x08" + bytes(data[:200]))
    assert problems(scan(tmp_path))["a.zip"] == kind


def test_broken_bzip2_is_damaged(tmp_path: Path) -> None:
    put(tmp_path / "a.txt.bz2", bz2.compress(b"x" * 5000)[:20] + b"\xff" * 40)
    assert problems(scan(tmp_path)) == {"a.txt.bz2": "damaged"}


@pytest.mark.parametrize(
    "make",
    [
        seven, tarred, lambda m: tarred(m, "w:xz"),
        lambda m: gzip.compress(next(iter(m.values()))),
        lambda m: zstd.compress(tarred(m)), lambda m: zstd.compress(next(iter(m.values()))),
    ],
)  # fmt: skip
def test_bombs_are_not_unpacked(
    tmp_path: Path, make: Callable[[Mapping[str, bytes]], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make({"zeros": bytes(12 * 2**20)})
    put(tmp_path / "bomb", data)
    if len(data) > 2**20:
        monkeypatch.setattr(containers.limits, "MAX_RATIO", 0)
    (file,) = scan(tmp_path).files
    assert file.problem is not None
    assert (file.problem.kind, file.problem.detail.key) == ("limit", "scan.ratio")


@pytest.mark.parametrize(
    "make",
    [
        seven, rarred, tarred, lambda m: tarred(m, "w:gz"), lambda m: zstd.compress(tarred(m)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("part", range(1, 6))
def test_what_is_cut_off_is_a_problem_or_less_not_a_crash(
    tmp_path: Path, make: Callable[[Mapping[str, bytes]], bytes], part: int
) -> None:
    data = make({"a.txt": bytes(range(256)) * 40, "b.txt": b"b" * 3000})
    put(tmp_path / "a.bin", data[: len(data) * part // 6])
    found = scan(tmp_path)
    assert found.files
    assert set(problems(found).values()) <= {"damaged", None}


def test_no_member_leaves_its_container(tmp_path: Path) -> None:
    case = tmp_path / "case"
    case.mkdir()
    put(case / "a.tar", tarred({"../../evil.txt": b"1", "/abs.txt": b"2"}))
    put(case / "b.rar", rarred({"../../evil.txt": b"1"}))
    assert paths(scan(case)) == ["a.tar!/abs.txt", "a.tar!/evil.txt", "b.rar!/evil.txt"]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.tar", "b.rar", "case"]


def test_the_unicode_path_field_gives_the_name_where_it_belongs_to_it() -> None:
    def named(raw: bytes, check: bytes) -> str:
        info = zipfile.ZipInfo(raw.decode("cp437"))
        value = b"\1" + struct.pack("<I", zlib.crc32(check)) + "报告.txt".encode()
        info.extra = struct.pack("<HH", 0x7075, len(value)) + value
        return zips.member_name(info)

    raw = "甲.txt".encode("gbk")
    assert named(raw, raw) == "报告.txt"
    assert named(raw, b"another") == "甲.txt"
