"""Type size, alignment and page breaks that the styles of an OpenDocument file give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_DEFAULT_POINTS = 12.0


@dataclass(frozen=True, slots=True)
class Style:
    """Size in points; centred; whether a page begins in front of it (style:style, 16.2)."""

    size: float = _DEFAULT_POINTS
    centred: bool = False
    breaks: bool = False


class Styles:
    """Styles by family and name, each worked out when it is first asked for."""

    def __init__(self, roots: Iterator[Any]) -> None:
        self._elements: dict[tuple[str, str], Any] = {}
        self._known: dict[tuple[str, str], Style] = {}
        self._base = Style()
        for root in roots:
            for element in root.iter(f"{STYLE}style", f"{STYLE}default-style"):
                family = element.get(f"{STYLE}family") or ""
                name = element.get(f"{STYLE}name")
                if name is not None:
                    self._elements[family, name] = element
                elif family == "paragraph":
                    self._base = _own(element, self._base)

    def of(self, family: str, name: str | None, depth: int = 0) -> Style:
        """A style by its name; one that is not defined is as the document's defaults."""
        element = self._elements.get((family, name or ""))
        if element is None or depth > 20:
            return self._base
        known = self._known.get((family, name or ""))
        if known is None:
            above = self.of(family, element.get(f"{STYLE}parent-style-name"), depth + 1)
            known = self._known[family, name or ""] = _own(element, above)
        return known


def _own(element: Any, above: Style) -> Style:
    size, centred, breaks = above.size, above.centred, False
    for item in element:
        if item.tag == f"{STYLE}text-properties":
            size = _points(item.get(f"{_FO}font-size"), above.size)
        elif item.tag == f"{STYLE}paragraph-properties":
            aligned = item.get(f"{_FO}text-align")
            centred = aligned == "center" if aligned else centred
            breaks = item.get(f"{_FO}break-before") == "page"
    return Style(size, centred, breaks or element.get(f"{STYLE}master-page-name", "") != "")


def _points(value: str | None, above: float) -> float:
    found = re.fullmatch(r"([\d.]+)(pt|%|in|cm|mm)", value or "")
    if found is None or found[1].count(".") > 1:
        return above
    number = float(found[1])
    scale = {"pt": 1.0, "%": above / 100, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4}
    return number * scale[found[2]]
