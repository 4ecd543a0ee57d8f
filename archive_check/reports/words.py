"""What the report formats share: safe text, names in words, counts and order.

Titles, quotes and paths come from documents that anyone may have written. `plain` makes them
harmless wherever control characters could act: on terminals, in XML, in spreadsheets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, get_args

from archive_check.saying import Lang, Severity
from archive_check.texts import known, tell

if TYPE_CHECKING:
    from archive_check.model import (
        Accepted,
        CaseReport,
        Finding,
        MaterialRow,
        Report,
        RuleOutcome,
        Section,
    )
    from archive_check.rulelanguage import Cite

Aside = Literal["accepted", "known"]
"""Why a finding does not count: somebody accepted it, or the baseline has it already."""

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
CASE_FACTS = (
    "project", "project_type", "unit", "person", "started", "ended", "filed", "year",
    "retention", "classification", "filer",
)  # fmt: skip
"""The keys of a case in the order in which reports show them."""

_ACTING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SAFE = re.compile(r"[\t\n -~\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff01-\uffef]*")


def plain(text: str) -> str:
    r"""The text with every character that acts instead of showing written as an escape.

    Line feeds stay, tabs become a space; controls, surrogates, bidirectional overrides, zero-width
    characters and line separators become `\x1b`, `\u202e` and the like; so do non-characters,
    which XML refuses.
    """
    text = text.replace("\r\n", "\n").replace("\t", " ")
    if _SAFE.fullmatch(text):
        return text
    return "".join(character if _shows(character) else _escape(character) for character in text)


def flat(text: str) -> str:
    """`plain` on one line."""
    return " ".join(plain(text).split())


def _shows(character: str) -> bool:
    return character == "\n" or (
        unicodedata.category(character) not in _ACTING and ord(character) & 0xFFFE != 0xFFFE
    )


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def code_name(lang: Lang, area: str, code: object) -> str:
    """A contracted code in words: `code_name("zh", "verdict", "deficient")`; unknown ones stay."""
    key = f"{area}.{code}"
    return tell(lang, key) if known(key) else flat(str(code))


def section_name(lang: Lang, section: Section | None) -> str:
    return code_name(lang, "section", section) if section else ""


def type_name(row: MaterialRow) -> str:
    return flat(row.type_name or row.type)


def case_facts(report: CaseReport, lang: Lang) -> list[tuple[str, str]]:
    """What is known of the case, label and value, in words; what is unknown says so.

    Every case has a type of project; a unit's archive has none, and is silent of what it lacks.
    """
    is_case = report.case.get("project_type") is not None
    rows = [(tell(lang, "report.case"), flat(report.path))]
    for key in CASE_FACTS:
        value = report.case.get(key)
        # Only some projects concern a person: silence says nothing there.
        if value is None and (key == "person" or not is_case):
            continue
        if value is None:
            words = tell(lang, "report.none")
        elif key == "project_type":
            words = code_name(lang, "project-type", value)
        else:
            words = flat(str(value))
        rows.append((tell(lang, f"fact.{key}"), words))
    return rows


def run_facts(report: Report) -> list[tuple[str, str]]:
    """Day, packs and tool of the run, label and value."""
    lang, tool = report.lang, report.tool
    named = "report.tool-with-engine" if "engine" in tool else "report.tool"
    words = (
        tell(lang, named, **tool)
        if "engine" in tool
        else f"{tool.get('name', '')} {tool.get('version', '')}"
    )
    packs = tell(lang, "report.and").join(
        f"{pack['id']} {pack['version']}" for pack in report.packs
    )
    return [
        (tell(lang, "report.as-of"), report.as_of.isoformat()),
        (tell(lang, "report.packs"), flat(packs)),
        (tell(lang, "report.tool"), flat(words)),
    ]


def counts(findings: Sequence[Finding]) -> Mapping[Severity, int]:
    """How many findings of each severity, the gravest first."""
    return {
        severity: sum(finding.severity == severity for finding in findings)
        for severity in SEVERITIES
    }


def tally(case: CaseReport, lang: Lang) -> str:
    """The counts in words: findings by severity, and the rules that could not be checked."""
    parts = [
        tell(lang, "report.tally", severity=code_name(lang, "severity", severity), number=number)
        for severity, number in counts(case.findings).items()
        if number
    ] or [tell(lang, "report.tally-none")]
    unchecked = len(not_checked(case))
    if unchecked:
        parts.append(tell(lang, "report.tally-not-checked", number=unchecked))
    parts += [
        tell(lang, f"report.tally-{kind}", number=len(found))
        for kind, found in set_aside(case, lang)
    ]
    return tell(lang, "report.and").join(parts)


def not_checked(case: CaseReport) -> tuple[RuleOutcome, ...]:
    """The rules that should have been judged and could not be."""
    return tuple(rule for rule in case.rules if rule.outcome == "not-checked" and not rule.left_out)


def left_out(case: CaseReport, lang: Lang) -> str:
    """A sentence on the rules that the run was told to leave out; empty where there are none."""
    number = sum(rule.left_out for rule in case.rules)
    return tell(lang, "report.left-out", number=number) if number else ""


def set_aside(case: CaseReport, lang: Lang) -> list[tuple[Aside, list[tuple[Finding, str]]]]:
    """The findings that do not count, by why they don't, each with a remark in words."""
    in_baseline = tell(lang, "aside.in-baseline")
    kinds: list[tuple[Aside, list[tuple[Finding, str]]]] = [
        ("accepted", [(entry.finding, acceptance(entry, lang)) for entry in case.accepted]),
        ("known", [(finding, in_baseline) for finding in case.known or ()]),
    ]
    return [(kind, found) for kind, found in kinds if found]


