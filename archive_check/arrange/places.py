"""The order of the case, from catalogues and numbers, and photographs by their neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from archive_check.model import Entry, Material, said

NUMBERED_SHARE = 0.8
"""Files count as numbered where at least four in five bear a number."""

RECORDS = frozenset({"evidence-record", "interview-record", "stocktake-record"})
_BESIDE = frozenset({"evidence-attachment", "electronic-evidence"})


def are_numbered(materials: Sequence[Material]) -> bool:
    filed = [m for m in materials if m.section != "apparatus"]
    return bool(filed) and sum(m.place.numbered for m in filed) >= NUMBERED_SHARE * len(filed)


def in_order(
    materials: Sequence[Material], catalogues: Mapping[str, Sequence[Entry]]
) -> tuple[Material, ...]:
    """The materials in the case's order, positions given from 1."""
    listed = [m for m in materials if m.entry is not None]
    if listed and not are_numbered(materials):
        ordered = sorted(materials, key=_by_catalogue(materials, catalogues))
    else:
        ordered = sorted(materials, key=lambda m: m.place.levels)
    return tuple(replace(m, position=i) for i, m in enumerate(_photographs(ordered), 1))


def _by_catalogue(materials: Sequence[Material], catalogues: Mapping[str, Sequence[Entry]]) -> Any:
    order = catalogue_order(catalogues)
    by_name = sorted(materials, key=lambda m: m.place.levels)
    keys: dict[str, tuple[int, int]] = {}
    last = -1
    for i, material in enumerate(by_name):
        if material.entry is not None:
            last = order[_row(material.entry)]
            keys[material.path] = (last, -1)
        else:
            keys[material.path] = (last, i)
    return lambda m: keys[m.path]


def catalogue_order(
    catalogues: Mapping[str, Sequence[Entry]],
) -> Mapping[tuple[str, int], int]:
    """The place of each entry in all catalogues together, volume by volume."""
    entries = [entry for rows in catalogues.values() for entry in rows]
    entries.sort(key=lambda e: int(e.volume) if e.volume else 0)
    return {_row(entry): i for i, entry in enumerate(entries)}


def _row(entry: Entry) -> tuple[str, int]:
    return entry.catalogue, entry.row


def _photographs(ordered: Sequence[Material]) -> list[Material]:
    """Contract, groups: beside an evidence record a photograph is its attachment, alone in the
    evidence section electronic evidence, elsewhere other."""
    found: list[Material] = []
    for material in ordered:
        if not _is_photograph(material):
            found.append(material)
            continue
        before = next((m for m in reversed(found) if m.type not in _BESIDE), None)
        filed = material.filed_section
        in_evidence = filed == "evidence" or (
            filed is None and before is not None and before.section == "evidence"
        )
        if not in_evidence:
            found.append(_typed(material, "other", "reference", "recognise.picture"))
        elif before is not None and before.type in RECORDS:
            found.append(
                _typed(material, "evidence-attachment", "evidence", "recognise.photo_beside")
            )
        else:
            found.append(
                _typed(material, "electronic-evidence", "evidence", "recognise.photo_alone")
            )
    return found


def _is_photograph(material: Material) -> bool:
    return (
        "image" in material.document.traits
        and material.type in ("electronic-evidence", "other")
        and not any(reason.key == "recognise.stated" for reason in material.why)
    )


def _typed(material: Material, kind: str, section: Any, why: str) -> Material:
    if kind == material.type:
        return material
    return replace(
        material,
        type=kind,
        section=section,
        confidence=max(material.confidence, 0.6),
        why=(*material.why, said(why)),
    )
