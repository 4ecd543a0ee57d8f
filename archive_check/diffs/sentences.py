"""What the formats of a comparison share: facts, counts and remarks in words."""

from __future__ import annotations

from archive_check.diffs.compare import CaseDiff, Diff
from archive_check.model import Finding, Lang, Report
from archive_check.reports import words
from archive_check.reports.words import flat
from archive_check.texts import tell


def facts(case: CaseDiff, diff: Diff) -> list[tuple[str, str]]:
    """Path and project, the verdicts of both checks, label and value."""
    lang = diff.lang
    rows = [(tell(lang, "report.case"), flat(case.case.path))]
    project = case.case.case.get("project")
    if project:
        rows.append((tell(lang, "fact.project"), flat(str(project))))
    for key, found, report, missing in (
        ("then", case.old, diff.old, "not-in-old"),
        ("now", case.new, diff.new, "not-in-new"),
    ):
        verdict = (
            words.code_name(lang, "verdict", found.verdict)
            if found
            else tell(lang, f"diff.{missing}")
        )
        rows.append((tell(lang, f"diff.{key}", day=report.as_of.isoformat()), verdict))
    return rows


def tally(case: CaseDiff, lang: Lang) -> str:
    """How many findings became what."""
    parts = [
        tell(lang, "diff.tally", part=tell(lang, f"diff.{part}"), number=len(found))
        for part, found in case.parts
        if found
    ]
    return tell(lang, "report.and").join(parts) or tell(lang, "diff.tally-none")


def remark(case: CaseDiff, finding: Finding, lang: Lang) -> str:
    """Why an accepted finding was accepted; empty for any other."""
    for entry in case.accepted:
        if entry.finding is finding:
            return words.acceptance(entry, lang)
    return ""


def packs_differ(diff: Diff) -> str:
    """A note where the two checks do not rest on the same packs; else empty."""
    if diff.old.packs == diff.new.packs:
        return ""
    return tell(diff.lang, "diff.packs-differ", old=_packs(diff.old), new=_packs(diff.new))


def _packs(report: Report) -> str:
    separator = tell(report.lang, "report.and")
    return separator.join(flat(f"{pack['id']} {pack['version']}") for pack in report.packs)
