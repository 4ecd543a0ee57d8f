"""Small sound files of every format that is read, and files made to do harm."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO

from fixtures.formats import write
from fixtures.model import Grid, Text
from fixtures.signing import signed_pdf

BLOCKS = (
    Text("审计报告", "title"),
    Text("某某公司财务收支情况。"),
    Grid((("序号", "题名"), ("1", "审计通知书"))),
)
OFD = 'xmlns="http://www.ofdspec.org/2016"'
RTF = rb"{\rtf1\ansi\ansicpg936 \'c9\'f3\'bc\'c6\par\trowd\cellx99 a\cell\row}"
MAIL = (
    b"From: a@example.com\nSubject: =?utf-8?B?5a6h6K6h?=\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\ntext\n'
    b'--b\nContent-Disposition: attachment; filename="a.txt"\n\nattached\n--b--\n'
)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


def ofd(page: str = '<TextObject ID="2" Boundary="20 20 90 9" Font="1" Size="5">'
        '<TextCode X="0" Y="5">审计</TextCode></TextObject>') -> bytes:  # fmt: skip
    return zipped({
        "OFD.xml": f"<OFD {OFD}><DocBody><DocRoot>D/Document.xml</DocRoot></DocBody></OFD>",
        "D/Document.xml": f"<Document {OFD}><CommonData><PageArea><PhysicalBox>0 0 210 297"
        "</PhysicalBox></PageArea></CommonData><Pages><Page BaseLoc='p.xml'/></Pages></Document>",
        "D/p.xml": f"<Page {OFD}><Content><Layer>{page}</Layer></Content></Page>",
    })  # fmt: skip


def docx(document: str) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return zipped({
        "[Content_Types].xml": f"<Types><Override PartName='/word/document.xml' "
        f"ContentType='{kind}'/></Types>",
        "word/document.xml": document,
    })  # fmt: skip


def picture(format: str) -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.effect_noise((60, 40), 90).save(out, format)
    return out.getvalue()


SAMPLES: Mapping[str, Callable[[], bytes]] = {
    "a.docx": lambda: write(BLOCKS, "docx"),
    "a.xlsx": lambda: write(BLOCKS, "xlsx"),
    "a.pdf": lambda: signed_pdf(write(BLOCKS, "pdf")),
    "a.csv": lambda: write(BLOCKS, "csv"),
    "a.txt": lambda: write(BLOCKS, "txt"),
    "a.ofd": ofd,
    "a.rtf": lambda: RTF,
    "a.eml": lambda: MAIL,
    "a.html": lambda: "<html><p>审计<table><tr><td>1<td rowspan=2>2</table></html>".encode(),
    "a.xml": lambda: "<?xml version='1.0'?><目录><文件 序号='1' 题名='审计'/></目录>".encode(),
    "a.jpg": lambda: picture("JPEG"),
    "a.png": lambda: picture("PNG"),
    "a.tif": lambda: picture("TIFF"),
    "a.zip": lambda: zipped({"b.txt": "审计" * 99}),
}


def huge_png(width: int, height: int) -> bytes:
    """A PNG that claims its size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


def huge_bmp(width: int, height: int) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(head), 0, 0, 54) + head + bytes(99)


def huge_tiff(width: int, height: int) -> bytes:
    tags = ((256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1),
            (262, 3, 1, 1), (273, 4, 1, 8), (278, 4, 1, height), (279, 4, 1, 99))  # fmt: skip
    body = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<I", 8) + body + bytes(4)


def pdf(*objects: str, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<</Size {len(objects) + 1}/Root {root} 0 R>>\n".encode()
    out += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]{more}>>"
LOOPS: Mapping[str, bytes] = {
    "page tree": pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 9>>"),
    "page tree over two": pdf(
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 9>>",
        "<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 9>>",
    ),
    "outline": pdf(
        "<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        PAGE.format(more=""), "<</First 5 0 R/Last 5 0 R/Count 1>>",
        "<</Title(a)/Parent 4 0 R/Next 5 0 R/First 4 0 R/Dest[3 0 R/Fit]>>",
    ),
    "form field": pdf(
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>", PAGE.format(more="/Annots[4 0 R]"),
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(v)/Rect[9 9 90 30]/Parent 4 0 R/Kids[4 0 R]>>",
    ),
    "form object": pdf(
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        PAGE.format(more="/Contents 4 0 R/Resources 5 0 R"),
        "<</Length 5>>stream\n/F Do\nendstream", "<</XObject<</F 6 0 R>>>>",
        "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources 5 0 R/Length 5>>stream\n/F Do\n"
        "endstream",
    ),
    "names of attachments": pdf(
        "<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 4 0 R>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>", PAGE.format(more=""), "<</Kids[4 0 R 4 0 R]>>",
    ),
    "action": pdf(
        "<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        PAGE.format(more=""), "<</S/GoTo/Next 4 0 R/D[3 0 R/Fit]>>",
    ),
    "reference to itself": pdf("1 0 R", "2 0 R"),
}  # fmt: skip


def many_pages(count: int) -> bytes:
    """A PDF of a few kilobytes a thousand pages, all of them the same one."""
    kids = "3 0 R " * count
    return pdf("<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {count}>>",
               PAGE.format(more=""))  # fmt: skip
