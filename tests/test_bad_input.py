"""Bad input through the real command: its exit status, one clear line or finding, no traceback,
and the case as it was."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "fixtures" / "cases" / "compliant-sections"
SCHEMA = json.loads((ROOT / "archive_check/reports/report.schema.json").read_text("utf-8"))
AS_OF = ("--as-of", "2024-06-30")
posix = pytest.mark.skipif(os.name == "nt", reason="names and links as POSIX has them")
needs_permissions = pytest.mark.skipif(
    os.name == "nt" or (os.geteuid() == 0 and sys.platform != "linux"),
    reason="permissions do not hold for this user",
)

Tree = Mapping[bytes, tuple[object, ...]]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case of a few sound papers."""
    folder = tmp_path / "案卷"
    (folder / "3立项类").mkdir(parents=True)
    papers = sorted((SAMPLES / "3立项类").glob("*.docx"))
    assert len(papers) > 3
    for paper in papers[:3]:
        shutil.copy(paper, folder / "3立项类")
    return folder


@pytest.fixture
def unlock(tmp_path: Path) -> Iterator[None]:
    """Folders may be entered again after the test, else they could not be removed."""
    yield
    for folder, folders, _ in os.walk(tmp_path):
        for name in folders:
            if not Path(folder, name).is_symlink():
                Path(folder, name).chmod(0o755)


def tree(root: Path) -> Tree:
    """Everything below a folder: names, kinds, bytes and times of change, links unfollowed."""
    found: dict[bytes, tuple[object, ...]] = {}
    for folder, folders, files in os.walk(os.fsencode(root)):
        for name in (*folders, *files):
            path = os.path.join(folder, name)  # noqa: PTH118 (bytes: names may be no text)
            status = os.lstat(path)
            content: object = None
            if stat.S_ISLNK(status.st_mode):
                content = os.readlink(path)  # noqa: PTH115
            elif stat.S_ISREG(status.st_mode) and os.access(path, os.R_OK):
                content = Path(os.fsdecode(path)).read_bytes()
            found[path] = (status.st_mode, status.st_mtime_ns, status.st_size, content)
    return found


def command(*arguments: object, humble: bool = False) -> tuple[int, str, str]:
    """Status, standard output and error of the command; `humble`: permissions hold for it."""
    given = [os.fsencode(part) if isinstance(part, Path) else str(part) for part in arguments]
    done = subprocess.run(
        [sys.executable, "-m", "archive_check", *given],
        capture_output=True, timeout=120, preexec_fn=_give_up_powers if humble else None,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def _give_up_powers() -> None:
    """Root without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH is a user like any other."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (1, 2):
            libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP of linux/prctl.h


def refused(*arguments: object, humble: bool = False) -> str:
    """The one line that a command is refused with (exit 2), without the program's name."""
    status, out, err = command("check", *arguments, humble=humble)
    assert (status, out) == (2, ""), err
    assert err.startswith("archive-check: ")
    assert err.count("\n") == 1, err
    return err.removeprefix("archive-check: ").rstrip("\n")


def checked(case: Path, *arguments: object, humble: bool = False) -> Any:
    """The JSON report of a case that must be checked to the end, and left as it was."""
    before = tree(case)
    status, out, err = command(
        "check", case, "--format", "json", "--lang", "en", *AS_OF, *arguments, humble=humble
    )
    assert tree(case) == before
    assert (status, err) == (1, "")
    report = json.loads(out)
    Draft202012Validator(SCHEMA).validate(report)
    (found,) = report["cases"]
    paths = [row["path"] for row in (*found["materials"], *found["ignored"])]
    assert len(paths) == len(set(paths))
    return found


def rules_on(found: Any, path: str) -> set[str]:
    return {f["rule"] for f in found["findings"] if f["materials"][:1] == [path]}


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    missing = tmp_path / "没有\n此案卷"
    assert refused(missing, "--lang", "en") == f"no such case: {tmp_path}/没有 此案卷"
    assert refused(missing).startswith("找不到案卷：")
    assert not missing.exists()


def test_a_file_instead_of_a_folder(case: Path) -> None:
    paper = next(case.rglob("*.docx"))
    before = tree(case)
    assert "neither a folder nor" in refused(paper, "--lang", "en")
    assert "既不是文件夹" in refused(paper)
    assert tree(case) == before


def test_a_container_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "case.zip").write_bytes(b"PK\x03\x04 and no more")
    line = refused(tmp_path / "case.zip", "--lang", "en")
    assert line.startswith(f"cannot open the case {tmp_path}/case.zip: the container is damaged")


def test_an_empty_folder_lacks_everything(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    found = checked(empty)
    assert (found["verdict"], found["materials"], found["ignored"]) == ("deficient", [], [])
    assert {"CQ57.11", "CQ57.33"} <= {finding["rule"] for finding in found["findings"]}
    assert not any(finding["materials"] for finding in found["findings"])
    assert list(empty.iterdir()) == []
    assert found["notes"] == ["there is no file in the folder; is it the right one?"]


@needs_permissions
def test_a_folder_without_permission(tmp_path: Path, unlock: None) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0)
    before = tree(tmp_path)
    line = refused(locked, "--lang", "en", humble=True)
    assert line == f"cannot open the case {locked}: Permission denied"
    assert refused(locked, humble=True).startswith("无法打开案卷")
    inside = refused(locked / "case", "--lang", "en", humble=True)
    assert inside == f"cannot open the case {locked}/case: Permission denied"
    assert tree(tmp_path) == before


