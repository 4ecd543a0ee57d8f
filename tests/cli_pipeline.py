"""A pipeline that answers at once, and what tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import report_samples

from archive_check.model import Report

PACK = """\
id: own
version: "1.0"
title: {zh: 自定, en: Own}
sources:
  law: {zh: 某法, en: Law}
"""
RULE = """\
- id: OW58.1
  title: {zh: 附件在前, en: Attachment first}
  severity: error
  cites: [{source: law, article: 58, item: 1}, {label: {zh: 通用, en: General}}]
  when: {all: [{pair: {relation: attachment, in_order: false}}]}
  message: {zh: "《{pair.first.title}》在前", en: "“{pair.first.title}” first"}
  remedy: {zh: 移到后面, en: Move it behind}
  examples:
    fail: [[{pair: {relation: attachment, in_order: %s}}]]
    pass: [[{pair: {relation: attachment, in_order: true}}], [{pair: {relation: attachment}}]]
"""


@dataclass(frozen=True)
class FakeOptions:
    as_of: date
    packs: tuple[str, ...] = ("archive", "chongqing")
    case_info: Path | None = None
    register: Path | None = None
    lang: str = "zh"
    jobs: int = 2
    engine: str | None = None
    ocr: str = "auto"
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 60.0
    cache: object = field(default=None, compare=False)


@dataclass
class Pipeline:
    """Stands for the pipeline: notes what it is asked and answers with a report."""

    report: Report = field(default_factory=report_samples.sample)
    asked: list[tuple[tuple[Path, ...], FakeOptions]] = field(default_factory=list)
    raises: BaseException | None = None

    @property
    def options(self) -> FakeOptions:
        return self.asked[-1][1]

    def check(
        self,
        cases: Sequence[Path],
        options: FakeOptions,
        progress: Callable[[str], None] | None = None,
    ) -> Report:
        self.asked.append((tuple(cases), options))
        if progress:
            progress("1/2 审计\x1b[31m报告.pdf")
        if self.raises:
            raise self.raises
        return replace(self.report, lang=options.lang)  # type: ignore[arg-type]

    def classify(self, case: Path, options: FakeOptions, progress: Any = None) -> Report:
        report = self.check([case], options, progress)
        cases = tuple(replace(found, findings=(), rules=()) for found in report.cases)
        return replace(report, cases=cases)


Run = Callable[..., tuple[int, str, str]]


def one_line(err: str) -> str:
    assert err.startswith("archive-check: ")
    assert err.count("\n") == 1
    return err
