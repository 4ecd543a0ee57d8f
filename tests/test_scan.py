"""What a scan finds: order, junk, links, odd names, containers."""

from __future__ import annotations

import io
import os
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from archive_check import containers
from archive_check.model import ArchiveCheckError
from archive_check.scan import Scan, natural_key, scan, shown
from archive_check.texts import say


def put(path: Path, data: bytes = b"text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def paths(found: Scan) -> list[str]:
    return [file.path for file in found.files]


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in members.items():
            container.writestr(name, data)
    return buffer.getvalue()


def test_files_come_in_natural_order_with_sizes(tmp_path: Path) -> None:
    for name in ("10 报告.txt", "2 通知.txt", "b/1.txt", "b/03.txt", "b/2.txt", "１ 封面.txt"):
        put(tmp_path / name, b"12345")
    found = scan(tmp_path)
    assert paths(found) == [
        "１ 封面.txt", "2 通知.txt", "10 报告.txt", "b/1.txt", "b/2.txt", "b/03.txt",
    ]  # fmt: skip
    assert {file.size for file in found.files} == {5}
    assert all(Path(file.location).read_bytes() == b"12345" for file in found.files)


def test_an_empty_folder_is_a_case_without_files(tmp_path: Path) -> None:
    found = scan(tmp_path)
    assert (found.files, found.ignored, found.case_info) == ((), (), None)


@pytest.mark.parametrize("name", ["nothing", "note.txt"])
def test_what_is_no_case_is_refused(tmp_path: Path, name: str) -> None:
    put(tmp_path / "note.txt")
    with pytest.raises(ArchiveCheckError):
        scan(tmp_path / name)


def test_junk_is_told_from_material(tmp_path: Path) -> None:
    junk = ["Thumbs.db", "desktop.ini", ".DS_Store", "._01.docx", "~$01.docx", "a.tmp",
            "__MACOSX/sub/01.docx"]  # fmt: skip
    for name in [*junk, "01.docx", "archive-check.yaml", "sub/archive-check.yaml"]:
        put(tmp_path / name)
    found = scan(tmp_path)
    assert paths(found) == ["01.docx", "sub/archive-check.yaml"]
    assert {item.path for item in found.ignored if item.junk} == set(junk)
    assert [item.path for item in found.ignored if not item.junk] == ["archive-check.yaml"]
    assert found.case_info == tmp_path / "archive-check.yaml"
    assert all(say("zh", item.why) and say("en", item.why) for item in found.ignored)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_and_special_files_are_not_followed(tmp_path: Path) -> None:
    case = tmp_path / "case"
    put(case / "a.txt")
    put(tmp_path / "outside/secret.txt")
    (case / "circle").symlink_to(case)
    (case / "out").symlink_to(tmp_path / "outside")
    (case / "same.txt").symlink_to(case / "a.txt")
    (case / "broken.txt").symlink_to(case / "nowhere")
    os.mkfifo(case / "pipe")
    found = scan(case)
    assert paths(found) == ["a.txt"]
    reasons = {item.path: item.why.key for item in found.ignored}
    assert reasons == {
        "circle": "scan.link", "out": "scan.link", "same.txt": "scan.link",
        "broken.txt": "scan.link", "pipe": "scan.special",
    }  # fmt: skip
    assert not any(item.junk for item in found.ignored)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_utf8_stay_openable_and_encodable(tmp_path: Path) -> None:
    odd = os.fsdecode(b"\xc9\xf3\xbc\xc6.txt")
    (tmp_path / odd).write_bytes(b"gbk")
    put(tmp_path / "a\nb\x07.txt")
    found = scan(tmp_path)
    for file in found.files:
        file.path.encode("utf-8")
        assert Path(file.location).read_bytes()
    assert paths(found) == [r"\xc9\xf3\xbc\xc6.txt", "a\nb\x07.txt"]


def test_shown_names_can_be_told_apart() -> None:
    assert shown("\udcc9") == r"\xc9"
    assert shown(r"\xc9") == r"\x5cxc9"
    assert shown("\ud800") == r"\ud800"
    assert shown(r"plain\name") == r"plain\name"


def test_composed_and_decomposed_names_sort_alike_and_stay_as_they_are(tmp_path: Path) -> None:
    assert natural_key("e\u0301")[0] == natural_key("\xe9")[0]
    put(tmp_path / "re\u0301sume\u0301.txt")
    assert paths(scan(tmp_path)) == ["re\u0301sume\u0301.txt"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read anything")
def test_an_unreadable_folder_is_a_problem_not_the_end(tmp_path: Path) -> None:
    put(tmp_path / "locked/a.txt")
    put(tmp_path / "b.txt")
    (tmp_path / "locked").chmod(0)
    try:
        found = scan(tmp_path)
    finally:
        (tmp_path / "locked").chmod(0o700)
    problems = {file.path: file.problem and file.problem.kind for file in found.files}
    assert problems == {"locked": "unreadable", "b.txt": None}


def test_a_folder_that_goes_away_during_the_scan_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "gone/a.txt")
    real = os.scandir

    def scandir(path: str) -> object:
        if Path(path).name == "gone":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    (file,) = scan(tmp_path).files
    assert file.path == "gone"
    assert file.problem is not None
    assert file.problem.kind == "unreadable"
    assert str(tmp_path) not in say("en", file.problem.detail)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("审计/报告.txt".encode("gb18030"), "审计/报告.txt"),
        ("审计/报告.txt".encode(), "审计/报告.txt"),
        (b"plain.txt", "plain.txt"),
    ],
)
def test_zip_names_without_a_flag(tmp_path: Path, raw: bytes, name: str) -> None:
    placeholder = "x" * len(raw)
    data = zipped({placeholder: b"hello"}).replace(placeholder.encode(), raw)
    put(tmp_path / "卷.zip", data)
    found = scan(tmp_path)
    assert paths(found) == [f"卷.zip!/{name}"]
    assert Path(found.files[0].location).read_bytes() == b"hello"
    assert [item.path for item in found.ignored] == ["卷.zip"]


