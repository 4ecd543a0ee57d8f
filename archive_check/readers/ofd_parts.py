"""The parts of an OFD package and how they name one another (GB/T 33190-2016, 7.2 to 7.5)."""

from __future__ import annotations

import math
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archive_check.readers.content import UnreadableError
from archive_check.readers.package import part, parts, xml


@dataclass(frozen=True, slots=True)
class Parts:
    """A package's parts; names are compared without regard to case, as writers do."""

    package: zipfile.ZipFile
    _found: Mapping[str, zipfile.ZipInfo]

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._found

    def resolve(self, folder: str, place: str | None) -> str:
        """A part's name, empty where there is none: places are relative to the part that names
        them, or to the package."""
        place = (place or "").strip().replace("\\", "/")
        for start in (folder, ""):
            name = posixpath.normpath(posixpath.join("/", start, place)).lstrip("/")
            if place and name in self:
                return name
        return ""

    def data(self, name: str) -> bytes:
        """The bytes of a part. Raises UnreadableError: too large, encrypted or damaged."""
        return part(self.package, self._found[name.lower()])

    def tree(self, name: str) -> Any:
        """The root of an XML part; None where there is none, or nothing can be made of it."""
        return xml(self.data(name)) if name in self else None


def parts_of(package: zipfile.ZipFile) -> Parts:
    return Parts(package, {name.lower(): info for name, info in parts(package).items()})


@dataclass(frozen=True, slots=True)
class Body:
    """A document of the package: its entry in OFD.xml, its tree and its folder."""

    entry: Any
    tree: Any
    folder: str


def bodies(found: Parts) -> Iterator[Body]:
    """The documents of a package, nearly always one. Raises UnreadableError."""
    root = found.tree("OFD.xml")
    if root is None:
        raise UnreadableError("damaged", "no-main-part")
    for entry in each(root, "DocBody"):
        name = found.resolve("", word(entry, "DocRoot"))
        document = found.tree(name)
        if document is None:
            raise UnreadableError("damaged", "no-main-part")
        yield Body(entry, document, posixpath.dirname(name))


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its identifier, its templates and itself in the order in which they are drawn."""

    id: str
    trees: tuple[Any, ...]


def pages(found: Parts, body: Body) -> Iterator[Page]:
    """The pages of a document. Raises UnreadableError where one is missing or broken."""
    templates = {
        item.get("ID"): item.get("BaseLoc") or "" for item in each(body.tree, "TemplatePage")
    }
    loaded: dict[str, Any] = {}
    for entry in each(body.tree, "Page"):
        place = entry.get("BaseLoc")
        if place is None:
            continue
        page = found.tree(found.resolve(body.folder, place))
        if page is None:
            raise UnreadableError("damaged", "broken-part", part=place, detail="XML")
        trees = []
        for used in each(page, "Template"):
            name = found.resolve(body.folder, templates.get(used.get("TemplateID"), ""))
            if name not in loaded:
                loaded[name] = found.tree(name)
            if loaded[name] is not None:
                trees.append(loaded[name])
        yield Page(entry.get("ID") or "", (*trees, page))


def each(element: Any, name: str) -> Iterator[Any]:
    """Elements of a local name; writers disagree on the namespace."""
    return iter(()) if element is None else element.iter(f"{{*}}{name}")


def word(element: Any, name: str) -> str:
    """The text of the first element of a local name."""
    found = next(each(element, name), None)
    return (found.text or "").strip() if found is not None else ""


def numbers(text: str | None, count: int) -> tuple[float, ...] | None:
    """So many numbers at the beginning of a text, None where there are fewer."""
    try:
        found = tuple(float(number) for number in (text or "").split())
    except ValueError:
        return None
    found = found[:count]
    return found if len(found) == count and all(map(math.isfinite, found)) else None
