"""Accepted deficiencies: findings that somebody answers for, with a reason and up to a day."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

from archive_check.findings import verdict
from archive_check.model import Acceptance, Accepted, CaseReport, Finding, Lang
from archive_check.texts import tell


def accept(case: CaseReport, entries: Sequence[Acceptance], as_of: date, lang: Lang) -> CaseReport:
    """The case with the accepted findings apart and the verdict that the others give.

    An entry that is over, or that no finding fits any more, becomes a note of the report: it
    would otherwise stand there unseen.
    """
    if not entries:
        return case
    holding = [entry for entry in entries if not _over(entry, as_of)]
    accepted = {
        finding.fingerprint: Accepted(finding, entry.reason, entry.by, entry.until)
        for finding in case.findings
        for entry in reversed(holding)
        if fits(entry, finding)
    }
    counted = tuple(found for found in case.findings if found.fingerprint not in accepted)
    notes = (_note(entry, case, counted, lang) for entry in entries)
    return replace(
        case,
        findings=counted,
        accepted=tuple(accepted.values()),
        notes=(*case.notes, *(note for note in notes if note)),
        verdict=verdict(counted, case.rules),
    )


def fits(entry: Acceptance, finding: Finding) -> bool:
    """Whether all that the entry states is true of the finding."""
    return (
        (entry.rule is None or entry.rule.strip().upper() == finding.rule.upper())
        and (entry.fingerprint is None or entry.fingerprint.strip() == finding.fingerprint)
        and (entry.material is None or _names(entry.material, finding.materials[:1]))
    )


def _names(pattern: str, offender: Sequence[str]) -> bool:
    """Whether a glob names the offender: its path, or where it has no slash its name.

    `*` passes over slashes too; a pattern that is the path itself is never read as a glob, since
    brackets are usual in file names.
    """
    wanted = _plain(pattern)
    for path in map(_plain, offender):
        names = (path,) if "/" in wanted else (path, path.rsplit("/", 1)[-1])
        if any(wanted == name or fnmatchcase(name, wanted) for name in names):
            return True
    return False


def _plain(path: str) -> str:
    return unicodedata.normalize("NFC", path).replace("\\", "/").removeprefix("./")


def _over(entry: Acceptance, as_of: date) -> bool:
    return entry.until is not None and entry.until < as_of


def _note(
    entry: Acceptance, case: CaseReport, counted: Sequence[Finding], lang: Lang
) -> str | None:
    if any(fits(entry, finding) for finding in counted):
        key = "accepted.over"
    elif any(fits(entry, finding) for finding in case.findings):
        return None
    else:
        key = "accepted.gone" if _was_checked(entry, case) else "accepted.unchecked"
    stated = (entry.rule, entry.material, entry.fingerprint)
    what = tell(lang, "report.and").join(part for part in stated if part)
    return tell(lang, key, entry=what, reason=entry.reason, until=entry.until)


def _was_checked(entry: Acceptance, case: CaseReport) -> bool:
    """Whether the run can tell that no finding fits: the entry's rules were all judged."""
    meant = [rule for rule in case.rules if entry.rule in (None, rule.rule)]
    return bool(meant) and not any(
        rule.left_out or (entry.rule and rule.outcome == "not-checked") for rule in meant
    )
