"""Type size and alignment that the styles of a Word document give (ECMA-376 part 1, 17.7)."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import Any

from archive_check.readers.package import part, xml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = W[1:-1].encode()
_DEFAULT_SIZE = 20
"""Half points, where neither run nor style nor defaults say anything (17.3.2.38)."""


@dataclass(frozen=True, slots=True)
class Style:
    """Size in half points, and whether the paragraph is centred."""

    size: int
    centred: bool


class Styles:
    """Size and alignment of styles, each worked out when it is first asked for."""

    def __init__(self, root: Any) -> None:
        self._elements: dict[str, Any] = {}
        self._known: dict[str, Style] = {}
        self.plain = self._base = Style(_DEFAULT_SIZE, False)
        if root is None:
            return
        size = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}sz")
        self._base = Style(number(size) or _DEFAULT_SIZE, False)
        default = None
        for element in root.iterchildren(f"{W}style"):
            name = element.get(f"{W}styleId")
            self._elements[name] = element
            if element.get(f"{W}default") in ("1", "true", "on") and (
                element.get(f"{W}type") == "paragraph"
            ):
                default = name
        self.plain = self.of(default)

    def of(self, name: str | None, depth: int = 0) -> Style:
        """A style by its id; one that is not defined is as the document's defaults."""
        if name is None or name not in self._elements or depth > 20:
            return self._base
        known = self._known.get(name)
        if known is None:
            element = self._elements[name]
            based = element.find(f"{W}basedOn")
            under = self.of(based.get(VAL) if based is not None else None, depth + 1)
            jc = element.find(f"{W}pPr/{W}jc")
            known = self._known[name] = Style(
                number(element.find(f"{W}rPr/{W}sz")) or under.size,
                jc.get(VAL) == "center" if jc is not None else under.centred,
            )
        return known


_seen_styles: dict[tuple[int, int], Styles] = {}
"""The documents of a case come from few templates, whose styles can be larger than their text:
kept by checksum and size, so that they need not be unpacked again."""
_KEPT_STYLES = 16


def styles_of(package: zipfile.ZipFile, info: zipfile.ZipInfo | None) -> Styles:
    if info is None:
        return Styles(None)
    key = (info.CRC, info.file_size)
    if key not in _seen_styles:
        if len(_seen_styles) >= _KEPT_STYLES:
            _seen_styles.clear()
        _seen_styles[key] = Styles(tree(part(package, info)))
    return _seen_styles[key]


def tree(data: bytes) -> Any:
    """The root of a part, the strict form of the format read as the transitional one."""
    return xml(data.replace(_STRICT, _TRANSITIONAL) if _STRICT in data else data)


def number(element: Any) -> int | None:
    value = element.get(VAL) if element is not None else None
    try:
        return int(float(value)) if value else None
    except ValueError:
        return None


def first_child(element: Any, tag: str) -> Any:
    """The first child of a tag or None: `find` takes several times as long on few children."""
    for child in element:
        if child.tag == tag:
            return child
    return None