@needs_permissions
def test_what_may_not_be_read_in_a_case_is_a_finding(case: Path, unlock: None) -> None:
    (case / "locked").mkdir()
    shutil.copy(next(case.rglob("*.docx")), case / "secret.docx")
    (case / "secret.docx").chmod(0)
    (case / "locked").chmod(0)
    found = checked(case, humble=True)
    assert "AR01.1" in rules_on(found, "secret.docx")
    assert "AR01.1" in rules_on(found, "locked")


def damaged() -> bytes:
    return next(SAMPLES.rglob("*.docx")).read_bytes()[:4000]


def locked_pdf() -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("04 审计方案.docx", damaged, "AR01.1"),
        ("05 审计通知书.pdf", locked_pdf, "AR01.2"),
        ("06 会议记录.docx", bytes, "AR01.3"),
    ],
)
def test_a_bad_file_is_a_finding(
    case: Path, name: str, content: Callable[[], bytes], rule: str
) -> None:
    (case / "3立项类" / name).write_bytes(content())
    found = checked(case)
    path = f"3立项类/{name}"
    (finding,) = [f for f in found["findings"] if f["materials"] == [path] and f["rule"] == rule]
    assert finding["severity"] == "error"
    assert finding["evidence"]
    (row,) = [row for row in found["materials"] if row["path"] == path]
    assert row["bytes"] == len(content())
    assert len(found["materials"]) == 4


@posix
def test_names_that_no_one_would_give(case: Path) -> None:
    """What they look like is told, never done: no control character reaches the terminal."""
    sound = next(case.rglob("*.docx")).read_bytes()
    for number, name in enumerate(
        (b"a\x1b[31m\n\x07.docx", b"b\xff\xfe.docx", b"c\xe2\x80\xae.docx")
    ):
        path = os.path.join(os.fsencode(case), name)  # noqa: PTH118
        try:
            Path(os.fsdecode(path)).write_bytes(sound[:-1] + bytes([number]))
        except OSError:
            pytest.skip("this file system takes no such names")
    found = checked(case)
    paths = {row["path"] for row in found["materials"]}
    assert {"a\x1b[31m\n\x07.docx", "b\\xff\\xfe.docx", "c\u202e.docx"} <= paths
    before = tree(case)
    status, out, err = command("check", case, *AS_OF)
    assert (status, err) == (1, "")
    assert not {"\x1b", "\x07", "\u202e"} & set(out)
    assert tree(case) == before


@posix
def test_links_are_not_followed(case: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("秘密")
    for name, target in {
        "out": outside, "out.txt": outside / "secret.txt", "circle": case, "none": case / "none",
    }.items():  # fmt: skip
        (case / name).symlink_to(target)
    found = checked(case)
    ignored = {item["path"]: item["why"] for item in found["ignored"]}
    assert set(ignored) == {"out", "out.txt", "circle", "none"}
    assert all("link" in why for why in ignored.values())
    assert len(found["materials"]) == 3
    (note,) = (note for note in found["notes"] if "links" in note)
    assert "circle, none, out, out.txt" in note
    out = command("check", case, *AS_OF)[1]
    assert "链接所指的内容未检查" in out.partition("说明\n")[2]


def test_a_case_that_is_a_link_is_the_folder_it_leads_to(case: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    try:
        link.symlink_to(case, target_is_directory=True)
    except OSError:
        pytest.skip("links can't be made here")
    assert checked(link)["materials"] == checked(case)["materials"]


@needs_permissions
def test_an_output_that_may_not_be_written_is_told_before_the_work(
    tmp_path: Path, unlock: None
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    (locked / "old.json").write_text("old")
    locked.chmod(0o555)
    before = tree(tmp_path)
    for name in ("new.json", "old.json"):
        # The case that there is not would be told of by the work.
        given = (tmp_path / "none", "--output", locked / name)
        line = refused(*given, "--lang", "en", humble=True)
        assert line == f"the folder {locked} of --output {locked / name} may not be written to"
        assert "没有写入权限" in refused(*given, humble=True)
    assert tree(tmp_path) == before
    locked.chmod(0o755)
    line = refused(tmp_path / "none", "--output", locked / "old.json", "--lang", "en", humble=True)
    assert line.startswith("no such case")
    assert (locked / "old.json").read_text() == "old"


@pytest.mark.parametrize("inside", [True, False])
def test_an_unknown_key_in_the_case_information(case: Path, tmp_path: Path, inside: bool) -> None:
    info = (case if inside else tmp_path) / "archive-check.yaml"
    info.write_text("project: 某项目\nretension: 永久\n", "utf-8")
    before = tree(case)
    given = () if inside else ("--case-info", info)
    line = refused(case, "--lang", "en", *given)
    assert str(info) in line
    assert line.endswith("unknown key retension, did you mean retention?")
    assert "没有 retension 这个键" in refused(case, *given)
    assert tree(case) == before


def test_a_rule_with_a_misspelt_field(case: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "pack.yaml").write_text('id: own\nversion: "1"\ntitle: {zh: 自定, en: Own}\n', "utf-8")
    (pack / "1.yaml").write_text(
        """\
- id: OW1.1
  title: {zh: 题, en: Title}
  severity: error
  cites: [{label: {zh: 通用, en: General}}]
  when:
    all:
      - pair: {relation: attachment, in_ordre: false}
  message: {zh: 错, en: Wrong}
  remedy: {zh: 改, en: Mend}
  examples:
    fail: [[{pair: {relation: attachment, in_order: false}}]]
    pass: [[{pair: {relation: attachment, in_order: true}}]]
""",
        "utf-8",
    )
    before = tree(case)
    line = refused(case, "--pack", pack)
    assert line.startswith(f"{pack}/1.yaml:7: ")
    assert "in_ordre" in line
    assert "in_order" in line.replace("in_ordre", "")
    assert tree(case) == before
