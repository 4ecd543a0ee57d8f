"""Whether a material belongs to another unit or project than its case (article 56)."""

from __future__ import annotations

import re
from functools import lru_cache
from os.path import commonprefix

from archive_check.facts.context import Context, titled
from archive_check.model import Material, Said, said

_NOT_COMPARED = frozenset(
    {
        "long-term-plan", "annual-plan", "plan-request", "plan-approval", "plan-adjustment",
        "engagement-letter", "start-resolution", "start-instruction", "expert-engagement",
        "evidence-attachment", "electronic-evidence", "confirmation", "regulation-list", "request",
        "reply", "report-submission", "other", "audit-bulletin", "annual-summary",
        "supervision-notice", "volume-catalogue", "acceptance-record", "expert-appraisal",
    }
)  # fmt: skip
_ALIKE = 62.0
_YEAR = re.compile(r"(?:19|20)\d{2}(?=年)")


def foreign_words(context: Context, material: Material) -> tuple[str, str, Said] | None:
    """(what the material names, what the case is about, where), None where they agree."""
    if material.type in _NOT_COMPARED or material.document.problem is not None:
        return None
    for key in ("unit", "project"):
        ours, theirs = context.value(key), material.fields.get(key, "")
        if not ours or len(_plain(theirs)) < 4 or _same(context, str(ours), theirs, key):
            continue
        if key == "unit" and _same(context, str(context.value("project") or ""), theirs, key):
            continue
        if _about_us(context, material, theirs):
            continue
        return theirs, str(ours), said(f"facts.foreign.{key}", value=theirs)
    return _by_title(context, material)


def _same(context: Context, ours: str, theirs: str, key: str) -> bool:
    a, b = _plain(ours), _plain(theirs)
    if not a or not b:
        return False
    if key == "project":
        if _years(a) and _years(b) and not _years(a) & _years(b):
            return False
        unit = _plain(str(context.value("unit") or ""))
        named = context.named_in_title(theirs)
        if unit and named and unit not in b and not _same_body(context, unit, _plain(named)):
            return False
    parts = [_plain(part) for part in re.split(r"[、,，;；/\s]+", theirs)]
    return any(len(part) >= 2 and _same_body(context, a, part) for part in (b, *parts))


def _same_body(context: Context, a: str, b: str) -> bool:
    """Whether two names mean one body: contained, abbreviated, or alike where they differ."""
    if a in b or b in a or _abbreviates(a, b) or _abbreviates(b, a):
        return True
    # These are names, not paths: character by character is what is wanted.
    start = len(commonprefix((a, b)))  # noqa: RUF071
    end = len(commonprefix((a[start:][::-1], b[start:][::-1])))  # noqa: RUF071
    a, b = a[start : len(a) - end], b[start : len(b) - end]
    return not a or not b or context.likeness(a, b) >= _ALIKE


def _abbreviates(short: str, long: str) -> bool:
    """Whether the characters of a short name stand in the long one in this order (市教委)."""
    if not 3 <= len(short) < len(long):
        return False
    rest = iter(long)
    return all(c in rest for c in short)


def _about_us(context: Context, material: Material, theirs: str) -> bool:
    """A unit that many papers of the case name is no stranger to it (a branch, a body)."""
    plain = _plain(theirs)
    naming = sum(
        1
        for m in context.case.materials
        if plain in (_plain(m.fields.get("unit", "")), _plain(m.fields.get("project", "")))
    )
    return naming >= 3 and naming * 5 >= len(context.case.materials)


_TITLED = frozenset(
    {"audit-report", "audit-notice", "audit-programme", "consultation-letter", "review-opinion",
     "report-delivery-receipt", "notice-delivery-receipt", "rectification-report", "feedback",
     "audit-result-report", "follow-up-report", "report-draft"}
)  # fmt: skip


def _by_title(context: Context, material: Material) -> tuple[str, str, Said] | None:
    """A title that names a project of its own, none of whose words are this case's."""
    if material.type not in _TITLED:
        return None
    unit, project = str(context.value("unit") or ""), str(context.value("project") or "")
    named = context.named_in_title(material.title)
    if not named or not (unit or project):
        return None
    ours = [text for text in (unit, project, str(context.value("person") or "")) if text]
    if any(_same(context, text, named, "unit") for text in ours):
        return None
    if context.occurs_elsewhere(named, material):
        return None
    return named, project or unit, said("facts.foreign.title", value=titled(material))


@lru_cache(maxsize=16384)
def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _years(text: str) -> set[str]:
    return set(_YEAR.findall(text))
