"""What a PDF holds beside its pages' looks: scripts, signatures, broken content, a missing end."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import logging
import mmap
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive_check.model import Problem, Signature, said
from archive_check.readers.content import MAX_INNER, MAX_PART, Inner

Data = bytes | mmap.mmap
_SMALL = 32 * 2**20
"""Bytes of a file that is read as a whole."""
_TAIL = 64 * 2**10
_PAGES = 200
"""Pages whose own actions are looked at."""
MAX_ENTRIES = 2_000
"""Entries of an outline that are read."""
_FONT_OBJECTS = 500
_PDFA_PART = re.compile(rb"pdfaid:part(?:>|\s*=\s*[\"'])\s*(\d)")
_PDFA_LEVEL = re.compile(rb"pdfaid:conformance(?:>|\s*=\s*[\"'])\s*(\w)")
_PERMISSIONS = {4: "print", 8: "change", 16: "copy", 32: "annotate"}
"""Bits of what a user may do (ISO 32000-1, table 22)."""
_ACTIVE = frozenset({"/JavaScript", "/Launch"})
"""Kinds of action that run something (ISO 32000-1, 12.6.4.5 and 12.6.4.16)."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Data]:
    """The bytes of a file; of a large one a map, of which only what is looked at is read."""
    if path.stat().st_size <= _SMALL:
        yield path.read_bytes()
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def cut_off(data: Data) -> bool:
    """Whether the end of the file is missing (ISO 32000-1, 7.5.5; annex F for linearised ones)."""
    size = len(data)
    head, tail = data[:2048], data[max(0, size - _TAIL) :]
    linearised = re.search(rb"/Linearized\b.{0,200}?/L\s+(\d+)", head, re.DOTALL)
    if linearised and int(linearised[1]) > size:
        # Its first part ends with an end mark of its own, which says nothing of the rest.
        tail = tail[-2048:]
    return b"startxref" not in tail and b"%%EOF" not in tail


def signatures(document: Any, path: Path) -> tuple[Signature, ...]:
    """Signed signature fields; pdfium also lists fields that wait for a signature."""
    import pypdfium2.raw as raw

    found = max(0, raw.FPDF_GetSignatureCount(document))
    signed = tuple(
        Signature()
        for index in range(found)
        if raw.FPDFSignatureObj_GetContents(raw.FPDF_GetSignatureObject(document, index), None, 0)
    )
    if not signed:
        return ()
    # Here and not above: the library takes half a second to load, and few files are signed.
    from archive_check.readers.pdf_signatures import verified

    try:
        return verified(path)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 (a structure that it can't follow)
        why = said("reading.signature-unverified", detail=f"{type(error).__name__}: {error}"[:200])
        return tuple(replace(one, detail=why) for one in signed)


def outline(document: Any) -> tuple[tuple[str, int, int], ...]:
    """Titles of the outline's entries, the pages they lead to (from 1), their levels (from 0)."""
    found: list[tuple[str, int, int]] = []
    for entry in itertools.islice(document.get_toc(), MAX_ENTRIES):
        target = entry.get_dest()
        page = target.get_index() if target else None
        title = " ".join(entry.get_title().split())[:200]
        if page is not None and page >= 0 and title:
            found.append((title, page + 1, entry.level))
    return tuple(found)


def attachments(document: Any) -> tuple[tuple[Inner, ...], Problem | None]:
    """The files inside (ISO 32000-1, 7.11.4); a problem where they are too many or too large."""
    import pypdfium2.raw as raw

    count = max(0, raw.FPDFDoc_GetAttachmentCount(document))
    found: list[Inner] = []
    left = MAX_PART
    for index in range(min(count, MAX_INNER)):
        held = document.get_attachment(index)
        size = ctypes.c_ulong()
        if not raw.FPDFAttachment_GetFile(held, None, 0, size):
            continue
        left -= size.value
        if left < 0:
            limit = said("reading.attachments-too-large", limit=MAX_PART)
            return tuple(found), Problem("limit", limit)
        name = _attachment_name(held.get_name())
        found.append(Inner(name, bytes(held.get_data()) if size.value else b""))
    if count > MAX_INNER:
        return tuple(found), Problem("limit", said("reading.too-many-attachments", limit=MAX_INNER))
    return tuple(found), None


def _attachment_name(name: str) -> str:
    """The name; where a writer put UTF-16 into the entry for plain bytes, as that."""
    if name.startswith("þÿ"):
        with contextlib.suppress(UnicodeError):
            return name.encode("latin-1").decode("utf-16")
    return name


def properties(
    document: Any, data: Data, missing_fonts: Collection[str]
) -> Iterator[tuple[str, str]]:
    """(name, value) of what a PDF states of itself: `pdfa` as `2B`, `forbids` as `print,change`
    (what its owner's password forbids), `fonts_not_embedded` as their names."""
    import pypdfium2.raw as raw

    if data.find(b"pdfaid:part") >= 0 and (part := _PDFA_PART.search(data)):
        level = _PDFA_LEVEL.search(data)
        yield "pdfa", (part[1] + (level[1] if level else b"")).decode("ascii").upper()
    if raw.FPDF_GetSecurityHandlerRevision(document) >= 0:
        allowed = raw.FPDF_GetDocPermissions(document)
        forbidden = [name for bit, name in _PERMISSIONS.items() if not allowed & bit]
        if forbidden:
            yield "forbids", ",".join(forbidden)
    if missing_fonts:
        yield "fonts_not_embedded", ",".join(sorted(missing_fonts))


class Fonts:
    """The fonts of text objects, noted one by one."""

    def __init__(self) -> None:
        self._lacking: dict[int | None, str] = {}
        self._left = _FONT_OBJECTS

    def note(self, text: Any) -> None:
        """Take in the font of a text object, until there were enough of them."""
        import pypdfium2.raw as raw

        if self._left <= 0:
            return
        self._left -= 1
        font = raw.FPDFTextObj_GetFont(text)
        address = ctypes.addressof(font.contents) if font else None
        if address not in self._lacking:
            lacks = font and raw.FPDFFont_GetIsEmbedded(font) == 0
            self._lacking[address] = _font_name(font) if lacks else ""

    @property
    def missing(self) -> frozenset[str]:
        """Names of those that the file does not bring."""
        return frozenset(self._lacking.values()) - {""}


def _font_name(font: Any) -> str:
    import pypdfium2.raw as raw

    size = raw.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 1))
    raw.FPDFFont_GetBaseFontName(font, buffer, size)
    return buffer.value.decode("utf-8", "replace")[:100].replace(",", " ")


