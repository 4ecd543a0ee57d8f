"""The report as one HTML file that asks nothing of the network and prints on A4.

Jinja escapes every value; a content security policy allows the page's own script and style and
nothing else, so that text from documents could not act even if it got through.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

from archive_check.model import (
    SECTIONS,
    UNCERTAIN,
    CaseReport,
    Finding,
    MaterialRow,
    Report,
    Section,
)
from archive_check.reports import words
from archive_check.reports.orders import orders
from archive_check.reports.words import plain
from archive_check.texts import tell

if TYPE_CHECKING:
    from jinja2 import Environment

DEEPEST = 20
"""Folders below this depth are shown as one name."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A folder with what follows it in the case, or a material."""

    name: str
    inside: tuple[Branch, ...] = ()
    row: MaterialRow | None = None


def render(report: Report) -> bytes:
    """The document in UTF-8."""
    template = environment().get_template("report.html")
    text = template.render(
        report=report,
        lang=report.lang,
        t=partial(tell, report.lang),
        words=words,
        sections=SECTIONS,
        tree=tree,
        by_provision=by_provision,
        offences=offences,
        sections_by_path=sections_by_path,
        orders=orders,
        unsure=UNCERTAIN,
    )
    return text.encode("utf-8", "backslashreplace")


def environment() -> Environment:
    """How pages are made: every value escaped, and harmless where it would act on a reader."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    found = Environment(
        loader=FunctionLoader(_template), autoescape=True, undefined=StrictUndefined,
        finalize=_shown, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.filters["digest"] = _digest
    return found


def tree(case: CaseReport) -> tuple[Branch, ...]:
    """The materials as they follow one another, neighbours in one folder under its name."""
    return _branches([(row.path.split("/", DEEPEST), row) for row in words.in_order(case)])


def by_provision(case: CaseReport) -> list[tuple[str, list[Finding]]]:
    """Findings under the first provision they cite, in the order of the report."""
    groups: dict[str, list[Finding]] = {}
    for finding in case.findings:
        groups.setdefault(finding.cites[0] if finding.cites else "", []).append(finding)
    return list(groups.items())


def offences(case: CaseReport) -> Mapping[str, int]:
    """How many findings each material is the offender of, by its path."""
    return Counter(finding.materials[0] for finding in case.findings if finding.materials)


def sections_by_path(case: CaseReport) -> Mapping[str, Section]:
    return {row.path: row.section for row in case.materials}


def _branches(rows: Sequence[tuple[list[str], MaterialRow]]) -> tuple[Branch, ...]:
    found: list[Branch] = []
    for folder, group in groupby(rows, lambda item: item[0][0] if len(item[0]) > 1 else None):
        inside = list(group)
        if folder is None:
            found += [Branch(parts[0], row=row) for parts, row in inside]
        else:
            found.append(Branch(folder, _branches([(parts[1:], row) for parts, row in inside])))
    return tuple(found)


def _template(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _shown(value: object) -> object:
    from markupsafe import Markup

    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _digest(script: str) -> str:
    """The hash by which a content security policy names an inline script (CSP level 3)."""
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"
