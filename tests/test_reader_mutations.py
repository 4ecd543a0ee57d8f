"""What damage of any kind does to the readers of our own: a problem at most, never an exception."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from compound import compound
from test_reader_mail import outlook
from test_reader_ofd import members, packed
from test_reader_recording import film, sound
from test_reader_slides import TABLE, ppt, pptx, shape
from word97 import P, word97

from archive_check import readers
from archive_check.model import SourceFile

MAIL = (
    b"Subject: =?utf-8?B?5a6h6K6h?=\nFrom: a@b.cn\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/html; charset=gbk\n\n'
    b"<p>text</p>\n--x\nContent-Type: application/pdf; name*=utf-8''a.txt\n"
    b"Content-Transfer-Encoding: base64\n\nAAAA\n--x--\n"
)
SAMPLES = {
    "a.eml": MAIL,
    "a.msg": outlook(),
    "a.ppt": ppt(),
    "a.doc": word97([P([("text", b"")])] * 3),
    "a.xls": compound({"Workbook": bytes(5000)}),
    "a.pptx": pptx([shape("text"), TABLE], "notes"),
    "a.ofd": packed(members()),
    "a.mp4": film(),
    "a.wav": sound(),
}


def damaged(random_: random.Random, data: bytes) -> bytes:
    """Some bytes changed, taken out or doubled; of a package, in its parts or as a whole."""
    if data.startswith(b"PK") and random_.random() < 0.7:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
            victim = random_.choice(source.namelist())
            for name in source.namelist():
                part = source.read(name)
                target.writestr(name, scrambled(random_, part) if name == victim else part)
        return out.getvalue()
    return scrambled(random_, data)


def scrambled(random_: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(random_.choice((1, 1, 3, 10))):
        if not changed:
            break
        at, length = random_.randrange(len(changed)), random_.randrange(1, 40)
        new = random_.choice(
            (
                random_.randbytes(1), b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"",
                bytes(changed[at : at + length]) * 2,
            )
        )  # fmt: skip
        changed[at : at + (length if len(new) != 1 else 1)] = new
    return bytes(changed)


@pytest.mark.parametrize("name", SAMPLES)
def test_damage_is_a_problem_at_most(tmp_path: Path, name: str) -> None:
    random_ = random.Random(name)
    path = tmp_path / "file"
    whole = SAMPLES[name]
    for _ in range(60):
        data = damaged(random_, whole)
        path.write_bytes(data)
        found = readers.read(SourceFile(name, str(path), len(data)))
        assert found[0].path == name
        assert found[0].sha256 is not None
