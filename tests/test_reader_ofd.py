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
from archive_check.model import PICTURE, Document, SourceFile, said
from archive_check.readers import sm2
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


SECRET, ONCE = 0x1234567890ABCDEF, 0xFEDCBA0987654321
SM2_WITH_SM3 = bytes.fromhex("2a811ccf55018375")


def number(value: int) -> bytes:
    return der(2, value.to_bytes(33, "big"))


def public() -> sm2.Point:
    point = sm2._times(SECRET, sm2._G)
    assert point is not None
    return point


def signature(message: bytes) -> tuple[int, int]:
    """GB/T 32918.2-2016, 6.1, with numbers that are anything but secret."""
    key, point = public(), sm2._times(ONCE, sm2._G)
    assert point is not None
    r = (sm2.digest(key, message) + point[0]) % sm2._N
    return r, pow(1 + SECRET, -1, sm2._N) * (ONCE - r * SECRET) % sm2._N


def certificate() -> bytes:
    point = b"\0\4" + b"".join(part.to_bytes(32, "big") for part in public())
    kind = der(6, bytes.fromhex("2a8648ce3d0201")) + der(6, bytes.fromhex("2a811ccf5501822d"))
    key = der(0x30, der(0x30, kind), der(3, point))
    before = [der(0xA0, der(2, b"\2")), der(2, b"\1"), *[der(0x30)] * 4]
    return der(0x30, der(0x30, *before, key), der(0x30), der(3, b"\0"))


def old_value(digest: bytes, seal: bytes, algorithm: bytes) -> bytes:
    """A signed value as in GM/T 0031-2014."""
    signed = der(0x30, der(2, b"\1"), seal, der(3, b"\0"), der(3, b"\0" + digest), der(0x16),
                 der(4, certificate()), der(6, algorithm))  # fmt: skip
    numbers = der(0x30, *map(number, signature(signed)))
    return der(0x30, signed, der(3, b"\0" + numbers))


def new_value(digest: bytes, seal: bytes, algorithm: bytes) -> bytes:
    """A signed value as in GB/T 38540-2020, its numbers written without any structure."""
    signed = der(0x30, der(2, b"\4"), seal, der(0x18), der(3, b"\0" + digest), der(0x16))
    numbers = b"".join(n.to_bytes(32, "big") for n in signature(signed))
    return der(0x30, signed, der(4, certificate()), der(6, algorithm), der(3, b"\0" + numbers))


Value = Callable[[bytes, bytes, bytes], bytes]


def signed_parts(
    method: str, name: str, value: Value = new_value, algorithm: bytes = SM2_WITH_SM3
) -> dict[str, str | bytes]:
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
    seal = der(0x30, der(0x30, der(0x30, b""), der(0x16, b"1"), der(0x30, der(2, b"\1"),
               der(0x0C, "某县审计局公章".encode()))))  # fmt: skip
    own = hashlib.new(name, listed.encode()).digest()
    parts["Doc_0/Signs/Sign_0/SignedValue.dat"] = value(own, seal, algorithm)
    return parts


LISTED, VALUE = (f"Doc_0/Signs/Sign_0/{name}" for name in ("Signature.xml", "SignedValue.dat"))
knows_sm3 = pytest.mark.skipif(not sm2.available(), reason="this system's library knows no SM3")


@knows_sm3
@pytest.mark.parametrize("value", [old_value, new_value])
@pytest.mark.parametrize(
    ("method", "name"),
    [("1.2.156.10197.1.401", "sm3"), ("SM3", "sm3"), ("SHA-256", "sha256"), ("MD5", "md5")],
)
def test_a_signature_matches_while_nothing_is_changed(
    reading: Reading, method: str, name: str, value: Value
) -> None:
    parts = signed_parts(method, name, value)
    (found,) = reading(parts)
    (signature,) = found.signatures
    assert (signature.intact, signature.signer) == (True, "某县审计局公章")
    assert found.sealed_pages == {1}
    assert texts(found)[-1] == PICTURE
    parts["Doc_0/p.xml"] = str(parts["Doc_0/p.xml"]).replace("审计", "审査")
    (changed,) = reading(parts)
    assert changed.signatures[0].intact is False


@knows_sm3
def test_a_digest_that_was_put_right_was_not_signed_with_the_key(reading: Reading) -> None:
    parts = signed_parts("SHA256", "sha256")
    value, listed = parts[VALUE], str(parts[LISTED])
    assert isinstance(value, bytes)
    changed = listed.replace("maker", "other")
    before, after = (hashlib.sha256(text.encode()).digest() for text in (listed, changed))
    parts |= {LISTED: changed, VALUE: value.replace(before, after)}
    (found,) = reading(parts)
    assert found.signatures[0].intact is False
    assert found.signatures[0].detail == said("reading.signature-value")


@knows_sm3
def test_an_algorithm_that_is_not_known_is_not_judged(reading: Reading) -> None:
    (found,) = reading(signed_parts("SHA256", "sha256", algorithm=b"\x2a\3"))
    assert found.signatures[0].intact is None
    assert found.signatures[0].detail == said("reading.signature-unverified", detail="2a03")


@knows_sm3
def test_another_structure_is_not_judged(reading: Reading) -> None:
    parts = signed_parts("MD5", "md5")
    parts[VALUE] = der(0x30, der(6, b"\x2a"), der(0xA0))
    (found,) = reading(parts)
    assert found.signatures[0].intact is None


@knows_sm3
def test_the_example_of_the_standard() -> None:
    """GB/T 32918.5-2017, A.2."""
    key = (
        0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
        0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13,
    )
    r = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
    s = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
    assert sm2.verified(key, b"message digest", r, s)
    assert not sm2.verified(key, b"message digesT", r, s)
    assert not sm2.verified(key, b"message digest", r, s + 1)
    assert not sm2.verified((key[0], key[1] + 1), b"message digest", r, s)
    assert not sm2.verified(key, b"message digest", 0, s)


@knows_sm3
def test_digests_that_were_put_right_afterwards_do_not_match_what_was_signed(
    reading: Reading,
) -> None:
    parts = signed_parts("SHA256", "sha256")
    parts[LISTED] = str(parts[LISTED]).replace("maker", "other")
    (found,) = reading(parts)
    assert found.signatures[0].intact is False
    assert found.signatures[0].detail == said("reading.signature-digest")


@knows_sm3
@pytest.mark.parametrize("missing", ["Signature.xml", "SignedValue.dat"])
def test_a_signature_without_its_parts_is_not_judged(reading: Reading, missing: str) -> None:
    parts = signed_parts("MD5", "md5")
    del parts[f"Doc_0/Signs/Sign_0/{missing}"]
    (found,) = reading(parts)
    assert found.signatures[0].intact is None


@knows_sm3
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
