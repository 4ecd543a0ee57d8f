"""Facts of single materials: named, signed, dated, of this case (articles 56-59)."""

from __future__ import annotations

from collections.abc import Iterator

from archive_check.facts.approvals import speaks_for
from archive_check.facts.context import Context, at, titled, unknown, unread
from archive_check.facts.foreign import foreign_words
from archive_check.facts.procedure import consultations, receipts_of
from archive_check.model import UNCERTAIN, Material, Said, said
from archive_check.vocabulary import Fact, Value

_DATED_FOR_DEADLINES = (
    "annual-plan", "audit-notice", "notice-delivery-receipt", "report-delivery-receipt",
    "feedback", "audit-report", "corrected-report",
)  # fmt: skip
_BY_DATE = ("initiation", "reference")


def material_facts(context: Context) -> Iterator[Fact]:
    for material in context.case.materials:
        yield _material(context, material)


def _material(context: Context, material: Material) -> Fact:
    kind = context.types[material.type]
    foreign = foreign_words(context, material)
    needs_date = _needs_date(context, material)
    values: dict[str, Value] = {
        "type": material.type,
        "section": material.section,
        "filed": material.filed_section is not None,
        "misfiled": _misfiled(material),
        "recognised": _is_recognised(material),
        "must_sign": _must_sign(material) and kind.signed is not None,
        "signature_rule": _judged_by(context, material),
        "signed": None if unread(material) and not material.signed else material.signed,
        "foreign": foreign is not None,
        "needs_date": needs_date,
        "dated": None if material.date is None and unread(material) else material.date is not None,
    }
    not_read = said("facts.not_read", title=titled(material))
    why = {
        "recognised": not_read,
        "signed": not_read if unread(material) else said("facts.bare_name", title=titled(material)),
        "dated": not_read,
    }
    return Fact(
        kind="material",
        id=f"material:{material.path}",
        values=values,
        subjects=(material.path,),
        words={
            "title": titled(material),
            "path": material.path,
            "type.zh": kind.called(material)["zh"],
            "type.en": kind.called(material)["en"],
            "section": dict_word("section", material.section),
            "filed_section": dict_word("section", material.filed_section or ""),
            "foreign": foreign[0] if foreign else "",
            "ours": foreign[1] if foreign else "",
            "sign": dict_word("sign", kind.signed or "signature"),
        },
        evidence=(at(material), *(foreign[2:] if foreign else ())),
        details=_details(material),
        unknown=unknown(values, why),
    )


def dict_word(group: str, key: str) -> Said:
    """A code in words: `type.audit-report`, `section.conclusion`."""
    return Said(f"{group}.{key}") if key else Said("facts.none")


def _details(material: Material) -> dict[str, object]:
    return {"type": material.type, "section": material.section}


def _misfiled(material: Material) -> bool:
    if material.filed_section is None:
        return False
    if material.section == "apparatus" or material.confidence < UNCERTAIN:
        return False
    return material.filed_section != material.section


def _is_recognised(material: Material) -> bool | None:
    if material.type != "other" or material.confidence >= UNCERTAIN:
        return True
    return None if unread(material) else False


def _must_sign(material: Material) -> bool:
    return (
        not material.draft
        and not material.attachment
        and material.role not in ("attachment", "draft")
        and material.document.problem is None
    )


def _needs_date(context: Context, material: Material) -> bool:
    """A group's main document where dates give the order, and what a deadline counts from."""
    if material.document.problem is not None or material.confidence < UNCERTAIN:
        return False
    if "image" in material.document.traits:
        return False
    group = context.case.groups[material.path]
    if material.section in _BY_DATE and group.main.path == material.path:
        return not material.attachment
    if material.draft or material.attachment:
        return False
    if material.type == "consultation-letter":
        return material in consultations(context) and not receipts_of(context, material)
    return material.type in _DATED_FOR_DEADLINES


def _judged_by(context: Context, material: Material) -> str:
    """The rule that speaks of a missing signature in place of CQ59.1; none where what it approves
    is approved by another paper, so that the more specific rule has nothing to say."""
    rule = context.types[material.type].judged_by
    return rule if rule and speaks_for(context, material) else ""
