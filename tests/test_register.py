"""The register of filed auditors: whatever table names them, and what is no register."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from archive_check.model import ArchiveCheckError, Document, Line, Table
from archive_check.recognise.team import team
from archive_check.register import Registered, load


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding)
    return path


def test_names_stand_under_their_header(tmp_path: Path) -> None:
    rows = ("聊城市内部审计人员备案名册", "序号,姓名,所在单位,备案编号", "1,李明,市教育局,A1",
            "2,王 芳,市水利局,A2", "合计,2,,")  # fmt: skip
    text = "\n".join(rows)
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        found = load(write(tmp_path / "register.csv", text, encoding))
        assert found == (Registered("李明", "市教育局"), Registered("王芳", "市水利局"))


def test_a_workbook_of_one_unit_names_it_above_the_table(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["内部审计人员备案登记表"],
        ["填报单位：东昌府区第一中学"],
        ["序号", "人员姓名", "职务"],
        [1, "欧阳修远", "主任"],
        [2, "赵敏（兼职）", "审计员"],
    ):
        sheet.append(row)
    book.save(tmp_path / "register.xlsx")
    unit = "东昌府区第一中学"
    assert load(tmp_path / "register.xlsx") == (
        Registered("欧阳修远", unit),
        Registered("赵敏", unit),
    )


def test_a_bare_column_of_names_is_a_register(tmp_path: Path) -> None:
    assert load(write(tmp_path / "names.csv", "李明\n王芳\n欧阳修远\n")) == (
        Registered("李明"),
        Registered("王芳"),
        Registered("欧阳修远"),
    )


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", "日期,金额\n2023,5\n".encode()])
def test_what_is_no_register_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "register.xlsx" if content[:2] == b"PK" else tmp_path / "register.csv"
    path.write_bytes(content)
    with pytest.raises(ArchiveCheckError):
        load(path)


def test_a_register_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ArchiveCheckError):
        load(tmp_path / "none.csv")


def document(*lines: str, tables: tuple[Table, ...] = ()) -> Document:
    return Document("n.docx", 1, "", None, lines=tuple(Line(x) for x in lines), tables=tables)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("六、审计组组长：李明；审计组成员：王芳、张 伟、欧阳修远。", "李明 王芳 张伟 欧阳修远"),
        ("审计组由李明（组长）、王芳、赵敏组成。", "李明 王芳 赵敏"),
        ("组长李明,主审王芳,成员赵敏、钱进等人", "李明 王芳 赵敏 钱进"),
        ("审计组由李明任组长，王芳、赵敏为成员，自2023年3月1日起实施审计", "李明 王芳 赵敏"),
        ("项目负责人　李明　　组员　王芳　赵敏", "李明 王芳 赵敏"),
        ("审计组成员应当遵守审计纪律，成员分工见附件。", ""),
        ("请你单位负责人周强安排专人配合。", ""),
    ],
)
def test_a_team_is_read_in_whatever_way_it_is_named(line: str, names: str) -> None:
    assert " ".join(team(document(line))) == names


def test_a_team_is_read_from_its_table() -> None:
    rows = (
        ("序号", "姓名", "职务", "分工"),
        ("1", "李明", "组长", "全面"),
        ("2", "王芳", "", "资金"),
    )
    assert team(document(tables=(Table(rows),))) == ("李明", "王芳")
    contacts = (("序号", "姓名", "电话"), ("1", "周强", "66"))
    assert team(document(tables=(Table(contacts),))) == ()
