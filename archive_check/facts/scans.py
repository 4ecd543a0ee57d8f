"""Facts of files whose pages are pictures: whether they can be read (general usability)."""

from __future__ import annotations

from collections.abc import Iterator

from archive_check.facts.context import Context, unknown
from archive_check.model import Document, Material, PageFault, Said, said
from archive_check.vocabulary import Fact, Value

_POOR = frozenset({"resolution", "blank", "unreadable"})
_SHOWN = 10
"""Pages that the evidence describes; the details name all."""


def scan_facts(context: Context) -> Iterator[Fact]:
    for material in context.case.materials:
        if material.document.problem is None and _has_pictures(material.document):
            yield _scan(material)


def _has_pictures(document: Document) -> bool:
    if "photograph" in document.traits:
        return False
    return bool(document.page_faults) or not document.traits.isdisjoint(("scan", "image"))


def _scan(material: Material) -> Fact:
    document = material.document
    faults = [fault for fault in document.page_faults if fault.kind in _POOR]
    unread = "image" in document.traits or "unread_pages" in document.properties
    values: dict[str, Value] = {"poor": True if faults else None if unread else False}
    pages = sorted({fault.page for fault in faults})
    return Fact(
        kind="scan",
        id=f"scan:{material.path}",
        values=values,
        subjects=(material.path,),
        words={"path": material.path, "pages": ", ".join(map(str, pages))},
        evidence=tuple(_seen(fault) for fault in faults[:_SHOWN]),
        details={"pages": pages, "faults": sorted({fault.kind for fault in faults})},
        unknown=unknown(values, {"poor": said("facts.file_unread", path=material.path)}),
    )


def _seen(fault: PageFault) -> Said:
    return said("facts.page", page=fault.page, what=fault.detail)
