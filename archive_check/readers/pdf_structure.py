"""What a PDF holds beside its pages' looks: scripts, signatures, broken content, a missing end."""

from __future__ import annotations

import logging
import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive_check.model import Signature

_TAIL = 64 * 2**10
_PAGES = 200
"""Pages whose own actions are looked at."""
_ACTIVE = frozenset({"/JavaScript", "/Launch"})
"""Kinds of action that run something (ISO 32000-1, 12.6.4.5 and 12.6.4.16)."""


def cut_off(path: Path) -> bool:
    """Whether the end of the file is missing (ISO 32000-1, 7.5.5; annex F for linearised ones)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(2048)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    linearised = re.search(rb"/Linearized\b.{0,200}?/L\s+(\d+)", head, re.DOTALL)
    if linearised and int(linearised[1]) > size:
        # Its first part ends with an end mark of its own, which says nothing of the rest.
        tail = tail[-2048:]
    return b"startxref" not in tail and b"%%EOF" not in tail


def signatures(document: Any) -> tuple[Signature, ...]:
    """Signed signature fields; pdfium also lists fields that wait for a signature."""
    import pypdfium2.raw as raw

    found = max(0, raw.FPDF_GetSignatureCount(document))
    return tuple(
        Signature()
        for index in range(found)
        if raw.FPDFSignatureObj_GetContents(raw.FPDF_GetSignatureObject(document, index), None, 0)
    )


def scripted(document: Any, path: Path) -> bool:
    """Whether the document runs JavaScript or launches something, by whatever occasion."""
    import pypdfium2.raw as raw

    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        return True
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
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
