"""Scans in JBIG2, as OFD files hold them: shown as any picture, and told where they are broken."""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw

from archive_check import ocr, readers
from archive_check.model import Problem, SourceFile
from archive_check.ocr.images import page_image
from archive_check.ocr.jbig2 import MAGIC, in_pdf
from archive_check.readers import media
from archive_check.readers.content import UnreadableError

WIDTH, HEIGHT = 420, 594
UNKNOWN = 0xFFFFFFFF


def page() -> Image.Image:
    image = Image.new("1", (WIDTH, HEIGHT), 1)
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 60, 300, 90), fill=0)
    draw.ellipse((200, 300, 380, 500), outline=0, width=7)
    return image


def strip(image: Image.Image) -> bytes:
    """The picture as ITU-T T.6 codes it, which a region of JBIG2 may hold as well."""
    out = BytesIO()
    # Pillow writes ones for white, JBIG2 for black.
    # Pillow writes ones for white, JBIG2 for black.
    black = ImageChops.invert(image.convert("L")).convert("1")
    black.save(out, "TIFF", compression="group4", tiffinfo={278: image.height})
    with Image.open(BytesIO(out.getvalue())) as tiff:
        start, count = (tiff.tag_v2[tag][0] for tag in (273, 279))  # type: ignore[attr-defined]
    return out.getvalue()[start : start + count]


def segment(number: int, kind: int, data: bytes) -> tuple[bytes, bytes]:
    return struct.pack(">IBBBI", number, kind, 0, 1, len(data)), data


def jbig2(
    sequential: bool = True, height: int = HEIGHT, width: int = WIDTH, coded: bytes = b""
) -> bytes:
    """A file of one page with one region (T.88, annex D.1 and D.2)."""
    region = struct.pack(">IIIIB", WIDTH, HEIGHT, 0, 0, 0) + b"\1" + (coded or strip(page()))
    striped = 0x8000 | HEIGHT if height == UNKNOWN else 0
    segments = [
        segment(0, 48, struct.pack(">IIIIBH", width, height, 0, 0, 0, striped)),
        segment(1, 38, region),
        segment(2, 50, struct.pack(">I", HEIGHT - 1)),
        segment(3, 49, b""),
        segment(4, 51, b""),
    ]
    start = MAGIC + bytes((int(sequential),)) + struct.pack(">I", 1)
    if sequential:
        return start + b"".join(head + data for head, data in segments)
    return start + b"".join(h for h, _ in segments) + b"".join(d for _, d in segments)


def ofd(path: Path, picture: bytes) -> Path:
    parts = {
        "OFD.xml": "<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>",
        "Doc_0/Document.xml": "<Document><CommonData><DocumentRes>Res.xml</DocumentRes><PageArea>"
        "<PhysicalBox>0 0 210 297</PhysicalBox></PageArea></CommonData><Pages>"
        "<Page ID='1' BaseLoc='p.xml'/></Pages></Document>",
        "Doc_0/Res.xml": "<Res><MultiMedias><MultiMedia ID='9' Type='Image'>"
        "<MediaFile>page.jb2</MediaFile></MultiMedia></MultiMedias></Res>",
        "Doc_0/p.xml": "<Page><Content><Layer><ImageObject Boundary='0 0 210 297' "
        "ResourceID='9'/></Layer></Content></Page>",
        "Doc_0/page.jb2": picture,
    }
    with ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "make",
    [jbig2, lambda: jbig2(sequential=False), lambda: jbig2(height=UNKNOWN)],
    ids=["sequential", "random access", "height not known before its end"],
)
def test_a_page_is_shown(make: Callable[[], bytes], tmp_path: Path) -> None:
    shown = page_image(ofd(tmp_path / "a.ofd", make()), media.OFD, 1)
    assert np.array_equal(shown.pixels, np.asarray(page().convert("RGB")))
    assert shown.dpi == pytest.approx(WIDTH / 8.27, 0.01)


@pytest.mark.parametrize("part", range(1, 8))
def test_what_is_cut_off_is_told_and_not_shown_as_blank(part: int, tmp_path: Path) -> None:
    whole = jbig2()
    end = whole.index(struct.pack(">IBBBI", 2, 50, 0, 1, 4))  # all of the region is there before
    path = ofd(tmp_path / "a.ofd", whole[: end * part // 8])
    file = SourceFile(path.name, str(path), path.stat().st_size)
    (document,) = readers.read(file)
    (task,) = ocr.page_tasks(file, document, words=True)
    found = ocr.read_page(task)
    assert isinstance(found, Problem)
    assert (found.kind, found.detail.key) == ("damaged", "reading.broken-image")
    told = ocr.with_pages(document, {1: found})
    assert [fault.kind for fault in told.page_faults] == ["unreadable"]
    assert not told.text_read


def test_an_empty_page_is_told_from_one_that_can_not_be_decoded(tmp_path: Path) -> None:
    nothing = jbig2(coded=strip(Image.new("1", (WIDTH, HEIGHT), 1)))
    shown = page_image(ofd(tmp_path / "a.ofd", nothing), media.OFD, 1)
    assert (shown.pixels == 255).all()
    with pytest.raises(UnreadableError):
        page_image(ofd(tmp_path / "b.ofd", jbig2(coded=bytes(5_000))), media.OFD, 1)


@pytest.mark.parametrize("size", [UNKNOWN, 60_000])
def test_a_page_that_claims_to_be_huge_is_not_drawn(size: int, tmp_path: Path) -> None:
    path = ofd(tmp_path / "a.ofd", jbig2(width=size, height=60_000))
    with pytest.raises(UnreadableError) as told:
        page_image(path, media.OFD, 1)
    assert told.value.problem.kind == "limit"


def test_segments_that_claim_to_refer_to_many_others_end() -> None:
    head = struct.pack(">IBI", 1, 38, 0xE0000000 | 0x1FFFFFFF)
    with pytest.raises(UnreadableError):
        in_pdf(jbig2()[:13] + head + bytes(64))
