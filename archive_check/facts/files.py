"""Facts of files as such: readable, lasting, harmless, well named, filed once."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from archive_check.facts.context import Context
from archive_check.facts.names import name_facts
from archive_check.model import Document, Material, Said, said
from archive_check.texts import format_named
from archive_check.vocabulary import Fact, Value

_ACTIVE = ("executable", "script", "macro")
_UNREAD = frozenset({"damaged", "encrypted", "limit", "unreadable", "unsupported"})
_FORMAT_UNKNOWN = frozenset({"damaged", "unreadable", "empty", "limit"})


def file_facts(context: Context) -> Iterator[Fact]:
    lasting = context.parameters.get("lasting_formats", ())
    assert isinstance(lasting, (list, tuple))
    for material in context.case.materials:
        yield _file(material, frozenset(map(str, lasting)))
    for ignored in context.ignored:
        if ignored.junk:
            yield Fact(
                kind="file",
                id=f"file:{ignored.path}",
                values={
                    "problem": "none",
                    "mismatched": False,
                    "junk": True,
                    "lasting": None,
                    "active": None,
                    "program": False,
                },
                subjects=(ignored.path,),
                words={"path": ignored.path},
                evidence=(ignored.why,),
            )
    yield from name_facts(context)
    yield from _duplicates(context)


def _file(material: Material, lasting: Collection[str]) -> Fact:
    document = material.document
    problem = document.problem
    values: dict[str, Value] = {
        "problem": problem.kind if problem else "none",
        "mismatched": document.expected_type is not None and problem is None,
        "junk": False,
        "lasting": _lasting(document, lasting),
        "active": _active(document),
        "program": not document.traits.isdisjoint(("executable", "script")),
    }
    return Fact(
        kind="file",
        id=f"file:{material.path}",
        values=values,
        subjects=(material.path,),
        words={
            "path": material.path,
            "why": problem.detail if problem else "",
            "promised": format_named(document.expected_type or ""),
            "found": format_named(document.media_type),
            "holds": Said(f"active.{values['active'] or 'none'}"),
        },
        evidence=tuple(_evidence(document)),
        unknown={
            key: said("facts.file_unread", path=material.path)
            for key in ("lasting", "active")
            if values[key] is None
        },
    )


def _evidence(document: Document) -> Iterator[Said]:
    if document.expected_type:
        promised, found = map(format_named, (document.expected_type, document.media_type))
        yield said("facts.format", promised=promised, found=found)
    elif document.problem:
        yield document.problem.detail
    for trait in _ACTIVE:
        if trait in document.traits:
            yield said("facts.active", what=Said(f"active.{trait}"))


def _lasting(document: Document, formats: Collection[str]) -> bool | None:
    """Whether the format is one to keep; of a broken file outside the list it can't be told."""
    if document.media_type in formats:
        return True
    broken = document.problem is not None and document.problem.kind in _FORMAT_UNKNOWN
    return None if broken else False


def _active(document: Document) -> str | None:
    """What in the file would run; None where it could not be looked into."""
    found = next((trait for trait in _ACTIVE if trait in document.traits), None)
    if found is None and document.problem is not None and document.problem.kind in _UNREAD:
        return None
    return found or "none"


def _duplicates(context: Context) -> Iterator[Fact]:
    by_content: dict[str, list[Material]] = {}
    for material in context.case.materials:
        document = material.document
        alone = document.outer is None and document.part_of is None
        if document.sha256 and document.size and alone:
            by_content.setdefault(document.sha256, []).append(material)
    for digest, copies in by_content.items():
        if len(copies) > 1:
            first, *later = copies
            yield Fact(
                kind="duplicate",
                id=f"duplicate:{digest}",
                values={"copies": len(copies)},
                subjects=(*(m.path for m in later), first.path),
                words={"path": "、".join(m.path for m in later), "first": first.path},
                evidence=(said("facts.same_content", digest=digest[:12]),),
            )
