"""What is fuzzed: how bytes become a file of a format, and what begins as its corpus."""

from __future__ import annotations

import contextlib
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from archive_check import containers
from archive_check.model import Document, SourceFile
from archive_check.readers import doc, docx, markup, media, ofd, rtf
from archive_check.readers.content import UnreadableError
from archive_check.recognise import alone
from fixtures.formats import write
from fixtures.model import Grid, Text

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFD = 'xmlns="http://www.ofdspec.org/2016"'
_PAGE = (
    f'<Page {_OFD}><Content><Layer><TextObject ID="2" Boundary="20 20 90 9" Size="5" '
    'CTM="1 0 0 1 0 0"><TextCode X="0" Y="5" DeltaX="g 3 5">ab</TextCode></TextObject>'
    '<PathObject ID="3" Boundary="0 0 9 9"><AbbreviatedData>M 0 0 L 9 0 C</AbbreviatedData>'
    '</PathObject><ImageObject ID="4" Boundary="1 1 9 9" ResourceID="7"/></Layer></Content></Page>'
)
_BODY = (
    f"<w:document {_W}><w:body><w:p><w:r><w:t>ab</w:t></w:r></w:p><w:tbl><w:tr><w:tc>"
    '<w:tcPr><w:gridSpan w:val="2"/><w:vMerge/></w:tcPr><w:p><w:r><w:t>c</w:t></w:r></w:p></w:tc>'
    "</w:tr></w:tbl></w:body></w:document>"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A reader: `packed` makes a file out of fuzzed bytes, `seeds` are the bytes to begin with."""

    read: Callable[[Path, str], object]
    media_type: str
    seeds: Callable[[], list[bytes]]
    packed: Callable[[bytes], bytes] = lambda data: data


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A ZIP file of these members."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


def _ofd(page: bytes) -> bytes:
    return zipped({
        "OFD.xml": f"<OFD {_OFD}><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>".encode(),
        "D.xml": f"<Document {_OFD}><Pages><Page BaseLoc='p.xml'/></Pages></Document>".encode(),
        "p.xml": page,
    })  # fmt: skip


def _docx(body: bytes) -> bytes:
    kinds = f"<Types><Override PartName='/word/document.xml' ContentType='{media.DOCX}.main+xml'/>"
    return zipped({
        "[Content_Types].xml": f"{kinds}</Types>".encode(), "word/document.xml": body,
        "word/footnotes.xml": body, "word/styles.xml": body,
    })  # fmt: skip


def _recognised(path: Path, media_type: str) -> Document:
    """A text that is taken for a catalogue, recognised: rows, numbers, dates, titles."""
    content = markup.read(path, media_type)
    source = SourceFile("1.xml", str(path), 1)
    document = Document(
        source.path, 1, media_type, None, lines=content.lines, tables=content.tables,
        text_read=True,
    )  # fmt: skip
    return alone(document).document


def _unpacked(path: Path, media_type: str) -> object:
    """A container, unpacked as a scan does it."""
    kind = containers.kind(path, f"1.{media_type}")
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(containers.ContainerError):
        if kind is not None:
            return containers.unpack(path, kind, Path(folder), containers.Budget())
    return None


def _tar() -> bytes:
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w") as container:
        for name in ("a", "b/c"):
            info = tarfile.TarInfo(name)
            info.size = 9
            container.addfile(info, BytesIO(b"123456789"))
    return out.getvalue()


def _shared(*endings: str) -> list[bytes]:
    """Files of the samples that lie beside the repository, where there are any."""
    beside = Path(__file__).parents[2] / "shared" / "samples"
    files = sorted(path for path in beside.rglob("*") if path.suffix.lower() in endings)
    return [path.read_bytes() for path in files if path.stat().st_size < 200_000]


def _catalogue() -> list[bytes]:
    rows = (("No.", "Title", "Date"), ("1", "a", "20230506"), ("2", "b", "2023-05-06"))
    table = Grid(rows)
    listed = "".join(f"<r><c>{a}</c><c>{b}</c><c>{c}</c></r>" for a, b, c in rows)
    return [f"<t>{listed}</t>".encode(), write((Text("x"), table), "csv")]


TARGETS: Mapping[str, Target] = {
    "ofd": Target(ofd.read, media.OFD, lambda: [_PAGE.encode()], _ofd),
    "ofd-package": Target(
        ofd.read, media.OFD, lambda: [_ofd(_PAGE.encode()), *_shared(".ofd")]
    ),
    "docx": Target(docx.read, media.DOCX, lambda: [_BODY.encode()], _docx),
    "doc": Target(doc.read, media.DOC, lambda: _shared(".doc", ".wps")),
    "rtf": Target(rtf.read, media.RTF, lambda: [rb"{\rtf1 a\par b}", *_shared(".rtf")]),
    "html": Target(markup.read, media.HTML, lambda: [b"<table><tr><td rowspan=2>a</table>"]),
    "xml": Target(markup.read, media.XML, lambda: [b"<a><b c='1'><d>e</d><d>f</d></b></a>"]),
    "zip": Target(_unpacked, "zip", lambda: [zipped({"a/b": b"c"}), *_shared(".zip")]),
    "tar": Target(_unpacked, "tar", lambda: [_tar()]),
    "catalogue": Target(_recognised, media.XML, _catalogue),
}  # fmt: skip


def once(target: Target, data: bytes, folder: Path | None = None) -> None:
    """Read one input. Raises whatever a reader must not raise."""
    with contextlib.ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        path = place / "input"
        path.write_bytes(target.packed(data))
        # What is refused in due form, or for want of memory, is as it should be.
        with contextlib.suppress(UnreadableError, MemoryError):
            target.read(path, target.media_type)