def acceptance(entry: Accepted, lang: Lang) -> str:
    """Why, by whom and up to when a finding is accepted, in words."""
    parts = [tell(lang, "aside.reason", reason=plain(entry.reason).strip())]
    if entry.by:
        parts.append(tell(lang, "aside.by", by=flat(entry.by)))
    if entry.until:
        parts.append(tell(lang, "aside.until", until=entry.until.isoformat()))
    return tell(lang, "notice.and").join(parts)


def by_severity(case: CaseReport) -> list[tuple[Severity, list[Finding]]]:
    """The severities that have findings, the gravest first, each in the report's order."""
    return [
        (severity, [finding for finding in case.findings if finding.severity == severity])
        for severity, number in counts(case.findings).items()
        if number
    ]


def by_section(case: CaseReport) -> list[tuple[Section, list[MaterialRow]]]:
    """The sections that have materials, in the order of Chongqing article 57."""
    from archive_check.model import SECTIONS

    return [
        (section, found)
        for section in SECTIONS
        if (found := [row for row in in_order(case) if row.section == section])
    ]


def in_order(case: CaseReport) -> list[MaterialRow]:
    """The materials as they stand in the case."""
    return sorted(case.materials, key=lambda row: (row.position, row.path))


def cited(finding: Finding, lang: Lang) -> str:
    return tell(lang, "report.and").join(flat(cite) for cite in finding.cites)


def offender(finding: Finding, lang: Lang) -> str:
    """The path of the material that a finding is about, or the words for the case itself."""
    return flat(finding.materials[0]) if finding.materials else tell(lang, "report.the-case")


def told(finding: Finding, lang: Lang) -> list[str]:
    """A finding in a few lines: what is wrong, what was seen, what to do, and where it stands."""
    lines = [plain(finding.message)]
    if finding.evidence.strip():
        lines.append(tell(lang, "report.evidence", evidence=plain(finding.evidence).strip()))
    if finding.remedy.strip():
        lines.append(tell(lang, "report.remedy", remedy=plain(finding.remedy).strip()))
    lines.append(tell(lang, "report.provision", provision=cited(finding, lang)))
    if finding.materials[1:]:
        paths = tell(lang, "report.and").join(flat(path) for path in finding.materials[1:])
        lines.append(tell(lang, "report.related", paths=paths))
    return lines


def provision(cite: Cite, lang: Lang) -> str:
    """A provision as lawyers of the language cite it: source, then article and item or label."""
    source = cite.source[lang] if cite.source else ""
    if cite.label:
        return f"{source} {cite.label[lang]}".strip()
    article = tell(lang, "cite.article", number=_numeral(cite.article or 0, lang))
    item = tell(lang, "cite.item", number=_numeral(cite.item, lang)) if cite.item else ""
    return f"{source} {article}{item}"


def _numeral(number: int, lang: Lang) -> str:
    """A number up to 99 in the numerals of the language, as articles are counted."""
    digits = tell(lang, "cite.digits").split()
    if not digits or number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    ten = digits[10] if tens else ""
    return f"{digits[tens] if tens > 1 else ''}{ten}{digits[ones] if ones or not tens else ''}"
