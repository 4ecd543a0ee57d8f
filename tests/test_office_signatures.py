"""Signatures of Office documents: what was signed, by whose key, and whether it is still so."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from archive_check import readers
from archive_check.model import Signature, SourceFile, said
from archive_check.readers import media
from fixtures.formats import write
from fixtures.model import Grid, Text
from fixtures.signing import SIGNER, signed_docx, signed_package

Change = Callable[[str, bytes], bytes]


@pytest.fixture
def signature(tmp_path: Path) -> Callable[[Change], Signature]:
    """The signature of a signed document after a change of its parts."""

    def read(change: Change) -> Signature:
        content = signed_docx(write((Text("审计报告", "title"), Text("正文。")), "docx"))
        path = tmp_path / "a.docx"
        with ZipFile(BytesIO(content)) as old, ZipFile(path, "w") as new:
            for name in old.namelist():
                new.writestr(name, change(name, old.read(name)))
        (document,) = readers.read(SourceFile("a.docx", str(path), path.stat().st_size))
        (found,) = document.signatures
        return found

    return read


def replacing(part: str, old: bytes, new: bytes) -> Change:
    def change(name: str, data: bytes) -> bytes:
        assert name != part or old in data
        return data.replace(old, new, 1) if name == part else data

    return change


def test_document_as_it_was_signed(signature: Callable[[Change], Signature]) -> None:
    found = signature(lambda name, data: data)
    assert (found.intact, found.signer, found.detail) == (True, SIGNER, None)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (replacing("word/document.xml", "正文".encode(), "改文".encode()), "signature-part"),
        (replacing("word/_rels/document.xml.rels", b'Target="', b'Target="x'), "signature-part"),
        (replacing("_xmlsignatures/sig1.xml", b'Id="idPackageObject">', b'Id="idPackageObject"> '),
         "signature-digest"),
        (replacing("_xmlsignatures/sig1.xml", b"rsa-sha256", b"rsa-sha512"), "signature-value"),
    ],
    ids=["text", "relation", "list of what is signed", "algorithm"],
)  # fmt: skip
def test_document_changed_after_signing(
    change: Change, key: str, signature: Callable[[Change], Signature]
) -> None:
    found = signature(change)
    assert found.intact is False
    assert found.detail is not None and found.detail.key == f"reading.{key}"


@pytest.mark.parametrize(
    "change",
    [
        replacing("_xmlsignatures/sig1.xml", b"xmlenc#sha256", b"xmlenc#unheard"),
        replacing("_xmlsignatures/sig1.xml", b"<X509Certificate>", b"<X509Certificate>AA"),
        replacing("_xmlsignatures/sig1.xml", b"X509Certificate", b"Other"),
        lambda name, data: b"<Signature/>" if name.startswith("_xml") else data,
        lambda name, data: b"" if name.startswith("_xml") else data,
    ],
    ids=["digest", "broken certificate", "no certificate", "nothing in it", "no bytes"],
)
def test_what_is_not_understood_is_not_judged(
    change: Change, signature: Callable[[Change], Signature]
) -> None:
    found = signature(change)
    assert found.intact is None
    assert found.detail is not None and found.detail.key == "reading.signature-unverified"


def test_relations_that_were_not_signed_may_change(
    signature: Callable[[Change], Signature],
) -> None:
    more = b'<Relationship Id="zz" Type="t" Target="x.xml"/></Relationships>'
    change = replacing("word/_rels/document.xml.rels", b"</Relationships>", more)
    assert signature(change).intact is True


# Workbooks and slides


def workbook() -> bytes:
    rows = ("序号", "题名"), ("1", "审计报告")
    return write((Text("卷内文件目录", "title"), Grid(rows)), "xlsx")


def slides() -> bytes:
    """A presentation of one slide."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    paragraph = "<a:p><a:r><a:t>审计报告</a:t></a:r></a:p>"
    parts = {
        "[Content_Types].xml": '<Types><Override PartName="/ppt/presentation.xml" '
        f'ContentType="{media.PPTX}.main+xml"/></Types>',
        "ppt/presentation.xml": '<p:presentation xmlns:p="p" '
        f'xmlns:r="{office}"><p:sldIdLst><p:sldId r:id="r1"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{RELATED}"><Relationship '
        f'Id="r1" Type="{office}/slide" Target="slides/slide1.xml"/></Relationships>',
        "ppt/slides/slide1.xml": '<p:sld xmlns:p="p" xmlns:a="http://schemas.openxmlformats.org/'
        'drawingml/2006/main"><p:spTree><p:sp><p:txBody>'
        f"{paragraph}</p:txBody></p:sp></p:spTree></p:sld>",
    }
    out = BytesIO()
    with ZipFile(out, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
BOOK = ("xl/workbook.xml", "xl/worksheets/sheet1.xml")
SHOW = ("ppt/presentation.xml", "ppt/slides/slide1.xml")


def read(folder: Path, name: str, content: bytes) -> Signature:
    path = folder / name
    path.write_bytes(content)
    (document,) = readers.read(SourceFile(name, str(path), len(content)))
    (found,) = document.signatures
    return found


def changed(content: bytes, part: str) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + (b"\n" if name == part else b""))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "parts"), [("a.xlsx", workbook, BOOK), ("a.pptx", slides, SHOW)]
)
def test_workbooks_and_slides(
    name: str, content: Callable[[], bytes], parts: tuple[str, ...], tmp_path: Path
) -> None:
    signed = signed_package(content(), *parts)
    found = read(tmp_path, name, signed)
    assert (found.intact, found.signer, found.detail) == (True, SIGNER, None)
    for part in parts:
        found = read(tmp_path, name, changed(signed, part))
        assert found.intact is False
        assert found.detail == said("reading.signature-part", part=part)
    # What was not signed may say anything.
    found = read(tmp_path, name, signed_package(content(), *parts[:1]))
    assert found.intact is None
    assert found.detail == said("reading.signature-unverified", detail=parts[1])