def scripted(document: Any, data: Data, path: Path) -> bool:
    """Whether the document runs JavaScript or launches something, by whatever occasion."""
    import pypdfium2.raw as raw

    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        return True
    if re.search(rb"/S\s*/(JavaScript|Launch)\b", data):
        return True
    # Without a catalogue in plain sight nothing is: all of it lies in compressed objects.
    hidden = data.find(b"/ObjStm") >= 0 and (
        data.find(b"/Catalog") < 0
        or re.search(rb"/(AA|OpenAction|JavaScript|Annots)\b", data) is not None
    )
    return hidden and _hidden_action(path)


def _reader(path: Path) -> Any:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = pypdf.PdfReader(path)
    if reader.is_encrypted:
        reader.decrypt("")
    return reader


def _hidden_action(path: Path) -> bool:
    try:
        reader = _reader(path)
        root = reader.trailer["/Root"]
        if _active(root) or "/JavaScript" in _inside(root, "/Names"):
            return True
        for number, page in enumerate(reader.pages):
            if number >= _PAGES:
                break
            if _active(page):
                return True
            if any(_active(note.get_object()) for note in page.get("/Annots") or ()):
                return True
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (a structure that pypdf can't follow shows no action)
        return False
    return False


def _active(holder: Any) -> bool:
    return any(_inside(holder, key).get("/S") in _ACTIVE for key in ("/OpenAction", "/A")) or any(
        action.get_object().get("/S") in _ACTIVE for action in _inside(holder, "/AA").values()
    )


def _inside(holder: Any, key: str) -> Any:
    value = holder.get(key)
    value = value.get_object() if value is not None else None
    return value if isinstance(value, dict) else {}


def undecodable(path: Path, pages: list[int]) -> Iterator[int]:
    """Those of some blank pages (from 1) whose content is there but can't be decoded.

    pdfium shows such a page as blank without a word.
    """
    try:
        reader = _reader(path)
        count = len(reader.pages)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (broken files raise nearly anything in pypdf)
        return
    for number in pages:
        if number > count:
            continue
        try:
            reader.pages[number - 1].get_contents()
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001
            yield number
