"""Signatures of Word documents: what was signed, by whose key, and whether it is still so."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from archive_check import readers
from archive_check.model import Signature, SourceFile
from fixtures.formats import write
from fixtures.model import Text
from fixtures.signing import SIGNER, signed_docx

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
