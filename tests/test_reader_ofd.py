"""OFD: what it says of itself, its attachments, annotations, seals and signatures, its images."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from archive_check import readers
from archive_check.model import PICTURE, Document, SourceFile
from archive_check.readers.ofd_attached import page_images

Reading = Callable[[Mapping[str, str | bytes]], tuple[Document, ...]]
TEXT = (
    '<TextObject Boundary="20 20 60 6" Size="4"><TextCode X="0" Y="4" DeltaX="g 4 4">'
    "审计报告书</TextCode></TextObject>"
)
IMAGE = '<ImageObject Boundary="0 0 210 297" ResourceID="9"/>'


def members(
    content: str = TEXT, document: str = "", info: str = "", signed: bool = False
) -> dict[str, str | bytes]:
    signatures = "<Signatures>Doc_0/Signs/Signatures.xml</Signatures>" if signed else ""
    return {
        "OFD.xml": f"<OFD><DocBody><DocInfo>{info}</DocInfo><DocRoot>Doc_0/Document.xml</DocRoot>"
        f"{signatures}</DocBody></OFD>",
        "Doc_0/Document.xml": "<Document><CommonData><PageArea><PhysicalBox>0 0 210 297"
        f"</PhysicalBox></PageArea></CommonData><Pages><Page ID='1' BaseLoc='p.xml'/></Pages>"
        f"{document}</Document>",
        "Doc_0/p.xml": f"<Page><Content><Layer>{content}</Layer></Content></Page>",
    }


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    def read(parts: Mapping[str, str | bytes]) -> tuple[Document, ...]:
        path = tmp_path / "a.ofd"
        path.write_bytes(packed(parts))
        return readers.read(SourceFile("a.ofd", str(path), path.stat().st_size))

    return read


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def test_what_it_says_of_itself(reading: Reading) -> None:
    (found,) = reading(members(info="<Title>审计报告</Title><Author>李四</Author>"))
    assert found.properties == {"title": "审计报告", "author": "李四"}


def test_attachments_are_documents_with_their_ending(reading: Reading) -> None:
    parts = members(document="<Attachments>Attachs/Attachments.xml</Attachments>")
    parts["Doc_0/Attachs/Attachments.xml"] = (
        '<Attachments><Attachment ID="1" Name="清单"><FileLoc>list.txt</FileLoc></Attachment>'
        '<Attachment ID="2" Name="不在"><FileLoc>gone.txt</FileLoc></Attachment></Attachments>'
    )
    parts["Doc_0/Attachs/list.txt"] = "清单内容"
    found = reading(parts)
    assert [document.path for document in found] == ["a.ofd", "a.ofd!/清单.txt"]
    assert texts(found[1]) == ["清单内容"]


def test_annotations_show_their_text_and_stamps_but_no_watermark(reading: Reading) -> None:
    parts = members(document="<Annotations>Annots/Annotations.xml</Annotations>")
    parts["Doc_0/Annots/Annotations.xml"] = (
        '<Annotations><Page PageID="1"><FileLoc>p.xml</FileLoc></Page></Annotations>'
    )
    shown = TEXT.replace("审计报告书", "{}")
    parts["Doc_0/Annots/p.xml"] = (
        '<PageAnnot><Annot Type="Link" ID="3"><Appearance Boundary="0 100 100 20">'
        f'{shown.format("批注的文字")}</Appearance></Annot><Annot Type="Watermark" ID="4">'
        f'<Appearance Boundary="0 150 100 20">{shown.format("水印的文字")}</Appearance></Annot>'
        '<Annot Type="Stamp" ID="5"><Appearance Boundary="100 200 40 40">'
        '<ImageObject Boundary="0 0 40 40"/></Appearance></Annot></PageAnnot>'
    )
    (found,) = reading(parts)
    assert texts(found) == ["审计报告书", "批注的文字", PICTURE]
    assert found.sealed_pages == {1}


def der(tag: int, *contents: bytes) -> bytes:
    data = b"".join(contents)
    size = len(data)
    length = bytes((size,)) if size < 128 else bytes((0x82, size >> 8, size & 255))
    return bytes((tag,)) + length + data


def signed_parts(method: str, name: str) -> dict[str, str | bytes]:
    """A package with a seal over its page, signed with digests of a kind."""
    parts = members(signed=True)
    digest = base64.b64encode(hashlib.new(name, str(parts["Doc_0/p.xml"]).encode()).digest())
    parts["Doc_0/Signs/Signatures.xml"] = (
        '<Signatures><Signature ID="1" Type="Seal" BaseLoc="Sign_0/Signature.xml"/></Signatures>'
    )
    listed = (
        '<Signature><SignedInfo><Provider Company="maker"/>'
        '<StampAnnot ID="1" PageRef="1" Boundary="100 200 40 40"/>'
        f'<References CheckMethod="{method}"><Reference FileRef="/Doc_0/p.xml"><CheckValue>'
        f"{digest.decode()}</CheckValue></Reference></References></SignedInfo>"
        "<SignedValue>SignedValue.dat</SignedValue></Signature>"
    )
    parts["Doc_0/Signs/Sign_0/Signature.xml"] = listed
    seal = der(0x30, der(0x30, b""), der(0x16, b"1"), der(0x30, der(2, b"\1"),
               der(0x0C, "某县审计局公章".encode())))  # fmt: skip
    own = hashlib.new(name, listed.encode()).digest()
    parts["Doc_0/Signs/Sign_0/SignedValue.dat"] = der(
        0x30, der(0x30, der(2, b"\4"), der(0x30, seal), der(3, b"\0" + own))
    )
    return parts


@pytest.mark.parametrize(
    ("method", "name"),
    [("1.2.156.10197.1.401", "sm3"), ("SM3", "sm3"), ("SHA-256", "sha256"), ("MD5", "md5")],
)
def test_a_signature_matches_while_nothing_is_changed(
    reading: Reading, method: str, name: str
) -> None:
    if name not in hashlib.algorithms_available:
        pytest.skip(f"this system's library knows no {name}")
    parts = signed_parts(method, name)
    (found,) = reading(parts)
    (signature,) = found.signatures
    assert (signature.intact, signature.signer) == (True, "某县审计局公章")
    assert found.sealed_pages == {1}
    assert texts(found)[-1] == PICTURE
    parts["Doc_0/p.xml"] = str(parts["Doc_0/p.xml"]).replace("审计", "审査")
    (changed,) = reading(parts)
    assert changed.signatures[0].intact is False


def test_digests_that_were_put_right_afterwards_do_not_match_what_was_signed(
    reading: Reading,
) -> None:
    parts = signed_parts("SHA256", "sha256")
    parts["Doc_0/Signs/Sign_0/Signature.xml"] = str(
        parts["Doc_0/Signs/Sign_0/Signature.xml"]
    ).replace("maker", "other")
    (found,) = reading(parts)
    assert found.signatures[0].intact is False


@pytest.mark.parametrize("missing", ["Signature.xml", "SignedValue.dat"])
def test_a_signature_without_its_parts_is_not_judged(reading: Reading, missing: str) -> None:
    parts = signed_parts("MD5", "md5")
    del parts[f"Doc_0/Signs/Sign_0/{missing}"]
    (found,) = reading(parts)
    assert found.signatures[0].intact is None


def test_an_unknown_digest_is_not_judged(reading: Reading) -> None:
    parts = signed_parts("MD5", "md5")
    listed = str(parts["Doc_0/Signs/Sign_0/Signature.xml"])
    parts["Doc_0/Signs/Sign_0/Signature.xml"] = listed.replace("MD5", "GOST")
    (found,) = reading(parts)
    assert found.signatures[0].intact is None


def test_a_scanned_page_gives_its_image(reading: Reading, tmp_path: Path) -> None:
    parts = members(IMAGE)
    parts["Doc_0/Document.xml"] = str(parts["Doc_0/Document.xml"]).replace(
        "<PageArea>", "<DocumentRes>DocumentRes.xml</DocumentRes><PageArea>"
    )
    parts["Doc_0/DocumentRes.xml"] = (
        '<Res BaseLoc="Res"><MultiMedias><MultiMedia ID="9" Type="Image">'
        "<MediaFile>page.jpg</MediaFile></MultiMedia></MultiMedias></Res>"
    )
    parts["Doc_0/Res/page.jpg"] = b"picture"
    (found,) = reading(parts)
    assert found.traits == {"scan"}
    assert (found.text_read, found.properties["unread_pages"]) == (False, "1")
    assert list(page_images(tmp_path / "a.ofd", 1)) == [b"picture"]
    assert list(page_images(tmp_path / "a.ofd", 2)) == []
