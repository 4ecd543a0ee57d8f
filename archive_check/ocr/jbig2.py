"""JBIG2 (ITU-T T.88), in which OFD files may keep scans: pdfium decodes it where it is in a PDF.

A file is put into a PDF as ISO 32000-1, 7.4.7, says: without its header, segment behind segment,
and without those that end a page or the file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from archive_check.readers.content import UnreadableError

MAGIC = b"\x97JB2\r\n\x1a\n"
_SEQUENTIAL, _PAGES_UNKNOWN = 1, 2
_PAGE, _PAGE_ENDS, _STRIPE_ENDS, _FILE_ENDS = 48, 49, 50, 51
_TYPE, _LONG_PAGE = 0x3F, 0x40
_UNKNOWN = 0xFFFFFFFF
_MANY = 7
_MOST_SEGMENTS = 10_000


@dataclass(frozen=True, slots=True)
class _Segment:
    type: int
    head: bytes
    data: bytes

    def number(self, place: int) -> int:
        """A number of four bytes in the data. Raises struct.error."""
        found: int = struct.unpack_from(">I", self.data, place)[0]
        return found


@dataclass(frozen=True, slots=True)
class InPdf:
    """A PDF whose only page is the first one of a file, a point for a pixel."""

    data: bytes
    width: int
    height: int


def in_pdf(data: bytes) -> InPdf:
    """Raises UnreadableError where the file does not say what it holds."""
    try:
        segments = list(_segments(data))
        page = next(one for one in segments if one.type == _PAGE)
        width, height = page.number(0), page.number(4)
        if height == _UNKNOWN:
            height = max(one.number(0) for one in segments if one.type == _STRIPE_ENDS) + 1
    except (struct.error, IndexError, ValueError, StopIteration) as error:
        raise UnreadableError("damaged", "broken-image", detail="JBIG2") from error
    kept = (one for one in segments if one.type not in (_PAGE_ENDS, _FILE_ENDS))
    return InPdf(_pdf(b"".join(one.head + one.data for one in kept), width, height), width, height)


def _segments(data: bytes) -> Iterator[_Segment]:
    """Each segment with its data, as far as the first page goes (T.88, 7.2 and annex D)."""
    flags = data[len(MAGIC)]
    at = len(MAGIC) + (1 if flags & _PAGES_UNKNOWN else 5)
    heads: list[tuple[int, bytes, int]] = []
    for _ in range(_MOST_SEGMENTS):
        kind, head, length = _head(data, at)
        at += len(head)
        if flags & _SEQUENTIAL:
            yield _Segment(kind, head, _data(data, at, length))
            at += length
        else:
            heads.append((kind, head, length))
        if kind == _FILE_ENDS or (kind == _PAGE_ENDS and flags & _SEQUENTIAL) or at >= len(data):
            break
    for kind, head, length in heads:
        yield _Segment(kind, head, _data(data, at, length))
        at += length
        if kind == _PAGE_ENDS:
            break


def _data(data: bytes, at: int, length: int) -> bytes:
    """The data of a segment; all that is left, where their length was not known to the writer.
    Raises ValueError where the file is cut off."""
    if length != _UNKNOWN and at + length > len(data):
        raise ValueError(length)
    return data[at : at + length]


def _head(data: bytes, at: int) -> tuple[int, bytes, int]:
    """The type of a segment, its head, and the length of its data (T.88, 7.2)."""
    start = at
    (number,) = struct.unpack_from(">I", data, at)
    flags, count = data[at + 4], data[at + 5] >> 5
    at += 6
    if count == _MANY:
        count = struct.unpack_from(">I", data, at - 1)[0] & 0x1FFFFFFF
        at += 3 + (count + 8) // 8
    at += count * (1 if number <= 256 else 2 if number <= 65536 else 4)
    at += 4 if flags & _LONG_PAGE else 1
    (length,) = struct.unpack_from(">I", data, at)
    return flags & _TYPE, data[start : at + 4], length


def _pdf(stream: bytes, width: int, height: int) -> bytes:
    shown = b"%d 0 0 %d 0 0 cm /I Do" % (width, height)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R"
        b"/Resources<</XObject<</I 5 0 R>>>>>>" % (width, height),
        b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown),
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray"
        b"/Filter/JBIG2Decode/Length %d>>stream\n%s\nendstream"
        % (width, height, len(stream), stream),
    )
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)
