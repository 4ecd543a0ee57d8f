"""The report as JUnit XML: a suite a case, a test a finding or a rule without one.

Findings of severity error and warning are failures, those of severity info pass with a remark,
as the verdict has it. What could not be checked, did not apply or does not count is skipped and
says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive_check.model import CaseReport, Finding, Lang, Report, RuleOutcome
from archive_check.reports import words
from archive_check.reports.words import flat, plain
from archive_check.texts import tell

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def render(report: Report) -> bytes:
    """The document in UTF-8."""
    from xml.etree import ElementTree

    root = ElementTree.Element("testsuites", name="archive-check")
    for case in report.cases:
        root.append(_suite(case, report))
    ElementTree.indent(root)
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _suite(case: CaseReport, report: Report) -> Element:
    from xml.etree.ElementTree import Element

    titles = {rule.rule: flat(rule.title) for rule in case.rules}
    tests = [_finding(found, titles, case, report.lang) for found in case.findings]
    told = {finding.rule for finding in case.findings}
    for kind, aside in words.set_aside(case, report.lang):
        outcome = tell(report.lang, f"aside.outcome-{kind}")
        tests += [
            _skipped(found, f"{outcome}: {remark}", titles, case, report.lang)
            for found, remark in aside
        ]
        told |= {finding.rule for finding, _ in aside}
    tests += [_rule(rule, case, report.lang) for rule in case.rules if rule.rule not in told]
    suite = Element(
        "testsuite",
        name=flat(case.path),
        tests=str(len(tests)),
        failures=str(sum(test.find("failure") is not None for test in tests)),
        errors="0",
        skipped=str(sum(test.find("skipped") is not None for test in tests)),
    )
    properties = Element("properties")
    for name, value in (*words.case_facts(case, report.lang), *words.run_facts(report)):
        properties.append(Element("property", name=name, value=value))
    properties.append(Element("property", name="verdict", value=case.verdict))
    suite.extend([properties, *tests])
    if case.notes:
        notes = Element("system-out")
        notes.text = plain("\n".join(case.notes))
        suite.append(notes)
    return suite


def _test(case: CaseReport, *name: str) -> Element:
    from xml.etree.ElementTree import Element

    return Element(
        "testcase", classname=flat(case.path), name=" ".join(part for part in name if part)
    )


def _finding(finding: Finding, titles: dict[str, str], case: CaseReport, lang: Lang) -> Element:
    from xml.etree.ElementTree import SubElement

    test = _test(case, finding.rule, titles.get(finding.rule, ""), words.offender(finding, lang))
    text = plain("\n".join(words.told(finding, lang)))
    if finding.severity == "info":
        SubElement(test, "system-out").text = text
    else:
        message = flat(finding.message)
        SubElement(test, "failure", type=finding.severity, message=message).text = text
    return test


def _skipped(
    finding: Finding, why: str, titles: dict[str, str], case: CaseReport, lang: Lang
) -> Element:
    from xml.etree.ElementTree import SubElement

    test = _test(case, finding.rule, titles.get(finding.rule, ""), words.offender(finding, lang))
    SubElement(test, "skipped", message=flat(why))
    SubElement(test, "system-out").text = plain("\n".join(words.told(finding, lang)))
    return test


def _rule(rule: RuleOutcome, case: CaseReport, lang: Lang) -> Element:
    from xml.etree.ElementTree import SubElement

    test = _test(case, rule.rule, flat(rule.title))
    if rule.outcome in ("not-checked", "not-applicable"):
        outcome = words.code_name(lang, "outcome", rule.outcome)
        why = tell(lang, "report.outcome-why", outcome=outcome, why=flat(rule.why or ""))
        SubElement(test, "skipped", message=why if rule.why else outcome)
    return test
