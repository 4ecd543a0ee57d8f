"""What a reader of the report should know of files though no rule speaks of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive_check.model import Material, Said, said

_OPEN = ("changes", "comments")
_BESIDE = ("hidden", "embedded")


def remarks(materials: Sequence[Material]) -> Iterator[Said]:
    """One sentence a file: final versions with changes or comments that are still open, and
    whatever holds hidden sheets or objects of other programs."""
    for material in materials:
        kinds = _BESIDE if _is_draft(material) else (*_OPEN, *_BESIDE)
        held = [Said(f"case.holds.{kind}") for kind in kinds if kind in material.document.traits]
        if held:
            yield said("case.holds", path=material.path, what=_joined(held))


def _is_draft(material: Material) -> bool:
    for_comment = material.fields.get("draft_for_comment") == "yes"
    return material.draft or for_comment or material.type == "report-draft"


def _joined(held: Sequence[Said]) -> Said:
    first, *others = held
    return said("case.holds.both", first=first, others=_joined(others)) if others else first
