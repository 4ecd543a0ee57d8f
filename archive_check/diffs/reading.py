"""JSON reports read back: what an earlier run found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

from archive_check.model import (
    Accepted,
    ArchiveCheckError,
    CaseReport,
    Finding,
    Lang,
    MaterialRow,
    Report,
    RuleOutcome,
    said,
)

_FINDING = {"$ref": "#/$defs/finding"}
_DATE = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def load(path: Path, lang: Lang) -> Report:
    """The report in a JSON file that `archive-check check --format json` wrote.

    Its sentences stay in the language they were written in; `lang` is that of what is made of it.
    Raises ArchiveCheckError where the file can't be read or is no such report.
    """
    source = str(path)
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ArchiveCheckError(said("diff.unreadable", source=source, why=why)) from None
    except (ValueError, RecursionError):
        raise ArchiveCheckError(said("diff.no-json", source=source)) from None
    _refuse_other(content, source)
    try:
        return _report(content, lang)
    except ValueError as error:  # a date that there is not
        raise ArchiveCheckError(said("diff.no-report", source=source, where=error)) from None


def _refuse_other(content: object, source: str) -> None:
    """Raise the error that names the first place where the content is no report."""
    from jsonschema.exceptions import best_match

    if isinstance(content, Mapping) and "schema" not in content:
        _refuse(source, "schema")
    try:
        error = best_match(_validator().iter_errors(content))
    except RecursionError:
        _refuse(source, "/")
    if error is not None:
        _refuse(source, " > ".join(str(key) for key in error.absolute_path) or "/")


def _refuse(source: str, where: str) -> NoReturn:
    raise ArchiveCheckError(said("diff.no-report", source=source, where=where))


@cache
def _validator() -> Any:
    """The schema of reports, with the forms of what it leaves open and the comparison needs."""
    from jsonschema import Draft202012Validator

    text = files("archive_check.reports").joinpath("report.schema.json").read_text("utf-8")
    schema = json.loads(text)
    accepted = {"finding": _FINDING, "reason": {"type": "string"}, "until": _DATE}
    case = schema["$defs"]["case"]["properties"]
    case["accepted"]["items"]["properties"] = accepted
    case["known"] = {"type": "array", "items": _FINDING}
    case["notes"] = {"type": "array", "items": {"type": "string"}}
    schema["$defs"]["rule"]["properties"]["rule"] = {"type": "string"}
    return Draft202012Validator(schema)


def _report(content: Mapping[str, Any], lang: Lang) -> Report:
    return Report(
        tool={str(name): str(value) for name, value in content["tool"].items()},
        packs=tuple(
            {str(name): str(value) for name, value in pack.items()} for pack in content["packs"]
        ),
        as_of=date.fromisoformat(content["as_of"]),
        cases=tuple(_case(case) for case in content["cases"]),
        lang=lang,
    )


def _case(case: Mapping[str, Any]) -> CaseReport:
    known = case.get("known")
    return CaseReport(
        path=case["path"],
        case=case["case"],
        verdict=case["verdict"],
        materials=tuple(_material(row) for row in case["materials"]),
        findings=tuple(_finding(found) for found in case["findings"]),
        rules=tuple(
            RuleOutcome(rule["rule"], rule["outcome"], rule.get("why")) for rule in case["rules"]
        ),
        ignored=tuple((str(item["path"]), str(item["why"])) for item in case["ignored"]),
        notes=tuple(case.get("notes", ())),
        accepted=tuple(_accepted(entry) for entry in case.get("accepted", ())),
        known=None if known is None else tuple(_finding(found) for found in known),
    )


def _material(row: Mapping[str, Any]) -> MaterialRow:
    known = {field.name: row[field.name] for field in fields(MaterialRow) if field.name in row}
    return MaterialRow(**{**known, "title": str(row["title"]), "why": tuple(row["why"])})


def _finding(found: Mapping[str, Any]) -> Finding:
    texts = {name: str(found[name]) for name in ("evidence", "remedy")}
    lists = {name: tuple(found[name]) for name in ("cites", "materials")}
    known = {field.name: found[field.name] for field in fields(Finding)}
    return Finding(**{**known, **texts, **lists})


def _accepted(entry: Mapping[str, Any]) -> Accepted:
    by, until = entry.get("by"), entry.get("until")
    return Accepted(
        finding=_finding(entry["finding"]),
        reason=entry["reason"],
        by=None if by is None else str(by),
        until=date.fromisoformat(until) if until else None,
    )
