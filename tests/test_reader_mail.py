"""Mail files: what is shown, in which characters, and the files that travel along."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from compound import compound

from archive_check import readers
from archive_check.model import Document, SourceFile
from archive_check.readers import media

Reading = Callable[[str, bytes], tuple[Document, ...]]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    def read(name: str, data: bytes) -> tuple[Document, ...]:
        path = tmp_path / "file"
        path.write_bytes(data)
        return readers.read(SourceFile(name, str(path), len(data)))

    return read


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def test_a_message_has_subject_head_and_body_and_its_attachments_are_documents(
    reading: Reading,
) -> None:
    made = MIMEMultipart()
    made["Subject"] = "关于报送资料的函"
    made["From"], made["To"] = "a@b.cn", "c@d.cn"
    made["Date"] = "Mon, 6 Mar 2023 09:30:00 +0800"
    made.attach(MIMEText("资料清单见附件。\n张三", "plain", "gb18030"))
    part = MIMEApplication("说明".encode())
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", "说明: 1.txt"))
    made.attach(part)
    message, attached = reading("1.eml", made.as_bytes())
    assert message.media_type == media.EML
    assert texts(message) == [
        "关于报送资料的函", "From: a@b.cn", "To: c@d.cn", "Date: 2023-03-06 09:30+08:00",
        "资料清单见附件。", "张三",
    ]  # fmt: skip
    assert message.lines[0].size > message.lines[-1].size
    assert (attached.path, texts(attached)) == ("1.eml!/说明_ 1.txt", ["说明"])


def test_a_page_is_read_with_its_tables_and_its_pictures_are_no_attachments(
    reading: Reading,
) -> None:
    made = MIMEMultipart("related")
    made["Subject"] = "表"
    made.attach(
        MIMEText("<p>你好</p><table><tr><td>项目</td><td>金额</td></tr></table>"
                 "<img src='cid:logo'>", "html", "utf-8")
    )  # fmt: skip
    logo = MIMEImage(b"GIF89a", "gif")
    logo.add_header("Content-ID", "<logo>")
    made.attach(logo)
    (message,) = reading("1.eml", made.as_bytes())
    assert message.tables[0].rows == (("项目", "金额"),)
    assert "你好" in texts(message)


def test_smaller_character_sets_are_read_as_the_larger_ones(reading: Reading) -> None:
    raw = (
        b"Subject: =?gb2312?B?"
        + base64.b64encode("朱镕基审计".encode("gbk"))
        + b"?=\r\nFrom: a\r\nMIME-Version: 1.0\r\n"
        + b"Content-Type: text/plain; charset=gb2312\r\n"
        + b"Content-Transfer-Encoding: 8bit\r\n\r\n"
        + "镕".encode("gbk")
    )
    (message,) = reading("1.eml", raw)
    assert texts(message) == ["朱镕基审计", "From: a", "镕"]


def test_heads_without_any_encoding(reading: Reading) -> None:
    raw = "Subject: 审计通知\nMIME-Version: 1.0\n\n正文".encode("gb18030")
    (message,) = reading("1.eml", raw)
    assert texts(message) == ["审计通知", "正文"]


def test_a_message_in_a_message_is_a_document_with_its_own_attachments(reading: Reading) -> None:
    inner = MIMEMultipart()
    inner["Subject"] = "里"
    part = MIMEApplication(b"text")
    part.add_header("Content-Disposition", "attachment", filename="a.txt")
    inner.attach(part)
    outer = MIMEMultipart()
    outer["Subject"] = "外"
    outer.attach(MIMEMessage(inner))
    paths = [document.path for document in reading("1.eml", outer.as_bytes())]
    assert paths == ["1.eml", "1.eml!/里.eml", "1.eml!/里.eml!/a.txt"]


def test_an_encrypted_message_is_encrypted(reading: Reading) -> None:
    raw = (
        b"Subject: x\nMIME-Version: 1.0\n"
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nAAAA"
    )
    (message,) = reading("1.eml", raw)
    assert message.problem is not None
    assert message.problem.kind == "encrypted"


def test_a_web_archive_is_its_page(reading: Reading) -> None:
    raw = (
        "From: <Saved by Blink>\nSubject: 公告\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; boundary="x"\n\n--x\n'
        "Content-Type: text/html; charset=utf-8\nContent-Location: http://a.cn/\n\n"
        "<h1>审计结果公告</h1>\n--x\nContent-Type: image/png\n"
        "Content-Transfer-Encoding: base64\nContent-Location: http://a.cn/1.png\n\nAAAA\n--x--\n"
    ).encode()
    (page,) = reading("1.mht", raw)
    assert "审计结果公告" in texts(page)
    assert page.expected_type is None


def properties(fixed: dict[int, bytes], head: int) -> bytes:
    return bytes(head) + b"".join(
        struct.pack("<HHI8s", 0, number, 6, value) for number, value in fixed.items()
    )


def outlook() -> bytes:
    attachment = "__attach_version1.0_#00000000"
    nested = "__attach_version1.0_#00000001"
    inside = f"{nested}/__substg1.0_3701000D"
    sent = struct.pack("<Q", 133_225_794_000_000_000)
    return compound(
        {
            "__properties_version1.0": properties({0x39: sent}, 32),
            "__substg1.0_0037001F": "审计资料".encode("utf-16-le"),
            "__substg1.0_0C1A001E": "张三".encode("gb18030"),
            "__substg1.0_1000001F": "请查收。\r\n".encode("utf-16-le"),
            f"{attachment}/__properties_version1.0": properties({}, 8),
            f"{attachment}/__substg1.0_3707001F": "清单.txt".encode("utf-16-le"),
            f"{attachment}/__substg1.0_37010102": "清单内容".encode() * 1000,
            f"{nested}/__properties_version1.0": properties({}, 8),
            f"{inside}/__properties_version1.0": properties({}, 24),
            f"{inside}/__substg1.0_0037001F": "原邮件".encode("utf-16-le"),
            f"{inside}/__substg1.0_1000001F": "原文".encode("utf-16-le"),
        }
    )


def test_outlook_messages(reading: Reading) -> None:
    message, attached, nested = reading("1.msg", outlook())
    assert message.media_type == media.MSG
    assert texts(message) == ["审计资料", "From: 张三", "Date: 2023-03-06 12:30+00:00", "请查收。"]
    assert (attached.path, len(attached.text)) == ("1.msg!/清单.txt", 4000)
    assert (nested.path, texts(nested)) == ("1.msg!/原邮件.eml", ["原邮件", "原文"])
    assert reading("1.msg", outlook())[2].sha256 == nested.sha256


@pytest.mark.parametrize("part", range(1, 8))
def test_an_outlook_message_that_is_cut_off_is_no_crash(reading: Reading, part: int) -> None:
    data = outlook()
    (message, *_) = reading("1.msg", data[: len(data) * part // 8])
    assert message.problem is None or message.problem.kind in ("damaged", "empty", "unsupported")


@pytest.mark.parametrize(
    ("page", "script"),
    [
        ("<p>a</p><script>alert(1)</script>", True),
        ("<p onclick='run()'>a</p>", True),
        ("<a href='javascript:run()'>a</a>", True),
        ("<script>alert(1)</script>", True),
        ("<a href='javascript:void(0);'>a</a>", False),
        ("<script type='application/json'>{}</script>a", False),
        ("<style>p {color: red}</style><p>a</p>", False),
    ],
)
def test_pages_that_run_something(reading: Reading, page: str, script: bool) -> None:
    html = f"<html><body>{page}</body></html>"
    (document,) = reading("1.html", html.encode())
    assert ("script" in document.traits) is script
    head = (
        "Subject: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
    )
    parts = (("plain", "a"), ("html", html))
    body = "".join(f"--b\r\nContent-Type: text/{kind}\r\n\r\n{text}\r\n" for kind, text in parts)
    (message,) = reading("1.eml", f"{head}{body}--b--\r\n".encode())
    assert ("script" in message.traits) is script
