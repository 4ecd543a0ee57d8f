"""What was filled into the fields of a PDF form (ISO 32000-1, 12.7), as text at its place.

Pages do not contain it: each field's widget lies above the page and shows its value.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

from archive_check.readers.pdf_layout import Piece

_MAX_FIELDS = 5_000
_MAX_VALUE = 20_000
_LARGEST_TYPE = 12.0
"""Points; a value is taken for no larger than this, however high its field."""
_TICK = "√"

Box = tuple[float, float, float, float]


def field_pieces(document: Any, page: Any, turn: Callable[[Box], Box]) -> Iterator[Piece]:
    """The values of a page's fields, line by line from the top of each; ticks of ticked boxes.

    None where the document has no form, or its environment was not initialised.
    """
    import pypdfium2.raw as raw

    if not document.formenv:
        return
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_FIELDS)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(note) == raw.FPDF_ANNOT_WIDGET:
                yield from _pieces(document.formenv, note, turn)
        finally:
            raw.FPDFPage_CloseAnnot(note)


def _pieces(form: Any, note: Any, turn: Callable[[Box], Box]) -> Iterator[Piece]:
    import pypdfium2.raw as raw

    rect = raw.FS_RECTF()
    if not raw.FPDFAnnot_GetRect(note, rect):
        return
    x0, x1 = sorted((rect.left, rect.right))
    y0, y1 = sorted((rect.bottom, rect.top))
    left, bottom, right, top = turn((x0, y0, x1, y1))
    lines = [line.strip() for line in _value(form, note).splitlines() if line.strip()]
    if not lines or top - bottom < 1.0:
        return
    step = (top - bottom) / len(lines)
    height = min(step, _LARGEST_TYPE)
    for number, text in enumerate(lines):
        middle = top - (number + 0.5) * step
        end = min(right, left + len(text) * height)
        yield Piece(text, left, middle - height / 2, end, middle + height / 2, height)


def _value(form: Any, note: Any) -> str:
    import pypdfium2.raw as raw

    kind = raw.FPDFAnnot_GetFormFieldType(form, note)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return _TICK if raw.FPDFAnnot_IsChecked(form, note) else ""
    shown = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
    if kind not in shown:
        return ""
    size = min(raw.FPDFAnnot_GetFormFieldValue(form, note, None, 0), 2 * _MAX_VALUE)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFAnnot_GetFormFieldValue(form, note, buffer, size)
    text = bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
    return "".join(c for c in text if c.isprintable() or c in "\r\n")