def test_no_member_leaves_its_container(tmp_path: Path) -> None:
    case = tmp_path / "case"
    members = {"../../evil.txt": b"1", "/abs.txt": b"2", "..\\win.txt": b"3", "a/./b.txt": b"4"}
    put(case / "x.zip", zipped(members))
    found = scan(case)
    assert paths(found) == ["x.zip!/a/b.txt", "x.zip!/abs.txt", "x.zip!/evil.txt", "x.zip!/win.txt"]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["case", "x.zip"]


def test_unpacked_files_are_removed_with_the_scan(tmp_path: Path) -> None:
    put(tmp_path / "x.zip", zipped({"a.txt": b"1"}))
    found = scan(tmp_path)
    place = Path(found.files[0].location)
    assert place.exists()
    assert tmp_path not in place.parents
    del found
    assert not place.exists()


def test_the_case_may_be_a_container_itself(tmp_path: Path) -> None:
    inner = zipped({"b.txt": b"2", "Thumbs.db": b"3"})
    case = put(tmp_path / "案卷.zip", zipped({"1/a.txt": b"1", "附件.zip": inner}))
    found = scan(case)
    assert paths(found) == ["案卷.zip!/1/a.txt", "案卷.zip!/附件.zip!/b.txt"]
    assert [item.path for item in found.ignored if item.junk] == ["案卷.zip!/附件.zip!/Thumbs.db"]


def test_a_container_brings_its_case_information(tmp_path: Path) -> None:
    case = put(
        tmp_path / "c.zip", zipped({"卷/archive-check.yaml": b"year: 2024", "卷/a.txt": b"1"})
    )
    found = scan(case)
    assert paths(found) == ["c.zip!/卷/a.txt"]
    assert found.case_info is not None
    assert found.case_info.read_bytes() == b"year: 2024"


def test_tar_members(tmp_path: Path) -> None:
    case = tmp_path / "case"
    case.mkdir()
    with tarfile.open(case / "x.tar.gz", "w:gz") as container:
        for name, data in (("d/a.txt", b"one"), ("../b.txt", b"two")):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            container.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        container.addfile(link)
    found = scan(case)
    assert paths(found) == ["x.tar.gz!/b.txt", "x.tar.gz!/d/a.txt"]
    assert {item.path: item.why.key for item in found.ignored} == {
        "x.tar.gz": "scan.container", "x.tar.gz!/link": "scan.link",
    }  # fmt: skip


def test_bombs_are_not_unpacked(tmp_path: Path) -> None:
    put(tmp_path / "bomb.zip", zipped({"zeros": bytes(50 * 2**20)}))
    (file,) = scan(tmp_path).files
    assert file.problem is not None
    assert (file.problem.kind, file.problem.detail.key) == ("limit", "scan.ratio")


def test_counts_sizes_and_depth_are_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = zipped({"a": b"1", "b": b"2"})
    for _ in range(containers.MAX_DEPTH):
        data = zipped({"in.zip": data})
    put(tmp_path / "deep.zip", data)
    (file,) = scan(tmp_path).files
    assert file.problem is not None
    assert file.problem.detail.key == "scan.deep"
    for budget, key in (
        (containers.Budget(members=1), "scan.too-many"),
        (containers.Budget(total=1), "scan.too-large"),
    ):
        target = tmp_path / key
        target.mkdir()
        with pytest.raises(containers.ContainerError) as raised:
            containers.unpack(
                put(tmp_path / "two.zip", zipped({"a": b"1", "b": b"2"})), "zip", target, budget
            )
        assert raised.value.problem.detail.key == key


def test_broken_and_encrypted_containers_stay_files(tmp_path: Path) -> None:
    whole = zipped({"a.txt": b"text" * 1000})
    put(tmp_path / "cut.zip", whole[: len(whole) // 2])
    flagged = bytearray(zipped({"secret.txt": b"text"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flagged[flagged.find(mark) + at] |= 1
    put(tmp_path / "locked.zip", bytes(flagged))
    put(tmp_path / "x.7z", b"7z\xbc\xaf\x27\x1c")
    problems = {f.path: f.problem and f.problem.kind for f in scan(tmp_path).files}
    assert problems == {
        "cut.zip": "damaged", "locked.zip!/secret.txt": "encrypted", "x.7z": "damaged",
    }  # fmt: skip


def test_an_office_document_called_zip_is_one_file(tmp_path: Path) -> None:
    put(tmp_path / "report.zip", zipped({"[Content_Types].xml": b"<Types/>", "word/x.xml": b""}))
    assert paths(scan(tmp_path)) == ["report.zip"]


def test_names_that_repeat_in_a_container_are_kept_apart(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container, pytest.warns(UserWarning):
        container.writestr("a.txt", b"1")
        container.writestr("a.txt", b"2")
    put(tmp_path / "x.zip", buffer.getvalue())
    found = scan(tmp_path)
    assert paths(found) == ["x.zip!/a.txt", "x.zip!/a.txt (2)"]
    assert [Path(file.location).read_bytes() for file in found.files] == [b"1", b"2"]
