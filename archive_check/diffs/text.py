"""The comparison as text for a terminal or a file."""

from __future__ import annotations

from archive_check.diffs import sentences
from archive_check.diffs.compare import CaseDiff, Diff
from archive_check.model import Finding, Lang
from archive_check.reports import words
from archive_check.reports.layout import indented, table, wrap
from archive_check.reports.text import NARROWEST, WIDTH
from archive_check.reports.words import flat, plain
from archive_check.texts import tell


def render(diff: Diff, width: int = WIDTH, colour: bool = False) -> bytes:
    """Case by case what is new, open, not judged, accepted and remedied; `colour` does nothing.

    `width` is in cells.
    """
    width, lang = max(width, NARROWEST), diff.lang
    lines: list[str] = []
    for case in diff.cases:
        lines += [tell(lang, "diff.title"), "=" * width]
        lines += [line for row in table((), sentences.facts(case, diff), width) for line in row]
        lines += ["", *wrap(sentences.tally(case, lang), width), ""]
        lines += _parts(case, lang, width)
    if note := sentences.packs_differ(diff):
        lines += [*wrap(note, width), ""]
    facts = words.run_facts(diff.new)
    lines += ["-" * width, *(line for row in table((), facts, width) for line in row)]
    return "\n".join([*lines, ""]).encode("utf-8", "backslashreplace")


def _parts(case: CaseDiff, lang: Lang, width: int) -> list[str]:
    names = ("severity", "rule", "provision", "material", "message", "remedy")
    heads = [tell(lang, f"column.{name}") for name in names]
    lines: list[str] = []
    for part, found in case.parts:
        if not found:
            continue
        title = tell(lang, "report.count", title=tell(lang, f"diff.{part}"), number=len(found))
        lines += [title, *wrap(tell(lang, f"diff.{part}-remark"), width), ""]
        head, *blocks = table(heads, [_row(finding, lang) for finding in found], width)
        lines += head
        for finding, block in zip(found, blocks, strict=True):
            lines += [*block, *_beneath(case, finding, lang, width), ""]
    return lines


def _row(finding: Finding, lang: Lang) -> list[str]:
    return [
        words.code_name(lang, "severity", finding.severity),
        flat(finding.rule),
        words.cited(finding, lang),
        words.offender(finding, lang),
        plain(finding.message),
        plain(finding.remedy),
    ]


def _beneath(case: CaseDiff, finding: Finding, lang: Lang, width: int) -> list[str]:
    """Under a row: what was seen, the other files, why it was accepted."""
    lines: list[str] = []
    if finding.evidence.strip():
        evidence = plain(finding.evidence).strip()
        lines += indented(tell(lang, "report.evidence", evidence=evidence), width)
    if finding.materials[1:]:
        paths = tell(lang, "report.and").join(flat(path) for path in finding.materials[1:])
        lines += indented(tell(lang, "report.related", paths=paths), width)
    if remark := sentences.remark(case, finding, lang):
        lines += indented(remark, width)
    return lines
