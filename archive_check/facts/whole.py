"""Facts of the case as a whole: filing, labels of the volume, what is there (articles 56-60)."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from archive_check.facts.context import Context, day, unknown, unread
from archive_check.model import UNCERTAIN, Material, Said, said
from archive_check.vocabulary import Fact, Value

_RECEIPT = "report-delivery-receipt"


def case_facts(context: Context) -> Iterator[Fact]:
    yield _case(context)
    yield _filing(context)
    yield from _labels(context)
    yield from _presence(context)


def months_later(start: date, months: int) -> date:
    """The same day so many calendar months later, clamped to the end of the month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _case(context: Context) -> Fact:
    return Fact(
        kind="case",
        id="case",
        values={
            "project_type": str(context.value("project_type") or "general"),
            "stage": str(context.value("stage") or ""),
            "several_years": _several_years(context),
        },
    )


def _filing(context: Context) -> Fact:
    """Article 56: filed, or by today not filed yet, so many days after the last day for it."""
    ended, filed = context.day("ended"), context.day("filed")
    months = int(str(context.parameters["filing_months"]))
    due = months_later(ended, months) if ended else None
    until = filed or context.as_of
    values: dict[str, Value] = {
        "days_past_due": (until - due).days if due else None,
        "filer_named": context.value("filer") is not None,
    }
    return Fact(
        kind="filing",
        id="filing",
        values=values,
        subjects=_first(context, "closing-note"),
        words={
            "ended": day(ended),
            "due": day(due),
            "filed": day(filed) if filed else said("facts.not_filed", today=day(until)),
            "days": str(values["days_past_due"]),
            "months": str(months),
        },
        evidence=tuple(_sources(context, ("ended", "filed"))),
        details={"ended": day(ended), "due": day(due), "filed": day(filed)},
        unknown=unknown(values, {"days_past_due": said("facts.no_end")}),
    )


def _labels(context: Context) -> Iterator[Fact]:
    ended, year = context.day("ended"), context.value("year")
    differs = None if ended is None or year is None else int(str(year)) != ended.year
    states: Mapping[str, str | None] = {
        "year": None if differs is None else "differs" if differs else "ok",
        "retention": _allowed(context, "retention", "retention_values"),
        "classification": _allowed(context, "classification", "classification_values"),
    }
    why = said("facts.no_end" if ended is None else "facts.no_filing_year")
    for of, state in states.items():
        values: dict[str, Value] = {"of": of, "state": state}
        yield Fact(
            kind="label",
            id=f"label:{of}",
            values=values,
            subjects=_first(context, "volume-cover"),
            words={
                "value": str(context.value(of) or "") or said("facts.none"),
                "ended_year": str(ended.year) if ended else "-",
            },
            evidence=tuple(_sources(context, (of, "ended") if of == "year" else (of,))),
            unknown=unknown(values, {"state": why}),
        )


def _first(context: Context, kind: str) -> tuple[str, ...]:
    """The cover or closing note that a finding on the filing names; none: the case itself."""
    return tuple(m.path for m in context.case.of_type(kind)[:1])


def _sources(context: Context, keys: Sequence[str]) -> Iterator[Said]:
    for key in keys:
        found = context.stated(key)
        if found is not None:
            value = day(found.value) if isinstance(found.value, date) else str(found.value)
            yield said(f"facts.source.{key}", value=value, path=found.path or "-")


def _several_years(context: Context) -> bool:
    kinds = ("audit-report", "interim-report", "follow-up-report", "workpaper")
    years = {m.date.year for m in context.case.of_type(*kinds) if m.date and not m.draft}
    return len(years) > 1


def _allowed(context: Context, key: str, parameter: str) -> str:
    """`ok`, `missing`, or `invalid` where the value is not one of the pack's."""
    value = context.value(key)
    allowed = context.parameters[parameter]
    assert isinstance(allowed, (list, tuple))
    if value is None:
        return "missing"
    plain = _bare(str(value))
    return "ok" if any(_fits(plain, _bare(str(option))) for option in allowed) else "invalid"


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()


def _fits(value: str, option: str) -> bool:
    """A value is the option, or the option with a number or term behind it (秘密★1年)."""
    rest = value.removeprefix(option)
    return value == option or (
        rest != value and len(option) > 1 and re.fullmatch(r"\d*[^\d]?(长期)?", rest) is not None
    )


def _presence(context: Context) -> Iterator[Fact]:
    """A damaged file that bears a material's name counts as that material; files that could
    neither be read nor named leave open what is missing."""
    materials = context.case.materials
    open_ = [m for m in materials if unread(m) and m.confidence < UNCERTAIN]
    for kind in context.types:
        yield _present(kind, "", [m for m in materials if m.type == kind], open_)
    receipts = context.case.of_type(_RECEIPT)
    yield _present(_RECEIPT, "report", [m for m in receipts if _delivers_report(m)], open_)


def _delivers_report(receipt: Material) -> bool:
    return receipt.fields.get("delivers") in (None, "", "report")


def _present(
    kind: str, delivers: str, found: Sequence[Material], open_: Sequence[Material]
) -> Fact:
    present = True if found else None if open_ else False
    values: dict[str, Value] = {"type": kind, "delivers": delivers, "present": present}
    names = "、".join(m.path for m in open_[:5])
    return Fact(
        kind="presence",
        id=f"presence:{kind}:{delivers}",
        values=values,
        unknown=unknown(values, {"present": said("facts.unread_unnamed", files=names)}),
    )
