"""The report as workflow commands of GitHub Actions, which shows them beside the files."""

from __future__ import annotations

from archive_check.model import Finding, Lang, Report, Severity
from archive_check.reports import words
from archive_check.reports.words import flat, plain
from archive_check.texts import tell

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report) -> bytes:
    """One command a line: findings, what was not checked, notes, and the verdict of each case."""
    lang = report.lang
    lines: list[str] = []
    for case in report.cases:
        lines += [_finding(finding, case.path, lang) for finding in case.findings]
        for kind, aside in words.set_aside(case, lang):
            outcome = tell(lang, f"aside.outcome-{kind}")
            for finding, remark in aside:
                text = plain("\n".join([f"{outcome}: {remark}", *words.told(finding, lang)]))
                lines.append(_command("notice", _path(finding, case.path), finding.rule, text))
        for rule in words.not_checked(case):
            outcome = words.code_name(lang, "outcome", "not-checked")
            title = f"{rule.rule} {flat(rule.title)}".rstrip()
            text = tell(lang, "report.outcome-why", outcome=outcome, why=plain(rule.why or ""))
            lines.append(_command("warning", case.path, title, text))
        title = tell(lang, "report.notes")
        lines += [_command("notice", case.path, title, plain(note)) for note in case.notes]
        verdict = words.code_name(lang, "verdict", case.verdict)
        line = tell(lang, "report.verdict-line", verdict=verdict, tally=words.tally(case, lang))
        lines.append(_command("notice", case.path, flat(case.path), line))
    return "".join(f"{line}\n" for line in lines).encode()


def _finding(finding: Finding, case: str, lang: Lang) -> str:
    text = plain("\n".join(words.told(finding, lang)))
    return _command(_COMMANDS[finding.severity], _path(finding, case), finding.rule, text)


def _path(finding: Finding, case: str) -> str:
    return f"{case.rstrip('/')}/{finding.materials[0]}" if finding.materials else case


def _command(command: str, path: str, title: str, text: str) -> str:
    return f"::{command} file={_property(flat(path))},title={_property(title)}::{_data(text)}"


def _data(text: str) -> str:
    """Text as the commands want it: what would end them is percent-encoded."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
