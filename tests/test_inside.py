"""Files that travel in a document: materials of their own that go with it."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import zipfile
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

from archive_check.check import Options, check
from archive_check.model import CaseReport

CASE = Path(__file__).parent.parent / "fixtures" / "cases" / "compliant-sections"


def mail(subject: str, attached: dict[str, bytes]) -> bytes:
    made = MIMEMultipart()
    made["Subject"], made["Date"] = subject, "Mon, 6 Mar 2023 09:30:00 +0800"
    made.attach(MIMEText("请查收附件。"))
    for name, data in attached.items():
        part = MIMEApplication(data)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
        made.attach(part)
    return made.as_bytes()


def packed(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        for name, data in members.items():
            container.writestr(name, data)
    return buffer.getvalue()


def checked(case: Path) -> CaseReport:
    return check([case], Options(as_of=dt.date(2026, 1, 1), jobs=1)).cases[0]


def test_what_travels_in_a_letter_goes_with_it_and_breaks_no_rule_of_its_own(
    tmp_path: Path,
) -> None:
    case = tmp_path / "case"
    shutil.copytree(CASE, case)
    letter = max(case.glob("*/*.docx"), key=lambda path: path.as_posix())
    title = letter.stem.split(" ", 1)[-1]
    (letter.parent / f"{letter.stem}.eml").write_bytes(
        mail(
            title,
            {"资料.zip": packed({"甲.txt": "甲乙丙".encode()}), "乙.docx": letter.read_bytes()},
        )
    )
    letter.unlink()
    report = checked(case)
    outer = next(m for m in report.materials if m.path.endswith(".eml"))
    inner = [m for m in report.materials if m.path.startswith(f"{outer.path}!/")]
    assert [m.path.removeprefix(outer.path) for m in inner] == [
        "!/乙.docx", "!/资料.zip", "!/资料.zip!/甲.txt",
    ]  # fmt: skip
    assert {(m.group, m.role, m.section) for m in inner} == {
        (outer.group, "attachment", outer.section)
    }
    about = [f for f in report.findings if any("!/" in path for path in f.materials[:1])]
    assert {finding.rule for finding in about} <= {"AR01.5"}
